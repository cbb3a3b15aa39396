"""Limits on tries, counted in a table so that they hold over processes and restarts (reliability B5, V5)."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import String, UniqueConstraint, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app.core.context import SYSTEM
from app.core.database import own_transaction
from app.core.errors import TooManyTries
from app.core.model import Base, Identified, new_id


class RateCount(Identified, Base):
    """How often a key was used in a window; the key is an HMAC, so no address stands in the table."""

    __tablename__ = "rate_count"
    __table_args__ = (UniqueConstraint("key", "window"),)

    key: Mapped[str] = mapped_column(String(64))
    window: Mapped[int]  # the window's number since the epoch
    n: Mapped[int]


@dataclass(frozen=True)
class Limit:
    """At most `times` in `seconds`, for each key of this name."""

    name: str
    times: int
    seconds: int

    def scaled(self, factor: int) -> "Limit":
        """The same limit with more tries, for network addresses behind which many people sit."""
        return replace(self, times=self.times * factor)


def _key(limit: Limit, subject: str) -> str:
    secret = current_app.config["SECRET_KEY"].encode()
    return hmac.new(secret, f"{limit.name}:{limit.seconds}:{subject}".encode(), hashlib.sha256).hexdigest()


def count(limit: Limit, subject: str, *, at: datetime) -> None:
    """Count one try of this subject, in a transaction of its own so that it stays counted whatever follows.

    Raises: TooManyTries once the limit is passed.
    """
    window, key = divmod(int(at.timestamp()), limit.seconds)[0], _key(limit, subject)
    with own_transaction(current_app.extensions["koubo.engine"], SYSTEM) as session:
        n = _raise_count(session, key, window)
    if n > limit.times:
        raise TooManyTries(limit.seconds - int(at.timestamp()) % limit.seconds)


def count_along(limit: Limit, subject: str, session: Any, *, at: datetime) -> None:
    """Count one use in a session's own transaction, which costs no commit of its own: what fails is not counted.

    Raises: TooManyTries once the limit is passed.
    """
    window = int(at.timestamp()) // limit.seconds
    if _raise_count(session, _key(limit, subject), window) > limit.times:
        raise TooManyTries(limit.seconds - int(at.timestamp()) % limit.seconds)


def add_along(limit: Limit, subject: str, n: int, session: Any, *, at: datetime) -> None:
    """Count so many uses in a session's own transaction and refuse nothing; `is_over` tells what comes of it."""
    _raise_count(session, _key(limit, subject), int(at.timestamp()) // limit.seconds, n)


def _raise_count(session: Any, key: str, window: int, n: int = 1) -> int:
    said = {"id": new_id(), "key": key, "window": window, "n": n}
    return int(session.connection().execute(_UPSERTS[session.get_bind().dialect.name], said).scalar_one())


def _upsert(insert: Callable[..., Any]) -> Any:
    new = insert(RateCount)
    raised = new.on_conflict_do_update(index_elements=["key", "window"], set_={"n": RateCount.n + new.excluded.n})
    return raised.returning(RateCount.n)


_UPSERTS = {"sqlite": _upsert(sqlite.insert), "postgresql": _upsert(postgresql.insert)}  # the dialects' own


def is_over(limit: Limit, subject: str, session: Any, *, at: datetime) -> bool:
    """Say whether this subject has used up the limit, without counting."""
    window = int(at.timestamp()) // limit.seconds
    n = session.scalar(select(RateCount.n).where(RateCount.key == _key(limit, subject), RateCount.window == window))
    return (n or 0) >= limit.times
