"""What staff make of a computed outcome, and when a reason must stand beside it. Pure."""

from dataclasses import dataclass

from app.applications.screening_models import FindingOutcome

REASON_CHARACTERS = 1000
COMPUTED_BY_NOBODY = "person"  # the kind of criterion that is judged by people alone


@dataclass(frozen=True)
class Ruling:
    """One criterion as a person decides it; 要確認 takes an earlier decision back."""

    outcome: FindingOutcome
    reason: str = ""


def overrides(computed: FindingOutcome, chosen: FindingOutcome) -> bool:
    """Say whether a decision goes against the computed outcome; 要確認, computed or chosen, decides nothing."""
    return FindingOutcome.CHECK not in (computed, chosen) and computed is not chosen


def needs_reason(kind: str, computed: FindingOutcome, chosen: FindingOutcome) -> bool:
    """Say whether a decision needs a reason: it differs from the computed outcome.

    要確認 decides nothing and needs none; where nothing is computed (a criterion for people), 満たす needs none.
    """
    if chosen is FindingOutcome.CHECK or (kind == COMPUTED_BY_NOBODY and chosen is FindingOutcome.MEETS):
        return False
    return computed is not chosen
