"""Result sets for the eyes of those who prepare and approve them."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.accounts.models import StaffUser
from app.core.errors import NotFound
from app.extensions import db
from app.openings.models import Opening
from app.selection import policy, queries
from app.selection.board import last_decisions, result_sets
from app.selection.models import DecisionOutcome, ResultSet, ResultSetState


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
    prepared_by_id: uuid.UUID
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
    return [set_view(opening, found, at=at) for found in result_sets(opening)]


def set_view(opening: Opening, found: ResultSet, *, at: datetime) -> SetView:
    """Lay out a result set as it stands at an instant."""
    lines, names = queries.lines_of(found), _names([found.prepared_by, found.approver_id])
    stages = {stage.key: stage.name for stage in queries.stages_of(opening)}
    released = policy.is_released(found, at=at)
    return SetView(
        id=found.id,
        stage_key=found.stage_key,
        stage_name=stages[found.stage_key],
        state_words="公開済み" if released else found.state.label,
        is_prepared=found.state is ResultSetState.PREPARED,
        is_approved=found.state is ResultSetState.APPROVED,
        is_released=released,
        is_intact=queries.is_intact(found, lines),
        can_void=policy.can_void(found, at=at),
        release_at=found.release_at,
        prepared_by_id=found.prepared_by,
        prepared_by=names[found.prepared_by],
        prepared_at=found.prepared_at,
        approver=names[found.approver_id] if found.approver_id else None,
        approved_at=found.approved_at,
        carried_out_at=found.carried_out_at,
        sha256=found.sha256,
        applied_count=found.applied_count,
        examined_count=found.examined_count,
        lines=_lines(opening, found),
    )


def _lines(opening: Opening, found: ResultSet) -> tuple[LineView, ...]:
    reasons = {d.id: d.reason for d in last_decisions(opening, found.stage_key).values()}
    order = list(DecisionOutcome)
    views = [
        LineView(line.examinee_number, line.outcome, line.place, reasons.get(line.decision_id, ""))
        for line in queries.lines_of(found)
    ]
    return tuple(
        sorted(views, key=lambda v: (order.index(v.outcome), v.place or 0, queries.in_order(v.examinee_number)))
    )


def _names(ids: list[uuid.UUID | None]) -> dict[uuid.UUID, str]:
    found = db.session.execute(
        select(StaffUser.id, StaffUser.display_name).where(StaffUser.id.in_([one for one in ids if one]))
    )
    return {user_id: name for user_id, name in found}
