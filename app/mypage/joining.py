"""What another browser of the same person wrote becomes the owner's of the address: one transaction (design 16)."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import cast

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.models import Applicant, ApplicantSession
from app.applications import merging
from app.applications.models import Application
from app.audit.chain import record
from app.core.context import SYSTEM
from app.core.database import own_transaction
from app.correspondence.models import Accommodation, MessageThread

Written = MessageThread | Accommodation
WRITTEN: tuple[type[Written], ...] = (MessageThread, Accommodation)


def merge(giver_id: uuid.UUID, owner_id: uuid.UUID, *, at: datetime) -> bool:
    """Give the owner what another browser of the same person wrote; say whether anything changed hands.

    One transaction of the system, exactly once: drafts, then the two people are locked, and read under the locks.
    """
    with own_transaction(current_app.extensions["koubo.engine"], SYSTEM) as session:
        merging.lock_drafts(session, giver_id, owner_id)
        both = select(Applicant).where(Applicant.id.in_([giver_id, owner_id])).order_by(Applicant.id)
        people = {one.id: one for one in session.scalars(both.with_for_update())}
        giver, owner = people[giver_id], people[owner_id]
        if owner.confirmed_at is None or giver.confirmed_at is not None:
            return False
        drafts = merging.lock_drafts(session, giver_id, owner_id)
        given = merging.give_applications(session, giver, owner, at=at)
        taken = merging.give_drafts(session, drafts, giver, owner)
        late = merging.give_late_attempts(session, giver, owner)
        for table in WRITTEN:
            _give_written(session, table, giver, owner)
        if not merging.has_left(session, giver) and not any(_of(session, table, giver) for table in WRITTEN):
            giver.resume_code_hash = None
            held = ApplicantSession.applicant_id == giver.id, ApplicantSession.ended_at.is_(None)
            session.execute(update(ApplicantSession).where(*held).values(ended_at=at))
        if given or taken or late:
            record(session, "merge.applicant", owner, by=owner.actor, at=at, given=given, drafts=taken, late=late)
    return bool(given or taken or late)


def _of(session: Session, table: type[Written], person: Applicant) -> Sequence[Written]:
    query = select(table).where(table.applicant_id == person.id)
    return cast("Sequence[Written]", session.scalars(query.order_by(table.id)).all())


def _give_written(session: Session, table: type[Written], giver: Applicant, owner: Applicant) -> None:
    """What was written to cities goes along, but not that about an application which the giver keeps."""
    kept = Application.applicant_id == giver.id, Application.duplicate_of.is_(None)
    taken = {row.opening_id for row in _of(session, table, owner)}
    taken |= set(session.scalars(select(Application.opening_id).where(*kept)))
    for row in _of(session, table, giver):
        if row.opening_id not in taken:
            row.applicant_id = owner.id
    session.flush()
