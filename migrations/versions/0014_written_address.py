"""An applicant knows which address they wrote last and since when; who wrote it first keeps turns of their own."""

import sqlalchemy as sa
from alembic import op

import app.core.model

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("applicant", sa.Column("written_key", sa.String(length=254), nullable=True))
    op.add_column("applicant", sa.Column("written_since", app.core.model.Instant(length=27), nullable=True))
    op.create_index("ix_applicant_written_key", "applicant", ["written_key"])


def downgrade():
    op.drop_index("ix_applicant_written_key", "applicant")
    op.drop_column("applicant", "written_since")
    op.drop_column("applicant", "written_key")
