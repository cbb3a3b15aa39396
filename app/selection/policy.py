"""Conditions of state and person on results; who has which role is core.access."""

from datetime import datetime

from app.accounts.models import StaffUser
from app.selection.models import ResultSet, ResultSetState


def is_preparer(user: StaffUser, found: ResultSet) -> bool:
    """Four eyes: what this account prepared is for another to approve, whatever roles it holds (R4)."""
    return found.prepared_by == user.id


def is_released(found: ResultSet, *, at: datetime) -> bool:
    """Released from the very instant on, not a microsecond before."""
    return found.state is ResultSetState.APPROVED and found.release_at <= at


def can_void(found: ResultSet, *, at: datetime) -> bool:
    """A set may be taken back until it is released."""
    return found.state is not ResultSetState.VOID and not is_released(found, at=at)
