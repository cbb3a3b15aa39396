"""The web server: waitress, which takes in a whole request before a thread is used (design 13, 53).

A request is stamped with its arrival at the moment its last byte is in: the one thread that only reads and writes
sockets asks the kernel when that was. So a request that waits for a thread or a database lock keeps its time. Several
processes accept from one listening socket that their parent opened.
"""

import contextlib
import logging
import os
import resource
import signal
import socket
import struct
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, ThreadedTaskDispatcher, WSGITask

from app.core import clock
from app.core.crowd import GRACE_SECONDS, Crowd, Trickle
from app.core.family import SIGNALS, Family
from app.core.no_room import let_go

ARRIVED, WAITED = "koubo.received_at", "koubo.waited_seconds"
CONNECTIONS = 2000  # of one process; slow clients hold connections, never threads
UPLOADING = 4  # threads of each process for requests that may bring files; they wait in a line of their own
CLOSING = 100  # that were told to go and are not gone yet
OPEN_FILES = 2 * CONNECTIONS  # of one process
BACKLOG = 2048
ACCEPT_IN_A_TURN = 16  # few enough that the other processes get their share
HEADERS_WITHIN_SECONDS = 60  # a request whose headers take longer is cut off; a slow body is not (see crowd)
QUIET_SECONDS = 120  # a connection without a byte for so long is closed
LAST_DATA_RECEIVED = 52  # where tcp_info has tcpi_last_data_recv, in milliseconds (linux/tcp.h)
KERNEL_TICK_MS = 10  # how coarsely the kernel may count them
FINISH_WITHIN_SECONDS = 25  # how long a stopping process works on requests that are in

log = logging.getLogger("koubo.server")

Wsgi = Callable[..., Any]
ErrorPage = Callable[[int], tuple[str, Mapping[str, str], bytes]]  # status line, headers, body


class ArrivingRequest(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
    """A request that notes when its last byte was in."""

    arrived_at: datetime
    waits_since: float

    def __init__(self, adjustments: Adjustments, line: socket.socket) -> None:
        super().__init__(adjustments)
        self.line, self.began = line, time.monotonic()
        self.trickle = Trickle(self.began)

    def received(self, data: bytes) -> int:
        try:
            taken: int = super().received(data)
        except OSError:
            let_go(self)
            taken = super().received(data)
        if self.completed:
            self.arrived_at, self.waits_since = clock.now() - since_last_byte(self.line), time.monotonic()
        return taken

    @property
    def may_bring_files(self) -> bool:
        return str(self.headers.get("CONTENT_TYPE", "")).lower().startswith("multipart/")

    def is_too_slow(self, now: float) -> bool:
        if self.headers_finished:
            return self.trickle.is_too_slow(now, self.body_bytes_received)
        return now - self.began > HEADERS_WITHIN_SECONDS


def since_last_byte(line: socket.socket) -> timedelta:
    """Ask the kernel how long ago the last bytes of a line came in; never more than is true.

    While every thread computes, the one that reads the sockets has to wait for its turn; the kernel has not. Nothing
    is given where the kernel does not say (another system than Linux), or was asked too late (the line is gone).
    """
    with contextlib.suppress(OSError, AttributeError, struct.error):
        told = line.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, LAST_DATA_RECEIVED + 4)
        [milliseconds] = struct.unpack_from("=I", told, LAST_DATA_RECEIVED)
        return timedelta(milliseconds=max(0, milliseconds - KERNEL_TICK_MS))
    return timedelta()


class StampedTask(WSGITask):  # type: ignore[misc]
    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()
        environ[ARRIVED] = self.request.arrived_at
        environ[WAITED] = time.monotonic() - self.request.waits_since
        return environ


class OwnErrorTask(ErrorTask):  # type: ignore[misc]
    """What waitress itself refuses (malformed, too large) is answered with our page."""

    def execute(self) -> None:
        page: ErrorPage = self.channel.server.error_page
        self.status, headers, body = page(self.request.error.code)
        self.response_headers.extend(headers.items())
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class Channel(HTTPChannel):  # type: ignore[misc]
    task_class = StampedTask
    error_task_class = OwnErrorTask

    def __init__(self, server: "Server", line: socket.socket, address: Any, *more: Any, **named: Any) -> None:
        super().__init__(server, line, address, *more, **named)
        self.address = str(address[0])
        server.crowd.add(self)

    def del_channel(self, *given: Any) -> None:
        super().del_channel(*given)
        self.server.crowd.drop(self)

    def parser_class(self, adjustments: Adjustments) -> ArrivingRequest:
        """Begin a request of this line."""
        return ArrivingRequest(adjustments, self.socket)

    @property
    def is_busy(self) -> bool:
        return bool(self.requests or self.total_outbufs_len)

    def pace(self, now: float) -> float | None:
        """Give the bytes a second of the request that is coming in, 0 where nothing comes or nobody reads the answer.

        None: it is being answered, or it is too early to say.
        """
        request, quiet = self.request, clock.now().timestamp() - self.last_activity
        if self.requests or self.will_close:
            return None
        if request is None or self.total_outbufs_len:
            return 0.0 if quiet > GRACE_SECONDS else None
        took = now - request.began
        came: int = request.header_bytes_received + request.body_bytes_received
        return came / took if took > GRACE_SECONDS else None


