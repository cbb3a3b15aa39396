"""How a late attempt stands: from what two people said, what its person sent since, and the deadline as it is. Pure."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from app.applications.late_models import LateAttempt, LateOutcome, LateRuling
from app.applications.models import ApplicationVersion
from app.openings.models import Opening
from app.openings.queries import last_instant

TWO = 2


class LateState(StrEnum):
    WAITING = "waiting"
    PROPOSED = "proposed"
    ADMITTING = "admitting"
    ADMITTED = "admitted"
    REFUSED = "refused"
    OVERTAKEN = "overtaken"
    EXTENDED = "extended"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return {
            "waiting": "未決",
            "proposed": "もう1人の判断待ち",
            "admitting": "受付の処理中",
            "admitted": "受け付けた",
            "refused": "受け付けない",
            "overtaken": "あとの送信を受付済み",
            "extended": "延長により再送信のお願い",
            "withdrawn": "本人が応募を辞退",
        }[self.value]

    @property
    def is_admitted(self) -> bool:
        return self is LateState.ADMITTED

    @property
    def is_refused(self) -> bool:
        return self is LateState.REFUSED

    @property
    def is_overtaken(self) -> bool:
        return self is LateState.OVERTAKEN

    @property
    def is_extended(self) -> bool:
        return self is LateState.EXTENDED

    @property
    def is_withdrawn(self) -> bool:
        return self is LateState.WITHDRAWN

    @property
    def is_open(self) -> bool:
        return self in (LateState.WAITING, LateState.PROPOSED)


def ruled(rulings: Iterable[LateRuling]) -> LateOutcome | None:
    """Say what two people agreed on, if they have; the key of the rows makes them two."""
    votes = [one.outcome for one in rulings]
    return next((outcome for outcome in LateOutcome if votes.count(outcome) >= TWO), None)


def state_of(
    attempt: LateAttempt,
    rulings: Sequence[LateRuling],
    versions: Sequence[ApplicationVersion],
    opening: Opening,
    *,
    is_withdrawn: bool,
) -> LateState:
    """Say how an attempt stands, given the versions of its person's application to that opening.

    Once the deadline has moved past it there is nothing to decide: its person is asked to send again. While its person
    has withdrawn nothing is decided or admitted; that goes on when they take it back.
    """
    if any(is_made_of(attempt, version) for version in versions):
        return LateState.ADMITTED
    if any(version.received_at > attempt.received_at for version in versions):
        return LateState.OVERTAKEN
    return _unsent_state(rulings, is_covered=is_covered(attempt, opening), is_withdrawn=is_withdrawn)


def _unsent_state(rulings: Sequence[LateRuling], *, is_covered: bool, is_withdrawn: bool) -> LateState:
    """Say how an attempt stands of which no application came, nor a later one."""
    outcome = ruled(rulings)
    if outcome is LateOutcome.REFUSE:
        return LateState.REFUSED
    if outcome is None and is_covered:
        return LateState.EXTENDED
    if is_withdrawn:
        return LateState.WITHDRAWN
    if outcome is LateOutcome.ADMIT:
        return LateState.ADMITTING
    return LateState.PROPOSED if rulings else LateState.WAITING


def is_covered(attempt: LateAttempt, opening: Opening) -> bool:
    """Say whether an extension has put the last instant behind an attempt's arrival."""
    last = last_instant(opening)
    return last is not None and attempt.received_at <= last


def is_made_of(attempt: LateAttempt, version: ApplicationVersion) -> bool:
    """Say whether a version is what an attempt became once it was admitted."""
    return version.received_at == attempt.received_at
