"""Conditions of state on what a person and a city write to each other; who they are is asked before."""

from app.accounts.models import Applicant
from app.applications.models import Application


def can_ask(person: Applicant, application: Application | None) -> bool:
    """Somebody who applied may ask; before that, somebody whose address was confirmed with a code."""
    return application is not None or person.confirmed_at is not None
