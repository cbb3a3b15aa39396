"""The worker: tables are the truth, and it sweeps them for what is due (design 54)."""

import fcntl
import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Self

from flask import Flask

from app.core import clock
from app.core.context import SYSTEM, bind
from app.core.database import read_only
from app.extensions import db

SWEEP_SECONDS = 1.0

log = logging.getLogger("koubo.worker")


class SecondWorker(Exception):
    """On SQLite one worker is enough, and another is running."""


@dataclass(frozen=True)
class Job:
    """Something that is done every so many seconds with the system's context: `function(at=…)`."""

    name: str
    function: Callable[..., Any]
    every_seconds: float

    @classmethod
    def named(cls, path: str, every_seconds: float) -> Self:
        """Find the function of `package.module:function`."""
        module, function = path.split(":")
        return cls(path, getattr(import_module(module), function), every_seconds)


def run_job(app: Flask, job: Job, *, at: datetime) -> bool:
    """Do one job in an application context and a session of its own; log an error and say whether there was none."""
    with app.app_context():
        read_only(False)
        bind(db.session, SYSTEM)
        try:
            job.function(at=at)
        except Exception:  # one job's error must not stop the others
            log.exception("job %s", job.name)
            return False
        finally:
            db.session.remove()
    return True


def run_once(app: Flask, jobs: Sequence[Job]) -> bool:
    """Do every job once; say whether all went well."""
    return all([run_job(app, job, at=clock.now()) for job in jobs])


def run(app: Flask, jobs: Sequence[Job], *, stop: threading.Event) -> None:
    """Do the jobs as they fall due until `stop` is set; the job under way is finished."""
    due = dict.fromkeys(jobs, 0.0)
    while not stop.is_set():
        for job in jobs:
            if not stop.is_set() and time.monotonic() >= due[job]:
                run_job(app, job, at=clock.now())
                due[job] = time.monotonic() + job.every_seconds
        stop.wait(SWEEP_SECONDS)


def stop_on_signals() -> threading.Event:
    """Give an event that SIGTERM and SIGINT set."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    return stop


@contextmanager
def only_worker(path: Path) -> Iterator[None]:
    """Hold the lock file of the one worker of a SQLite installation; the system lets go of it when the process ends.

    Raises: SecondWorker.
    """
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SecondWorker(f"another worker holds {path}") from error
        yield
