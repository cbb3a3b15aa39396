"""Mark applications that a program may have sent."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade():
    for table in ("application", "draft"):
        op.add_column(table, sa.Column("check_reason", sa.String(length=40), nullable=True))


def downgrade():
    for table in ("draft", "application"):
        op.drop_column(table, "check_reason")
