"""Reads of rounds, panels and progress."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Membership, RoleGrant
from app.accounts.queries import grant_counts, membership_is_open
from app.applications.late_models import LateAttempt
from app.applications.models import Application, ApplicationState
from app.applications.screening_models import StageEntry
from app.core.access import OPENING_ROLES, Role
from app.core.errors import NotFound
from app.extensions import db
from app.openings.models import Opening
from app.openings.queries import stages_of
from app.openings.revision_models import RubricItem, Stage
from app.reviews.models import Assignment, PanelMember, Rating, Round, RoundState


@dataclass(frozen=True)
class Candidate:
    """A member with the roles that he holds for an opening."""

    membership_id: uuid.UUID
    name: str
    roles: tuple[Role, ...]


@dataclass(frozen=True)
class MemberProgress:
    """How far a reviewer is; no values (design 34)."""

    member_id: uuid.UUID
    name: str
    assigned: int
    submitted: int
    excluded: int
    last_at: datetime | None

    @property
    def open(self) -> int:
        return self.assigned - self.submitted - self.excluded


def get_stage(opening: Opening, stage_key: str) -> Stage:
    """Get a stage of the revision in force. Raises: NotFound."""
    for stage in stages_of(opening):
        if stage.key == stage_key:
            return stage
    raise NotFound


def rubric_of(organisation_id: uuid.UUID, revision_id: uuid.UUID, stage_key: str) -> Sequence[RubricItem]:
    """The rubric items of a stage in their order, with their levels."""
    return db.session.scalars(
        select(RubricItem)
        .where(
            RubricItem.organisation_id == organisation_id,
            RubricItem.revision_id == revision_id,
            RubricItem.stage_key == stage_key,
        )
        .options(selectinload(RubricItem.levels))
        .order_by(RubricItem.seq)
    ).all()


def rounds_of(organisation_id: uuid.UUID, opening_id: uuid.UUID) -> dict[str, Round]:
    """The rounds of an opening by stage."""
    found = db.session.scalars(
        select(Round)
        .where(Round.organisation_id == organisation_id, Round.opening_id == opening_id)
        .order_by(Round.stage_key)
    )
    return {round_.stage_key: round_ for round_ in found}


def has_scoring_begun(opening: Opening) -> bool:
    """Say whether anybody scores, or has scored, a field that was thought complete.

    A round that was opened early, with a reason, while applications still came in does not count until it is locked.
    """
    late = and_(Round.state == RoundState.OPEN, Round.early_reason.is_(None))
    query = select(Round.id).where(
        Round.organisation_id == opening.organisation_id,
        Round.opening_id == opening.id,
        or_(late, Round.state == RoundState.LOCKED),
    )
    return db.session.scalar(query.limit(1)) is not None


def is_under_way(opening: Opening) -> bool:
    """Say whether anything was sent to an opening, in time or late, withdrawn or not, or a round was prepared."""
    return any(
        db.session.scalar(
            select(one.id).where(one.organisation_id == opening.organisation_id, one.opening_id == opening.id).limit(1)
        )
        for one in (Application, LateAttempt, Round)
    )


def openings_scored_by(membership: Membership) -> Sequence[str]:
    """List the titles of the openings of which this member scores a round that is not locked yet."""
    query = (
        select(Opening.title)
        .join(Round, Round.opening_id == Opening.id)
        .join(PanelMember, PanelMember.round_id == Round.id)
        .where(
            Opening.organisation_id == membership.organisation_id,
            PanelMember.membership_id == membership.id,
            Round.state != RoundState.LOCKED,
        )
    )
    return db.session.scalars(query.distinct().order_by(Opening.title)).all()


def get_round(organisation_id: uuid.UUID, opening_id: uuid.UUID, round_id: uuid.UUID) -> Round:
    """Get a round of an opening. Raises: NotFound."""
    found = db.session.scalar(
        select(Round).where(
            Round.organisation_id == organisation_id, Round.opening_id == opening_id, Round.id == round_id
        )
    )
    if found is None:
        raise NotFound
    return found


def standing(organisation_id: uuid.UUID, opening_id: uuid.UUID, stage_key: str) -> Sequence[Application]:
    """The accepted applications that stand in a stage, by examinee number; who withdrew stands nowhere."""
    return db.session.scalars(
        select(Application)
        .join(StageEntry, StageEntry.application_id == Application.id)
        .where(
            Application.organisation_id == organisation_id,
            Application.opening_id == opening_id,
            Application.state == ApplicationState.ACCEPTED,
            StageEntry.stage_key == stage_key,
            StageEntry.left_at.is_(None),
        )
        .order_by(Application.examinee_number)
    ).all()


def members(organisation_id: uuid.UUID, *, at: datetime) -> Sequence[Membership]:
    """The live members of an organisation, by name."""
    found = db.session.scalars(
        select(Membership)
        .where(
            Membership.organisation_id == organisation_id,
            membership_is_open(at),
        )
        .options(joinedload(Membership.staff_user))
    )
    return sorted(found, key=lambda member: (member.staff_user.display_name, str(member.id)))


def candidates(organisation_id: uuid.UUID, opening_id: uuid.UUID, *, at: datetime) -> list[Candidate]:
    """The members who hold reviewer or chair for an opening at an instant, by name."""
    held: dict[uuid.UUID, list[Role]] = {}
    grants = select(RoleGrant).where(
        RoleGrant.organisation_id == organisation_id,
        RoleGrant.opening_id == opening_id,
        RoleGrant.role.in_(OPENING_ROLES),
        grant_counts(at),
    )
    for grant in db.session.scalars(grants.order_by(RoleGrant.role.desc())):
        held.setdefault(grant.membership_id, []).append(grant.role)
    return [
        Candidate(member.id, member.staff_user.display_name, tuple(held[member.id]))
        for member in members(organisation_id, at=at)
        if member.id in held
    ]


def panel_of(organisation_id: uuid.UUID, round_id: uuid.UUID) -> Sequence[PanelMember]:
    """The reviewers of a round, in a stable order."""
    return db.session.scalars(
        select(PanelMember)
        .where(PanelMember.organisation_id == organisation_id, PanelMember.round_id == round_id)
        .order_by(PanelMember.id)
    ).all()


def progress(organisation_id: uuid.UUID, round_id: uuid.UUID) -> list[MemberProgress]:
    """How far each reviewer of a round is, by name."""
    counted = (
        select(
            Assignment.panel_member_id,
            func.count(),
            func.count(Assignment.submitted_at).filter(Assignment.excluded_reason.is_(None)),
            func.count(Assignment.excluded_reason),
            func.max(Assignment.submitted_at),
        )
        .where(Assignment.organisation_id == organisation_id, Assignment.round_id == round_id)
        .group_by(Assignment.panel_member_id)
    )
    counts = {row[0]: row[1:] for row in db.session.execute(counted)}
    panel = panel_of(organisation_id, round_id)
    names = names_of(organisation_id, [member.membership_id for member in panel])
    rows = [
        MemberProgress(member.id, names[member.membership_id], *counts.get(member.id, (0, 0, 0, None)))
        for member in panel
    ]
    return sorted(rows, key=lambda row: (row.name, str(row.member_id)))


def names_of(organisation_id: uuid.UUID, membership_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The display names of members, ended ones included."""
    found = db.session.scalars(
        select(Membership)
        .where(Membership.organisation_id == organisation_id, Membership.id.in_(membership_ids))
        .options(joinedload(Membership.staff_user))
    )
    return {member.id: member.staff_user.display_name for member in found}


def assignments_of(organisation_id: uuid.UUID, round_id: uuid.UUID) -> Sequence[Assignment]:
    """Every assignment of a round, excluded ones too, in a stable order."""
    return db.session.scalars(
        select(Assignment)
        .where(Assignment.organisation_id == organisation_id, Assignment.round_id == round_id)
        .order_by(Assignment.panel_member_id, Assignment.order_no)
    ).all()


def has_ratings(organisation_id: uuid.UUID, round_id: uuid.UUID) -> bool:
    """Say whether anybody rated anything in a round."""
    own = Assignment.organisation_id == organisation_id, Assignment.round_id == round_id
    rated = select(Rating.id).join(Assignment, Assignment.id == Rating.assignment_id).where(*own).limit(1)
    return db.session.scalar(rated) is not None
