"""SQL that a migration copies for its tables: row-level security on PostgreSQL, insert-only triggers on both databases,
triggers on PostgreSQL for columns that a kind of context keeps (on SQLite the guard of `core.context` does).

A migration holds the text as it was when it was written; tests/core/test_row_security.py compares the databases with
this module.
"""

from app.core.model import RowRule

FUNCTIONS = (
    "CREATE FUNCTION koubo_kind() RETURNS text LANGUAGE sql STABLE AS"
    " $$ SELECT coalesce(current_setting('koubo.kind', true), '') $$",
    "CREATE FUNCTION koubo_organisation() RETURNS uuid LANGUAGE sql STABLE AS"
    " $$ SELECT nullif(current_setting('koubo.organisation', true), '')::uuid $$",
    "CREATE FUNCTION koubo_applicant() RETURNS uuid LANGUAGE sql STABLE AS"
    " $$ SELECT nullif(current_setting('koubo.applicant', true), '')::uuid $$",
    "CREATE FUNCTION koubo_insert_only() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'insert-only: %', TG_TABLE_NAME; END $$",
    "CREATE FUNCTION koubo_kept() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'kept as it is: %', TG_TABLE_NAME; END $$",
)
DROP_FUNCTIONS = (
    "DROP FUNCTION koubo_kept()",
    "DROP FUNCTION koubo_insert_only()",
    "DROP FUNCTION koubo_applicant()",
    "DROP FUNCTION koubo_organisation()",
    "DROP FUNCTION koubo_kind()",
)


def _policy(table: str, name: str, command: str, *, using: str | None = None, check: str | None = None) -> str:
    parts = [f"CREATE POLICY {name} ON {table} FOR {command}"]
    if using is not None:
        parts.append(f"USING ({using})")
    if check is not None:
        parts.append(f"WITH CHECK ({check})")
    return " ".join(parts)


def _for_kind(table: str, kind: str, condition: str, may: str) -> list[str]:
    """Policies of one kind of context: read; read and insert; or all that its grants allow."""
    whole = f"koubo_kind() = '{kind}' AND ({condition})"
    if may == "write":
        return [_policy(table, f"{kind}_writes", "ALL", using=whole, check=whole)]
    read = [_policy(table, f"{kind}_reads", "SELECT", using=whole)]
    if may == "insert":
        read.append(_policy(table, f"{kind}_inserts", "INSERT", check=whole))
    return read


def policies(table: str, rule: RowRule) -> list[str]:
    """The statements that put a table under row-level security, its owner included."""
    system = "koubo_kind() = 'system'"
    statements = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        _policy(table, "system_writes", "ALL", using=system, check=system),
    ]
    if rule.staff is not None:
        statements += _for_kind(table, "staff", rule.staff, rule.staff_may)
    if rule.applicant is not None:
        statements += _for_kind(table, "applicant", rule.applicant, rule.applicant_may)
    if rule.public is not None:
        whole = f"koubo_kind() IN ('public', 'applicant') AND ({rule.public})"
        statements.append(_policy(table, "public_reads", "SELECT", using=whole))
    if rule.anyone_inserts:
        statements.append(_policy(table, "anyone_inserts", "INSERT", check="koubo_kind() <> ''"))
    return statements


def kept_postgresql(table: str, rule: RowRule) -> list[str]:
    """The triggers that refuse a change of kept columns, one for each kind of context that may write the table."""
    may = {"staff": rule.staff and rule.staff_may, "applicant": rule.applicant and rule.applicant_may}
    return [
        f"CREATE TRIGGER {table}_kept_by_{kind} BEFORE UPDATE OF {', '.join(columns)} ON {table} FOR EACH ROW"
        f" WHEN (koubo_kind() = '{kind}') EXECUTE FUNCTION koubo_kept()"
        for kind, allowed in may.items()
        if allowed == "write" and (columns := rule.kept_by(kind))
    ]


def insert_only_postgresql(table: str) -> str:
    return (
        f"CREATE TRIGGER {table}_insert_only BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION koubo_insert_only()"
    )


def insert_only_sqlite(table: str) -> tuple[str, str]:
    return (
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}"
        f" BEGIN SELECT RAISE(ABORT, 'insert-only: {table}'); END",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}"
        f" BEGIN SELECT RAISE(ABORT, 'insert-only: {table}'); END",
    )
