"""Who knows the people behind the examinee numbers of an opening, and so cannot score them blind (R-03)."""

import uuid
from datetime import datetime

from sqlalchemy import select

from app.accounts.models import Membership, RoleGrant
from app.accounts.policy import KNOW_NAMES
from app.accounts.queries import grant_counts
from app.applications.models import Application
from app.audit.models import AccessEvent
from app.extensions import db
from app.reviews import queries

LISTS = ("list.applications", "search.applications", "list.late_attempts", "read.board")


def impartial_members(organisation_id: uuid.UUID, opening_id: uuid.UUID, *, at: datetime) -> list[Membership]:
    """The members who may be appointed for an opening, by name: without a role that shows names, and who saw none."""
    knowing = _holders(organisation_id, at=at)
    rest = [one for one in queries.members(organisation_id, at=at) if one.id not in knowing]
    seen = _lookers(organisation_id, opening_id, {one.staff_user.actor for one in rest})
    return [one for one in rest if one.staff_user.actor not in seen]


def impartial_candidates(organisation_id: uuid.UUID, opening_id: uuid.UUID, *, at: datetime) -> list[queries.Candidate]:
    """Those who hold reviewer or chair for an opening and may sit in a panel."""
    able = {one.id for one in impartial_members(organisation_id, opening_id, at=at)}
    return [one for one in queries.candidates(organisation_id, opening_id, at=at) if one.membership_id in able]


def _holders(organisation_id: uuid.UUID, *, at: datetime) -> set[uuid.UUID]:
    held = select(RoleGrant.membership_id).where(
        RoleGrant.organisation_id == organisation_id, RoleGrant.role.in_(KNOW_NAMES), grant_counts(at)
    )
    return set(db.session.scalars(held))


def _lookers(organisation_id: uuid.UUID, opening_id: uuid.UUID, actors: set[str]) -> set[str]:
    """Those of these actors who opened a list or an application of the opening, in whatever role."""
    found = db.session.execute(
        select(AccessEvent.actor, AccessEvent.subject)
        .where(
            AccessEvent.organisation_id == organisation_id,
            AccessEvent.actor.in_(actors),
            AccessEvent.action.in_((*LISTS, "read.application")),
        )
        .distinct()
    ).all()
    if not found:
        return set()
    own = select(Application.id).where(
        Application.organisation_id == organisation_id, Application.opening_id == opening_id
    )
    subjects = {f"opening:{opening_id}", *(f"application:{one}" for one in db.session.scalars(own))}
    return {actor for actor, subject in found if subject in subjects}
