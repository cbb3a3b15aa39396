"""What another browser of the same person wrote becomes the owner's of the address: one transaction (design 16)."""

import uuid
from datetime import datetime

from flask import current_app
from sqlalchemy import select

from app.accounts.applicant_sessions import end_sessions
from app.accounts.models import Applicant
from app.applications import merging
from app.applications.answers import Answers
from app.applications.models import Application, Draft
from app.audit.chain import record
from app.core.context import SYSTEM
from app.core.database import own_transaction, reading_beside
from app.correspondence.merging import give_written, has_written
from app.jp.text import mail_key


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


def is_plain(giver_id: uuid.UUID, owner_id: uuid.UUID) -> bool:
    """Say whether a 再開コード alone joins what it opens with the owner of an address: it was written under that
    address, and nothing that a city reads of the owner changes by it (note 036)."""
    with reading_beside(current_app.extensions["koubo.engine"], SYSTEM) as session:
        own_key = select(Applicant.mail_key).where(Applicant.id == owner_id, Applicant.confirmed_at.is_not(None))
        key = session.scalar(own_key)
        given = Application.applicant_id == giver_id, Application.mail_key == key, Application.duplicate_of.is_(None)
        sent = set(session.scalars(select(Application.opening_id).where(*given)))
        own = set(session.scalars(select(Application.opening_id).where(Application.applicant_id == owner_id)))
        written = session.scalars(select(Draft.answers).where(Draft.applicant_id == giver_id)).all()
    named = {mail_key(Answers.model_validate(one).person.mail) for one in written}
    return key is not None and not sent & own and (bool(sent) or key in named)
