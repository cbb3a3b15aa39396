"""Submitted marks that were changed: both values are on record, and are read once the round is locked (032)."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.accounts.models import StaffUser
from app.audit.chain import record
from app.extensions import db
from app.reviews import queries
from app.reviews.desk import OwnMark
from app.reviews.models import Assignment, Rating, Round


@dataclass(frozen=True)
class Change:
    """One item whose submitted mark was changed at an instant."""

    label: str
    before: OwnMark
    after: OwnMark
    at: datetime

    @property
    def words(self) -> str:
        if self.before.value == self.after.value:
            return f"{self.label} 根拠"
        return f"{self.label} {self.before.words}→{self.after.words}"


def changes_of(round_: Round, assignments: Sequence[Assignment]) -> dict[uuid.UUID, list[Change]]:
    """The changes of submitted marks by assignment, in the order in which they were made."""
    rubric = queries.rubric_of(round_.organisation_id, round_.revision_id, round_.stage_key)
    labels = {item.id: item.label for item in rubric}
    found = db.session.scalars(
        select(Rating)
        .where(Rating.organisation_id == round_.organisation_id, Rating.assignment_id.in_([a.id for a in assignments]))
        .order_by(Rating.number, Rating.at, Rating.id)
    )
    last: dict[tuple[uuid.UUID, uuid.UUID], OwnMark] = {}
    changes: dict[uuid.UUID, list[Change]] = {assignment.id: [] for assignment in assignments}
    for rating in found:
        key, mark = (rating.assignment_id, rating.rubric_item_id), OwnMark(rating.value, rating.evidence)
        if key in last:
            change = Change(labels[rating.rubric_item_id], last[key], mark, rating.at)
            changes[rating.assignment_id].append(change)
        last[key] = mark
    return {key: sorted(made, key=lambda one: (one.at, one.label)) for key, made in changes.items()}


def record_changes(round_: Round, assignments: Sequence[Assignment], *, by: StaffUser, at: datetime) -> None:
    """Record every change with both values; before the lock that would show values to those who may not see them."""
    changes = changes_of(round_, assignments)
    for assignment in assignments:
        if made := changes[assignment.id]:
            words = "、".join(change.words for change in made)
            record(db.session, "list.changed_ratings", assignment, by=by.actor, at=at, changes=words)
