"""Use cases of a decision: attendance, decisions, a result set prepared, approved by another person, taken back."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.accounts.models import StaffUser
from app.applications.models import Application
from app.applications.rechecks import awaiting_recheck, recheck_words
from app.applications.screening_models import Attendance, StageEntry
from app.audit.chain import record
from app.core.database import add_in_order
from app.core.errors import NotFound, StaleWrite
from app.core.model import new_id
from app.extensions import db
from app.openings.models import Opening
from app.openings.revision_models import Stage
from app.openings.workflow import require_going_on
from app.selection import policy, workflow
from app.selection.board import Board, BoardRow, applied_count, examined_count, get_board
from app.selection.left_over import left_over
from app.selection.lines import Frame, FrozenLine, digest
from app.selection.models import Decision, DecisionOutcome, ResultLine, ResultSet
from app.selection.queries import told_lines
from app.selection.refusals import (
    DecisionRefused,
    last_released,
    require_changeable,
    require_deadline,
    require_seen,
    require_unchanged,
    require_whole,
)


@dataclass(frozen=True)
class Choice:
    """What is decided on one application; `seen` is the number of the decision that the page showed (0: none)."""

    application_id: uuid.UUID
    outcome: DecisionOutcome | None
    place: int | None
    reason: str
    seen: int


def record_attendance(
    opening: Opening,
    stage: Stage,
    marks: Mapping[uuid.UUID, Attendance | None],
    *,
    by: StaffUser,
    at: datetime,
) -> int:
    """Note who was present and who absent at a stage; return how many entries changed.

    Raises: DecisionRefused once the stage's results are approved.
    """
    entries = _hold(opening, stage)
    require_changeable(opening, stage, at=at)
    changed = [e for e in entries if e.application_id in marks and e.attendance != marks[e.application_id]]
    if {entry.application_id for entry in changed} & told_lines(opening.id, stage.key, at=at).keys():
        raise DecisionRefused("結果を公開した応募の出欠は変えられません。")
    for entry in changed:
        entry.attendance = marks[entry.application_id]
        record(db.session, "record.attendance", entry, by=by.actor, at=at, attendance=entry.attendance)
    db.session.commit()
    return len(changed)


def decide(opening: Opening, stage: Stage, choices: Sequence[Choice], *, by: StaffUser, at: datetime) -> int:
    """Enter decisions that differ from those that count; return how many. They stay pending until released.

    Raises: DecisionRefused while somebody is neither scored, absent nor withdrawn (R1); StaleWrite.
    """
    _hold(opening, stage)
    require_changeable(opening, stage, at=at)
    board = get_board(opening, stage, at=at)
    rows = {row.application_id: row for row in board.standing}
    if any(choice.application_id not in rows for choice in choices):
        raise StaleWrite
    changed = [choice for choice in choices if _differs(rows[choice.application_id], choice)]
    _require_ready(board, changed)
    for choice in changed:
        db.session.add(_decision(opening, stage, rows[choice.application_id], choice, by=by, at=at))
    if changed:
        record(db.session, "decide.stage", opening, by=by.actor, at=at, stage=stage.key, decisions=len(changed))
    db.session.commit()
    return len(changed)


def _hold(opening: Opening, stage: Stage) -> Sequence[StageEntry]:
    """The entries of a stage, held until the end of the transaction: nobody decides, freezes or approves meanwhile."""
    return db.session.scalars(
        select(StageEntry)
        .join(Application, Application.id == StageEntry.application_id)
        .where(
            StageEntry.organisation_id == opening.organisation_id,
            StageEntry.stage_key == stage.key,
            Application.opening_id == opening.id,
        )
        .order_by(StageEntry.id)
        .with_for_update(of=StageEntry)
        .execution_options(populate_existing=True)
    ).all()


def _differs(row: BoardRow, choice: Choice) -> bool:
    last = row.decision
    if (last.number if last else 0) != choice.seen:
        raise StaleWrite
    if last is None:
        return choice.outcome is not None
    return (last.outcome, last.place, last.reason) != (choice.outcome, choice.place, choice.reason)


def _require_ready(board: Board, changed: Sequence[Choice]) -> None:
    decided = [choice for choice in changed if choice.outcome is not None]
    rows, own = {row.application_id: row for row in board.standing}, {one.application_id for one in decided}
    unready = [row for row in board.unready if not board.is_released or row.application_id in own]
    if decided and unready:
        numbers = "、".join(row.examinee_number for row in unready[:10])
        raise DecisionRefused(
            f"採点の締切か出欠の入力が済んでいない応募が{len(unready)}件あります（受験番号 {numbers}）。"
            "全員が採点済み・欠席・辞退のどれかになってから、判定を入れてください。"
        )
    for choice in changed:
        _require_told(rows[choice.application_id], choice)
    for choice in decided:
        _require_sound(rows[choice.application_id], choice)


def _require_told(row: BoardRow, choice: Choice) -> None:
    """A reserve whose result is out is called up, refused, or stays with the place that was published."""
    if row.told is None or choice.outcome in (DecisionOutcome.PASS, DecisionOutcome.FAIL):
        return
    if (choice.outcome, choice.place) != (row.told.outcome, row.told.place):
        place = f"（補欠順位 {row.told.place}）" if row.told.place else "（補欠順位なし）"
        raise DecisionRefused(
            f"受験番号 {row.examinee_number} の補欠は公開済みです。"
            f"合格か不合格にするか、補欠{place}のままにしてください。"
        )


def _require_sound(row: BoardRow, choice: Choice) -> None:
    if choice.place is not None and (choice.outcome is not DecisionOutcome.RESERVE or choice.place < 1):
        raise DecisionRefused(f"受験番号 {row.examinee_number}：補欠順位は、補欠の判定にだけ1から付けてください。")
    if row.is_absent and choice.outcome is DecisionOutcome.PASS:
        raise DecisionRefused(f"受験番号 {row.examinee_number} は欠席のため、合格にできません。")
    if row.line is not None and row.total is None and not row.is_absent and not choice.reason.strip():
        raise DecisionRefused(f"受験番号 {row.examinee_number} には総合点がありません。判定の理由を入力してください。")


def _decision(
    opening: Opening, stage: Stage, row: BoardRow, choice: Choice, *, by: StaffUser, at: datetime
) -> Decision:
    return Decision(
        id=new_id(),
        organisation_id=opening.organisation_id,
        application_id=row.application_id,
        stage_key=stage.key,
        number=choice.seen + 1,
        outcome=choice.outcome,
        place=choice.place,
        reason=choice.reason,
        by=by.id,
        at=at,
    )


def prepare_results(
    opening: Opening, stage: Stage, *, release_at: datetime, seen: str = "", by: StaffUser, at: datetime
) -> ResultSet:
    """Freeze the decisions of a stage for release at an instant, to be approved by another person.

    `seen` is the token of who is left over, as the page named them. Raises: DecisionRefused where that is not so, while
    somebody is undecided or to be confirmed again, or for an instant that is past or no whole minute.
    """
    require_going_on(opening)
    _hold(opening, stage)
    if release_at <= at or release_at.second or release_at.microsecond:
        raise DecisionRefused("公開する日時は、これから来る時刻を分単位で入力してください。")
    board = _ready_board(opening, stage, at=at)
    left = left_over(opening, stage, None, at=at)
    require_seen(left, seen)
    frame = _frame(opening, board, release_at, at=at)
    lines = [_frozen(row) for row in board.news]
    found = _result_set(opening, frame, lines, by=by, at=at)
    add_in_order(db.session, [found, *(_line(found, line) for line in lines)])
    said = {"stage": stage.key, "lines": len(lines), "sha256": found.sha256, "left_over": left.token}
    record(db.session, "prepare.results", found, by=by.actor, at=at, release_at=release_at, **said)
    db.session.commit()
    return found


def _frame(opening: Opening, board: Board, release_at: datetime, *, at: datetime) -> Frame:
    """What the set says besides its lines; behind a released one, those examined are its own and the new ones."""
    stage, applied = board.stage, applied_count(opening)
    before = last_released(opening, stage, at=at)
    if before is None:
        return Frame(opening.id, stage.key, release_at, applied, examined_count(board.rows))
    examined = before.examined_count + examined_count(row for row in board.news if row.told is None)
    return Frame(opening.id, stage.key, release_at, applied, examined, before.number + 1)


def _ready_board(opening: Opening, stage: Stage, *, at: datetime) -> Board:
    """Give the board of a stage of which results may be prepared. Raises: DecisionRefused."""
    last_released(opening, stage, at=at)
    require_deadline(opening, stage, at=at)
    if numbers := awaiting_recheck(opening.organisation_id, opening.id, stage.key):
        raise DecisionRefused(recheck_words(numbers))
    board = get_board(opening, stage, at=at)
    require_whole(board)
    return board


def _frozen(row: BoardRow) -> FrozenLine:
    if row.decision is None or row.decision.outcome is None:
        raise NotFound
    return FrozenLine(
        row.application_id, row.examinee_number, row.decision.id, row.decision.outcome, row.decision.place
    )


def _result_set(
    opening: Opening, frame: Frame, lines: Sequence[FrozenLine], *, by: StaffUser, at: datetime
) -> ResultSet:
    return ResultSet(
        id=new_id(),
        organisation_id=opening.organisation_id,
        opening_id=frame.opening_id,
        stage_key=frame.stage_key,
        number=frame.number,
        release_at=frame.release_at,
        applied_count=frame.applied_count,
        examined_count=frame.examined_count,
        prepared_by=by.id,
        prepared_at=at,
        sha256=digest(frame, lines),
    )


def _line(found: ResultSet, line: FrozenLine) -> ResultLine:
    return ResultLine(
        id=new_id(),
        organisation_id=found.organisation_id,
        result_set_id=found.id,
        application_id=line.application_id,
        decision_id=line.decision_id,
        examinee_number=line.examinee_number,
        outcome=line.outcome,
        place=line.place,
    )


def approve_results(
    opening: Opening, stage: Stage, found: ResultSet, *, seen: str = "", by: StaffUser, at: datetime
) -> None:
    """Approve a prepared set as the second person; the frozen lines are compared with the decisions once more (R4).

    `seen` is the token of who is left over, as the page named them. Raises: DecisionRefused, WrongMove.
    """
    require_going_on(opening)
    _hold(opening, stage)
    db.session.refresh(found, with_for_update=True)
    if policy.is_preparer(by, found):
        raise DecisionRefused("用意した本人は承認できません。ほかの決裁者が承認してください。")
    if found.release_at <= at:
        raise DecisionRefused("公開する日時を過ぎています。取り消して、新しい日時で用意し直してください。")
    require_unchanged(opening, stage, found, at=at)
    left = left_over(opening, stage, found, at=at)
    require_seen(left, seen)
    workflow.approve(found, approver_id=by.id, at=at)
    said = {"sha256": found.sha256, "left_over": left.token}
    record(db.session, "approve.results", found, by=by.actor, at=at, **said)
    db.session.commit()


def void_results(opening: Opening, stage: Stage, found: ResultSet, *, by: StaffUser, at: datetime) -> None:
    """Take a set back before it is released.

    Raises: DecisionRefused once it is released; WrongMove.
    """
    _hold(opening, stage)
    db.session.refresh(found, with_for_update=True)
    if policy.is_released(found, opening, at=at):
        raise DecisionRefused("すでに公開した結果は取り消せません。")
    workflow.void(found)
    record(db.session, "void.results", found, by=by.actor, at=at)
    db.session.commit()
