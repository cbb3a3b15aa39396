"""What a member of staff has to do now, and the numbers of an organisation; only what the seat's roles may see."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.accounts.guard import Seat
from app.accounts.queries import holders
from app.core.access import Role
from app.correspondence import accommodation_queries
from app.correspondence.queue_queries import waiting_count
from app.extensions import db
from app.openings.models import Opening, OpeningState
from app.openings.queries import is_open
from app.outbox.models import Mail, MailState
from app.reviews.models import Assignment, PanelMember, Round, RoundState
from app.selection.models import ResultSet, ResultSetState

CLOSING_SOON = timedelta(days=7)


def scoring_left(seat: Seat) -> int:
    """Count the assignments of this member in open rounds that are neither submitted nor excluded."""
    query = (
        select(func.count())
        .select_from(Assignment)
        .join(PanelMember, PanelMember.id == Assignment.panel_member_id)
        .join(Round, Round.id == Assignment.round_id)
        .join(Opening, Opening.id == Round.opening_id)
        .where(
            Assignment.organisation_id == seat.organisation.id,
            PanelMember.membership_id == seat.membership.id,
            Round.state == RoundState.OPEN,
            Opening.state != OpeningState.WITHDRAWN,
            Assignment.submitted_at.is_(None),
            Assignment.excluded_reason.is_(None),
        )
    )
    return db.session.scalar(query) or 0


def messages_waiting(seat: Seat) -> int:
    """Count the threads in which somebody waits for this organisation's answer."""
    return waiting_count(seat.organisation.id)


def accommodations_waiting(seat: Seat) -> int:
    """Count the requests for accommodation that are not settled; asked for seats that may read them alone."""
    return accommodation_queries.waiting_count(seat.organisation.id)


def needs_go_unread(organisation_id: uuid.UUID, *, at: datetime) -> bool:
    """Say whether somebody asked for accommodation and no member of staff holds the grant to read it."""
    asked = accommodation_queries.waiting_count(organisation_id) > 0
    return asked and not holders(organisation_id, Role.ACCOMMODATION, at=at)


def failed_mails(organisation_id: uuid.UUID) -> int:
    """Count the mails that were given up."""
    query = select(func.count()).where(Mail.organisation_id == organisation_id, Mail.state == MailState.FAILED)
    return db.session.scalar(query) or 0


def openings_to_approve(organisation_id: uuid.UUID, approver_id: uuid.UUID) -> Sequence[Opening]:
    """List the openings that wait for an approver other than the one who submitted them, the oldest first."""
    query = select(Opening).where(
        Opening.organisation_id == organisation_id,
        Opening.state == OpeningState.IN_REVIEW,
        Opening.submitted_by != approver_id,
    )
    return db.session.scalars(query.order_by(Opening.submitted_at, Opening.id)).all()


def results_to_approve(organisation_id: uuid.UUID, approver_id: uuid.UUID) -> Sequence[tuple[ResultSet, Opening]]:
    """List the results that wait for an approver other than the one who prepared them, the oldest first."""
    query = (
        select(ResultSet, Opening)
        .join(Opening, Opening.id == ResultSet.opening_id)
        .where(
            ResultSet.organisation_id == organisation_id,
            ResultSet.state == ResultSetState.PREPARED,
            Opening.state != OpeningState.WITHDRAWN,
            ResultSet.prepared_by != approver_id,
        )
        .order_by(ResultSet.prepared_at, ResultSet.id)
    )
    return db.session.execute(query).all()


def returned_openings(organisation_id: uuid.UUID) -> Sequence[Opening]:
    """List the drafts that an approver gave back with a reason."""
    query = select(Opening).where(
        Opening.organisation_id == organisation_id,
        Opening.state == OpeningState.DRAFT,
        Opening.returned_reason.is_not(None),
    )
    return db.session.scalars(query.order_by(Opening.title, Opening.id)).all()


def closing_soon(organisation_id: uuid.UUID, *, at: datetime) -> Sequence[Opening]:
    """List the open openings that close within seven days, the nearest first."""
    query = select(Opening).where(
        Opening.organisation_id == organisation_id, is_open(at), Opening.closes_at <= at + CLOSING_SOON
    )
    return db.session.scalars(query.order_by(Opening.closes_at, Opening.id)).all()


def open_openings(organisation_id: uuid.UUID, *, at: datetime) -> Sequence[Opening]:
    """List the openings that are open now, the nearest deadline first."""
    query = select(Opening).where(Opening.organisation_id == organisation_id, is_open(at))
    return db.session.scalars(query.order_by(Opening.closes_at, Opening.id)).all()
