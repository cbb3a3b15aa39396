"""Give organisations an English name for the English pages."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade():
    op.add_column("organisation", sa.Column("name_en", sa.String(length=120), nullable=True))


def downgrade():
    op.drop_column("organisation", "name_en")
