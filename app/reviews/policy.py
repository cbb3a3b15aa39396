"""Conditions of state on scoring; who has which role is core.access."""

from app.reviews.models import Assignment, Round, RoundState


def can_assign(round_: Round) -> bool:
    """Reviewers and applications may be added until the round is locked."""
    return round_.state is not RoundState.LOCKED


def can_discard(round_: Round) -> bool:
    """A round is taken back only before reviewers see it."""
    return round_.state is RoundState.PREPARED


def can_see_desk(round_: Round, assignment: Assignment) -> bool:
    """A reviewer reads what is assigned to him once the round is open, and his own sheet after it is locked."""
    return round_.state is not RoundState.PREPARED and assignment.excluded_reason is None


def can_score(round_: Round, assignment: Assignment) -> bool:
    """Values are entered, and changed, only while the round is open."""
    return round_.state is RoundState.OPEN and assignment.excluded_reason is None


def can_see_others(round_: Round, assignment: Assignment) -> bool:
    """Independent before shared: others' values only where nobody's can change any more, and after one's own."""
    return round_.state is RoundState.LOCKED and assignment.submitted_at is not None


def can_see_values(round_: Round) -> bool:
    """HR and chair see values once the round is locked, before only progress (design 34)."""
    return round_.state is RoundState.LOCKED
