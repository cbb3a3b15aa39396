"""Opening by the 再開コード what was written without a confirmed address (design 16, notes 033, 036)."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from app.accounts import applicants
from app.accounts.applicant_sessions import end_session
from app.accounts.models import Applicant
from app.core.errors import DomainError
from app.extensions import db
from app.mypage import joining
from app.mypage.services import Left, leave


class NoSuchCode(DomainError):
    """The code opens nothing: it was mistyped, or an address was confirmed since."""

    def __init__(self) -> None:
        super().__init__(
            "この再開コードの応募は見つかりません。メールアドレスを確認したあとは、メールアドレスで入ってください"
        )


@dataclass(frozen=True)
class TakenUp:
    """What a 再開コード opened.

    `token`: for the cookie of a browser that holds the code's applicant from here on; None where what the code opens
    became the confirmed person's whom the browser holds, and then `is_rest`: something of it did not.
    `left`: what the browser held unconfirmed until now. `has_closed`: it held a confirmed person.
    """

    token: str | None
    is_rest: bool = False
    left: Left | None = None
    has_closed: bool = False


def take_up(code: str, *, holder: Applicant | None, held: uuid.UUID | None, at: datetime) -> TakenUp:
    """Open what a code opens, in the browser that holds `holder` by the session `held`. Raises: NoSuchCode.

    Where the browser's person has proven the address that was written there, it becomes theirs; else, and where that
    would change what they sent themselves, the browser holds the code's applicant, unconfirmed as before.
    """
    found = applicants.find_by_resume_code(code)
    if found is None:
        raise NoSuchCode
    if holder is not None and holder.confirmed_at is not None:
        both = found.id, holder.id
        db.session.rollback()  # it has only read: joining is a transaction of its own
        if joining.is_plain(*both) and joining.merge(*both, at=at):
            return TakenUp(None, is_rest=applicants.find_by_resume_code(code) is not None)
        found = db.session.get_one(Applicant, both[0])
    return _hold(found, holder, held, at=at)


def _hold(found: Applicant, holder: Applicant | None, held: uuid.UUID | None, *, at: datetime) -> TakenUp:
    """Let the browser hold the code's applicant, and no longer whom it held."""
    left, has_closed = None, False
    if holder is not None and holder.id != found.id:
        has_closed = holder.confirmed_at is not None
        left = None if has_closed else leave(holder)
    if held is not None:
        end_session(held, at=at)
    return TakenUp(applicants.take_up(found, at=at), left=left, has_closed=has_closed)
