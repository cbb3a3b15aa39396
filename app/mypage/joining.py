"""What another browser of the same person wrote becomes the owner's of the address: one transaction (design 16)."""

import uuid
from datetime import datetime

from flask import current_app
from sqlalchemy import select

from app.accounts.applicant_sessions import end_sessions
from app.accounts.models import Applicant
from app.applications import merging
from app.audit.chain import record
from app.core.context import SYSTEM
from app.core.database import own_transaction
from app.correspondence.merging import give_written, has_written


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
        give_written(session, giver, owner, at=at)
        if not merging.has_left(session, giver) and not has_written(session, giver):
            giver.resume_code_hash = None
            end_sessions(session, giver.id, at=at)
        if given or taken or late:
            record(session, "merge.applicant", owner, by=owner.actor, at=at, given=given, drafts=taken, late=late)
    return bool(given or taken or late)