class Server(TcpWSGIServer):  # type: ignore[misc]
    """One process: one thread for sockets, some for the application; it finishes what is in before it ends."""

    channel_class = Channel
    is_stopping = False
    parent: int | None = None  # the process that forked this one; without it, nobody would stop this one

    def __init__(
        self, application: Wsgi, listening: socket.socket, *, error_page: ErrorPage, per_address: int = 0, **adjust: Any
    ) -> None:
        self.error_page = error_page
        adjustments = Adjustments(sockets=[listening], **adjust)
        self.crowd = Crowd(adjustments.connection_limit, per_address)
        adjustments.connection_limit += CLOSING  # waitress's own rule, to take in nobody, comes after ours
        dispatcher, self.uploads = ThreadedTaskDispatcher(), ThreadedTaskDispatcher()
        dispatcher.set_thread_count(adjustments.threads)
        self.uploads.set_thread_count(UPLOADING)
        where = (listening.family, listening.type, listening.proto, listening.getsockname())
        super().__init__(
            application, {}, True, listening, dispatcher=dispatcher, adj=adjustments, sockinfo=where, bind_socket=False
        )

    def stop(self) -> None:
        """Take no further connection and end once every request that is in was answered."""
        if not self.is_stopping:
            self.is_stopping = True
            self.pull_trigger()

    def run(self) -> None:
        while not self.is_stopping and self.parent in (None, os.getppid()):
            self._turn(1)
        self.accepting = False
        deadline = time.monotonic() + FINISH_WITHIN_SECONDS
        while time.monotonic() < deadline and any(channel.is_busy for channel in self.active_channels.values()):
            self._turn(0.05)
        for dispatcher in (self.task_dispatcher, self.uploads):
            dispatcher.shutdown(timeout=1)
        self.asyncore.close_all(self._map)

    def _turn(self, seconds: float) -> None:
        self.asyncore.loop(timeout=seconds, map=self._map, use_poll=True, count=1)

    def handle_accept(self) -> None:
        """Take in several of the connections that wait: a turn over many open lines is dear."""
        for _ in range(ACCEPT_IN_A_TURN):
            before = len(self._map)
            super().handle_accept()
            if len(self._map) == before:
                return

    def add_task(self, channel: Channel) -> None:
        """Let files wait for files, and everything else for a thread that never looks into one."""
        (self.uploads if channel.requests[0].may_bring_files else self.task_dispatcher).add_task(channel)

    def readable(self) -> bool:
        return bool(super().readable()) and self.crowd.has_room()

    def maintenance(self, now: float) -> None:
        super().maintenance(now)
        moment = time.monotonic()
        for channel in self.active_channels.values():
            if channel.request is not None and channel.request.is_too_slow(moment):
                channel.will_close = True


@dataclass(frozen=True)
class Serving:
    """How to serve; `max_body` is in bytes."""

    host: str
    port: int
    processes: int
    threads: int
    max_body: int
    per_address: int = 0  # connections of one network address in each process; 0: no limit of their own


def listen(host: str, port: int) -> socket.socket:
    """Open the listening socket.

    Raises: OSError when the port is taken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=BACKLOG)


def serve_here(
    application: Wsgi, listening: socket.socket, how: Serving, error_page: ErrorPage, *, parent: int | None = None
) -> None:
    """Serve in this process until SIGTERM or SIGINT, or until the parent that is named is gone."""
    server = _server(application, listening, how, error_page)
    server.parent = parent
    for number in SIGNALS:
        signal.signal(number, lambda _number, _frame: server.stop())
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    server.run()


def _server(application: Wsgi, listening: socket.socket, how: Serving, error_page: ErrorPage) -> Server:
    return Server(
        application,
        listening,
        error_page=error_page,
        per_address=how.per_address,
        threads=how.threads,
        connection_limit=CONNECTIONS,
        backlog=BACKLOG,
        asyncore_use_poll=True,
        channel_timeout=QUIET_SECONDS,
        cleanup_interval=10,
        recv_bytes=65536,
        max_request_body_size=how.max_body,
        clear_untrusted_proxy_headers=False,  # ProxyFix reads them, and only where proxies are trusted
        ident=None,
        expose_tracebacks=False,
    )


def serve(application: Wsgi, listening: socket.socket, how: Serving, error_page: ErrorPage) -> None:
    """Serve with as many processes as asked, until SIGTERM or SIGINT. No database connection may be open yet."""
    _tell_waitress_where_to_log()
    _ask_for_open_files()
    if how.processes == 1:
        serve_here(application, listening, how, error_page)
        return
    parent = os.getpid()
    Family(lambda: serve_here(application, listening, how, error_page, parent=parent)).run(how.processes)


def _tell_waitress_where_to_log() -> None:
    waitress = logging.getLogger("waitress")
    waitress.handlers, waitress.propagate = logging.getLogger("koubo").handlers, False
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a queue under load is no news


def _ask_for_open_files() -> None:
    """Let this process and its children hold a file for each connection: many systems begin with 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
