"""A scanner on a port of its own that answers in one of six ways, and remembers what it was sent."""

import socketserver
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

ANSWERS = {
    "clean": b"stream: OK\0",
    "infected": b"stream: Eicar-Test-Signature FOUND\0",
    "garbage": b"stream: OK, I think\0",
    "size": b"INSTREAM size limit exceeded. ERROR\0",
}


@dataclass
class Scanner:
    """`mode` is clean, infected, garbage, size, hang or close; it may change between files."""

    mode: str = "clean"
    where: str = ""
    seen: list[bytes] = field(default_factory=list)


@contextmanager
def scanner(mode: str = "clean") -> Iterator[Scanner]:
    state = Scanner(mode)

    class Talk(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            talk(self.request, state)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk) as server:
        server.daemon_threads = True
        state.where = f"127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield state
        server.shutdown()


def talk(line: Any, state: Scanner) -> None:
    if state.mode == "close":
        return
    file = line.makefile("rb")
    assert file.read(10) == b"zINSTREAM\0"
    held = b""
    while size := struct.unpack(">I", file.read(4))[0]:
        held += file.read(size)
    state.seen.append(held)
    if state.mode == "hang":
        time.sleep(2)
        return
    line.sendall(ANSWERS[state.mode])
