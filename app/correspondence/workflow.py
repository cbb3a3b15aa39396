"""The life of a request for accommodation: 受け付けました → 相談中 → 決まりました; changed or taken back any time."""

from app.core.errors import DomainError
from app.correspondence.models import Accommodation, AccommodationState

_ANY = frozenset(AccommodationState)  # each may be said again with other words
TRANSITIONS: dict[AccommodationState, frozenset[AccommodationState]] = {
    AccommodationState.ASKED: _ANY,
    AccommodationState.TALKING: _ANY,
    AccommodationState.SETTLED: _ANY,
    AccommodationState.WITHDRAWN: frozenset({AccommodationState.ASKED}),
}


class NoSuchStep(DomainError):
    """The request is not in a state from which this step can be taken."""


def move(accommodation: Accommodation, new: AccommodationState) -> None:
    """Take a step. Raises: NoSuchStep when the table does not have it."""
    if new not in TRANSITIONS[accommodation.state]:
        raise NoSuchStep(
            f"この申し出は「{accommodation.state.label}」のため、「{new.label}」にはできません。画面を読み込み直してください。"
        )
    accommodation.state = new
