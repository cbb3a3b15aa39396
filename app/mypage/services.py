"""Signing in with a code: one transaction over the applicant and their applications, which stand in two rooms."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import exists, select, update

from app.accounts import applicants
from app.accounts.applicant_sessions import end_session, end_sessions, give_sessions, open_session
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
    """A new cookie's token, as no cookie from before the code opens anything; and what the browser no longer holds.

    `has_merged`: what the browser held before is the person's own from here on.
    `ended`: so many other browsers held the person without a code of their own, and hold them no more.
    """

    token: str
    left: Left | None = None
    has_merged: bool = False
    ended: int = 0


def sign_in(
    mail: str, code: str, browser: str, *, holder: Applicant | None, held: uuid.UUID | None, address: str, at: datetime
) -> SignedIn:
    """Take a code typed into the browser that asked for it; `held` is the session by which it holds its `holder`.

    The applicant whom the browser holds becomes confirmed, unless the address is already that of another who wrote
    something: then the browser holds that one from here on, who gets what the first wrote under this address; a second
    application to one opening becomes a version of the first (design 16). Raises: WrongCode, TooManyTries.
    """
    applicants.count_try(mail, browser, address=address, at=at)
    applicants.use_code(mail, code, browser, at=at)
    typed_too: Collection[uuid.UUID] = ()
    if holder is not None and holder.confirmed_at is None and _has_written(holder):
        holder_id, by = holder.id, holder.actor
        db.session.commit()  # the code is used up; the next step is a transaction of its own
        typed_too = _free_address(mail, to=holder_id, by=by, at=at)
    owner = applicants.find_confirmed(mail)
    if holder is None or holder.confirmed_at is not None or (owner is not None and owner.id != holder.id):
        return _hold(owner, mail, holder, held, at=at)
    if owner is None:
        _confirm(holder, mail, at=at)
    return _renew(holder, held, typed_too if owner is None else None, at=at)


def _renew(
    holder: Applicant, held: uuid.UUID | None, typed_too: Collection[uuid.UUID] | None, *, at: datetime
) -> SignedIn:
    """Give the browser a new cookie for whom it holds.

    With the first confirmation all others end `but` those that typed a code for this address too; None: not the first.
    """
    others = 0
    if held is not None:
        end_session(held, at=at)
    if typed_too is not None:
        others = end_sessions(db.session(), holder.id, at=at, but=typed_too)
    token = open_session(holder, at=at)
    db.session.commit()
    return SignedIn(token, ended=others)


def _has_written(holder: Applicant) -> bool:
    return bool(own.applications_of(holder.id) or own.drafts_of(holder.id))


def _free_address(mail: str, *, to: uuid.UUID, by: str, at: datetime) -> Collection[uuid.UUID]:
    """Take the address from an owner who wrote nothing: somebody who typed a code before this browser, which applied.

    The row is locked first, so that a draft begun at the same time is seen. The owner's browsers, each of which typed a
    code for this address, hold the applicant of this one from here on: gives their sessions.
    """
    with own_transaction(current_app.extensions["koubo.engine"], SYSTEM) as session:
        owns = Applicant.mail_key == mail_key(mail), Applicant.confirmed_at.is_not(None)
        owner = session.scalar(select(Applicant).where(*owns).with_for_update())
        if owner is None:
            return ()
        has_nothing = [~exists().where(rows.applicant_id == owner.id) for rows in WRITES]
        freed = update(Applicant).where(Applicant.id == owner.id, *owns, *has_nothing)
        if changed_rows(session, freed.values(mail=None, mail_key=None, confirmed_at=None)) == 0:
            return ()
        record(session, "free.address", owner, by=by, at=at)
        return give_sessions(session, owner.id, to, at=at)


def _hold(
    owner: Applicant | None, mail: str, holder: Applicant | None, held: uuid.UUID | None, *, at: datetime
) -> SignedIn:
    """Let the browser hold the owner of the address, made now when there is none, and no longer whom it held."""
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
    if held is not None:
        end_session(held, at=at)
    token = open_session(owner, at=at)
    left = leave(holder) if holder is not None and holder.confirmed_at is None else None
    db.session.commit()
    return SignedIn(token, left, has_merged)


def leave(holder: Applicant) -> Left | None:
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
        leave(holder)
    end_session(session.id, at=at)
    db.session.commit()


def end_others(session: ApplicantSession, *, at: datetime) -> int:
    """Let no other browser hold the person without another code; say how many did."""
    others = end_sessions(db.session(), session.applicant_id, at=at, but=[session.id])
    db.session.commit()
    return others
