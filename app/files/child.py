"""The process that looks into one file and ends: `python -I child.py media bytes pages pixels edge`.

The file comes on standard input; one line of JSON goes out, then the bytes to keep where they are drawn anew. Whatever
a hostile file does to a parser, it does it here: with little memory, little time, no other file and nobody's data.
"""

import contextlib
import errno
import json
import os
import resource
import sys
import time
import types
from pathlib import Path
from typing import Any

MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 5  # a picture of 50 megapixels takes 1.2, the heaviest honest PDFs 0.3
NICENESS = 3  # with more, a busy machine would let honest files wait for half a minute
MOST_OUT = 64 * 1024 * 1024
NO_ROOM = 75  # how it ends where its answer found none


def limit() -> None:
    """Take away from this process what looking needs not."""
    for name, most in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, MOST_OUT),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(name, (most, most))


def stand_back() -> None:
    """Let the pages of everybody else go first, also where Linux shares the processor out by sessions."""
    os.nice(NICENESS)
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(NICENESS))


def shut_doors() -> None:
    """Take away every further file, socket and process: what turned a parser to its own ends reaches nothing."""
    for name in (resource.RLIMIT_NOFILE, resource.RLIMIT_NPROC):
        resource.setrlimit(name, (0, 0))


def stand_in_for_app() -> None:
    """Let `app.files` be imported without `app/__init__.py`, which would bring the web application along."""
    package = types.ModuleType("app")
    package.__path__ = [str(Path(__file__).resolve().parent.parent)]
    sys.modules["app"] = package


def say(answer: bytes) -> None:
    """Give the answer; that the disk has no room for it is no fault of the file."""
    try:
        sys.stdout.buffer.write(answer)
        sys.stdout.buffer.flush()
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            os._exit(NO_ROOM)
        raise


def main(media: str, *caps: str) -> None:
    limit()
    stand_back()
    stand_in_for_app()
    from app.files.look import parser_of
    from app.files.verdict import Caps, RefusedFile

    answer: dict[str, Any]
    content, look = sys.stdin.buffer.read(), parser_of(media)
    shut_doors()
    try:
        looked = look(content, Caps(*map(int, caps)))
    except RefusedFile as refused:
        answer, stored = {"refused": refused.message}, None
    else:
        answer, stored = {"pages": looked.pages, "text": looked.text, "size": looked.size}, looked.stored
    answer["seconds"] = time.process_time()
    say(json.dumps(answer).encode() + b"\n" + (stored or b""))


if __name__ == "__main__":
    main(*sys.argv[1:])
