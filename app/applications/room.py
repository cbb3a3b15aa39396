"""Whether there is room for one more file: on the disk, and among the uploads of a person and an address (U14, F09)."""

import errno
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from flask import current_app

from app.accounts.applicants import scaled
from app.core import storage
from app.core.errors import TooManyTries
from app.core.limits import Limit, count
from app.files.verdict import RefusedFile

UPLOADS_PER_PERSON = Limit("upload.person", 100, 3600)
UPLOADS_PER_ADDRESS = Limit("upload.address", 3000, 3600)
NO_ROOM = (
    "いまは保存する場所が足りないため、ファイルを受け取れません。入力した内容は残っています。"
    "しばらくしてから、もう一度選んでください"
)
WAITS_SECONDS = 15.0  # in the server, for a thread; who waited longer brings files another time
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

log = logging.getLogger("koubo.files")


def count_upload(person: str, address: str, *, at: datetime) -> None:
    """Count an upload, in a transaction of its own. Raises: RefusedFile when there were too many."""
    try:
        count(UPLOADS_PER_PERSON, person, at=at)
        if address:
            count(scaled(UPLOADS_PER_ADDRESS), address, at=at)
    except TooManyTries as tries:
        raise RefusedFile(tries.message) from tries


def check_room(size: int) -> None:
    """Refuse a file before the disk is full: what people type must still be saved. Raises: RefusedFile."""
    if not storage.has_room(size, spare=current_app.extensions["koubo.settings"].min_free_bytes):
        log.error("files are refused: the disk has less room than KOUBO_MIN_FREE_BYTES")
        raise RefusedFile(NO_ROOM)


@contextmanager
def refusing_when_full() -> Iterator[None]:
    """Turn a disk that is full after all into a refusal of the file. Raises: RefusedFile."""
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        log.error("a file is refused: %s", errno.errorcode.get(error.errno or 0, "no room"))
        raise RefusedFile(NO_ROOM) from error
