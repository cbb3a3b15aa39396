"""One draft of a campaign for a person."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade():
    op.create_index("uq_draft_campaign", "draft", ["applicant_id", "campaign_id"], unique=True)


def downgrade():
    op.drop_index("uq_draft_campaign", table_name="draft")
