"""The states of a round and what follows what."""

from datetime import datetime

from app.core.errors import DomainError
from app.reviews.models import Round, RoundState

MOVES = {
    RoundState.PREPARED: frozenset({RoundState.OPEN}),
    RoundState.OPEN: frozenset({RoundState.LOCKED}),
    RoundState.LOCKED: frozenset[RoundState](),
}


class WrongMove(DomainError):
    def __init__(self, state: RoundState) -> None:
        super().__init__(f"この採点期は「{state.label}」のため、その操作はできません。画面を読み込み直してください。")


def move(round_: Round, new: RoundState, *, at: datetime) -> None:
    """Move a round to its next state and note the instant.

    Raises: WrongMove.
    """
    if new not in MOVES[round_.state]:
        raise WrongMove(round_.state)
    round_.state = new
    if new is RoundState.OPEN:
        round_.opened_at = at
    else:
        round_.locked_at = at
