"""Looking into a file for a person: whose files took much of the processor's time are looked into last (V7, V3).

Nobody is refused for it, for many honest people may sit behind one network address; they share one place, the others
have the rest.
"""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from math import ceil
from typing import IO

from flask import current_app

from app.accounts.applicants import scaled
from app.applications.documents import Limits
from app.applications.room import refusing_when_full
from app.core import storage
from app.core.context import SYSTEM
from app.core.database import own_transaction, reading_beside
from app.core.limits import Limit, add_along, is_over
from app.files.inspection import Inspected, inspect
from app.files.verdict import Caps, RefusedFile

COUNTS_FROM_SECONDS = 2.0  # no honest file takes so long
SECONDS_OF_PERSON = Limit("look.person", 20, 3600)
SECONDS_OF_ADDRESS = Limit("look.address", 100, 3600)


def file_limits() -> Limits:
    """Read the installation's limits on files."""
    settings = current_app.extensions["koubo.settings"]
    return Limits(
        settings.max_file_bytes,
        settings.max_application_bytes,
        settings.max_file_pages,
        settings.max_applicant_bytes,
    )


def look_and_keep(
    name: str, stream: IO[bytes], media: Sequence[str], *, person: str, address: str, at: datetime
) -> tuple[Inspected, storage.Kept]:
    """Inspect a file and have its bytes on the disk; the row is the caller's. Raises: RefusedFile."""
    limits = file_limits()
    stream.seek(0)
    with refusing_when_full():
        seen = look_into(name, stream.read(), media, limits.caps, person=person, address=address, at=at)
        return seen, storage.keep(BytesIO(seen.content), limit=limits.file_bytes)


def look_into(
    name: str, content: bytes, media: Sequence[str], caps: Caps, *, person: str, address: str, at: datetime
) -> Inspected:
    """Inspect a file and count what it took. Raises: RefusedFile."""
    shares = [(SECONDS_OF_PERSON, person), *([(scaled(SECONDS_OF_ADDRESS), address)] if address else [])]
    try:
        seen = inspect(name, content, media, caps, is_last=_is_used_up(shares, at=at))
    except RefusedFile as refused:
        _count(shares, refused.seconds, at=at)
        raise
    _count(shares, seen.seconds, at=at)
    return seen


def _is_used_up(shares: list[tuple[Limit, str]], *, at: datetime) -> bool:
    with reading_beside(current_app.extensions["koubo.engine"], SYSTEM) as session:
        return any(is_over(limit, subject, session, at=at) for limit, subject in shares)


def _count(shares: list[tuple[Limit, str]], seconds: float, *, at: datetime) -> None:
    if seconds < COUNTS_FROM_SECONDS:
        return
    with own_transaction(current_app.extensions["koubo.engine"], SYSTEM) as session:
        for limit, subject in shares:
            add_along(limit, subject, ceil(seconds), session, at=at)
