"""`/livez` says the process lives; `/readyz` says it can serve, and neither says more (reliability O7)."""

from pathlib import Path
from typing import NamedTuple

import pytest
from flask import Flask

from app.core import health
from app.extensions import db
from config import Settings


def get(app: Flask, url: str) -> tuple[int, str]:
    answer = app.test_client().get(url)
    return answer.status_code, answer.text


def test_a_whole_installation_lives_and_is_ready(app: Flask) -> None:
    assert get(app, "/livez") == (200, "ok\n")
    assert get(app, "/readyz") == (200, "ok\n")


def test_readiness_leaves_nothing_behind(app: Flask) -> None:
    settings: Settings = app.extensions["koubo.settings"]
    get(app, "/readyz")

    assert list(settings.files_dir.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_not_ready(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    settings: Settings = sqlite_app.extensions["koubo.settings"]
    file = settings.data_dir / "a file"
    file.write_text("x")
    monkeypatch.setattr(settings, "data_dir", file)

    assert get(sqlite_app, "/readyz") == (503, "not ready\n")
    assert get(sqlite_app, "/livez") == (200, "ok\n")


def test_a_database_that_is_gone_is_not_ready_and_recovers(sqlite_app: Flask) -> None:
    settings: Settings = sqlite_app.extensions["koubo.settings"]
    away = settings.data_dir / "away"
    db.engine.dispose()
    (settings.data_dir / "koubo.sqlite").rename(away)

    assert get(sqlite_app, "/readyz") == (503, "not ready\n")
    assert get(sqlite_app, "/livez") == (200, "ok\n")

    db.engine.dispose()
    away.rename(settings.data_dir / "koubo.sqlite")
    assert get(sqlite_app, "/readyz") == (200, "ok\n")


def test_a_postgresql_that_refuses_is_not_ready(postgresql_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    from sqlalchemy import create_engine

    gone = create_engine("postgresql+psycopg://nobody@/none?host=/nowhere")
    monkeypatch.setitem(postgresql_app.extensions, "koubo.engine", gone)

    assert get(postgresql_app, "/readyz") == (503, "not ready\n")


def test_a_full_disk_is_not_ready(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage(NamedTuple):
        free: int

    def nearly_full(_path: Path) -> Usage:
        return Usage(health.FREE_BYTES)

    monkeypatch.setattr("app.core.health.shutil.disk_usage", nearly_full)

    assert get(sqlite_app, "/readyz") == (503, "not ready\n")
