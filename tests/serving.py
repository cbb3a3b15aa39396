"""Our own server around an application of this process, so that a test can patch what it serves."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from flask import Flask

from app.core.errors_pages import answer_of_server
from app.core.server import Server, listen

THREADS = 8


@contextmanager
def served(app: Flask, *, threads: int = THREADS) -> Iterator[int]:
    """Serve on a free port, as in service unless told, for many people behind one address; give the port."""
    was = app.extensions["koubo.settings"]
    app.extensions["koubo.settings"] = was.model_copy(update={"address_limit_scale": 100_000})
    page = partial(answer_of_server, app)
    server = Server(app, listen("127.0.0.1", 0), error_page=page, threads=threads, asyncore_use_poll=True, ident=None)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield int(server.effective_port)
    finally:
        server.stop()
        thread.join(timeout=30)
        app.extensions["koubo.settings"] = was
