"""Ask for accommodation, change it, take it back; answer as a city. The contents stand sealed and nowhere else."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, exists, or_
from sqlalchemy.exc import IntegrityError

from app.accounts.models import StaffUser
from app.applications.models import Application, Draft, DraftChoice
from app.audit.chain import record
from app.core.crypto import encrypt
from app.core.errors import NotFound, StaleWrite
from app.core.model import new_id
from app.correspondence import emails
from app.correspondence.accommodation_queries import Case
from app.correspondence.models import Accommodation, AccommodationState
from app.correspondence.needs import Needs
from app.correspondence.workflow import move
from app.extensions import db

PERSON = "applicant"  # the record names no person here: that somebody asked is itself to be kept from who reads it


def ask(cases: Sequence[Case], needs: Needs, *, seen: Mapping[uuid.UUID, int], at: datetime) -> None:
    """Keep what a person needs in place of what was said before, for each city by itself; also after the deadline.

    `seen`: the version of each opening's request that the page showed. All are asked or none.
    Raises: StaleWrite when one was changed or answered since the page was opened.
    """
    new = [case for case in cases if not (case.is_asked and case.needs == needs)]
    for case in new:
        _require_seen(case, seen.get(case.opening.id, -1))
    for case in new:
        _ask(case, needs, at=at)
    _commit()


def _ask(case: Case, needs: Needs, *, at: datetime) -> None:
    row = case.accommodation
    if row is None:
        row = Accommodation(
            id=new_id(),
            organisation_id=case.opening.organisation_id,
            opening_id=case.opening.id,
            applicant_id=case.applicant_id,
            state=AccommodationState.ASKED,
            asked_at=at,
        )
        db.session.add(row)
    move(row, AccommodationState.ASKED)
    row.sealed, row.changed_at = encrypt(needs.as_text()), at
    _record(case, "ask.accommodation", row, by=PERSON, at=at)


def withdraw(case: Case, *, at: datetime) -> None:
    """Take a request back: what was said and answered is blanked at once. Does nothing where nothing stands."""
    row = case.accommodation
    if row is None or row.state is AccommodationState.WITHDRAWN:
        return
    move(row, AccommodationState.WITHDRAWN)
    row.sealed, row.answer_sealed, row.changed_at = "", "", at
    _record(case, "withdraw.accommodation", row, by=PERSON, at=at)
    db.session.commit()


def answer(case: Case, state: AccommodationState, words: str, *, seen: int, by: StaffUser, at: datetime) -> None:
    """Say how far a request has come and what will be done; the person is told by a mail that says nothing of it.

    Raises: StaleWrite when it changed since the page was opened, NoSuchStep, NotFound where nothing is asked for.
    """
    row = case.accommodation
    if row is None:
        raise NotFound
    if (row.state, case.answer, row.answered_by) == (state, words, by.id):
        return
    _require_seen(case, seen)
    move(row, state)
    row.answer_sealed = encrypt(words) if words else ""
    row.answered_at, row.answered_by = at, by.id
    _record(case, "answer.accommodation", row, by=by.actor, at=at)
    db.session.flush()
    emails.owe_something(case, row)
    db.session.commit()


def _require_seen(case: Case, seen: int) -> None:
    if case.version != seen:
        raise StaleWrite


def _record(case: Case, action: str, row: Accommodation, *, by: str, at: datetime) -> None:
    """Record an act on an application; what is written beside a draft is no audited change (design 47)."""
    if case.application is not None:
        record(db.session, action, row, by=by, at=at)


def _commit() -> None:
    try:
        db.session.commit()
    except IntegrityError as error:  # the same person asked in another window at the same time
        db.session.rollback()
        raise StaleWrite from error


def forget_left_behind(*, at: datetime) -> None:
    """Delete what was asked beside drafts that are gone, where nothing was sent: a job, after drafts expire."""
    same = Application.opening_id == Accommodation.opening_id, Application.applicant_id == Accommodation.applicant_id
    chosen = exists().where(DraftChoice.draft_id == Draft.id, DraftChoice.opening_id == Accommodation.opening_id)
    names = or_(Draft.opening_id == Accommodation.opening_id, chosen)
    beside = exists().where(Draft.applicant_id == Accommodation.applicant_id, names)
    gone = delete(Accommodation).where(~exists().where(*same), ~beside)
    db.session.execute(gone.execution_options(synchronize_session=False))
    db.session.commit()
