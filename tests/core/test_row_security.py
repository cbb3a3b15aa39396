"""The migrated databases hold the rules that the models state: row-level security with FORCE, insert-only triggers."""

from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Connection, create_engine, text

from app.core import row_security
from app.core.model import Base, RowRule, ruled_tables
from app.extensions import db
from config import Settings
from tests.conftest import postgresql_settings
from tests.postgres import ROLE

POLICIES = text(
    "SELECT tablename, policyname, permissive, roles::text, cmd, qual, with_check FROM pg_policies ORDER BY 1, 2"
)
KEPT = text(
    "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname LIKE '%kept_by%' AND NOT tgisinternal ORDER BY tgname"
)
RIGHTS = text(
    "SELECT table_name, privilege_type FROM information_schema.role_table_grants WHERE grantee = :role ORDER BY 1, 2"
)

ERASABLE = (
    "application_document",
    "attachment",
    "message",
)  # rows that go with an application marked as erased, by a trigger


def insert_only() -> list[str]:
    return sorted(table.name for table in Base.metadata.sorted_tables if table.info.get("insert_only"))


def by_hand(connection: Connection) -> None:
    """Make the models' tables in an empty database and secure them with the statements of core.row_security."""
    Base.metadata.create_all(connection)
    for statement in row_security.FUNCTIONS:
        connection.execute(text(statement.replace(":", r"\:")))
    for table, rule in ruled_tables().items():
        for statement in row_security.policies(table, rule) + row_security.kept_postgresql(table, rule):
            connection.exec_driver_sql(statement)


def rows(connection: Connection, query: Any, **values: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.execute(query, values)]


def test_the_policies_of_the_database_are_those_of_the_models(postgresql_app: Flask, tmp_path: Path) -> None:
    engine = create_engine(postgresql_settings(tmp_path, "by_hand").migration_database_url)
    with engine.begin() as connection:
        by_hand(connection)
        expected, kept = rows(connection, POLICIES), rows(connection, KEPT)
    engine.dispose()

    with db.engine.connect() as connection:
        assert rows(connection, POLICIES) == expected
        assert rows(connection, KEPT) == kept


def test_every_ruled_table_is_under_row_level_security_its_owner_included(postgresql_app: Flask) -> None:
    query = text("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity ORDER BY relname")
    with db.engine.connect() as connection:
        assert [name for (name,) in rows(connection, query)] == sorted(ruled_tables())


def test_every_tenant_table_has_a_rule(sqlite_app: Flask) -> None:
    tenants = {table.name for table in Base.metadata.sorted_tables if table.info.get("tenant")}

    assert tenants <= ruled_tables().keys()
    assert "application" in tenants


def test_nothing_is_seen_without_a_context_by_owner_or_application(postgresql_app: Flask) -> None:
    settings: Settings = postgresql_app.extensions["koubo.settings"]
    for url in (settings.migration_database_url, settings.database_url):
        engine = create_engine(url)
        with engine.connect() as connection:
            for table in ruled_tables():
                assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0
        engine.dispose()


def test_insert_only_tables_have_their_triggers(app: Flask) -> None:
    if db.engine.dialect.name == "sqlite":
        query = text("SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger' ORDER BY 1, 2")
        expected = [(table, f"{table}_no_{word}") for table in insert_only() for word in ("delete", "update")]
    else:
        query = text(
            "SELECT event_object_table, trigger_name || ' ' || action_timing || ' ' || event_manipulation"
            " FROM information_schema.triggers WHERE trigger_name LIKE '%_insert_only' ORDER BY 1, event_manipulation"
        )
        expected = [
            (table, f"{table}_insert_only BEFORE {word}") for table in insert_only() for word in ("DELETE", "UPDATE")
        ]
    engine = create_engine(owner_url(app))  # PostgreSQL shows triggers to a table's owner
    with engine.connect() as connection:
        assert rows(connection, query) == expected
    engine.dispose()


def owner_url(app: Flask) -> str:
    settings: Settings = app.extensions["koubo.settings"]
    return settings.migration_database_url or settings.sqlalchemy_url


def test_the_applications_role_may_not_change_insert_only_tables_or_migrations(postgresql_app: Flask) -> None:
    with db.engine.connect() as connection:
        rights = rows(connection, RIGHTS, role=ROLE)

    every = {table.name for table in Base.metadata.sorted_tables}
    expected = {(name, "INSERT") for name in every} | {(name, "SELECT") for name in every | {"alembic_version"}}
    expected |= {(name, right) for name in every.difference(insert_only()) for right in ("UPDATE", "DELETE")}
    expected |= {(name, "DELETE") for name in ERASABLE}
    assert set(rights) == expected


def test_a_rule_says_read_insert_or_write_for_each_kind() -> None:
    rule = RowRule(public="shown", applicant="applicant_id = koubo_applicant()", applicant_may="insert", staff=None)

    assert row_security.policies("thing", rule) == [
        "ALTER TABLE thing ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE thing FORCE ROW LEVEL SECURITY",
        "CREATE POLICY system_writes ON thing FOR ALL USING (koubo_kind() = 'system')"
        " WITH CHECK (koubo_kind() = 'system')",
        "CREATE POLICY applicant_reads ON thing FOR SELECT"
        " USING (koubo_kind() = 'applicant' AND (applicant_id = koubo_applicant()))",
        "CREATE POLICY applicant_inserts ON thing FOR INSERT"
        " WITH CHECK (koubo_kind() = 'applicant' AND (applicant_id = koubo_applicant()))",
        "CREATE POLICY public_reads ON thing FOR SELECT USING (koubo_kind() IN ('public', 'applicant') AND (shown))",
    ]
