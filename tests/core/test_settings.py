"""An unsafe production start is refused, each reason named (reliability X1, X2)."""

import os
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.core import database
from app.core.database import UnsafeDatabase
from app.extensions import db
from app.wiring import check_start
from config import Environment, Settings, UnsafeSettings, unsafe_reasons
from tests import factories
from tests.conftest import KEY


def production(folder: Path, **values: object) -> Settings:
    """Settings that may serve real people, but for what the test changes."""
    safe: dict[str, object] = {
        "environment": Environment.PRODUCTION,
        "secret_key": "x" * 48,
        "encryption_keys": [KEY],
        "data_dir": folder,
        "base_url": "https://koubo.example.jp",
        "mail_server": "smtp.example.jp",
        "mail_sender": "koubo@koubo.example.jp",
    }
    return Settings(**(safe | values))


def test_safe_settings_start(tmp_path: Path) -> None:
    assert unsafe_reasons(production(tmp_path)) == []
    assert create_app(production(tmp_path)).config["DEMO"] is False


def test_production_answers_no_host_but_its_own(tmp_path: Path) -> None:
    client = create_app(production(tmp_path)).test_client()
    ask = {"path": "/my", "base_url": "https://evil.example"}

    refused = [client.open(method=method, **ask) for method in ("GET", "POST")]
    forwarded = client.get("/livez", base_url="https://koubo.example.jp.evil.example")
    ours = client.get("/my", base_url="https://koubo.example.jp")
    probe = client.get("/livez", base_url="http://127.0.0.1:8000")

    assert [answer.status_code for answer in (*refused, forwarded)] == [400] * 3
    assert all("evil" not in answer.text for answer in refused)
    assert (ours.status_code, probe.status_code) == (308, 200)
    assert ours.headers["Location"] == "https://koubo.example.jp/my/"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"debug": True}, "KOUBO_DEBUG"),
        ({"secret_key": ""}, "KOUBO_SECRET_KEY"),
        ({"secret_key": "x" * 31}, "KOUBO_SECRET_KEY"),
        ({"encryption_keys": []}, "KOUBO_ENCRYPTION_KEYS"),
        ({"encryption_keys": ["k1"]}, "KOUBO_ENCRYPTION_KEYS: entry 1"),
        ({"encryption_keys": [KEY, "k2:hush-hush"]}, "KOUBO_ENCRYPTION_KEYS: entry 2"),
        ({"encryption_keys": [KEY.removeprefix("k1")]}, "KOUBO_ENCRYPTION_KEYS: entry 1"),
        ({"encryption_keys": [KEY, KEY]}, "KOUBO_ENCRYPTION_KEYS: two keys"),
        ({"secure_cookies": False}, "KOUBO_SECURE_COOKIES"),
        ({"base_url": "http://koubo.example.jp"}, "KOUBO_BASE_URL"),
        ({"base_url": ""}, "KOUBO_BASE_URL"),
        ({"mail_server": ""}, "KOUBO_MAIL_SERVER"),
        ({"mail_sender": ""}, "KOUBO_MAIL_SENDER"),
        ({"mail_sender": "koubo"}, "KOUBO_MAIL_SENDER"),
        ({"mail_catcher_dir": Path("mail")}, "KOUBO_MAIL_CATCHER_DIR"),
        ({"mail_use_tls": False, "mail_use_ssl": False}, "KOUBO_MAIL_USE_TLS"),
    ],
    ids=str,
)
def test_each_unsafe_setting_refuses_the_start(tmp_path: Path, change: dict[str, object], reason: str) -> None:
    settings = production(tmp_path, **change)

    assert [problem.startswith(reason) for problem in unsafe_reasons(settings)] == [True]
    with pytest.raises(UnsafeSettings, match=reason):
        create_app(settings)


def test_a_folder_that_everybody_can_read_refuses_the_start(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files").chmod(0o755)

    with pytest.raises(UnsafeSettings, match="chmod 700"):
        create_app(production(tmp_path))


def test_the_folder_that_is_made_is_its_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    create_app(production(folder))

    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "files").stat().st_mode & 0o777 == 0o700


def test_every_reason_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(UnsafeSettings) as refusal:
        create_app(Settings(data_dir=tmp_path))

    assert len(str(refusal.value).splitlines()) == 6


@pytest.mark.parametrize("environment", [Environment.DEMO, Environment.TEST])
def test_demo_and_tests_may_be_unsafe(tmp_path: Path, environment: Environment) -> None:
    assert unsafe_reasons(Settings(environment=environment, data_dir=tmp_path)) == []


def test_no_secret_stands_in_what_a_setting_shows(tmp_path: Path) -> None:
    shown = repr(production(tmp_path, secret_key="s" * 40, mail_password="hush-hush"))

    assert "s" * 40 not in shown
    assert "hush-hush" not in shown
    assert KEY not in shown


