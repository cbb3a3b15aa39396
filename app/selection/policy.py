"""Conditions of state and person on results; who has which role is core.access."""

import uuid
from datetime import datetime

from app.selection.models import ResultSet, ResultSetState


def can_approve(staff_user_id: uuid.UUID, found: ResultSet) -> bool:
    """The second person is another account, always (R4)."""
    return found.state is ResultSetState.PREPARED and found.prepared_by != staff_user_id


def is_released(found: ResultSet, *, at: datetime) -> bool:
    """Released from the very instant on, not a microsecond before."""
    return found.state is ResultSetState.APPROVED and found.release_at <= at


def can_void(found: ResultSet, *, at: datetime) -> bool:
    """A set may be taken back until it is released."""
    return found.state is not ResultSetState.VOID and not is_released(found, at=at)
