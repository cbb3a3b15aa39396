"""Conditions of state on what a person may do with their application; who they are is asked before."""

from datetime import datetime, timedelta

UNDO_WITHIN = timedelta(hours=24)


def can_reinstate(withdrawn_at: datetime | None, *, at: datetime) -> bool:
    """Say whether a withdrawal can still be taken back."""
    return withdrawn_at is not None and at <= withdrawn_at + UNDO_WITHIN
