"""Conditions of state on what a person may ask and drop; who they are is asked before."""

from app.accounts.models import Applicant
from app.applications.models import Application, Draft


def can_ask(person: Applicant, application: Application | None) -> bool:
    """Somebody who applied may ask; before that, somebody whose address was confirmed with a code."""
    return application is not None or person.confirmed_at is not None


def can_drop(draft: Draft, *, has_sent: bool) -> bool:
    """A draft goes at once as long as nothing of it was sent, in time or late."""
    return draft.submitted_at is None and not has_sent
