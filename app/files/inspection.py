"""Inspection of a file that came: its name, its kind, and a child process that looks inside (reliability U1 to U6)."""

import errno
import json
import logging
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from app.core.places import NoPlace, Places
from app.files.child import CPU_SECONDS, NO_ROOM
from app.files.kinds import kind_of
from app.files.names import clean_file_name
from app.files.verdict import EMPTY, UNSURE, Caps, RefusedFile

CHILD = Path(__file__).with_name("child.py")
SECONDS = 20.0  # by the clock, where other work takes the processor; of its time the child has a quarter
BUSY = "いま混み合っていて、このファイルを確かめられませんでした。10秒ほどおいて、もう一度選んでください"

PLACES = Places(at_work=2, in_line=2, seconds=5.0)  # of one serving process; a child may hold much memory
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
    seconds: float = 0.0  # of the processor, that looking took


def inspect(name: str, content: bytes, media: Sequence[str], caps: Caps, *, is_last: bool = False) -> Inspected:
    """Look into a file for a slot that takes these kinds; `is_last`: for a sender who had more than a share of it.

    Raises: RefusedFile with the sentence that says what to do, and what looking took; OSError where the disk is full.
    """
    if not content:
        raise RefusedFile(EMPTY)
    file_name = clean_file_name(name)
    kind = kind_of(file_name, content, media)
    try:
        with PLACES.last() if is_last else PLACES.one():
            answer, stored = _ask_child(content, kind, caps)
    except NoPlace:
        raise RefusedFile(BUSY) from None
    if "refused" in answer:
        raise RefusedFile(answer["refused"], answer["seconds"])
    size = tuple(answer["size"]) if answer["size"] else None
    return Inspected(file_name, kind, stored or content, answer["pages"], size, answer["text"], answer["seconds"])


def _ask_child(content: bytes, kind: str, caps: Caps) -> tuple[dict[str, Any], bytes]:
    with TemporaryFile() as given, TemporaryFile() as found:
        given.write(content)
        given.seek(0)
        _run([kind, *map(str, (caps.bytes, caps.pages, caps.pixels, caps.edge))], given, found)
        found.seek(0)
        line = found.readline()
        return json.loads(line), found.read()


def _run(arguments: list[str], given: Any, found: Any) -> None:
    """Run the child to its end.

    Raises: RefusedFile when it crashed, was stopped or hardly got the processor; OSError when its answer had no room.
    """
    command = [sys.executable, "-I", str(CHILD), *arguments]
    with subprocess.Popen(  # noqa: S603  # our own program; nothing of the sender's stands among its arguments
        command, stdin=given, stdout=found, stderr=subprocess.DEVNULL, cwd="/", env={}, start_new_session=True
    ) as process:
        try:
            code = process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            raise RefusedFile(BUSY, CPU_SECONDS) from None
    if code == NO_ROOM:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    if code != 0:
        log.warning("looking into a file ended with %d", code)
        raise RefusedFile(UNSURE, CPU_SECONDS)
