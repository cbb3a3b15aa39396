"""A locked round for the eyes of HR and chair: ranking, every reviewer's values, whether it computes again."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from app.applications.models import Application
from app.core.errors import NotFound
from app.extensions import db
from app.reviews import policy, queries, runs
from app.reviews.changes import Change, changes_of
from app.reviews.desk import OwnMark
from app.reviews.models import Assignment, Round
from app.reviews.scoring import Line, LineState


@dataclass(frozen=True)
class ReviewerSheet:
    """One reviewer's marks by item key, None where the assignment is excluded."""

    reviewer: str
    marks: dict[str, OwnMark] | None
    excluded_reason: str | None
    comment: str
    changes: tuple[Change, ...]  # of marks that had been submitted, in order


@dataclass(frozen=True)
class RankedLine:
    """One application of a ranking."""

    application_id: uuid.UUID
    examinee_number: str
    rank: int | None
    total: Decimal | None
    state: LineState
    sheets: tuple[ReviewerSheet, ...]


@dataclass(frozen=True)
class Ranking:
    """A stored run with its lines by rank."""

    formula_version: str
    input_sha256: str
    at: datetime
    verified: bool
    items: tuple[tuple[str, str, int], ...]  # key, label, weight
    lines: tuple[RankedLine, ...]


def get_ranking(round_: Round) -> Ranking:
    """Lay out a locked round. Raises: NotFound before it is locked (design 34)."""
    run = runs.find_run(round_.organisation_id, round_.id)
    if run is None or not policy.can_see_values(round_):
        raise NotFound
    rubric = queries.rubric_of(round_.organisation_id, round_.revision_id, round_.stage_key)
    sheets = _sheets(round_, {item.id: item.key for item in rubric})
    numbers = _numbers(round_)
    return Ranking(
        formula_version=run.formula_version,
        input_sha256=run.input_sha256,
        at=run.at,
        verified=runs.verify_run(round_, run),
        items=tuple((item.key, item.label, item.weight) for item in rubric),
        lines=tuple(_ranked(line, numbers, sheets) for line in runs.lines_of(run)),
    )


def _ranked(line: Line, numbers: dict[uuid.UUID, str], sheets: dict[uuid.UUID, list[ReviewerSheet]]) -> RankedLine:
    key = uuid.UUID(line.application)
    return RankedLine(key, numbers[key], line.rank, line.total, line.state, tuple(sheets.get(key, ())))


def _numbers(round_: Round) -> dict[uuid.UUID, str]:
    """Examinee numbers; nothing else of an application comes onto this page."""
    found = db.session.execute(
        select(Application.id, Application.examinee_number).where(
            Application.organisation_id == round_.organisation_id, Application.opening_id == round_.opening_id
        )
    )
    return {application_id: number or "" for application_id, number in found}


def _sheets(round_: Round, keys: dict[uuid.UUID, str]) -> dict[uuid.UUID, list[ReviewerSheet]]:
    panel = queries.panel_of(round_.organisation_id, round_.id)
    names = queries.names_of(round_.organisation_id, [member.membership_id for member in panel])
    name_of = {member.id: names[member.membership_id] for member in panel}
    assignments = queries.assignments_of(round_.organisation_id, round_.id)
    ratings = runs.latest_ratings(round_.organisation_id, [assignment.id for assignment in assignments])
    changes = changes_of(round_, assignments)
    sheets: dict[uuid.UUID, list[ReviewerSheet]] = {}
    for assignment in sorted(assignments, key=lambda a: (name_of[a.panel_member_id], str(a.panel_member_id))):
        marks = {keys[r.rubric_item_id]: OwnMark(r.value, r.evidence) for r in ratings[assignment.id]}
        sheets.setdefault(assignment.application_id, []).append(
            _sheet(assignment, name_of[assignment.panel_member_id], marks, changes[assignment.id])
        )
    return sheets


def _sheet(
    assignment: Assignment, reviewer: str, marks: dict[str, OwnMark], changes: Sequence[Change]
) -> ReviewerSheet:
    if assignment.excluded_reason is not None:
        return ReviewerSheet(reviewer, None, assignment.excluded_reason, "", ())
    return ReviewerSheet(reviewer, marks, None, assignment.comment, tuple(changes))
