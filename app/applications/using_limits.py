"""How much one network address may do in an hour, wide enough for 300 applicants behind one (V3, V5)."""

from datetime import datetime

from app.accounts.applicants import scaled
from app.core.arrival import network_address
from app.core.limits import Limit, count, count_along
from app.extensions import db

STARTS = Limit("draft.start", 1_000, 3600)
SAVES = Limit("draft.save", 60_000, 3600)  # the page saves by itself, every few seconds of typing
UPLOADS = Limit("draft.upload", 6_000, 3600)
SENDS = Limit("draft.send", 2_000, 3600)


def count_start(*, at: datetime) -> None:
    """Raises: TooManyTries, as all of these."""
    count(scaled(STARTS), network_address(), at=at)


def count_save(*, files: int, at: datetime) -> None:
    """Count a save, and the files that came with it whether they are taken or not."""
    if files:
        count(scaled(UPLOADS), network_address(), at=at)
    else:
        count_along(scaled(SAVES), network_address(), db.session, at=at)


def count_send(address: str, *, at: datetime) -> None:
    """Count a send in its own transaction: the commit stays the only one (S1)."""
    count_along(scaled(SENDS), address, db.session, at=at)
