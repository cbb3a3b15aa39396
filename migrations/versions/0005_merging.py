"""Join two applications of one person: the receipt numbers that joined, and who may read an act of sending."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
OWN = "applicant_id = koubo_applicant()"
OR_RECEIVED = f"{OWN} OR EXISTS (SELECT 1 FROM application_version AS v WHERE v.submission_id = submission.id)"


def upgrade():
    op.add_column("application", sa.Column("other_numbers", JSON, nullable=True))
    allow_submissions(OR_RECEIVED)


def downgrade():
    allow_submissions(OWN)
    op.drop_column("application", "other_numbers")


def allow_submissions(whose):
    if op.get_bind().dialect.name == "postgresql":
        whole = f"koubo_kind() = 'applicant' AND ({whose})"
        op.execute(f"ALTER POLICY applicant_reads ON submission USING ({whole})")
        op.execute(f"ALTER POLICY applicant_inserts ON submission WITH CHECK ({whole})")
