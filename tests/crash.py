"""A server or worker of our own in a forked process that can be killed at a chosen instant, and how it goes on after.

The parent loads the application once; each life of the server costs a fork. What is patched before is patched there.
"""

import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.core import server as web
from app.core.errors_pages import answer_of_server
from app.core.server import Channel, Serving, listen, serve_here
from app.extensions import db

MAX_BODY = 64_000_000


def nothing() -> None:
    """What is done before a process does its work, when nothing is."""


def fork(work: Callable[[], None]) -> int:
    """Do some work in a process of its own, without this one's connections; give its id."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        work()
        status = 0
    finally:
        os._exit(status)


def wait(child: int) -> int:
    """Wait for a process; give its exit code, negative when a signal ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@dataclass
class Server:
    """One address, served by one forked process after another."""

    app: Flask
    listening: socket.socket = field(default_factory=lambda: listen("127.0.0.1", 0))
    child: int = 0
    threads: int = 1

    @property
    def port(self) -> int:
        return int(self.listening.getsockname()[1])

    def start(self, before: Callable[[], None] = nothing) -> None:
        """Let a new process serve; `before` runs in it first."""

        def work() -> None:
            with self.app.app_context():
                db.engine.dispose(close=False)
            before()
            web.UPLOADING = 1  # one thread for each kind of request
            how = Serving("127.0.0.1", self.port, 1, self.threads, MAX_BODY)
            serve_here(self.app, self.listening, how, partial(answer_of_server, self.app))

        self.child = fork(work)

    def end(self) -> None:
        """Kill what still serves."""
        if self.child:
            with suppress(ProcessLookupError):
                os.kill(self.child, signal.SIGKILL)
            wait(self.child)
        self.child = 0


@contextmanager
def serving(app: Flask) -> Iterator[Server]:
    """A server that is started and killed at will, for many people behind one address."""
    was = app.extensions["koubo.settings"]
    app.extensions["koubo.settings"] = was.model_copy(update={"address_limit_scale": 100_000})
    server = Server(app)
    try:
        yield server
    finally:
        server.end()
        server.listening.close()
        app.extensions["koubo.settings"] = was


def put_before(step: Callable[[], None], owner: Any, name: str) -> None:
    """Let `step` come before each call of a function."""
    real = getattr(owner, name)

    def stepping(*arguments: Any, **named: Any) -> Any:
        step()
        return real(*arguments, **named)

    setattr(owner, name, stepping)


def die_at(number: int, since: str = "") -> Callable[[], None]:
    """Prepare a process to be killed at the n-th of its syncs, renames, commits and answers (where strace is not).

    They are counted from SIGUSR1 on, or from the first call of `os.<since>`.
    """
    left, armed = [number], []

    def step(*_arguments: Any) -> None:
        left[0] -= bool(armed)
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def install() -> None:
        for owner, name in ((os, "fsync"), (os, "rename"), (os, "unlink"), (Channel, "write_soon")):
            put_before(step, owner, name)
        for moment in ("before_commit", "after_commit"):
            event.listen(Session, moment, step)
        signal.signal(signal.SIGUSR1, lambda *_a: armed.append(True))
        if since:
            put_before(lambda: armed.append(True), os, since)

    return install


def write_row_before_file(storage: Any) -> Callable[..., Any]:
    """The mutant that every walk must catch: a `keep` that answers at once and writes the bytes after the commit."""
    real = storage.keep

    def keep(stream: Any, *, limit: int) -> Any:
        import hashlib
        import io
        import secrets
        from unittest.mock import patch

        content, key = stream.read(), secrets.token_hex(32)

        def write(session: Session) -> None:
            with patch.object(storage.secrets, "token_hex", lambda _bytes: key):
                real(io.BytesIO(content), limit=limit)

        event.listen(db.session(), "after_commit", write, once=True)
        return storage.Kept(key, hashlib.sha256(content).hexdigest(), len(content))

    return keep
