"""The migrations lead to what the models say, on both databases, and each can be taken back (reliability P9)."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import op
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Engine, create_engine, inspect, select

from app import create_app
from app.accounts.models import RoleGrant
from app.core.access import Role
from app.core.context import SYSTEM, bind
from app.core.database import prepare_engine
from app.core.model import Base
from app.extensions import db
from config import Settings
from tests import factories, postgres
from tests.conftest import postgresql_settings, the_cluster
from tests.conftest import test_settings as sqlite_settings

SCRIPTS = ScriptDirectory(str(Path(__file__).parent.parent / "migrations"))


def owner_engine(app: Flask) -> Engine:
    settings: Settings = app.extensions["koubo.settings"]
    engine = create_engine(settings.migration_database_url or settings.sqlalchemy_url)
    prepare_engine(engine)
    return engine


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An application on a database of its own without any table."""
    make = sqlite_settings if request.param == "sqlite" else postgresql_settings
    app = create_app(make(tmp_path))
    with app.app_context():
        yield app
        db.engine.dispose()


def revisions() -> list[str]:
    """The migrations from the first to the head."""
    return [script.revision for script in reversed(list(SCRIPTS.walk_revisions()))]


def schema(engine: Engine) -> str:
    """The whole schema as the database itself writes it."""
    if engine.dialect.name == "postgresql":
        return _dumped(str(engine.url.database))
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master ORDER BY name")
        return "\n".join(f"{name}: {sql}" for name, sql in rows)


def _dumped(database: str) -> str:
    cluster = the_cluster()
    where = ["-h", str(cluster.folder), "-p", str(cluster.port), "-U", postgres.OWNER, database]
    dump = subprocess.run(["pg_dump", "--schema-only", *where], check=True, capture_output=True, text=True).stdout
    return "\n".join(line for line in dump.splitlines() if not line.startswith(("\\restrict", "\\unrestrict")))


def parts(engine: Engine) -> dict[str, Any]:
    """What the inspector finds in each table, without regard to order: columns, keys, checks, indexes."""
    found = inspect(engine)
    return {
        table: {
            "columns": sorted((c["name"], str(c["type"]), c["nullable"]) for c in found.get_columns(table)),
            "checks": sorted((str(c["name"]), c["sqltext"]) for c in found.get_check_constraints(table)),
            "uniques": sorted((str(c["name"]), c["column_names"]) for c in found.get_unique_constraints(table)),
            "foreign": sorted(
                (
                    str(c["name"]),
                    c["constrained_columns"],
                    c["referred_table"],
                    c["referred_columns"],
                    str(c["options"]),
                )
                for c in found.get_foreign_keys(table)
            ),
            "indexes": sorted((str(c["name"]), c["column_names"], c["unique"]) for c in found.get_indexes(table)),
            "primary": found.get_pk_constraint(table)["constrained_columns"],
        }
        for table in sorted(found.get_table_names())
        if table != "alembic_version"
    }


def test_the_chain_of_migrations_has_one_head() -> None:
    assert len(SCRIPTS.get_heads()) == 1
    assert revisions()[-1] == SCRIPTS.get_current_head()


def test_autogenerate_finds_nothing_to_add(app: Flask) -> None:
    with owner_engine(app).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_migrated_tables_are_those_of_the_models_with_every_check(bare_app: Flask, tmp_path: Path) -> None:
    upgrade()
    migrated = parts(owner_engine(bare_app))
    make = sqlite_settings if db.engine.dialect.name == "sqlite" else postgresql_settings
    (tmp_path / "models").mkdir()
    settings = make(tmp_path / "models")
    engine = create_engine(settings.migration_database_url or settings.sqlalchemy_url)
    Base.metadata.create_all(engine)

    assert migrated == parts(engine)


def test_each_migration_goes_up_down_and_up_again(bare_app: Flask) -> None:
    engine = owner_engine(bare_app)
    for revision in revisions():
        upgrade(revision=revision)
        first = schema(engine)

        downgrade(revision="-1")
        upgrade(revision=revision)

        assert schema(engine) == first


def test_a_migration_sees_and_changes_the_rows_of_every_city(bare_app: Flask) -> None:
    upgrade()
    city = factories.organisation()
    factories.staff(city, Role.HR, Role.ACCOMMODATION)
    db.session.remove()

    downgrade(revision="0007")  # which knows no such role
    upgrade()

    bind(db.session, SYSTEM)
    assert list(db.session.scalars(select(RoleGrant.role))) == [Role.HR]


def test_all_migrations_can_be_taken_back_and_leave_nothing(bare_app: Flask) -> None:
    engine = owner_engine(bare_app)
    upgrade()
    first = schema(engine)

    downgrade(revision="base")

    assert inspect(engine).get_table_names() == ["alembic_version"]
    upgrade()
    assert schema(engine) == first


def test_an_interrupted_migration_leaves_nothing_and_can_be_run_again(
    bare_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, execute = owner_engine(bare_app), op.execute

    def fall_over_at_the_first_trigger(statement: str) -> None:
        if "CREATE TRIGGER" in statement:
            raise KeyboardInterrupt
        execute(statement)

    with monkeypatch.context() as patch:
        patch.setattr(op, "execute", fall_over_at_the_first_trigger)
        with pytest.raises(KeyboardInterrupt):
            upgrade()

    assert inspect(engine).get_table_names() == []
    upgrade()
    assert "organisation" in inspect(engine).get_table_names()
