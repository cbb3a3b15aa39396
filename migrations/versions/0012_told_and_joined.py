"""A request for erasure can be taken back; staff is told of accommodation; the threads of one person join."""

import sqlalchemy as sa
from alembic import op

import app.core.model

revision = "0012"
down_revision = "0011"

CHECK = "CONSTRAINT ck_erasure_request_withdrawn_or_answered CHECK (withdrawn_at IS NULL OR answered_at IS NULL)"
OWN = (
    "koubo_kind() = 'applicant' AND (EXISTS (SELECT 1 FROM application AS parent"
    " WHERE parent.id = erasure_request.application_id))"
)
POLICIES_BEFORE = {
    "applicant_reads": f"FOR SELECT USING ({OWN})",
    "applicant_inserts": f"FOR INSERT WITH CHECK ({OWN})",
}
POLICIES_AFTER = {"applicant_writes": f"FOR ALL USING ({OWN}) WITH CHECK ({OWN})"}


def upgrade():
    op.add_column("accommodation", instant("told_until"))
    op.add_column("message_thread", sa.Column("joined_to", sa.Uuid(), nullable=True))
    op.add_column("message_thread", instant("waits_since"))
    op.add_column("erasure_request", sa.Column("answer_by", sa.Date(), nullable=True))
    if is_postgresql():
        op.add_column("erasure_request", instant("withdrawn_at"))
        op.execute(f"ALTER TABLE erasure_request ADD {CHECK}")
        change_policies(POLICIES_BEFORE, POLICIES_AFTER)
    else:  # with its check, so that the table is not made anew
        op.execute(f"ALTER TABLE erasure_request ADD COLUMN withdrawn_at VARCHAR(27) {CHECK}")
    change_waiting("answered_at IS NULL AND withdrawn_at IS NULL")


def downgrade():
    op.execute("DELETE FROM erasure_request WHERE withdrawn_at IS NOT NULL")  # it would count as waiting again
    change_waiting("answered_at IS NULL")
    if is_postgresql():
        change_policies(POLICIES_AFTER, POLICIES_BEFORE)
        op.execute("ALTER TABLE erasure_request DROP CONSTRAINT ck_erasure_request_withdrawn_or_answered")
    for table, column in (
        ("erasure_request", "withdrawn_at"),
        ("erasure_request", "answer_by"),
        ("message_thread", "waits_since"),
        ("message_thread", "joined_to"),
        ("accommodation", "told_until"),
    ):
        op.drop_column(table, column)


def is_postgresql():
    return op.get_bind().dialect.name == "postgresql"


def instant(name):
    return sa.Column(name, app.core.model.Instant(length=27), nullable=True)


def change_waiting(condition):
    where = sa.text(condition)
    op.drop_index("uq_erasure_request_waiting", "erasure_request")
    op.create_index(
        "uq_erasure_request_waiting",
        "erasure_request",
        ["application_id"],
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )


def change_policies(old, new):
    for name in old:
        op.execute(f"DROP POLICY {name} ON erasure_request")
    for name, rule in new.items():
        op.execute(f"CREATE POLICY {name} ON erasure_request {rule}")
