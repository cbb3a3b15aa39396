"""The board: who is at a stage, with total, attendance and pending decision; numbers, no names."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select

from app.applications.duplicate_columns import is_set_aside
from app.applications.models import Application, ApplicationState
from app.applications.screening_models import Attendance, StageEntry
from app.core.errors import NotFound
from app.extensions import db
from app.openings.models import Opening
from app.openings.queries import stages_of
from app.openings.revision_models import Carry, Stage
from app.reviews.models import Round, RoundState
from app.reviews.queries import rounds_of
from app.reviews.runs import find_run, lines_of
from app.reviews.scoring import Line, LineState
from app.selection.models import Decision, DecisionOutcome, ResultLine, ResultSet, ResultSetState
from app.selection.queries import in_order, told_lines


@dataclass(frozen=True)
class Pending:
    """The decision that counts, not public until a released set carries it."""

    id: uuid.UUID
    number: int
    outcome: DecisionOutcome | None
    place: int | None
    reason: str


@dataclass(frozen=True)
class BoardRow:
    """One application at a stage."""

    application_id: uuid.UUID
    examinee_number: str
    withdrawn: bool
    left_at: datetime | None
    attendance: Attendance | None
    line: Line | None
    carried: Decimal | None  # with the totals of earlier stages, where the stage adds them up
    rank: int | None  # by what counts: the sum where totals are carried, else the round's own
    decision: Pending | None
    told: ResultLine | None = None  # the last released line

    @property
    def has_news(self) -> bool:
        """Say whether a decision differs from what a released set told, or stands where none told anything."""
        if self.outcome is None:
            return False
        told = (self.told.outcome, self.told.place) if self.told else None
        return told != (self.outcome, self.decision.place if self.decision else None)

    @property
    def outcome(self) -> DecisionOutcome | None:
        return self.decision.outcome if self.decision else None

    @property
    def total(self) -> Decimal | None:
        return self.carried if self.carried is not None else (self.line.total if self.line else None)

    @property
    def is_absent(self) -> bool:
        return self.attendance is Attendance.ABSENT


@dataclass(frozen=True)
class Board:
    """A stage with its rows, by rank and then by number."""

    stage: Stage
    round_state: RoundState | None
    rows: tuple[BoardRow, ...]

    @property
    def standing(self) -> tuple[BoardRow, ...]:
        """Who is to be decided on: who withdrew or has left the stage is not."""
        return tuple(row for row in self.rows if not row.withdrawn and row.left_at is None)

    def left_behind(self, numbers: Collection[str]) -> tuple[BoardRow, ...]:
        """Who is to be decided on, has none of the numbers of an approved set and was told nothing before it."""
        return tuple(row for row in self.standing if row.examinee_number not in numbers and row.told is None)

    @property
    def is_released(self) -> bool:
        """Results of the stage are out: what is decided now is for a further set (note 042)."""
        return any(row.told for row in self.rows)

    @property
    def news(self) -> tuple[BoardRow, ...]:
        """Whose decision the next set would tell: at first everybody's, then what no released set has told."""
        return tuple(row for row in self.standing if row.has_news)

    @property
    def reserves(self) -> tuple[BoardRow, ...]:
        """Who was told to be a reserve and still is one, by place."""
        waiting = [row for row in self.standing if row.told and not row.has_news]
        return tuple(sorted(waiting, key=lambda row: (row.told and row.told.place) or 0))

    @property
    def unready(self) -> tuple[BoardRow, ...]:
        """Who is neither scored nor absent nor withdrawn: a decision on anybody waits for them (R1)."""
        return tuple(row for row in self.standing if not self._is_ready(row))

    def _is_ready(self, row: BoardRow) -> bool:
        if self.round_state is None:
            return row.attendance is not None
        scored = row.line is not None and row.line.state in (LineState.SCORED, LineState.NOT_RATABLE)
        return row.is_absent or (self.round_state is RoundState.LOCKED and scored)


def get_board(opening: Opening, stage: Stage, *, at: datetime) -> Board:
    """Lay out a stage of an opening as it stands at an instant."""
    rounds = rounds_of(opening.organisation_id, opening.id)
    lines = _lines(rounds.get(stage.key))
    carried = _carried(opening, stage, rounds)
    decisions, told = last_decisions(opening, stage.key), told_lines(opening.id, stage.key, at=at)
    ranks = _ranks(carried) if carried else {key: line.rank for key, line in lines.items()}
    rows = [
        BoardRow(
            application.id,
            application.examinee_number or "",
            application.state is ApplicationState.WITHDRAWN,
            entry.left_at,
            entry.attendance,
            lines.get(application.id),
            carried.get(application.id),
            ranks.get(application.id),
            decisions.get(application.id),
            told.get(application.id),
        )
        for entry, application in _entries(opening, stage.key)
    ]
    round_ = rounds.get(stage.key)
    return Board(stage, round_.state if round_ else None, tuple(sorted(rows, key=_by_rank)))


