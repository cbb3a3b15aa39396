"""The states of a result set; released is none of them: it follows from approved and the instant."""

import uuid
from datetime import datetime

from app.core.errors import DomainError
from app.selection.models import ResultSet, ResultSetState

MOVES = {
    ResultSetState.PREPARED: frozenset({ResultSetState.APPROVED, ResultSetState.VOID}),
    ResultSetState.APPROVED: frozenset({ResultSetState.VOID}),
    ResultSetState.VOID: frozenset[ResultSetState](),
}


class WrongMove(DomainError):
    def __init__(self, state: ResultSetState) -> None:
        super().__init__(f"この結果は「{state.label}」のため、その操作はできません。画面を読み込み直してください。")


def approve(found: ResultSet, *, approver_id: uuid.UUID, at: datetime) -> None:
    """Approve a prepared set. Raises: WrongMove."""
    _require(found, ResultSetState.APPROVED)
    found.approver_id, found.approved_at = approver_id, at
    found.state = ResultSetState.APPROVED


def void(found: ResultSet) -> None:
    """Void a set that is prepared or approved. Raises: WrongMove."""
    _require(found, ResultSetState.VOID)
    found.state = ResultSetState.VOID


def _require(found: ResultSet, new: ResultSetState) -> None:
    if new not in MOVES[found.state]:
        raise WrongMove(found.state)
