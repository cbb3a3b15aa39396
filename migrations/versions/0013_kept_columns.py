"""Keep what no staff and no applicant may change of a row; a late attempt knows the deadline that it missed."""

import sqlalchemy as sa
from alembic import op

import app.core.model

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ABORT = "BEGIN SELECT RAISE(ABORT, 'insert-only: late_attempt'); END"
CALL = "FOR EACH ROW EXECUTE FUNCTION koubo_insert_only()"
WHOLE = "id, organisation_id, opening_id, draft_id, received_at, answers, sha256"
OWN = "koubo_kind() = 'staff' AND (organisation_id = koubo_organisation())"
CONTENT = ["draft_id", "opening_id", "sha256"]
MISSED = (
    "UPDATE late_attempt SET closes_at = coalesce((SELECT e.closed_at FROM extension AS e"
    " WHERE e.opening_id = late_attempt.opening_id AND e.at > late_attempt.received_at ORDER BY e.at LIMIT 1),"
    " (SELECT o.closes_at FROM opening AS o WHERE o.id = late_attempt.opening_id))"
)
SENT_BEFORE = (
    "UPDATE late_attempt SET sha256 = NULL WHERE EXISTS (SELECT 1 FROM late_attempt AS other"
    " WHERE other.draft_id = late_attempt.draft_id AND other.opening_id = late_attempt.opening_id"
    " AND other.sha256 = late_attempt.sha256 AND other.received_at < late_attempt.received_at)"
)
FUNCTION = (
    "CREATE FUNCTION koubo_kept() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'kept as it is: %', TG_TABLE_NAME; END $$"
)
APPLICATION = "organisation_id, opening_id, applicant_id, receipt_number, received_at, duplicate_of, other_numbers"
ACCOMMODATION = "organisation_id, opening_id, applicant_id, asked_at"
ERASURE = "organisation_id, application_id, reason, asked_at, answer_by"
KEPT = (
    ("draft", "applicant", "applicant_id, campaign_id, opening_id, created_at"),
    ("draft_choice", "applicant", "draft_id, opening_id"),
    ("stored_file", "applicant", "applicant_id, key, sha256, size, media, pages, extracted_text, stored_at"),
    ("application", "staff", f"{APPLICATION}, mail_confirmed_at"),
    ("application", "applicant", f"{APPLICATION}, examinee_number, accepted_by, accepted_at"),
    ("stage_entry", "staff", "organisation_id, application_id, stage_key, entered_at"),
    ("applicant_search", "staff", "organisation_id, opening_id, staff_user_id, typed, at"),
    ("message_thread", "staff", "organisation_id, opening_id, applicant_id, opened_at, joined_to"),
    ("message_look", "staff", "organisation_id, thread_id, side"),
    ("accommodation", "staff", f"{ACCOMMODATION}, sealed, changed_at"),
    ("accommodation", "applicant", f"{ACCOMMODATION}, answered_at, answered_by"),
    ("erasure_request", "staff", f"{ERASURE}, withdrawn_at"),
    ("erasure_request", "applicant", f"{ERASURE}, outcome, answer, answered_at, answered_by"),
)


def upgrade():
    op.add_column("late_attempt", sa.Column("closes_at", app.core.model.Instant(length=27), nullable=True))
    drop_trigger()
    op.execute(MISSED)
    refuse_update(f"{WHOLE}, closes_at")
    op.drop_index("uq_late_attempt_content", "late_attempt")
    op.create_index("uq_late_attempt_content", "late_attempt", [*CONTENT, "closes_at"], unique=True)
    if is_postgresql():
        op.execute("DROP POLICY staff_writes ON late_attempt")
        op.execute(f"CREATE POLICY staff_reads ON late_attempt FOR SELECT USING ({OWN})")
        op.execute(FUNCTION)
        for table, kind, columns in KEPT:
            op.execute(
                f"CREATE TRIGGER {table}_kept_by_{kind} BEFORE UPDATE OF {columns} ON {table} FOR EACH ROW"
                f" WHEN (koubo_kind() = '{kind}') EXECUTE FUNCTION koubo_kept()"
            )


def downgrade():
    if is_postgresql():
        for table, kind, _columns in KEPT:
            op.execute(f"DROP TRIGGER {table}_kept_by_{kind} ON {table}")
        op.execute("DROP FUNCTION koubo_kept()")
        op.execute("DROP POLICY staff_reads ON late_attempt")
        op.execute(f"CREATE POLICY staff_writes ON late_attempt FOR ALL USING ({OWN}) WITH CHECK ({OWN})")
    op.drop_index("uq_late_attempt_content", "late_attempt")
    drop_trigger()
    op.execute(SENT_BEFORE)
    op.drop_column("late_attempt", "closes_at")
    refuse_update(WHOLE)
    op.create_index("uq_late_attempt_content", "late_attempt", CONTENT, unique=True)


def is_postgresql():
    return op.get_bind().dialect.name == "postgresql"


def drop_trigger():
    if is_postgresql():
        op.execute("DROP TRIGGER late_attempt_insert_only ON late_attempt")
    else:
        op.execute("DROP TRIGGER late_attempt_no_update")


def refuse_update(columns):
    if is_postgresql():
        what = f"UPDATE OF {columns} OR DELETE"
        op.execute(f"CREATE TRIGGER late_attempt_insert_only BEFORE {what} ON late_attempt {CALL}")
    else:
        op.execute(f"CREATE TRIGGER late_attempt_no_update BEFORE UPDATE OF {columns} ON late_attempt {ABORT}")
