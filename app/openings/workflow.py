"""The life of an opening. Open and closed are no states: they follow from the instants (design 31)."""

from app.core.errors import DomainError
from app.openings.models import Opening, OpeningState

MOVES: dict[OpeningState, frozenset[OpeningState]] = {
    OpeningState.DRAFT: frozenset({OpeningState.IN_REVIEW, OpeningState.ARCHIVED}),
    OpeningState.IN_REVIEW: frozenset({OpeningState.DRAFT, OpeningState.APPROVED}),
    OpeningState.APPROVED: frozenset({OpeningState.DRAFT, OpeningState.WITHDRAWN}),
    OpeningState.WITHDRAWN: frozenset(),
    OpeningState.ARCHIVED: frozenset({OpeningState.DRAFT}),
}


class MoveRefused(DomainError):
    """The opening is not in a state from which this may happen."""

    def __init__(self, opening: Opening, new: OpeningState) -> None:
        super().__init__(
            f"この募集はいま「{opening.state.label}」のため、「{new.label}」にできません。画面を読み込み直してください。"
        )


def move(opening: Opening, new: OpeningState) -> None:
    """Put an opening into a new state.

    Raises: MoveRefused.
    """
    if new not in MOVES[opening.state]:
        raise MoveRefused(opening, new)
    opening.state = new
