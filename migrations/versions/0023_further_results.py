"""Let a stage have further results after its first ones are out."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

LIVE = sa.text("state <> 'void'")


def upgrade():
    op.add_column("result_set", sa.Column("number", sa.Integer(), server_default="1", nullable=False))
    _index_live("opening_id", "stage_key", "number")


def downgrade():
    _index_live("opening_id", "stage_key")
    op.drop_column("result_set", "number")


def _index_live(*columns):
    op.drop_index("uq_result_set_live", "result_set")
    op.create_index(
        "uq_result_set_live", "result_set", list(columns), unique=True, sqlite_where=LIVE, postgresql_where=LIVE
    )
