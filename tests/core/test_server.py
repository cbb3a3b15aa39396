"""Arrival is stamped before any queue, slow clients hold a connection only, and a stop loses no request (D2, V4)."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from waitress.adjustments import Adjustments
from waitress.buffers import TempfileBasedBuffer

from app.core import clock, crowd, server
from app.core.errors_pages import answer_of_server
from app.core.headers import HEADERS
from app.core.server import ARRIVED, WAITED, Server, listen
from tests.page_checks import check_page
from tests.postgres import free_port

ROOT = Path(__file__).resolve().parents[2]
SMALL = {"max_request_body_size": 4000, "max_request_header_size": 1000}
Environ = dict[str, Any]


def plain_page(status: int) -> tuple[str, dict[str, str], bytes]:
    return f"{status} Refused", {"Content-Type": "text/plain"}, b"refused"


def waited(environ: Environ) -> tuple[str, str]:
    return "X-Waited", str(environ[WAITED])


def echo(environ: Environ, start_response: Callable[..., Any]) -> list[bytes]:
    """Answer with the stamp, after as many seconds as the path says."""
    body = environ["wsgi.input"].read()
    time.sleep(float(environ["PATH_INFO"].strip("/") or 0))
    start_response(
        "200 OK", [("Content-Type", "text/plain"), ("X-Stamp", environ[ARRIVED].isoformat()), waited(environ)]
    )
    return [body]


@contextmanager
def running(application: Any = echo, error_page: server.ErrorPage = plain_page, **adjust: Any) -> Iterator[Server]:
    """Run a server on a free port, with two threads unless told."""
    common: dict[str, Any] = {"threads": 2, "asyncore_use_poll": True, "connection_limit": 500, "ident": None}
    made = Server(application, listen("127.0.0.1", 0), error_page=error_page, **(common | adjust))
    thread = threading.Thread(target=made.run)
    thread.start()
    try:
        yield made
    finally:
        made.stop()
        thread.join(timeout=10)


def ask(at: Server, path: str = "/", body: bytes = b"", **headers: str) -> HTTPResponse:
    connection = HTTPConnection("127.0.0.1", at.effective_port, timeout=10)
    connection.request("POST", path, body, headers)
    return connection.getresponse()


def raw(at: Server, *pieces: bytes, pause: float = 0) -> bytes:
    """Send bytes in pieces and read the answer until the server closes the line."""
    with socket.create_connection(("127.0.0.1", int(at.effective_port)), timeout=10) as line:
        for piece in pieces:
            line.sendall(piece)
            time.sleep(pause)
        answer = b""
        while more := line.recv(65536):
            answer += more
    return answer


def stamp(answer: HTTPResponse) -> datetime:
    return datetime.fromisoformat(str(answer.headers["X-Stamp"]))


def test_a_request_that_waits_for_a_thread_keeps_its_arrival() -> None:
    with running(threads=1) as at:
        slow = threading.Thread(target=ask, args=(at, "/1.0"))
        slow.start()
        time.sleep(0.2)
        sent = clock.now()
        answer = ask(at)
        answered = clock.now()
        slow.join()

    assert timedelta(0) <= stamp(answer) - sent < timedelta(seconds=0.3)
    assert answered - sent > timedelta(seconds=0.5)


def test_the_stamp_is_that_of_the_last_byte() -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 6\r\n\r\n"
    with running() as at:
        began = clock.now()
        answer = raw(at, head, b"abc", b"def", pause=0.2).decode()

    arrived = datetime.fromisoformat(answer.split("X-Stamp: ")[1].splitlines()[0])
    assert timedelta(seconds=0.4) <= arrived - began < timedelta(seconds=0.6)
    assert answer.endswith("abcdef")


def test_a_request_that_was_read_late_is_stamped_when_its_bytes_came() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening, socket.create_connection(listening.getsockname()) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        sent = clock.now()
        time.sleep(0.3)  # nobody reads: every thread computes
        taken, _where = listening.accept()
        with taken:
            request = server.ArrivingRequest(Adjustments(), taken)
            request.received(taken.recv(1000))

    assert timedelta(0) <= request.arrived_at - sent < timedelta(milliseconds=50)


def test_a_line_that_is_gone_is_stamped_by_the_clock() -> None:
    with socket.socket() as line:
        pass

    assert server.since_last_byte(line) == timedelta(0)


def test_each_request_of_a_kept_line_has_a_stamp_of_its_own() -> None:
    with running() as at:
        connection = HTTPConnection("127.0.0.1", at.effective_port, timeout=10)
        stamps = []
        for _ in range(2):
            connection.request("GET", "/")
            answer = connection.getresponse()
            answer.read()
            stamps.append(stamp(answer))
            time.sleep(0.05)

    assert timedelta(seconds=0.05) <= stamps[1] - stamps[0] < timedelta(seconds=0.5)


def test_a_request_announced_first_is_stamped_when_its_body_is_in() -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"
    with running() as at:
        began = clock.now()
        answer = raw(at, head, b"abc", pause=0.2).decode()

    arrived = datetime.fromisoformat(answer.split("X-Stamp: ")[1].splitlines()[0])
    assert arrived - began >= timedelta(seconds=0.2)


def test_no_header_of_a_client_can_set_the_stamp() -> None:
    with running() as at:
        sent = clock.now()
        answer = ask(at, **{"koubo.received_at": "2020-01-01T00:00:00+00:00", "Koubo-Received-At": "2020-01-01"})

    assert stamp(answer) - sent < timedelta(seconds=1)
    assert stamp(answer).tzinfo is not None


def test_slow_clients_hold_no_thread() -> None:
    with running(threads=1) as at:
        half = [b"POST / HTTP/1.1\r\nHost: x\r\n", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc"]
        lines = [socket.create_connection(("127.0.0.1", int(at.effective_port))) for _ in range(200)]
        for number, line in enumerate(lines):
            line.sendall(half[number % 2])

        began = time.monotonic()
        assert ask(at).status == 200

        for line in lines:
            line.close()
    assert time.monotonic() - began < 2


def test_headers_that_trickle_too_long_are_cut_off_and_slow_bodies_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "HEADERS_WITHIN_SECONDS", 0.3)
    head = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 6\r\n\r\n"
    with running(cleanup_interval=0) as at:
        assert raw(at, b"GET / HTTP/1.1\r\n") == b""
        assert raw(at, head, b"abc", b"def", pause=0.5).endswith(b"abcdef")


def test_files_wait_for_files_and_keep_no_page_waiting() -> None:
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    answers = []
    with running(threads=1) as at:
        threads = [threading.Thread(target=lambda: answers.append(ask(at, "/0.6", b"in", **kind))) for _ in range(5)]
        for thread in threads:
            thread.start()
        time.sleep(0.2)
        began = time.monotonic()
        assert ask(at).status == 200
        took = time.monotonic() - began
        for thread in threads:
            thread.join()

    assert took < 0.3
    waited = sorted(float(str(answer.headers["X-Waited"])) for answer in answers)
    assert waited[3] < 0.3 < waited[4] < 1


POSTING = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 100\r\n\r\n"


def held_lines(at: Server, count: int, sent: bytes = POSTING + b"a") -> list[socket.socket]:
    lines = [socket.create_connection(("127.0.0.1", int(at.effective_port)), timeout=5) for _ in range(count)]
    for line in lines:
        line.sendall(sent)
    return lines


def is_cut(line: socket.socket) -> bool:
    try:
        return line.recv(1) == b""
    except ConnectionError:
        return True


def test_a_body_that_trickles_is_cut_and_a_slow_one_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowd, "SLOW_SECONDS", 0.4)
    monkeypatch.setattr(crowd, "SLOW_BYTES", 20)
    with running(cleanup_interval=0) as at:
        [trickling] = held_lines(at, 1)
        answer = raw(at, POSTING, *[b"1234567890"] * 10, pause=0.1)

        assert answer.endswith(b"1234567890" * 10)
        assert is_cut(trickling)


@pytest.mark.parametrize("limits", [{"connection_limit": 30}, {"connection_limit": 500, "per_address": 30}])
def test_when_lines_run_out_the_slowest_go_and_everybody_else_is_served(
    monkeypatch: pytest.MonkeyPatch, limits: dict[str, int]
) -> None:
    monkeypatch.setattr(server, "GRACE_SECONDS", 0.2)
    with running(cleanup_interval=0, **limits) as at:
        good = held_lines(at, 1, POSTING + b"g" * 99)[0]
        slow = held_lines(at, 29)
        time.sleep(0.4)
        held_lines(at, 1)
        answers = [ask(at).status for _ in range(3)]
        good.sendall(b"!")

        assert answers == [200] * 3
        assert good.recv(65536).startswith(b"HTTP/1.1 200")
        assert is_cut(slow[0])
        assert at.crowd.count <= 30


def test_an_address_that_has_its_number_of_new_lines_takes_none_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    with running(per_address=20) as at:
        lines = held_lines(at, 20)
        assert is_cut(held_lines(at, 1, b"")[0])
        with socket.create_connection(("127.0.0.1", int(at.effective_port)), source_address=("127.0.0.2", 0)) as other:
            other.settimeout(5)
            other.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert other.recv(65536).startswith(b"HTTP/1.1 200")

    assert len(lines) == 20
    assert at.crowd.lines == {}


def test_a_stop_answers_what_is_in_and_what_waits_for_a_thread() -> None:
    answers = []
    with running(threads=1) as at:
        threads = [threading.Thread(target=lambda: answers.append(ask(at, "/0.3", b"in").read())) for _ in range(3)]
        for thread in threads:
            thread.start()
        time.sleep(0.15)
        at.stop()
        for thread in threads:
            thread.join()

    assert answers == [b"in"] * 3
    with pytest.raises(ConnectionError):
        ask(at)


def test_the_server_does_not_name_itself() -> None:
    with running() as at:
        assert "Server" not in ask(at).headers


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"NONSENSE\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nbad header\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n", 413),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 2000 + b"\r\n\r\n", 431),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
    ],
)
def test_what_the_server_itself_refuses_is_our_page_with_every_header(
    sqlite_app: Flask, request_bytes: bytes, status: int
) -> None:
    with running(error_page=lambda code: answer_of_server(sqlite_app, code), **SMALL) as at:
        head, _, body = raw(at, request_bytes).decode().partition("\r\n\r\n")

    first, *lines = head.split("\r\n")
    assert first.split()[1] == str(status)
    assert HEADERS.items() <= dict(line.split(": ", 1) for line in lines).items()
    check_page(body, "/-", status=status)
    assert "waitress" not in head.lower() + body.lower()


def test_a_body_that_finds_no_room_on_the_disk_is_taken_in_and_refused_with_our_page(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = partial(Path("/dev/full").open, "w+b", buffering=0)
    monkeypatch.setattr(TempfileBasedBuffer, "newfile", lambda _self: full())
    with running(error_page=lambda code: answer_of_server(sqlite_app, code), inbuf_overflow=1000) as at:
        sent = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n", *[b"x" * 1_000_000] * 3
        head, _, body = raw(at, *sent).decode().partition("\r\n\r\n")

        assert head.split()[1] == "503"
        check_page(body, "/-", status=503)
        assert ask(at, body=b"x" * 900).status == 200


def test_an_error_of_the_application_is_our_page_too(sqlite_app: Flask) -> None:
    def broken(_environ: Environ, _start: Callable[..., Any]) -> list[bytes]:
        raise RuntimeError("hanako@example.jp")

    with running(broken, error_page=lambda code: answer_of_server(sqlite_app, code)) as at:
        answer = ask(at)
        body = answer.read().decode()

    assert answer.status == 500
    check_page(body, "/", status=500)
    assert "hanako" not in body


@pytest.fixture
def command(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """`run-server` with two processes on an installation of its own."""
    port, flask = free_port(), [sys.executable, "-m", "flask", "--app", "wsgi"]
    environment = {**os.environ, "KOUBO_ENVIRONMENT": "test", "KOUBO_DATA_DIR": str(tmp_path)}
    subprocess.run([*flask, "db", "upgrade"], cwd=ROOT, env=environment, check=True, capture_output=True)
    arguments = ["run-server", "--port", str(port), "--processes", "2"]
    with subprocess.Popen([*flask, *arguments], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as parent:
        wait_until(lambda: is_alive(port))
        yield parent, port
        parent.kill()


def is_alive(port: int) -> bool:
    try:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", "/livez")
        return connection.getresponse().status == 200
    except OSError:
        return False


def children(parent: int) -> set[int]:
    return {int(number) for number in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()}


def wait_until(holds: Callable[[], bool], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_serving_process_that_dies_is_replaced_and_a_stop_ends_all(
    command: tuple[subprocess.Popen[bytes], int],
) -> None:
    parent, port = command
    first = children(parent.pid)
    assert len(first) == 2

    os.kill(min(first), signal.SIGKILL)
    wait_until(lambda: len(children(parent.pid) - first) == 1)
    assert is_alive(port)

    last = children(parent.pid)
    parent.send_signal(signal.SIGTERM)
    assert parent.wait(timeout=15) == 0
    assert not any(Path(f"/proc/{child}").exists() for child in last)
    assert not is_alive(port)


def test_children_end_when_their_parent_is_gone(command: tuple[subprocess.Popen[bytes], int]) -> None:
    parent, port = command
    parent.kill()
    parent.wait()

    wait_until(lambda: not is_alive(port))


def test_a_taken_port_is_told_in_one_line(command: tuple[subprocess.Popen[bytes], int], sqlite_app: Flask) -> None:
    _parent, port = command

    result = sqlite_app.test_cli_runner().invoke(args=["run-server", "--port", str(port)])

    assert (result.exit_code, result.output) == (
        1,
        f"Error: cannot listen on 127.0.0.1 port {port}: Address already in use\n",
    )
