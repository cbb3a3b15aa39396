"""Openings keep when they were called off."""

import sqlalchemy as sa
from alembic import op

import app.core.model

revision = "0011"
down_revision = "0010"


def upgrade():
    op.add_column("opening", sa.Column("withdrawn_at", app.core.model.Instant(length=27), nullable=True))
    op.execute(
        "UPDATE opening SET withdrawn_at = (SELECT decided_at FROM proposal WHERE proposal.opening_id = opening.id"
        " AND proposal.organisation_id = opening.organisation_id AND kind = 'cancellation' AND state = 'approved')"
        " WHERE state = 'withdrawn'"
    )


def downgrade():
    op.drop_column("opening", "withdrawn_at")
