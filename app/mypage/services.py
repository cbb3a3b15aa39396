"""Signing in with a code: one transaction over the applicant and their applications, which stand in two rooms."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from app.accounts import applicants
from app.accounts.models import Applicant
from app.applications import queries as own
from app.applications.models import Application
from app.audit.chain import record
from app.core.context import applicant as context_of
from app.core.context import bind
from app.extensions import db
from app.jp.text import mail_key


@dataclass(frozen=True)
class Left:
    """What a browser held until it came to hold another applicant: still there, opened by the 再開コード."""

    resume_code: str
    is_sent: bool  # at least one application; else drafts alone


@dataclass(frozen=True)
class SignedIn:
    """A new cookie's token, None when the old one stands; and what the browser no longer holds."""

    token: str | None
    left: Left | None = None


def sign_in(mail: str, code: str, browser: str, *, holder: Applicant | None, address: str, at: datetime) -> SignedIn:
    """Take a code typed into the browser that asked for it.

    The applicant whom the browser holds becomes confirmed, unless the address is another applicant's already: then the
    browser holds that one from here on. Their rows are not merged: what was sent before stays unconfirmed, HR sees two
    applications to one opening as 重複確認中 (design 16). Raises: WrongCode, TooManyTries.
    """
    applicants.count_try(mail, browser, address=address, at=at)
    applicants.use_code(mail, code, browser, at=at)
    owner = applicants.find_confirmed(mail)
    if owner is not None and holder is not None and owner.id == holder.id:
        db.session.commit()
        return SignedIn(None)
    if owner is not None or holder is None or holder.confirmed_at is not None:
        return _hold(owner, mail, holder, at=at)
    _confirm(holder, mail, at=at)
    db.session.commit()
    return SignedIn(None)


def _hold(owner: Applicant | None, mail: str, holder: Applicant | None, *, at: datetime) -> SignedIn:
    """Let the browser hold the owner of the address, made now when there is none."""
    is_new = owner is None
    owner = owner or applicants.new_applicant(at=at)
    if holder is None:
        bind(db.session, context_of(owner.id))
    if is_new:
        _confirm(owner, mail, at=at)
    token = applicants.open_session(owner, at=at)
    left = _leave(holder) if holder is not None and holder.confirmed_at is None else None
    db.session.commit()
    return SignedIn(token, left)


def _leave(holder: Applicant) -> Left | None:
    """Make sure that the 再開コード opens what the browser held; None when there was nothing in it."""
    is_sent = bool(own.applications_of(holder.id))
    if not is_sent and not own.drafts_of(holder.id):
        return None
    code = applicants.resume_code(holder.id)
    holder.resume_code_hash = applicants.resume_hash(code)
    return Left(code, is_sent)


def _confirm(holder: Applicant, mail: str, *, at: datetime) -> None:
    applicants.confirm(holder, mail, at=at)
    own = Application.applicant_id == holder.id, Application.mail_key == mail_key(mail)
    db.session.execute(
        update(Application)
        .where(*own)
        .values(mail_confirmed_at=at, version=Application.version + 1)
        .execution_options(synchronize_session=False)
    )
    record(db.session, "confirm.applicant", holder, by=holder.actor, at=at)


def take_up(code: str, *, at: datetime) -> str | None:
    """Let this browser hold the applicant of a 再開コード; give its cookie's token, None for no such code."""
    found = applicants.find_by_resume_code(code)
    return applicants.take_up(found, at=at) if found is not None else None
