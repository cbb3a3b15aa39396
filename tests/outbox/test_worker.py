"""The worker does what is due, whatever else fails, and there is one of it on SQLite (design 54)."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask

from app.core.context import SYSTEM, bound
from app.extensions import db
from app.outbox.worker import Job, SecondWorker, only_worker, run, run_job, run_once
from app.wiring import JOBS
from config import Settings
from tests import factories

ROOT = Path(__file__).resolve().parents[2]


def noting(notes: list[datetime]) -> Callable[..., None]:
    def note(*, at: datetime) -> None:
        notes.append(at)

    return note


def failing(*, at: datetime) -> None:
    raise RuntimeError("hanako@example.jp")


def test_a_job_runs_as_the_system_and_may_write(app: Flask) -> None:
    contexts = []

    def write(*, at: datetime) -> None:
        contexts.append(bound(db.session))
        factories.organisation()

    assert run_job(app, Job("write", write, 1), at=factories.LONG_AGO)
    assert contexts == [SYSTEM]


def test_an_error_of_one_job_is_told_without_its_words_and_stops_no_other(
    sqlite_app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    notes: list[datetime] = []

    with caplog.at_level("INFO", "koubo"):
        assert not run_once(sqlite_app, [Job("bad", failing, 1), Job("good", noting(notes), 1)])

    assert len(notes) == 1
    assert [record.getMessage() for record in caplog.records] == ["job bad"]


def test_what_a_failed_job_left_unfinished_is_taken_back(app: Flask) -> None:
    from app.organisations.models import Organisation

    city = factories.organisation()

    def rename(*, at: datetime) -> None:
        db.session.get_one(Organisation, city.id).name = "改名"
        db.session.flush()
        raise RuntimeError

    run_job(app, Job("rename", rename, 1), at=factories.LONG_AGO)

    assert db.session.get_one(Organisation, city.id).name == "品川区"


def test_each_job_has_its_own_pace_and_the_loop_ends_when_told(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.outbox.worker.SWEEP_SECONDS", 0.01)
    often, seldom, stop = [], [], threading.Event()

    def end(*, at: datetime) -> None:
        often.append(at)
        if len(often) == 5:
            stop.set()

    run(sqlite_app, [Job("seldom", noting(seldom), 60), Job("often", end, 0)], stop=stop)

    assert (len(often), len(seldom)) == (5, 1)


def test_after_the_word_to_stop_no_further_job_begins(sqlite_app: Flask) -> None:
    notes, stop = [], threading.Event()

    run(sqlite_app, [Job("stop", lambda at: stop.set(), 1), Job("next", noting(notes), 1)], stop=stop)

    assert notes == []


def test_the_lock_refuses_a_second_worker_until_the_first_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "worker.lock"
    with only_worker(path), pytest.raises(SecondWorker), only_worker(path):
        pass

    with only_worker(path):
        pass


def test_every_job_named_is_there() -> None:
    assert [Job.named(path, seconds).every_seconds for path, seconds in JOBS] == [seconds for _path, seconds in JOBS]


def test_the_command_does_every_job_once(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    runner = sqlite_app.test_cli_runner()

    assert runner.invoke(args=["worker", "--once"]).exit_code == 0
    monkeypatch.setitem(sqlite_app.extensions, "koubo.jobs", [("tests.outbox.test_worker:failing", 1.0)])
    assert runner.invoke(args=["worker", "--once"]).exit_code == 1


def test_a_worker_process_ends_in_order_and_is_alone(sqlite_app: Flask) -> None:
    settings: Settings = sqlite_app.extensions["koubo.settings"]
    environment = {**os.environ, "KOUBO_ENVIRONMENT": "test", "KOUBO_DATA_DIR": str(settings.data_dir)}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    lock = settings.data_dir / "worker.lock"
    lock.unlink(missing_ok=True)

    with subprocess.Popen(command, cwd=ROOT, env=environment) as first:
        while not lock.exists():
            time.sleep(0.05)
        time.sleep(0.2)
        second = subprocess.run([*command, "--once"], cwd=ROOT, env=environment, capture_output=True, text=True)
        first.send_signal(signal.SIGTERM)

    assert (second.returncode, second.stderr) == (1, f"another worker holds {lock}\n")
    assert first.returncode == 0