def test_the_environment_names_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("KOUBO_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("KOUBO_ENVIRONMENT", "demo")
    monkeypatch.setenv("KOUBO_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("KOUBO_ENCRYPTION_KEYS", "k2:two,k1:one")

    settings = Settings()

    assert (settings.is_demo, settings.files_dir) == (True, tmp_path / "files")
    assert [key.get_secret_value() for key in settings.encryption_keys] == ["k2:two", "k1:one"]


def test_values_that_are_none_are_refused_in_one_line_each(tmp_path: Path) -> None:
    with pytest.raises(UnsafeSettings) as refusal:
        Settings(environment="prod", mail_port="hush-hush", data_dir=tmp_path)

    lines = str(refusal.value).splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        "the settings are refused",
        "KOUBO_ENVIRONMENT",
        "KOUBO_MAIL_PORT",
    ]
    assert "hush-hush" not in str(refusal.value)


def test_a_key_that_is_none_is_refused_without_being_shown(tmp_path: Path) -> None:
    settings = Settings(environment=Environment.DEMO, encryption_keys=["k1:hush-hush"], data_dir=tmp_path)

    with pytest.raises(UnsafeSettings) as refusal:
        create_app(settings)
    assert "entry 1" in str(refusal.value)
    assert "hush-hush" not in str(refusal.value)


@pytest.fixture
def in_production(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setattr(app.extensions["koubo.settings"], "environment", Environment.PRODUCTION)
    return app


def relax_the_tests_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' PostgreSQL runs without fsync, which production refuses."""
    monkeypatch.setattr(database, "_check_postgresql", lambda _connection: None)


def test_a_whole_database_may_be_served(in_production: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    relax_the_tests_cluster(monkeypatch)
    factories.organisation()

    check_start(in_production)


def test_a_database_with_the_demo_in_it_is_refused(in_production: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    relax_the_tests_cluster(monkeypatch)
    factories.organisation(is_demo=True)

    with pytest.raises(UnsafeSettings, match="holds the demo"):
        check_start(in_production)


def test_the_demo_may_be_served_as_a_demo(sqlite_app: Flask) -> None:
    factories.organisation(is_demo=True)

    check_start(sqlite_app)


def test_a_postgresql_that_may_lose_a_commit_is_refused(postgresql_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql_app.extensions["koubo.settings"], "environment", Environment.PRODUCTION)

    with pytest.raises(UnsafeDatabase, match="fsync is off"):
        check_start(postgresql_app)


def test_a_sqlite_that_is_not_safe_with_wal_is_refused(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "has_safe_wal", lambda _version: False)
    db.engine.dispose()

    check_start(sqlite_app)  # good enough for the demo and the tests
    monkeypatch.setattr(sqlite_app.extensions["koubo.settings"], "environment", Environment.PRODUCTION)
    with pytest.raises(UnsafeDatabase, match="journal_mode is not WAL"):
        check_start(sqlite_app)


def test_an_owner_of_tables_is_refused_as_the_applications_role(postgresql_app: Flask, tmp_path: Path) -> None:
    from sqlalchemy import create_engine

    settings: Settings = postgresql_app.extensions["koubo.settings"]
    with create_engine(settings.migration_database_url).connect() as connection:
        connection.exec_driver_sql("SELECT 1")
        with pytest.raises(UnsafeDatabase, match="fsync|role"):
            database._check_postgresql(connection)


def test_a_database_without_the_last_migration_is_refused(tmp_path: Path) -> None:
    app = create_app(Settings(environment=Environment.TEST, data_dir=tmp_path))

    with app.app_context(), pytest.raises(UnsafeDatabase, match="bin/flask db upgrade"):
        check_start(app)


def test_the_server_and_the_worker_look_before_they_start(tmp_path: Path) -> None:
    app = create_app(Settings(environment=Environment.TEST, data_dir=tmp_path))
    runner = app.test_cli_runner()

    for command in (["run-server"], ["worker", "--once"]):
        with app.app_context():
            result = runner.invoke(args=command)
        assert (result.exit_code, result.output) == (
            1,
            "Error: the database is not at the last migration: bin/flask db upgrade\n",
        )


@pytest.mark.parametrize("where", ["clamd", "clamd:", ":3310", "clamd:port"])
def test_a_scanner_that_cannot_be_found_by_its_name_is_refused_at_the_start(where, tmp_path):
    with pytest.raises(UnsafeSettings, match="KOUBO_CLAMAV"):
        Settings(data_dir=tmp_path, clamav=where)

    assert Settings(data_dir=tmp_path, clamav="/run/clamd.sock").clamav == "/run/clamd.sock"
