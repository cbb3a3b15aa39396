"""The life of an opening. Open and closed are no states: they follow from the instants (design 31)."""

from app.core.errors import DomainError
from app.openings.models import Opening, OpeningState
from app.openings.policy import goes_on

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


class CalledOff(DomainError):
    """The opening was called off, and its applicants were told so: nothing more is screened, scored or decided."""

    def __init__(self) -> None:
        super().__init__(
            "この募集は中止し、応募者にもそう知らせています。応募資格の確認、受理、採点、判定はできません。"
            "応募の内容とこれまでの記録は読めます。"
        )


def require_going_on(opening: Opening) -> None:
    """Raises: CalledOff."""
    if not goes_on(opening):
        raise CalledOff


def move(opening: Opening, new: OpeningState) -> None:
    """Put an opening into a new state.

    Raises: MoveRefused.
    """
    if new not in MOVES[opening.state]:
        raise MoveRefused(opening, new)
    opening.state = new
