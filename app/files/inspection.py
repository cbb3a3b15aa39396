"""Inspection of a file that came: its name, its kind, and a child process that looks inside (reliability U1 to U6)."""

import json
import logging
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from threading import BoundedSemaphore
from typing import Any

from app.files.kinds import kind_of
from app.files.names import clean_file_name
from app.files.verdict import EMPTY, UNSURE, Caps, RefusedFile

CHILD = Path(__file__).with_name("child.py")
SECONDS = 20.0
AT_ONCE = 2  # children of one serving process; each may hold much memory
QUEUE_SECONDS = 20.0
BUSY = "いま混み合っていて、このファイルを確かめられませんでした。1分ほどおいて、もう一度選んでください"

_places = BoundedSemaphore(AT_ONCE)
log = logging.getLogger("koubo.files")


@dataclass(frozen=True)
class Inspected:
    """A file that is taken, as it is to be kept; `text` is None where it has no text layer, `size` is of an image."""

    file_name: str
    media: str
    content: bytes
    pages: int | None
    size: tuple[int, int] | None
    text: str | None


def inspect(name: str, content: bytes, media: Sequence[str], caps: Caps) -> Inspected:
    """Look into a file for a slot that takes these kinds.

    Raises: RefusedFile with the sentence that says what to do.
    """
    if not content:
        raise RefusedFile(EMPTY)
    file_name = clean_file_name(name)
    kind = kind_of(file_name, content, media)
    answer, stored = _ask_child(content, kind, caps)
    if "refused" in answer:
        raise RefusedFile(answer["refused"])
    size = tuple(answer["size"]) if answer["size"] else None
    return Inspected(file_name, kind, stored or content, answer["pages"], size, answer["text"])


def _ask_child(content: bytes, kind: str, caps: Caps) -> tuple[dict[str, Any], bytes]:
    if not _places.acquire(timeout=QUEUE_SECONDS):
        raise RefusedFile(BUSY)
    try:
        with TemporaryFile() as given, TemporaryFile() as found:
            given.write(content)
            given.seek(0)
            _run([kind, *map(str, (caps.bytes, caps.pages, caps.pixels, caps.edge))], given, found)
            found.seek(0)
            line = found.readline()
            return json.loads(line), found.read()
    finally:
        _places.release()


def _run(arguments: list[str], given: Any, found: Any) -> None:
    """Run the child to its end. Raises: RefusedFile when it crashed, was stopped or took too long."""
    command = [sys.executable, "-I", str(CHILD), *arguments]
    with subprocess.Popen(  # noqa: S603  # our own program; nothing of the sender's stands among its arguments
        command, stdin=given, stdout=found, stderr=subprocess.DEVNULL, cwd="/", env={}, start_new_session=True
    ) as process:
        try:
            code = process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait()
    if code != 0:
        log.warning("looking into a file ended with %d", code)
        raise RefusedFile(UNSURE)
