"""Conditions of state and person on results; who has which role is core.access."""

from datetime import datetime

from app.accounts.models import StaffUser
from app.openings.models import Opening
from app.openings.policy import goes_on
from app.selection.models import ResultSet, ResultSetState


def is_preparer(user: StaffUser, found: ResultSet) -> bool:
    """Four eyes: what this account prepared is for another to approve, whatever roles it holds (R4)."""
    return found.prepared_by == user.id


def may_still_approve(user: StaffUser, found: ResultSet) -> bool:
    """Say whether an approval by this account can be meant; who is left over is asked of nobody else."""
    return found.state is ResultSetState.PREPARED and not is_preparer(user, found)


def is_stopped(found: ResultSet, opening: Opening) -> bool:
    """What was not out when its opening was called off never comes out (note 030)."""
    if goes_on(opening) or found.carried_out_at is not None:
        return False
    return opening.withdrawn_at is None or opening.withdrawn_at <= found.release_at


def is_released(found: ResultSet, opening: Opening, *, at: datetime) -> bool:
    """Released from the very instant on, not a microsecond before."""
    approved = found.state is ResultSetState.APPROVED
    return approved and found.release_at <= at and not is_stopped(found, opening)


def can_void(found: ResultSet, opening: Opening, *, at: datetime) -> bool:
    """A set may be taken back until it is released."""
    return found.state is not ResultSetState.VOID and not is_released(found, opening, at=at)
