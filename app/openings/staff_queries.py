"""Reads of openings for the staff of their organisation, whatever their state."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import case, select

from app.core.clock import JST
from app.core.errors import DomainError, NotFound
from app.extensions import db
from app.openings.deadline_models import Proposal, ProposalState
from app.openings.models import EmploymentForm, Opening, OpeningState
from app.openings.queries import stages_of
from app.openings.revision_models import Revision, Stage
from app.outbox.models import Announcement

ORDER = (
    OpeningState.IN_REVIEW,
    OpeningState.DRAFT,
    OpeningState.APPROVED,
    OpeningState.WITHDRAWN,
    OpeningState.ARCHIVED,
)


def get_opening(organisation_id: uuid.UUID, opening_id: uuid.UUID) -> Opening:
    """Get an opening of an organisation.

    Raises: NotFound, also for another organisation's.
    """
    found = db.session.scalar(
        select(Opening).where(Opening.organisation_id == organisation_id, Opening.id == opening_id)
    )
    if found is None:
        raise NotFound
    return found


def get_approved(organisation_id: uuid.UUID, opening_id: uuid.UUID) -> Opening:
    """Get an opening of an organisation that has a revision in force, withdrawn ones included. Raises: NotFound."""
    found = get_opening(organisation_id, opening_id)
    if found.revision_id is None:
        raise NotFound
    return found


def openings_of(organisation_id: uuid.UUID, *, limit: int = 500) -> Sequence[Opening]:
    """List an organisation's openings: what waits for approval first, then drafts, then the latest deadline."""
    place = case({state.value: n for n, state in enumerate(ORDER)}, value=Opening.state)
    query = select(Opening).where(Opening.organisation_id == organisation_id)
    return db.session.scalars(
        query.order_by(place, Opening.closes_at.desc(), Opening.fiscal_year.desc(), Opening.number).limit(limit)
    ).all()


def forms_of(organisation_id: uuid.UUID) -> Sequence[EmploymentForm]:
    """List an organisation's forms of employment by their labels."""
    query = select(EmploymentForm).where(EmploymentForm.organisation_id == organisation_id)
    return db.session.scalars(query.order_by(EmploymentForm.label, EmploymentForm.key)).all()


def revisions_of(opening: Opening) -> Sequence[Revision]:
    """List every approved revision of an opening, the last first."""
    query = select(Revision).where(
        Revision.organisation_id == opening.organisation_id, Revision.opening_id == opening.id
    )
    return db.session.scalars(query.order_by(Revision.number.desc())).all()


def find_proposal(opening: Opening) -> Proposal | None:
    """Find the extension or cancellation that waits for a second person."""
    return db.session.scalar(
        select(Proposal).where(
            Proposal.organisation_id == opening.organisation_id,
            Proposal.opening_id == opening.id,
            Proposal.state == ProposalState.ASKED,
        )
    )


class AlreadyDecided(DomainError):
    """Of two presses, or of two people at once, one was first."""

    def __init__(self) -> None:
        super().__init__("この提案は、もう決まっています。結果は、募集の画面で確かめてください。")


def get_proposal(opening: Opening) -> Proposal:
    """Get the extension or cancellation that waits. Raises: AlreadyDecided; NotFound where none was ever proposed."""
    found = find_proposal(opening)
    if found is not None:
        return found
    raise AlreadyDecided if decided_proposals(opening) else NotFound()


def stages_passed(opening: Opening, closes_at: datetime | None) -> Sequence[Stage]:
    """List the stages whose announced date of the news is not after the day of a new deadline, in order."""
    on = closes_at.astimezone(JST).date() if closes_at else date.min
    return [one for one in stages_of(opening) if one.result_on is not None and one.result_on <= on]


def decided_proposals(opening: Opening) -> Sequence[Proposal]:
    """List what was proposed before and what became of it, the last first."""
    query = select(Proposal).where(
        Proposal.organisation_id == opening.organisation_id,
        Proposal.opening_id == opening.id,
        Proposal.state != ProposalState.ASKED,
    )
    return db.session.scalars(query.order_by(Proposal.decided_at.desc(), Proposal.id)).all()


def announcements_of(opening: Opening) -> Sequence[Announcement]:
    """List what was told to many about an opening, the last first."""
    query = select(Announcement).where(
        Announcement.organisation_id == opening.organisation_id, Announcement.subject_id == opening.id
    )
    return db.session.scalars(query.order_by(Announcement.at.desc(), Announcement.id)).all()
