"""Whom a notice about an opening reaches: those who applied, and those who hold a draft that was not sent to it.

A draft belongs to its person alone: staff never see whom a draft's mail reached (design 21), and an address that
nobody confirmed is told nothing but what the public page says (design 16).
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from app.accounts.models import Applicant
from app.applications import queries
from app.applications.late_models import LateAttempt
from app.applications.models import Application, ApplicationState, Draft, DraftChoice
from app.core.context import SYSTEM
from app.core.database import reading_beside
from app.extensions import db
from app.outbox.delivery import is_one_address


@dataclass(frozen=True)
class Reach:
    """Where a draft's person is reached; `is_confirmed`: the address is known to be their own."""

    draft_id: uuid.UUID
    address: str
    is_confirmed: bool


def names(opening_id: uuid.UUID) -> ColumnElement[bool]:
    """The condition that a draft names an opening, alone or among others."""
    chosen = select(DraftChoice.draft_id).where(DraftChoice.opening_id == opening_id)
    return or_(Draft.opening_id == opening_id, Draft.id.in_(chosen))


def is_unsent(opening_id: uuid.UUID) -> ColumnElement[bool]:
    """The condition that a draft names an opening to which its person has not applied."""
    sent = exists().where(Application.applicant_id == Draft.applicant_id, Application.opening_id == opening_id)
    return and_(names(opening_id), ~sent)


def unsent_drafts(
    opening_id: uuid.UUID, *, after: uuid.UUID | None, begun_before: datetime, limit: int
) -> Sequence[Draft]:
    """List the drafts not sent to an opening that were begun before an instant, from an id on, in the order of ids."""
    query = select(Draft).where(is_unsent(opening_id), Draft.created_at <= begun_before)
    if after is not None:
        query = query.where(Draft.id > after)
    return db.session.scalars(query.order_by(Draft.id).limit(limit)).all()


def live_applications(opening_id: uuid.UUID, *, after: uuid.UUID | None, limit: int) -> Sequence[Application]:
    """List the applications to an opening that were not withdrawn, from an id on, in the order of ids."""
    query = select(Application).where(
        Application.opening_id == opening_id,
        Application.state != ApplicationState.WITHDRAWN,
        Application.duplicate_of.is_(None),
    )
    if after is not None:
        query = query.where(Application.id > after)
    return db.session.scalars(query.order_by(Application.id).limit(limit)).all()


def reaches(drafts: Sequence[Draft]) -> list[Reach]:
    """Find where the people of some drafts are reached; one without an address is left out."""
    query = select(Applicant.id, Applicant.mail).where(
        Applicant.id.in_({draft.applicant_id for draft in drafts}), Applicant.confirmed_at.is_not(None)
    )
    own = {applicant_id: mail for applicant_id, mail in db.session.execute(query)}
    found = []
    for draft in drafts:
        address = own.get(draft.applicant_id) or queries.answers_of(draft).person.mail
        if address and is_one_address(address):
            found.append(Reach(draft.id, address, draft.applicant_id in own))
    return found


def late_draft_ids(opening_id: uuid.UUID, draft_ids: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Say which of some drafts were sent to an opening after its deadline."""
    query = select(LateAttempt.draft_id).where(
        LateAttempt.opening_id == opening_id, LateAttempt.draft_id.in_(draft_ids)
    )
    return set(db.session.scalars(query))


def count_unsent(opening_id: uuid.UUID) -> int:
    """Count the drafts not sent to an opening: the one thing that staff learn of drafts (design 21)."""
    with reading_beside(current_app.extensions["koubo.engine"], SYSTEM) as session:
        return session.scalar(select(func.count()).select_from(Draft).where(is_unsent(opening_id))) or 0
