"""Rows of staff sessions, as steps of use cases: nothing is committed here. Of a token only the hash is kept."""

import secrets
from datetime import datetime

from sqlalchemy import update

from app.accounts.guard import token_hash
from app.accounts.models import StaffSession, StaffUser
from app.core.database import changed_rows
from app.core.errors import DomainError
from app.extensions import db

BROWSER_LENGTH = 200


class SessionOver(DomainError):
    def __init__(self) -> None:
        super().__init__("ログインの有効期限が切れました。もう一度ログインしてください。")


def begin_session(user: StaffUser, *, at: datetime, browser: str, instead_of: StaffSession | None = None) -> str:
    """Begin a half session: the password was right, the second factor is still asked. The former one ends."""
    if instead_of is not None:
        end_session(instead_of, at=at)
    token = secrets.token_urlsafe(32)
    db.session.add(
        StaffSession(
            staff_user_id=user.id,
            token_hash=token_hash(token),
            created_at=at,
            seen_at=at,
            browser=browser[:BROWSER_LENGTH],
        )
    )
    return token


def renew_session(session: StaffSession, *, at: datetime, second_factor: bool) -> str:
    """Give a live session a new token, so that the old one opens nothing any more (B6).

    Raises: SessionOver when it was ended meanwhile.
    """
    token = secrets.token_urlsafe(32)
    values = {"token_hash": token_hash(token), "seen_at": at} | ({"second_factor_at": at} if second_factor else {})
    renewed = changed_rows(
        db.session,
        update(StaffSession)
        .where(StaffSession.id == session.id, StaffSession.ended_at.is_(None))
        .where(StaffSession.token_hash == session.token_hash)
        .values(**values),
    )
    if renewed != 1:
        raise SessionOver
    return token


def end_session(session: StaffSession, *, at: datetime) -> None:
    """End one session; of one that has ended the instant stays."""
    live = (StaffSession.id == session.id) & StaffSession.ended_at.is_(None)
    db.session.execute(update(StaffSession).where(live).values(ended_at=at))


def end_sessions(user: StaffUser, *, at: datetime, keep: StaffSession | None = None) -> None:
    """End every session of an account, except the one to keep."""
    others = update(StaffSession).where(StaffSession.staff_user_id == user.id, StaffSession.ended_at.is_(None))
    if keep is not None:
        others = others.where(StaffSession.id != keep.id)
    db.session.execute(others.values(ended_at=at).execution_options(synchronize_session=False))
