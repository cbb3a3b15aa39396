"""A TCP proxy between a browser and the server that cuts the line after so many bytes, both ways counted (S4)."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Cutting:
    """Lets `left` bytes pass, requests and answers together, then cuts every line; None lets everything pass."""

    def __init__(self, port: int) -> None:
        self.to, self.left, self.passed = port, None, 0
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.listening.getsockname()[1])
        self.lines: list[socket.socket] = []
        self._counting = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    left: int | None

    def cut_after(self, left: int | None) -> None:
        """Begin to count."""
        with self._counting:
            self.left, self.passed = left, 0

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                browser, _address = self.listening.accept()
                server = socket.create_connection(("127.0.0.1", self.to))
                self.lines += [browser, server]
                for one, other in ((browser, server), (server, browser)):
                    threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while piece := one.recv(65536):
                may = self._may_pass(len(piece))
                other.sendall(piece[:may])
                if may < len(piece):
                    break
        for line in (one, other):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def _may_pass(self, size: int) -> int:
        with self._counting:
            may = size if self.left is None else min(size, self.left)
            self.passed += may
            if self.left is not None:
                self.left -= may
            return may

    def end(self) -> None:
        for line in [self.listening, *self.lines]:
            line.close()


@contextmanager
def cutting(port: int) -> Iterator[Cutting]:
    """A proxy to a port of this machine."""
    made = Cutting(port)
    try:
        yield made
    finally:
        made.end()
