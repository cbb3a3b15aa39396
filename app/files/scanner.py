"""A client of ClamAV's INSTREAM (clamd): what is not plainly answered as clean or infected is unknown (U7)."""

import socket
import struct
import time
from enum import StrEnum
from typing import BinaryIO

SECONDS = 30.0  # in all, for one file
_CHUNK = 64 * 1024
_MOST_ANSWER = 4096


class Verdict(StrEnum):
    CLEAN = "clean"
    INFECTED = "infected"


class NoVerdict(Exception):
    """The scanner is away, slow, full or says something else; the file stays unscanned. The message is for the log."""


def scan(stream: BinaryIO, where: str, *, seconds: float = SECONDS) -> Verdict:
    """Ask the scanner at `host:port` or at the path of a socket about these bytes.

    Raises: NoVerdict, also when it ran out of time or refused the size.
    """
    until = time.monotonic() + seconds
    try:
        with _connect(where, seconds) as line:
            line.sendall(b"zINSTREAM\0")
            while chunk := stream.read(_CHUNK):
                line.settimeout(_left(until))
                line.sendall(struct.pack(">I", len(chunk)) + chunk)
            line.sendall(struct.pack(">I", 0))
            return _verdict(_answer(line, until))
    except OSError as error:  # a scanner that refuses a size may close while it is still being written to
        raise NoVerdict(type(error).__name__) from error


def _connect(where: str, seconds: float) -> socket.socket:
    if where.startswith("/"):
        line = socket.socket(socket.AF_UNIX)
        try:
            line.settimeout(seconds)
            line.connect(where)
        except OSError:
            line.close()
            raise
        return line
    host, _colon, port = where.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=seconds)


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _answer(line: socket.socket, until: float) -> bytes:
    """Read up to the NUL that ends an answer."""
    answer = b""
    while b"\0" not in answer and len(answer) < _MOST_ANSWER:
        line.settimeout(_left(until))
        piece = line.recv(1024)
        if not piece:
            break
        answer += piece
    return answer


def _verdict(answer: bytes) -> Verdict:
    said, end, rest = answer.partition(b"\0")
    if not end or rest:
        raise NoVerdict("no whole answer")
    if said == b"stream: OK":
        return Verdict.CLEAN
    if said.startswith(b"stream: ") and said.endswith(b" FOUND"):
        return Verdict.INFECTED
    raise NoVerdict(said[:80].decode("ascii", "replace"))
