"""From rows to the formula's plain values and back: a run is computed here, and computed again to verify it (R3)."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.openings.revision_models import RubricItem
from app.reviews import queries
from app.reviews.models import Assignment, Rating, Round, ScoreRun
from app.reviews.scoring import FORMULA_VERSION, Item, Line, LineState, Sheet, input_digest, score


@dataclass(frozen=True)
class Computed:
    """What one computation of a round gives."""

    sha256: str
    lines: list[Line]


def latest_ratings(organisation_id: uuid.UUID, assignment_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[Rating]]:
    """The ratings that count, by assignment: for each item the last number."""
    found = db.session.scalars(
        select(Rating)
        .where(Rating.organisation_id == organisation_id, Rating.assignment_id.in_(assignment_ids))
        .order_by(Rating.number)
    )
    last: dict[tuple[uuid.UUID, uuid.UUID], Rating] = {(r.assignment_id, r.rubric_item_id): r for r in found}
    by_assignment: dict[uuid.UUID, list[Rating]] = {assignment_id: [] for assignment_id in assignment_ids}
    for (assignment_id, _item_id), rating in last.items():
        by_assignment[assignment_id].append(rating)
    return by_assignment


def compute(round_: Round) -> Computed:
    """Compute totals and ranks of a round from its submitted ratings; excluded assignments do not count."""
    rubric = queries.rubric_of(round_.organisation_id, round_.revision_id, round_.stage_key)
    assignments = queries.assignments_of(round_.organisation_id, round_.id)
    items = [Item(item.key, item.weight, item.levels[-1].value) for item in rubric]
    sheets = _sheets(round_, rubric, [a for a in assignments if a.excluded_reason is None])
    applications = sorted({str(assignment.application_id) for assignment in assignments})
    return Computed(input_digest(items, sheets, applications), score(items, sheets, applications))


def _sheets(round_: Round, rubric: Sequence[RubricItem], assignments: Sequence[Assignment]) -> list[Sheet]:
    keys = {item.id: item.key for item in rubric}
    ratings = latest_ratings(round_.organisation_id, [assignment.id for assignment in assignments])
    return [
        Sheet(
            str(assignment.application_id),
            str(assignment.panel_member_id),
            {keys[r.rubric_item_id]: r.value for r in ratings[assignment.id]} if assignment.submitted_at else None,
        )
        for assignment in assignments
    ]


def as_json(line: Line) -> dict[str, Any]:
    """A line as a run keeps it: the total as text, exact."""
    return {
        "application": line.application,
        "state": line.state.value,
        "total": None if line.total is None else str(line.total),
        "rank": line.rank,
    }


def lines_of(run: ScoreRun) -> list[Line]:
    """The lines of a stored run."""
    return [
        Line(
            line["application"],
            LineState(line["state"]),
            None if line["total"] is None else Decimal(line["total"]),
            line["rank"],
        )
        for line in run.lines
    ]


def find_run(organisation_id: uuid.UUID, round_id: uuid.UUID) -> ScoreRun | None:
    """The last run of a round, None while it is not locked."""
    return db.session.scalar(
        select(ScoreRun)
        .where(ScoreRun.organisation_id == organisation_id, ScoreRun.round_id == round_id)
        .order_by(ScoreRun.at.desc(), ScoreRun.id)
        .limit(1)
    )


def verify_run(round_: Round, run: ScoreRun) -> bool:
    """Compute a round again and say whether input, formula and every line equal the stored run."""
    again = compute(round_)
    same_input = run.formula_version == FORMULA_VERSION and run.input_sha256 == again.sha256
    return same_input and run.lines == [as_json(line) for line in again.lines]
