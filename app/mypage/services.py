"""Signing in with a code: one transaction over the applicant and their applications, which stand in two rooms."""

from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import exists, select, update

from app.accounts import applicants
from app.accounts.models import Applicant, ApplicantSession
from app.applications import queries as own
from app.applications.late_models import LateAttempt
from app.applications.models import Application, Draft, Submission
from app.audit.chain import record
from app.core.context import SYSTEM, bind
from app.core.context import applicant as context_of
from app.core.database import changed_rows, own_transaction
from app.correspondence.merging import WRITTEN
from app.extensions import db
from app.jp.text import mail_key
from app.mypage import joining

WRITES = (Draft, Submission, Application, LateAttempt, *WRITTEN)  # a question may be asked before applying


@dataclass(frozen=True)
class Left:
    """What a browser held until it came to hold another applicant: still there, opened by the 再開コード."""

    resume_code: str
    is_sent: bool  # at least one application; else drafts alone


@dataclass(frozen=True)
class SignedIn:
    """A new cookie's token, None when the old one stands; and what the browser no longer holds.

    `has_merged`: what the browser held before is the person's own from here on.
    """

    token: str | None
    left: Left | None = None
    has_merged: bool = False


def sign_in(mail: str, code: str, browser: str, *, holder: Applicant | None, address: str, at: datetime) -> SignedIn:
    """Take a code typed into the browser that asked for it.

    The applicant whom the browser holds becomes confirmed, unless the address is already that of another who wrote
    something: then the browser holds that one from here on, who gets what the first wrote under this address; a second
    application to one opening becomes a version of the first (design 16). Raises: WrongCode, TooManyTries.
    """
    applicants.count_try(mail, browser, address=address, at=at)
    applicants.use_code(mail, code, browser, at=at)
    if holder is not None and holder.confirmed_at is None and _has_written(holder):
        by = holder.actor
        db.session.commit()  # the code is used up; the next step is a transaction of its own
        _free_address(mail, by=by, at=at)
    owner = applicants.find_confirmed(mail)
    if owner is not None and holder is not None and owner.id == holder.id:
        db.session.commit()
        return SignedIn(None)
    if owner is not None or holder is None or holder.confirmed_at is not None:
        return _hold(owner, mail, holder, at=at)
    _confirm(holder, mail, at=at)
    db.session.commit()
    return SignedIn(None)


def _has_written(holder: Applicant) -> bool:
    return bool(own.applications_of(holder.id) or own.drafts_of(holder.id))


def _free_address(mail: str, *, by: str, at: datetime) -> None:
    """Take the address from an owner who wrote nothing: somebody who typed a code before this browser, which applied.

    The row is locked first, so that a draft begun at the same time is seen; the owner's browsers sign in afresh.
    """
    with own_transaction(current_app.extensions["koubo.engine"], SYSTEM) as session:
        owns = Applicant.mail_key == mail_key(mail), Applicant.confirmed_at.is_not(None)
        owner = session.scalar(select(Applicant).where(*owns).with_for_update())
        if owner is None:
            return
        has_nothing = [~exists().where(rows.applicant_id == owner.id) for rows in WRITES]
        freed = update(Applicant).where(Applicant.id == owner.id, *owns, *has_nothing)
        if changed_rows(session, freed.values(mail=None, mail_key=None, confirmed_at=None)) == 0:
            return
        held = ApplicantSession.applicant_id == owner.id, ApplicantSession.ended_at.is_(None)
        session.execute(update(ApplicantSession).where(*held).values(ended_at=at))
        record(session, "free.address", owner, by=by, at=at)


def _hold(owner: Applicant | None, mail: str, holder: Applicant | None, *, at: datetime) -> SignedIn:
    """Let the browser hold the owner of the address, made now when there is none."""
    is_new, has_merged = owner is None, False
    if owner is not None and holder is not None and holder.confirmed_at is None:
        both = holder.id, owner.id
        db.session.commit()  # as above: merging is a transaction of its own, and may be begun again
        has_merged = joining.merge(*both, at=at)
    owner = owner or applicants.new_applicant(at=at)
    if holder is None:
        bind(db.session, context_of(owner.id))
    if is_new:
        _confirm(owner, mail, at=at)
    token = applicants.open_session(owner, at=at)
    left = _leave(holder) if holder is not None and holder.confirmed_at is None else None
    db.session.commit()
    return SignedIn(token, left, has_merged)


def _leave(holder: Applicant) -> Left | None:
    """Make sure that the 再開コード opens what the browser held; None when there was nothing in it."""
    is_sent = bool(own.applications_of(holder.id))
    written = [*own.drafts_of(holder.id), *own.changed_drafts(holder.id).values()]
    if not is_sent and not any(draft.answers for draft in written):
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


def leave_device(session: ApplicantSession, holder: Applicant, *, at: datetime) -> None:
    """Let this browser hold nobody; what an unconfirmed person wrote is opened by their 再開コード from here on."""
    if holder.confirmed_at is None:
        _leave(holder)
    applicants.end_session(session, at=at)


def take_up(code: str, *, at: datetime) -> str | None:
    """Let this browser hold the applicant of a 再開コード; give its cookie's token, None for no such code."""
    found = applicants.find_by_resume_code(code)
    return applicants.take_up(found, at=at) if found is not None else None
