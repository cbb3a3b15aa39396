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

from flask import Flask, request

from app.core.server import Serving, listen, serve
from bench.stage import cluster
from tests import postgres
from tests.conftest import CLUSTER, the_cluster


def _on_sqlite(folder: Path) -> Callable[[str], None]:
    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(folder / "bare.sqlite", isolation_level=None, timeout=30)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    connect().execute("CREATE TABLE IF NOT EXISTS kept (key TEXT)")
    own = threading.local()

    def commit(key: str) -> None:
        if not hasattr(own, "connection"):
            own.connection = connect()
        own.connection.execute("BEGIN IMMEDIATE")
        own.connection.execute("INSERT INTO kept VALUES (?)", (key,))
        own.connection.execute("COMMIT")

    return commit


def _on_postgresql(folder: Path) -> Callable[[str], None]:
    import psycopg

    place = {"host": str(the_cluster().folder), "port": the_cluster().port, "user": "postgres", "dbname": "postgres"}
    postgres.run_sql(the_cluster(), "CREATE TABLE IF NOT EXISTS kept (key TEXT)")
    own = threading.local()

    def commit(key: str) -> None:
        if not hasattr(own, "connection"):
            own.connection = psycopg.connect(**place)  # type: ignore[arg-type]
        own.connection.execute("INSERT INTO kept VALUES (%s)", (key,))
        own.connection.commit()

    return commit


def page_of(folder: Path, commit: Callable[[str], None]) -> Flask:
    app = Flask(__name__)

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


@contextmanager
def served_bare(engine: str, processes: int) -> Iterator[tuple[int, int]]:
    """Serve the bare page with as many processes; give the port and the process that holds them."""
    with ExitStack() as stack:
        if engine == "postgresql":
            stack.enter_context(nullcontext() if CLUSTER in os.environ else cluster())
        folder = Path(tempfile.mkdtemp(prefix="koubo-bare-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        commit: Any = (_on_sqlite if engine == "sqlite" else _on_postgresql)(folder)
        listening = listen("127.0.0.1", 0)
        child = os.fork()
        if child == 0:
            how = Serving("127.0.0.1", 0, processes, 8, 10_000_000)
            serve(page_of(folder, commit), listening, how, lambda code: (f"{code} Refused", {}, b""))
            os._exit(0)
        port = int(listening.getsockname()[1])
        listening.close()
        time.sleep(0.5)
        yield port, child
        os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)
