"""Who the results of a stage leave over: two people see it before, whatever a further set may tell later."""

import uuid
from dataclasses import astuple, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select

from app.applications.late_queries import unsettled_count
from app.applications.models import Application, ApplicationState, Withdrawal
from app.applications.policy import UNDO_WITHIN
from app.applications.screening_models import StageEntry
from app.applications.screening_queries import with_last_version
from app.applications.standing import Standing, standing_column
from app.extensions import db
from app.openings.models import Opening
from app.openings.queries import stages_of
from app.openings.revision_models import Stage
from app.selection.models import ResultSet
from app.selection.queries import lines_of, told_lines

_WAITING = "応募資格の確認か受理が済んでいない応募が{}件あります。応募者の一覧で、先に済ませられます。"
_NEWCOMERS = "この段階にいて、この結果に入っていない応募が{}件あります。差し戻すと、判定を入れて用意し直せます。"
_BEFORE = (Standing.WAITING.value, Standing.READY.value)


@dataclass(frozen=True)
class LeftOver:
    """How many may still come into a stage and stand in no line of its results."""

    waiting: int  # for their criteria to be confirmed, or to be accepted
    late: int  # sent after the deadline, without the word of two people or without the application that follows it
    withdrawn: int  # who may still undo it
    newcomers: int  # who stand in the stage without a line, most since the set was prepared

    @property
    def is_any(self) -> bool:
        return any(astuple(self))

    @property
    def token(self) -> str:
        """What a page hands back to say which of these its reader saw."""
        return "-".join(map(str, astuple(self)))

    @property
    def words(self) -> list[str]:
        """One sentence for each kind, with what can be done before the results are out."""
        said = (
            (self.waiting, _WAITING),
            (self.late, "締切後に届き、扱いの決まっていないものが{}件あります。先に2人で判断してください。"),
            (self.withdrawn, "辞退して24時間たたず、取り消せる応募が{}件あります。24時間を過ぎると確定します。"),
            (self.newcomers, _NEWCOMERS),
        )
        return [words.format(count) for count, words in said if count]


def left_over(opening: Opening, stage: Stage, found: ResultSet | None, *, at: datetime) -> LeftOver:
    """Count who is left over by a prepared set, or by one that would be prepared now.

    What is not accepted yet would come into the first stage, and is asked there alone.
    """
    is_first = stage.key == stages_of(opening)[0].key
    in_lines = {line.application_id for line in lines_of(found)} if found else set()
    in_lines |= told_lines(opening.id, stage.key, at=at).keys()
    standing = _standing(opening, stage.key) if found else set()
    return LeftOver(
        waiting=_waiting_count(opening) if is_first else 0,
        late=unsettled_count(opening) if is_first else 0,
        withdrawn=len(_withdrawn(opening, stage.key, is_first=is_first, at=at) - in_lines),
        newcomers=len(standing - in_lines),
    )


def _waiting_count(opening: Opening) -> int:
    query = with_last_version(opening.organisation_id, func.count())
    count: int = db.session.scalar(query.where(Application.opening_id == opening.id, standing_column().in_(_BEFORE)))
    return count


def _of(opening: Opening) -> ColumnElement[bool]:
    return and_(Application.organisation_id == opening.organisation_id, Application.opening_id == opening.id)


def _stands_in(stage_key: str) -> ColumnElement[bool]:
    here = and_(StageEntry.stage_key == stage_key, StageEntry.left_at.is_(None))
    return exists().where(StageEntry.application_id == Application.id, here)


def _standing(opening: Opening, stage_key: str) -> set[uuid.UUID]:
    own = _of(opening), Application.state == ApplicationState.ACCEPTED, _stands_in(stage_key)
    return set(db.session.scalars(select(Application.id).where(*own)))


def _withdrawn(opening: Opening, stage_key: str, *, is_first: bool, at: datetime) -> set[uuid.UUID]:
    recent = exists().where(Withdrawal.application_id == Application.id, Withdrawal.at >= at - UNDO_WITHIN)
    may_come = or_(_stands_in(stage_key), and_(literal(is_first), Application.examinee_number.is_(None)))
    own = _of(opening), Application.state == ApplicationState.WITHDRAWN, Application.duplicate_of.is_(None)
    return set(db.session.scalars(select(Application.id).where(*own, recent, may_come)))
