"""Let go of what a person sent once its application is marked as erased; until then it is insert-only as before."""

import sqlalchemy as sa
from alembic import op

import app.core.model

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ROLE = "koubo_app"
# by table: what may be blanked, whether rows may go, and the application that decides it
OF_VERSION = "SELECT v.application_id FROM application_version AS v WHERE v.id = OLD.application_version_id"
OF_THREAD = (
    "SELECT a.id FROM message_thread AS t JOIN message_thread AS u ON u.id = coalesce(t.joined_to, t.id)"
    " JOIN application AS a ON a.opening_id = u.opening_id AND a.applicant_id = u.applicant_id WHERE t.id = OLD.thread_id"
)
OF_PERSON = (
    "SELECT a.id FROM application AS a WHERE a.opening_id = OLD.opening_id AND a.applicant_id = OLD.applicant_id"
)
ERASABLE = (
    ("application_version", "answers, birth_date", False, "OLD.application_id"),
    ("application_document", "", True, OF_VERSION),
    ("finding", "working", False, OF_VERSION),
    ("withdrawal", "reason", False, "OLD.application_id"),
    ("message", "", True, OF_THREAD),
    ("late_attempt", "answers", False, OF_PERSON),
)
LATE = "id, organisation_id, opening_id, draft_id, received_at, answers, sha256, closes_at"
KEPT = "organisation_id, opening_id, applicant_id, receipt_number, received_at, duplicate_of, other_numbers"
KEPT_BY = {"staff": f"{KEPT}, mail_confirmed_at", "applicant": f"{KEPT}, examinee_number, accepted_by, accepted_at"}
FUNCTION = """CREATE FUNCTION koubo_unless_erased() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE is_erased boolean;
BEGIN
  EXECUTE 'SELECT EXISTS (SELECT 1 FROM application WHERE erased_at IS NOT NULL AND id IN (' || TG_ARGV[0] || '))'
    INTO is_erased USING OLD;
  IF NOT is_erased THEN RAISE EXCEPTION 'insert-only: %', TG_TABLE_NAME; END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$"""


def upgrade():
    op.add_column("application", sa.Column("erased_at", app.core.model.Instant(length=27), nullable=True))
    if is_postgresql():
        keep(", erased_at")
        op.execute(FUNCTION)
    for table, columns, may_go, place in ERASABLE:
        drop(table)
        refuse_unless_erased(table, place)
        if is_postgresql():
            grant("GRANT", "TO", table, columns, may_go)


def downgrade():
    for table, columns, may_go, _place in ERASABLE:
        if is_postgresql():
            grant("REVOKE", "FROM", table, columns, may_go)
        drop(table)
        refuse(table)
    if is_postgresql():
        op.execute("DROP FUNCTION koubo_unless_erased()")
        keep("")
    op.drop_column("application", "erased_at")


def is_postgresql():
    return op.get_bind().dialect.name == "postgresql"


def keep(more):
    for kind, columns in KEPT_BY.items():
        op.execute(f"DROP TRIGGER application_kept_by_{kind} ON application")
        op.execute(
            f"CREATE TRIGGER application_kept_by_{kind} BEFORE UPDATE OF {columns}{more} ON application FOR EACH ROW"
            f" WHEN (koubo_kind() = '{kind}') EXECUTE FUNCTION koubo_kept()"
        )


def grant(verb, to, table, columns, may_go):
    if columns:
        op.execute(f"{verb} UPDATE ({columns}) ON {table} {to} {ROLE}")
    if may_go:
        op.execute(f"{verb} DELETE ON {table} {to} {ROLE}")


def drop(table):
    if is_postgresql():
        op.execute(f"DROP TRIGGER {table}_insert_only ON {table}")
    else:
        op.execute(f"DROP TRIGGER {table}_no_update")
        op.execute(f"DROP TRIGGER {table}_no_delete")


def update_of(table):
    return f"UPDATE OF {LATE}" if table == "late_attempt" else "UPDATE"


def refuse(table):
    if is_postgresql():
        call = "FOR EACH ROW EXECUTE FUNCTION koubo_insert_only()"
        op.execute(f"CREATE TRIGGER {table}_insert_only BEFORE {update_of(table)} OR DELETE ON {table} {call}")
        return
    for word, verb in (("update", update_of(table)), ("delete", "DELETE")):
        abort = f"BEGIN SELECT RAISE(ABORT, 'insert-only: {table}'); END"
        op.execute(f"CREATE TRIGGER {table}_no_{word} BEFORE {verb} ON {table} {abort}")


def refuse_unless_erased(table, place):
    if is_postgresql():
        of = place.replace("OLD.", "($1).").replace("'", "''")
        call = f"FOR EACH ROW EXECUTE FUNCTION koubo_unless_erased('{of}')"
        op.execute(f"CREATE TRIGGER {table}_insert_only BEFORE {update_of(table)} OR DELETE ON {table} {call}")
        return
    is_erased = f"EXISTS (SELECT 1 FROM application WHERE erased_at IS NOT NULL AND id IN ({place}))"
    for word, verb in (("update", update_of(table)), ("delete", "DELETE")):
        abort = f"WHEN NOT {is_erased} BEGIN SELECT RAISE(ABORT, 'insert-only: {table}'); END"
        op.execute(f"CREATE TRIGGER {table}_no_{word} BEFORE {verb} ON {table} {abort}")
