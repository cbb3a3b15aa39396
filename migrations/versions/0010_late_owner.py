"""Let a late attempt follow its person to another applicant: its applicant may change, and nothing else of it."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ROLE = "koubo_app"
KEPT = "id, organisation_id, opening_id, draft_id, received_at, answers, sha256"
ABORT = "BEGIN SELECT RAISE(ABORT, 'insert-only: late_attempt'); END"
CALL = "FOR EACH ROW EXECUTE FUNCTION koubo_insert_only()"


def upgrade():
    refuse_update(f"UPDATE OF {KEPT}")
    if is_postgresql():
        op.execute(f"GRANT UPDATE (applicant_id) ON late_attempt TO {ROLE}")


def downgrade():
    if is_postgresql():
        op.execute(f"REVOKE UPDATE (applicant_id) ON late_attempt FROM {ROLE}")
    refuse_update("UPDATE")


def is_postgresql():
    return op.get_bind().dialect.name == "postgresql"


def refuse_update(what):
    if is_postgresql():
        op.execute("DROP TRIGGER late_attempt_insert_only ON late_attempt")
        op.execute(f"CREATE TRIGGER late_attempt_insert_only BEFORE {what} OR DELETE ON late_attempt {CALL}")
    else:
        op.execute("DROP TRIGGER late_attempt_no_update")
        op.execute(f"CREATE TRIGGER late_attempt_no_update BEFORE {what} ON late_attempt {ABORT}")
