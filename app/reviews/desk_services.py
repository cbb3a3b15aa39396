"""Use cases of a reviewer at the desk: submit values, declare a tie."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.accounts.models import StaffUser
from app.audit.chain import record
from app.core.errors import DomainError, NotFound, StaleWrite
from app.core.model import new_id
from app.extensions import db
from app.openings.revision_models import RubricItem
from app.openings.staff_queries import get_opening
from app.openings.workflow import require_going_on
from app.reviews import policy, queries
from app.reviews.assigning import TIE
from app.reviews.models import Assignment, Conflict, PanelMember, Rating, Round
from app.reviews.runs import latest_ratings


@dataclass(frozen=True)
class Mark:
    """What a reviewer says of one item: a level, or None for 評価不能, with its evidence."""

    value: int | None
    evidence: str = ""


class RoundClosed(DomainError):
    def __init__(self) -> None:
        super().__init__(
            "この採点期は締め切られたか、まだ始まっていません。点は保存していません。人事担当に確認してください。"
        )


class IncompleteMarks(DomainError):
    def __init__(self) -> None:
        super().__init__(
            "すべての評価項目に、定められた段階か評価不能を選んでください。根拠が必要な段階には根拠を書いてください。"
        )


def submit_marks(
    assignment: Assignment,
    marks: Mapping[str, Mark],
    *,
    comment: str,
    internal_note: str,
    version: int,
    by: StaffUser,
    at: datetime,
) -> None:
    """Submit a reviewer's marks by item key, or change those submitted; earlier values stay as numbered rows.

    `version` is that of the assignment as the reviewer saw it. Raises: RoundClosed, IncompleteMarks, StaleWrite.
    """
    round_ = _require_open(assignment)
    if assignment.version != version:
        raise StaleWrite
    rubric = queries.rubric_of(round_.organisation_id, round_.revision_id, round_.stage_key)
    _require_whole(rubric, marks)
    changed = _changed(assignment, rubric, marks, at=at)
    db.session.add_all(changed)
    _note(assignment, len(changed), comment, by=by, at=at)
    assignment.comment, assignment.internal_note = comment, internal_note
    assignment.submitted_at = at
    db.session.commit()


def _note(assignment: Assignment, changed: int, comment: str, *, by: StaffUser, at: datetime) -> None:
    """Record a submission, or what of an earlier one is changed."""
    if assignment.submitted_at is None:
        record(db.session, "submit.ratings", assignment, by=by.actor, at=at, changed=changed)
    else:
        altered = {"changed": changed, "comment_changed": assignment.comment != comment}
        record(db.session, "change.ratings", assignment, by=by.actor, at=at, **altered)


def _require_open(assignment: Assignment) -> Round:
    """The round as it stands, in which this may be scored; held against being locked until the transaction ends."""
    found = db.session.scalar(
        select(Round)
        .where(Round.organisation_id == assignment.organisation_id, Round.id == assignment.round_id)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    if not policy.can_score(found, assignment):
        raise RoundClosed
    require_going_on(get_opening(found.organisation_id, found.opening_id))
    return found


def _require_whole(rubric: Sequence[RubricItem], marks: Mapping[str, Mark]) -> None:
    if {item.key for item in rubric} != set(marks):
        raise IncompleteMarks
    for item in rubric:
        mark, levels = marks[item.key], {level.value: level for level in item.levels}
        if mark.value is not None and mark.value not in levels:
            raise IncompleteMarks
        if mark.value is not None and levels[mark.value].evidence_required and not mark.evidence.strip():
            raise IncompleteMarks


def _changed(
    assignment: Assignment, rubric: Sequence[RubricItem], marks: Mapping[str, Mark], *, at: datetime
) -> list[Rating]:
    last = {rating.rubric_item_id: rating for rating in latest_ratings(
        assignment.organisation_id, [assignment.id])[assignment.id]}  # fmt: skip
    return [
        Rating(
            id=new_id(),
            organisation_id=assignment.organisation_id,
            assignment_id=assignment.id,
            rubric_item_id=item.id,
            number=last[item.id].number + 1 if item.id in last else 1,
            value=marks[item.key].value,
            not_ratable=marks[item.key].value is None,
            evidence=marks[item.key].evidence,
            at=at,
        )
        for item in rubric
        if not _equal(last.get(item.id), marks[item.key])
    ]


def _equal(rating: Rating | None, mark: Mark) -> bool:
    return rating is not None and (rating.value, rating.evidence) == (mark.value, mark.evidence)


def declare_tie(assignment: Assignment, kind: str, *, by: StaffUser, at: datetime) -> None:
    """Declare a tie (知人・利害関係) to the person behind an examinee number: the reviewer is out for this application.

    Raises: RoundClosed once the round is locked.
    """
    _require_open(assignment)
    membership_id = db.session.scalar(
        select(PanelMember.membership_id).where(
            PanelMember.organisation_id == assignment.organisation_id, PanelMember.id == assignment.panel_member_id
        )
    )
    if membership_id is None:
        raise NotFound
    if not _is_declared(assignment, membership_id):
        db.session.add(_conflict(assignment, membership_id, kind, at=at))
    assignment.excluded_reason = TIE
    record(db.session, "declare.tie", assignment, by=by.actor, at=at, kind=kind)
    db.session.commit()


def _conflict(assignment: Assignment, membership_id: uuid.UUID, kind: str, *, at: datetime) -> Conflict:
    return Conflict(
        id=new_id(),
        organisation_id=assignment.organisation_id,
        membership_id=membership_id,
        application_id=assignment.application_id,
        kind=kind,
        declared_at=at,
    )


def _is_declared(assignment: Assignment, membership_id: uuid.UUID) -> bool:
    found = select(func.count()).where(
        Conflict.organisation_id == assignment.organisation_id,
        Conflict.membership_id == membership_id,
        Conflict.application_id == assignment.application_id,
    )
    return bool(db.session.scalar(found))
