"""When a file is scanned next, and how often it was tried. 検査待ち is a scan that is owed, so no CHECK changes."""

import sqlalchemy as sa
from alembic import op

import app.core.model

revision = "0006"
down_revision = "0005"


def upgrade():
    op.add_column("stored_file", sa.Column("scan_due_at", app.core.model.Instant(length=27), nullable=True))
    op.add_column("stored_file", sa.Column("scan_tries", sa.Integer(), server_default="0", nullable=False))
    op.create_index(op.f("ix_stored_file_scan_due_at"), "stored_file", ["scan_due_at"], unique=False)


def downgrade():
    op.drop_index(op.f("ix_stored_file_scan_due_at"), "stored_file")
    op.drop_column("stored_file", "scan_tries")
    op.drop_column("stored_file", "scan_due_at")
