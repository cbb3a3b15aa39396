"""Result sets for the eyes of those who prepare and approve them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.accounts.queries import staff_names
from app.core.errors import NotFound
from app.extensions import db
from app.openings.models import Opening
from app.openings.queries import stages_of
from app.selection import policy, queries
from app.selection.board import result_sets
from app.selection.models import Decision, DecisionOutcome, ResultLine, ResultSet, ResultSetState


@dataclass(frozen=True)
class LineView:
    examinee_number: str
    outcome: DecisionOutcome
    place: int | None
    reason: str


@dataclass(frozen=True)
class SetView:
    """A result set with its people by name and its lines by outcome and number."""

    id: uuid.UUID
    stage_key: str
    stage_name: str
    state_words: str
    is_prepared: bool
    is_approved: bool
    is_released: bool
    is_intact: bool
    can_void: bool
    release_at: datetime
    prepared_by: str
    prepared_at: datetime
    approver: str | None
    approved_at: datetime | None
    carried_out_at: datetime | None
    sha256: str
    applied_count: int
    examined_count: int
    lines: tuple[LineView, ...]

    def count(self, outcome: str) -> int:
        return sum(1 for line in self.lines if line.outcome.value == outcome)


def get_set(opening: Opening, set_id: uuid.UUID) -> ResultSet:
    """Get a result set of an opening. Raises: NotFound."""
    found = next((one for one in result_sets(opening) if one.id == set_id), None)
    if found is None:
        raise NotFound
    return found


def set_views(opening: Opening, *, at: datetime) -> list[SetView]:
    """Every result set of an opening, the newest first."""
    return _views(opening, result_sets(opening), at=at)


def set_view(opening: Opening, found: ResultSet, *, at: datetime) -> SetView:
    """Lay out a result set as it stands at an instant."""
    return _views(opening, [found], at=at)[0]


@dataclass(frozen=True)
class _Around:
    """What the views of an opening's sets are made from, read once for all of them."""

    opening: Opening
    stages: dict[str, str]
    people: dict[uuid.UUID, str]
    lines: dict[uuid.UUID, list[ResultLine]]
    reasons: dict[uuid.UUID, str]  # by decision


def _views(opening: Opening, sets: Sequence[ResultSet], *, at: datetime) -> list[SetView]:
    lines: dict[uuid.UUID, list[ResultLine]] = {one.id: [] for one in sets}
    for line in queries.lines_of(*sets):
        lines[line.result_set_id].append(line)
    around = _Around(
        opening,
        {stage.key: stage.name for stage in stages_of(opening)},
        staff_names(one for found in sets for one in (found.prepared_by, found.approver_id)),
        lines,
        _reasons(opening, [line.decision_id for own in lines.values() for line in own]),
    )
    return [_view(found, around, at=at) for found in sets]


def _reasons(opening: Opening, decision_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    found = db.session.execute(
        select(Decision.id, Decision.reason).where(
            Decision.organisation_id == opening.organisation_id, Decision.id.in_(decision_ids)
        )
    )
    return {decision_id: reason for decision_id, reason in found}


def _view(found: ResultSet, around: _Around, *, at: datetime) -> SetView:
    released = policy.is_released(found, around.opening, at=at)
    own = ("id", "stage_key", "release_at", "prepared_at", "approved_at", "carried_out_at", "sha256")
    return SetView(
        **{name: getattr(found, name) for name in (*own, "applied_count", "examined_count")},
        stage_name=around.stages[found.stage_key] + (f"（追加の結果{found.number - 1}）" if found.number > 1 else ""),
        state_words=_state_words(found, around.opening, released),
        is_prepared=found.state is ResultSetState.PREPARED,
        is_approved=found.state is ResultSetState.APPROVED,
        is_released=released,
        is_intact=queries.is_intact(found, around.lines[found.id]),
        can_void=policy.can_void(found, around.opening, at=at),
        prepared_by=around.people[found.prepared_by],
        approver=around.people[found.approver_id] if found.approver_id else None,
        lines=_lines(around.lines[found.id], around.reasons),
    )


def _state_words(found: ResultSet, opening: Opening, released: bool) -> str:
    if found.state is not ResultSetState.VOID and policy.is_stopped(found, opening):
        return "公開しません（募集の中止）"
    return "公開済み" if released else found.state.label


def _lines(lines: Sequence[ResultLine], reasons: dict[uuid.UUID, str]) -> tuple[LineView, ...]:
    order = list(DecisionOutcome)
    views = [LineView(line.examinee_number, line.outcome, line.place, reasons[line.decision_id]) for line in lines]
    return tuple(
        sorted(views, key=lambda v: (order.index(v.outcome), v.place or 0, queries.in_order(v.examinee_number)))
    )
