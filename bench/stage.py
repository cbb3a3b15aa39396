"""Installations for benches, on SQLite or a durable PostgreSQL: an application of this process, or real processes."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy.engine import make_url

from app import create_app
from app.applications import room
from app.core.limits import Limit
from app.extensions import db
from tests import postgres
from tests.conftest import CLUSTER, postgresql_settings, test_settings
from tests.invariants import Outside
from tests.journeys.stack import ROOT, database_settings, environment_of, run_flask, wait_until_ready

ENGINES = ("sqlite", "postgresql")
MANY_UPLOADS = Limit("upload.person", 1_000_000, 3600)  # one person brings a file at every point of a walk


@contextmanager
def cluster(*, fsync: str = "on") -> Iterator[None]:
    """A throw-away PostgreSQL for the installations made meanwhile."""
    made = postgres.start()
    os.environ[CLUSTER] = f"{made.folder}:{made.port}"
    postgres.run_sql(made, f"ALTER SYSTEM SET fsync = {fsync}")
    postgres.run_sql(made, "SELECT pg_reload_conf()")
    try:
        yield
    finally:
        del os.environ[CLUSTER]
        postgres.stop(made)


def as_superuser(url: str) -> str:
    """The same database as row-level security does not narrow it."""
    parts = make_url(url)
    if parts.drivername.startswith("postgresql"):
        parts = parts.set(username="postgres")
    return parts.render_as_string(hide_password=False)


@contextmanager
def application(engine: str, *, data: Path | None = None, **settings: object) -> Iterator[tuple[Flask, Outside]]:
    """A migrated application in this process, on an empty database of its own, in an application context.

    `data`: the folder of its files and of SQLite's database, where that is to lie elsewhere than usual.
    """
    with ExitStack() as stack:
        if engine == "postgresql":
            stack.enter_context(cluster())
        folder = data or Path(tempfile.mkdtemp(prefix="koubo-bench-"))
        if data is None:
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
        made = postgresql_settings(folder, "bench") if engine == "postgresql" else test_settings(folder)
        its = made.model_copy(update=settings)
        app = create_app(its)
        logging.getLogger("koubo.access").setLevel(logging.WARNING)
        stack.enter_context(patch.object(room, "UPLOADS_PER_PERSON", MANY_UPLOADS))
        stack.enter_context(app.app_context())
        upgrade()
        db.engine.dispose()
        yield app, Outside(as_superuser(its.sqlalchemy_url), its.files_dir)
        db.session.remove()
        db.engine.dispose()


@dataclass
class Installed:
    """An installation served by processes of its own, with the demo in it."""

    port: int
    folder: Path
    environment: dict[str, str]
    outside: Outside
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            started = subprocess.Popen(command, env=self.environment, cwd=ROOT, stdout=log, stderr=log)
        self.processes.append(started)
        return started

    def serve(self, processes: int, *, worker: bool = True) -> None:
        flask = (sys.executable, "-m", "flask", "--app", "wsgi")
        self.start(*flask, "run-server", "--port", str(self.port), "--processes", str(processes))
        if worker:
            self.start(*flask, "worker")
        wait_until_ready(f"http://127.0.0.1:{self.port}", self.processes)

    def end(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(timeout=40)
        self.processes.clear()


@contextmanager
def installed(engine: str) -> Iterator[Installed]:
    """A migrated installation with the demo and a mail catcher; `serve` starts the rest."""
    with ExitStack() as stack:
        if engine == "postgresql":
            stack.enter_context(cluster())
        folder = Path(tempfile.mkdtemp(prefix="koubo-bench-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        port, mail_port = postgres.free_port(), postgres.free_port()
        environment = environment_of(folder, port, mail_port, database_settings(engine, f"bench_{os.getpid()}"))
        environment |= {"KOUBO_ADDRESS_LIMIT_SCALE": "100000", "PYTHONUNBUFFERED": "1"}
        run_flask(environment, "db", "upgrade")
        run_flask(environment, "demo", "load")
        url = environment.get("KOUBO_DATABASE_URL", f"sqlite:///{folder / 'koubo.sqlite'}")
        made = Installed(port, folder, environment, Outside(as_superuser(url), folder / "files", folder / "maildir"))
        stack.callback(made.end)
        made.start(sys.executable, "-P", str(ROOT / "app/demo/catcher.py"), str(mail_port), str(folder / "maildir"))
        yield made


def cpu_seconds(parent: int) -> float:
    """The processor time that a process and its children have used: it says what work costs on a busy machine too."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    used = Path(f"/proc/{parent}/stat").read_text().rpartition(")")[2].split()
    own = (int(used[11]) + int(used[12])) / os.sysconf("SC_CLK_TCK")
    return own + sum(cpu_seconds(int(child)) for child in children)
