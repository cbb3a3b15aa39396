"""Conditions of state and person around an opening; who may at all stands in app/core/access.py."""

from datetime import datetime, timedelta

from app.accounts.models import StaffUser
from app.openings.amendment_models import Amendment, AmendmentState
from app.openings.deadline_models import Proposal, ProposalState
from app.openings.models import Opening, OpeningState

FARTHEST = timedelta(days=366)


def is_published(opening: Opening, at: datetime) -> bool:
    """Say whether the instant of publication has come for what two people approved; then nothing changes in place."""
    if opening.state is OpeningState.WITHDRAWN:
        return True
    return opening.state is OpeningState.APPROVED and opening.published_at is not None and opening.published_at <= at


def goes_on(opening: Opening) -> bool:
    """Say whether its applications are still screened, scored and decided: not after it was called off."""
    return opening.state is not OpeningState.WITHDRAWN


def can_edit(opening: Opening, at: datetime) -> bool:
    """An edit in review or after approval voids the approval; after publication there is none."""
    return opening.state is not OpeningState.ARCHIVED and not is_published(opening, at)


def can_submit(opening: Opening) -> bool:
    return opening.state is OpeningState.DRAFT


def is_submitter(user: StaffUser, opening: Opening) -> bool:
    """Four eyes: what this account submitted is for another to approve, return or call off, whatever roles it holds."""
    return opening.submitted_by == user.id


def can_approve(user: StaffUser, opening: Opening) -> bool:
    return opening.state is OpeningState.IN_REVIEW and not is_submitter(user, opening)


def can_withdraw(user: StaffUser, opening: Opening, at: datetime) -> bool:
    """Before publication one approver calls off; a published opening takes two people (`can_change_deadline`)."""
    is_hidden = opening.state is OpeningState.APPROVED and not is_published(opening, at)
    return is_hidden and not is_submitter(user, opening)


def can_archive(opening: Opening) -> bool:
    return opening.state is OpeningState.DRAFT


def can_restore(opening: Opening) -> bool:
    return opening.state is OpeningState.ARCHIVED


def is_own_submission(user: StaffUser, opening: Opening) -> bool:
    """Say whether this account waits for another to approve."""
    return opening.state is OpeningState.IN_REVIEW and is_submitter(user, opening)


def is_proposer(user: StaffUser, proposal: Proposal) -> bool:
    return proposal.asked_by == user.id


def can_decide(user: StaffUser, proposal: Proposal) -> bool:
    """Four eyes: an extension or a cancellation is decided by another account than the one that prepared it."""
    return proposal.state is ProposalState.ASKED and not is_proposer(user, proposal)


def is_too_far(opening: Opening, closes_at: datetime, at: datetime) -> bool:
    """Say whether a new deadline lies more than a year after the present one and after now: a slip of the hand."""
    return closes_at > max(opening.closes_at or at, at) + FARTHEST


def can_change_deadline(opening: Opening, at: datetime) -> bool:
    """Only what the public sees, and is not called off, is extended or called off by two people."""
    return opening.state is OpeningState.APPROVED and is_published(opening, at)


def can_amend(opening: Opening, at: datetime) -> bool:
    """Only what the public sees, and is not called off, is amended; also after the deadline (days of the stages)."""
    return can_change_deadline(opening, at)


def can_decide_amendment(user: StaffUser, amendment: Amendment) -> bool:
    """Four eyes: an amendment is decided by another account than the one that asked for it."""
    return amendment.state is AmendmentState.ASKED and amendment.asked_by != user.id


def can_take_amendment_back(user: StaffUser, amendment: Amendment) -> bool:
    return amendment.state is AmendmentState.ASKED and amendment.asked_by == user.id
