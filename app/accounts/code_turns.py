"""Whose turn it is to be sent a code when an address is asked for often, so that nobody keeps another from one.

Each ask of a browser that is sent nothing leaves a row without a code. Asking again two minutes later is its turn,
however many other browsers ask meanwhile. Two kinds of browsers have turns of their own, which no number of strangers
on any number of networks uses up: the confirmed owner's, and those whose draft says this address, of the three that
said so first (a draft begun after an attack comes behind it; one begun before it, before). Nothing that a stranger is
told depends on whether an address is known. An address gets at most 39 codes an hour: 10 + 15 + 5 + 3 × 3 (note 023).
"""

import uuid
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import aliased

from app.accounts.guard import token_hash
from app.accounts.models import Applicant, ApplicantSession, SignInCode
from app.core.context import SYSTEM
from app.core.database import reading_beside
from app.core.errors import TooManyTries
from app.core.limits import Limit, count

CODE_RESTS = timedelta(minutes=2)  # so long a browser waits for its turn
WAITS_COUNT = timedelta(minutes=30)
WAITING = "-"  # in place of a hash: no code was sent
CODES_PER_MAIL = Limit("applicant.code.mail", 10, 3600)
TURNS_PER_MAIL = Limit("applicant.code.turn", 15, 3600)
TURNS_PER_NETWORK = Limit("applicant.code.turn.network", 3, 3600)  # for one mail address
CODES_PER_OWNER = Limit("applicant.code.owner", 5, 3600)
WRITERS = 3
CODES_PER_WRITER = Limit("applicant.code.writer", 3, 3600)


def has_turn(key: str, browser_hash: str, held_by: str | None, *, address: str, scale: int, at: datetime) -> bool:
    """Say whether a code is sent now, and count it; `held_by` is the browser's applicant cookie.

    Before the first statement of the request.
    """
    if _has_left(CODES_PER_MAIL, key, at=at):
        return True
    with reading_beside(current_app.extensions["koubo.engine"], SYSTEM) as session:
        owns, waited = _owns(session, key, held_by), _has_waited(session, key, browser_hash, at=at)
        writer = _find_writer(session, key, held_by)
    if owns and _has_left(CODES_PER_OWNER, key, at=at):
        return True
    if writer is not None and _has_left(CODES_PER_WRITER, f"{key} {writer}", at=at):
        return True
    network = TURNS_PER_NETWORK.scaled(scale)
    return waited and _has_left(network, f"{key} {address}", at=at) and _has_left(TURNS_PER_MAIL, key, at=at)


def _has_left(limit: Limit, subject: str, *, at: datetime) -> bool:
    try:
        count(limit, subject, at=at)
    except TooManyTries:
        return False
    return True


def _owns(session: Any, key: str, held_by: str | None) -> bool:
    """Say whether this browser holds, idle or not, the applicant who confirmed the address."""
    query = (
        select(Applicant.id)
        .join(ApplicantSession, ApplicantSession.applicant_id == Applicant.id)
        .where(ApplicantSession.token_hash == token_hash(held_by or ""), ApplicantSession.ended_at.is_(None))
        .where(Applicant.mail_key == key, Applicant.confirmed_at.is_not(None))
    )
    return session.scalar(query) is not None


def _find_writer(session: Any, key: str, held_by: str | None) -> uuid.UUID | None:
    """Find the applicant whom this browser holds, idle or not, if they are of the first who wrote the address."""
    other = aliased(Applicant)
    before = tuple_(other.written_since, other.id) < tuple_(Applicant.written_since, Applicant.id)
    earlier = select(func.count()).where(other.written_key == key, before)
    query = (
        select(Applicant.id)
        .join(ApplicantSession, ApplicantSession.applicant_id == Applicant.id)
        .where(ApplicantSession.token_hash == token_hash(held_by or ""), ApplicantSession.ended_at.is_(None))
        .where(Applicant.written_key == key, earlier.scalar_subquery() < WRITERS)
    )
    found: uuid.UUID | None = session.scalar(query)
    return found


def _has_waited(session: Any, key: str, browser_hash: str, *, at: datetime) -> bool:
    """Say whether the browser asked two minutes ago or earlier, and was sent no code since then."""
    asked = select(SignInCode.code_hash, SignInCode.created_at).where(
        SignInCode.mail_key == key, SignInCode.browser_hash == browser_hash, SignInCode.created_at > at - WAITS_COUNT
    )
    rows = session.execute(asked).all()
    waits = any(code == WAITING and made <= at - CODE_RESTS for code, made in rows)
    return waits and all(code == WAITING or made <= at - CODE_RESTS for code, made in rows)
