"""The bare page that submits are compared with: a form of 300 KB in, a file synced, one durable row, our server."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Column, String, event
from sqlalchemy.engine import make_url

from app.core.server import Serving, listen, serve
from bench.stage import cluster
from tests import postgres
from tests.conftest import CLUSTER, the_cluster

Keep = Callable[[str], None]


def _by_driver(url: str) -> Callable[[Flask], Keep]:
    """Keep a key by the database's driver alone, a connection a thread."""
    place, own = make_url(url), threading.local()

    def connect() -> Any:
        if place.drivername == "sqlite":
            connection = sqlite3.connect(str(place.database), isolation_level=None, timeout=30)
            make_durable(connection)
            return connection
        return psycopg.connect(host=place.query["host"], port=place.query["port"], user="postgres", autocommit=True)

    def keep(key: str) -> None:
        if not hasattr(own, "connection"):
            own.connection = connect()
        own.connection.execute(f"INSERT INTO kept (key) VALUES ('{key}')")  # commits by itself

    return lambda _app: keep


def _by_stack(url: str) -> Callable[[Flask], Keep]:
    """Keep a key as an application on Flask-SQLAlchemy would: an object, added and committed."""

    def install(app: Flask) -> Keep:
        db = SQLAlchemy()
        kept = type("Kept", (db.Model,), {"__tablename__": "kept", "key": Column(String(32), primary_key=True)})
        app.config["SQLALCHEMY_DATABASE_URI"] = url
        db.init_app(app)
        with app.app_context():
            if db.engine.dialect.name == "sqlite":
                event.listen(db.engine, "connect", lambda connection, _record: make_durable(connection))

        def keep(key: str) -> None:
            db.session.add(kept(key=key))
            db.session.commit()

        return keep

    return install


WAYS = {"the driver": _by_driver, "Flask-SQLAlchemy": _by_stack}


def make_durable(connection: Any) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def page_of(folder: Path, install: Callable[[Flask], Keep]) -> Flask:
    app = Flask(__name__)
    commit = install(app)

    @app.post("/")
    def keep() -> str:
        key = secrets.token_hex(16)
        with (folder / key).open("wb") as file:
            request.files["file"].save(file)
            file.flush()
            os.fsync(file.fileno())
        commit(key)
        return key

    return app


def _database(engine: str, folder: Path) -> str:
    """Make an empty table of keys; give the address of its database."""
    table = "CREATE TABLE IF NOT EXISTS kept (key VARCHAR(32) PRIMARY KEY)"
    if engine == "sqlite":
        with sqlite3.connect(folder / "bare.sqlite") as connection:
            connection.execute(table)
        return f"sqlite:///{folder / 'bare.sqlite'}"
    postgres.run_sql(the_cluster(), table)
    return f"postgresql+psycopg://postgres@/postgres?host={the_cluster().folder}&port={the_cluster().port}"


@contextmanager
def served_bare(engine: str, processes: int, way: str) -> Iterator[tuple[int, int]]:
    """Serve the bare page with as many processes; give the port and the process that holds them.

    `way` says by what its row is kept (see WAYS).
    """
    with ExitStack() as stack:
        if engine == "postgresql":
            stack.enter_context(nullcontext() if CLUSTER in os.environ else cluster())
        folder = Path(tempfile.mkdtemp(prefix="koubo-bare-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        install = WAYS[way](_database(engine, folder))
        listening = listen("127.0.0.1", 0)
        child = os.fork()
        if child == 0:
            how = Serving("127.0.0.1", 0, processes, 8, 10_000_000)
            serve(page_of(folder, install), listening, how, lambda code: (f"{code} Refused", {}, b""))
            os._exit(0)
        port = int(listening.getsockname()[1])
        listening.close()
        time.sleep(0.5)
        yield port, child
        os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)
