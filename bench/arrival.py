"""Measure the server of design 53: arrival stamps while every thread is busy, slow clients, and how much it serves.

    .venv/bin/python bench/arrival.py

The bar: stamps within 50 ms of the client's clock (same machine), 500 slow clients stop nobody. Exits 1 if it
is not met. The application is a bare Flask page, so the throughput is the server's own.
"""

from __future__ import annotations

import os
import signal
import socket
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from flask import Flask, request

from app.core.server import ARRIVED, Serving, listen, serve

THREADS = 8
MOST_LATE_MS = 50
SLOW_CLIENTS = 500
MOST_P95_MS = 2000
SECONDS = 5
CLIENTS = 16

app = Flask(__name__)


@app.post("/slow")
def slow() -> str:
    time.sleep(2)
    return request.environ[ARRIVED].isoformat()


@app.post("/stamp")
def stamp() -> str:
    return request.environ[ARRIVED].isoformat()


@app.get("/")
def page() -> str:
    return "<!doctype html><title>x</title>" + "<p>text</p>" * 200


@contextmanager
def served(processes: int) -> Iterator[int]:
    """Serve the bare application in processes of its own; give the port."""
    listening = listen("127.0.0.1", 0)
    port: int = listening.getsockname()[1]
    child = os.fork()
    if child == 0:
        how = Serving("127.0.0.1", port, processes, THREADS, 10_000_000)
        serve(app, listening, how, lambda code: (f"{code} Refused", {}, b""))
        os._exit(0)
    listening.close()
    time.sleep(0.5)
    try:
        yield port
    finally:
        os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)


def post(port: int, path: str) -> tuple[float, float]:
    """Post a small form; give how late the stamp is and how long the answer took, in ms."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.connect()
    sent = datetime.now(UTC)
    connection.request("POST", path, b"x" * 2000)
    text = connection.getresponse().read().decode()
    took = (datetime.now(UTC) - sent).total_seconds()
    return (datetime.fromisoformat(text) - sent).total_seconds() * 1000, took * 1000


def together(count: int, port: int, path: str) -> list[tuple[float, float]]:
    results: list[tuple[float, float]] = []
    threads = [threading.Thread(target=lambda: results.append(post(port, path))) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def stamps_while_busy() -> bool:
    with served(1) as port:
        busy = threading.Thread(target=together, args=(2 * THREADS, port, "/slow"))
        busy.start()
        time.sleep(0.5)
        results = together(20, port, "/stamp")
        busy.join()
    late, took = max(r[0] for r in results), max(r[1] for r in results)
    print(f"all {THREADS} threads busy: stamps at most {late:.1f} ms late, answers after up to {took:.0f} ms")
    return late <= MOST_LATE_MS


def slow_clients(name: str, sends: bytes) -> bool:
    with served(1) as port:
        lines = [socket.create_connection(("127.0.0.1", port)) for _ in range(SLOW_CLIENTS)]
        for line in lines:
            line.sendall(sends)
        ends = threading.Event()
        trickle = threading.Thread(target=_trickle, args=(lines, ends))
        trickle.start()
        results = [post(port, "/stamp") for _ in range(200)]
        ends.set()
        trickle.join()
    p95 = statistics.quantiles([r[1] for r in results], n=20)[-1]
    late = max(r[0] for r in results)
    print(f"{SLOW_CLIENTS} slow {name}: a normal user's p95 is {p95:.1f} ms, stamps at most {late:.1f} ms late")
    return p95 <= MOST_P95_MS and late <= MOST_LATE_MS


def _trickle(lines: list[socket.socket], ends: threading.Event) -> None:
    """Send each of the slow clients' lines one byte a second."""
    turn = 0
    while not ends.wait(0.02):
        for line in lines[turn % 50 :: 50]:
            line.sendall(b"x")
        turn += 1


def throughput(processes: int) -> None:
    with served(processes) as port:
        pids = [_client(port) for _ in range(CLIENTS)]
        served_count = sum(int(os.read(pipe, 20)) for pipe in pids)
    print(f"{processes} process(es), {CLIENTS} clients: {served_count / SECONDS:.0f} pages/s")


def _client(port: int) -> int:
    reads, writes = os.pipe()
    if os.fork() == 0:
        connection, count, ends = HTTPConnection("127.0.0.1", port), 0, time.monotonic() + SECONDS
        while time.monotonic() < ends:
            connection.request("GET", "/")
            connection.getresponse().read()
            count += 1
        os.write(writes, str(count).encode())
        os._exit(0)
    os.close(writes)
    return reads


def main() -> int:
    held = [
        stamps_while_busy(),
        slow_clients("headers", b"POST /stamp HTTP/1.1\r\nHost: x\r\nX-Slow: "),
        slow_clients("bodies", b"POST /stamp HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"),
    ]
    for processes in (1, 2):
        throughput(processes)
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
