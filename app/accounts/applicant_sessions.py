"""The browsers that hold an applicant: opened, renewed when an address is confirmed, ended (design 16, 17, note 028).

Parts of a use case: they leave the commit to it.
"""

import secrets
import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.guard import APPLICANT_IDLE, token_hash
from app.accounts.models import Applicant, ApplicantSession
from app.core.database import changed_rows
from app.extensions import db


def open_session(applicant: Applicant, *, at: datetime) -> str:
    """Let a browser hold an applicant; give the token for its cookie, of which only a hash is kept."""
    token = secrets.token_urlsafe(32)
    db.session.add(ApplicantSession(applicant_id=applicant.id, token_hash=token_hash(token), created_at=at, seen_at=at))
    db.session.flush()
    return token


def end_sessions(session: Session, applicant_id: uuid.UUID, *, at: datetime, but: Collection[uuid.UUID] = ()) -> int:
    """End all sessions of an applicant `but` these; say how many."""
    held = ApplicantSession.applicant_id == applicant_id, ApplicantSession.ended_at.is_(None)
    ended = update(ApplicantSession).where(*held, ApplicantSession.id.not_in(but)).values(ended_at=at)
    return changed_rows(session, ended)


def end_session(session_id: uuid.UUID, *, at: datetime) -> None:
    """Let one browser hold nobody from here on; what was written and sent stays."""
    db.session.execute(update(ApplicantSession).where(ApplicantSession.id == session_id).values(ended_at=at))


def give_sessions(session: Session, giver_id: uuid.UUID, owner_id: uuid.UUID, *, at: datetime) -> frozenset[uuid.UUID]:
    """Let the browsers that are signed in as one person hold another from here on, and end the idle ones; name them."""
    held = ApplicantSession.applicant_id == giver_id, ApplicantSession.ended_at.is_(None)
    lately = *held, ApplicantSession.seen_at >= at - APPLICANT_IDLE
    found = frozenset(session.scalars(select(ApplicantSession.id).where(*lately)))
    session.execute(update(ApplicantSession).where(*held, ApplicantSession.id.in_(found)).values(applicant_id=owner_id))
    end_sessions(session, giver_id, at=at)
    return found


def count_others(applicant: Applicant, session_id: uuid.UUID, *, at: datetime) -> int:
    """Count the other browsers that open this person's pages without another code."""
    query = select(ApplicantSession.seen_at).where(
        ApplicantSession.applicant_id == applicant.id,
        ApplicantSession.ended_at.is_(None),
        ApplicantSession.id != session_id,
    )
    never_idle = applicant.confirmed_at is None
    return sum(never_idle or at - seen <= APPLICANT_IDLE for seen in db.session.scalars(query))


def was_ended(token: str | None) -> bool:
    """Say whether a browser's cookie is one that opened pages once and does not any more."""
    query = select(ApplicantSession.ended_at).where(ApplicantSession.token_hash == token_hash(token or ""))
    return db.session.scalar(query) is not None
