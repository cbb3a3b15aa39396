"""Conditions of state on what a person may ask and drop; who they are is asked before."""

from app.accounts.models import Applicant, StaffUser
from app.applications.models import Application, Draft
from app.correspondence.erasing_models import ErasureProposal, ErasureStep


def can_ask(person: Applicant, application: Application | None) -> bool:
    """Somebody who applied may ask; before that, somebody whose address was confirmed with a code."""
    return application is not None or person.confirmed_at is not None


def takes_questions(is_called_off: bool, *, is_begun: bool) -> bool:
    """Nobody begins to ask about an opening that was called off; what was begun goes on."""
    return is_begun or not is_called_off


def can_drop(draft: Draft, *, has_sent: bool) -> bool:
    """A draft goes at once as long as nothing of it was sent, in time or late."""
    return draft.submitted_at is None and not has_sent


def can_consent(user: StaffUser, proposal: ErasureProposal) -> bool:
    """Four eyes: an erasure is approved or given back by another account than the one that prepared it."""
    return proposal.state is ErasureStep.ASKED and proposal.asked_by != user.id
