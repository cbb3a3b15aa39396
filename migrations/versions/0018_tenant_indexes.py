"""Drop the index of organisations where a unique key begins with them."""

from alembic import op

revision = "0018"
down_revision = "0017"

TABLES = (
    "accommodation",
    "announcement",
    "applicant_search",
    "application",
    "application_document",
    "application_version",
    "assignment",
    "confirmation",
    "conflict",
    "criterion",
    "decision",
    "document_kind",
    "duplicate_ruling",
    "employment_form",
    "employment_form_version",
    "erasure_request",
    "extension",
    "finding",
    "late_attempt",
    "late_ruling",
    "legal_text",
    "membership",
    "message",
    "message_look",
    "message_thread",
    "opening",
    "opening_outcome",
    "panel_member",
    "proposal",
    "question",
    "rating",
    "result_line",
    "result_set",
    "revision",
    "role_grant",
    "round",
    "rubric_item",
    "rubric_level",
    "score_run",
    "setting",
    "stage",
    "stage_entry",
    "withdrawal",
)


def upgrade() -> None:
    for table in TABLES:
        op.drop_index(f"ix_{table}_organisation_id", table_name=table)


def downgrade() -> None:
    for table in TABLES:
        op.create_index(f"ix_{table}_organisation_id", table, ["organisation_id"])