def _by_rank(row: BoardRow) -> tuple[bool, int, tuple[int, str]]:
    return row.rank is None, row.rank or 0, in_order(row.examinee_number)


def _ranks(totals: dict[uuid.UUID, Decimal]) -> dict[uuid.UUID, int | None]:
    """Ranks by total, ties sharing one: 1, 2, 2, 4."""
    ordered = sorted(totals.values(), reverse=True)
    return {key: ordered.index(total) + 1 for key, total in totals.items()}


def _entries(opening: Opening, stage_key: str) -> list[tuple[StageEntry, Application]]:
    found = db.session.execute(
        select(StageEntry, Application)
        .join(Application, Application.id == StageEntry.application_id)
        .where(
            StageEntry.organisation_id == opening.organisation_id,
            StageEntry.stage_key == stage_key,
            Application.opening_id == opening.id,
        )
    )
    return [(entry, application) for entry, application in found]


def _lines(round_: Round | None) -> dict[uuid.UUID, Line]:
    run = find_run(round_.organisation_id, round_.id) if round_ else None
    return {uuid.UUID(line.application): line for line in lines_of(run)} if run else {}


def _carried(opening: Opening, stage: Stage, rounds: dict[str, Round]) -> dict[uuid.UUID, Decimal]:
    """Totals added up over the stages so far (積み上げ方式); nobody who lacks one of them has a sum."""
    earlier = [s.key for s in stages_of(opening) if s.seq < stage.seq and s.key in rounds]
    if stage.carry is not Carry.CARRY or not earlier:
        return {}
    totals = [_lines(rounds.get(key)) for key in [*earlier, stage.key]]
    sums = {}
    for application_id in totals[-1]:
        found = [t[application_id].total if application_id in t else None for t in totals]
        if all(total is not None for total in found):
            sums[application_id] = sum((total for total in found if total is not None), Decimal(0))
    return sums


def last_decisions(opening: Opening, stage_key: str) -> dict[uuid.UUID, Pending]:
    """The last decision on each application at a stage."""
    found = db.session.scalars(
        select(Decision)
        .join(Application, Application.id == Decision.application_id)
        .where(
            Decision.organisation_id == opening.organisation_id,
            Decision.stage_key == stage_key,
            Application.opening_id == opening.id,
        )
        .order_by(Decision.number)
    )
    return {d.application_id: Pending(d.id, d.number, d.outcome, d.place, d.reason) for d in found}


def result_sets(opening: Opening, stage_key: str | None = None) -> list[ResultSet]:
    """The result sets of an opening (or of one stage), the newest first."""
    query = select(ResultSet).where(
        ResultSet.organisation_id == opening.organisation_id, ResultSet.opening_id == opening.id
    )
    if stage_key is not None:
        query = query.where(ResultSet.stage_key == stage_key)
    return list(db.session.scalars(query.order_by(ResultSet.prepared_at.desc(), ResultSet.id)))


def live_set(opening: Opening, stage_key: str) -> ResultSet | None:
    """The newest set of a stage that is not void; any before it are released."""
    return next((s for s in result_sets(opening, stage_key) if s.state is not ResultSetState.VOID), None)


def stage_counts(opening: Opening) -> dict[str, int]:
    """How many stand in each stage."""
    found = db.session.execute(
        select(StageEntry.stage_key, func.count())
        .join(Application, Application.id == StageEntry.application_id)
        .where(
            StageEntry.organisation_id == opening.organisation_id,
            Application.opening_id == opening.id,
            Application.state == ApplicationState.ACCEPTED,
            StageEntry.left_at.is_(None),
        )
        .group_by(StageEntry.stage_key)
    )
    return {key: count for key, count in found}


def applied_count(opening: Opening) -> int:
    """How many applied to an opening, whatever became of it; two that were joined are one, as one person's two are."""
    found = select(func.count()).where(
        Application.organisation_id == opening.organisation_id,
        Application.opening_id == opening.id,
        Application.duplicate_of.is_(None),
        ~is_set_aside(),
    )
    return db.session.scalar(found) or 0


def examined_count(rows: Iterable[BoardRow]) -> int:
    """Who was examined at the stage: neither withdrew nor stayed away."""
    return sum(1 for row in rows if not row.withdrawn and not row.is_absent)


@dataclass(frozen=True)
class Tab:
    """A stage with how many stand in it."""

    key: str
    name: str
    count: int


def tabs(opening: Opening) -> list[Tab]:
    """The stages of an opening in order."""
    counts = stage_counts(opening)
    return [Tab(stage.key, stage.name, counts.get(stage.key, 0)) for stage in stages_of(opening)]


def first_stage_key(opening: Opening) -> str:
    """The stage at which a board opens: the first in which somebody stands. Raises: NotFound without stages."""
    found = tabs(opening)
    if not found:
        raise NotFound
    return next((tab.key for tab in found if tab.count), found[0].key)
