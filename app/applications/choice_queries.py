"""Reads of the openings that a draft names."""

from datetime import datetime

from app.applications.choices import Calls, one_call
from app.applications.models import Draft
from app.applications.queries import get_call


def get_calls(draft: Draft, *, at: datetime) -> Calls:
    """Get the openings that a draft names with all that applying to them needs. Raises: NotFound."""
    return one_call(get_call(draft.opening_id, at=at))
