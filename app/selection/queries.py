"""Results that are released at an instant: the one place that says so, for page, my page and mail (D8)."""

import logging
import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from app.core.errors import NotFound
from app.extensions import db
from app.openings.models import Opening, OpeningState
from app.openings.queries import stages_of
from app.organisations.models import Organisation
from app.selection.lines import Frame, FrozenLine, digest
from app.selection.models import DecisionOutcome, ResultLine, ResultSet, ResultSetState

log = logging.getLogger("koubo.results")
_its = aliased(Opening)


@dataclass(frozen=True)
class NextStage:
    name: str
    method: str
    result_on: date | None


@dataclass(frozen=True)
class Addition:
    """Who passed by a further set: reserves called up, or applications that the first results left over."""

    released_at: datetime
    is_call_up: bool
    numbers: tuple[str, ...]


@dataclass(frozen=True)
class PublishedResult:
    """What the public page of a stage's released sets shows; examinee numbers only."""

    opening_id: uuid.UUID
    opening_title: str
    stage_name: str
    released_at: datetime
    passed: tuple[str, ...]  # by the first set
    additions: tuple[Addition, ...]
    passed_count: int  # by all of them
    reserves: tuple[tuple[int | None, str], ...]  # place, number; who still is one
    applied_count: int
    examined_count: int
    next_stage: NextStage | None


@dataclass(frozen=True)
class OwnOutcome:
    """One application's released outcome at one stage."""

    stage_key: str
    outcome: DecisionOutcome
    place: int | None
    released_at: datetime


def released(at: datetime) -> ColumnElement[bool]:
    """The condition that a result set is released at an instant: approved, its instant has come, nothing stops it."""
    return and_(ResultSet.state == ResultSetState.APPROVED, ResultSet.release_at <= at, ~_is_stopped())


def _is_stopped() -> ColumnElement[bool]:
    """The opening was called off before the instant came, as `policy.is_stopped` says it (note 030)."""
    off = and_(
        _its.id == ResultSet.opening_id,
        _its.state == OpeningState.WITHDRAWN,
        or_(_its.withdrawn_at.is_(None), _its.withdrawn_at <= ResultSet.release_at),
    )
    return and_(ResultSet.carried_out_at.is_(None), exists(select(_its.id).where(off).correlate(ResultSet)))


def released_outcomes(application_ids: Collection[uuid.UUID], *, at: datetime) -> dict[uuid.UUID, list[OwnOutcome]]:
    """The released outcomes of applications, also of several cities, the oldest first; nothing of what is pending.

    A set whose lines are not those approved tells nobody anything, here as on the public page.
    """
    outcomes: dict[uuid.UUID, list[OwnOutcome]] = {application_id: [] for application_id in application_ids}
    concerned = select(ResultLine.result_set_id).where(ResultLine.application_id.in_(application_ids))
    sets = select(ResultSet).where(ResultSet.id.in_(concerned), released(at))
    found = db.session.scalars(sets.order_by(ResultSet.release_at, ResultSet.id)).all()
    every = lines_of(*found)
    for one in found:
        lines = [line for line in every if line.result_set_id == one.id]
        for line in _intact(one, lines):
            if line.application_id in outcomes:
                own = OwnOutcome(one.stage_key, line.outcome, line.place, one.release_at)
                outcomes[line.application_id].append(own)
    return outcomes


def released_sets(opening_ids: Collection[uuid.UUID], *, at: datetime) -> Sequence[ResultSet]:
    """The released sets of these openings, whether or not they are intact: ask `only_intact` of what is told."""
    return db.session.scalars(select(ResultSet).where(ResultSet.opening_id.in_(opening_ids), released(at))).all()


def only_intact(sets: Collection[ResultSet]) -> list[ResultSet]:
    """Keep the sets whose lines are those that were approved: no other tells anybody anything."""
    every = lines_of(*sets) if sets else ()
    return [one for one in sets if _intact(one, [line for line in every if line.result_set_id == one.id])]


def told_lines(opening_id: uuid.UUID, stage_key: str, *, at: datetime) -> dict[uuid.UUID, ResultLine]:
    """The last released line of each application at a stage, by application."""
    sets = [one for one in released_sets([opening_id], at=at) if one.stage_key == stage_key]
    return _last_lines(sets, lines_of(*sets)) if sets else {}


def _last_lines(sets: Collection[ResultSet], lines: Sequence[ResultLine]) -> dict[uuid.UUID, ResultLine]:
    numbers = {one.id: one.number for one in sets}
    return {line.application_id: line for line in sorted(lines, key=lambda line: numbers[line.result_set_id])}


def frame_of(found: ResultSet) -> Frame:
    counts = found.applied_count, found.examined_count
    return Frame(found.opening_id, found.stage_key, found.release_at, *counts, found.number)


def lines_of(*sets: ResultSet) -> Sequence[ResultLine]:
    """The lines of these sets by examinee number."""
    return db.session.scalars(
        select(ResultLine)
        .where(
            ResultLine.organisation_id.in_({found.organisation_id for found in sets}),
            ResultLine.result_set_id.in_([found.id for found in sets]),
        )
        .order_by(ResultLine.examinee_number)
    ).all()


def is_intact(found: ResultSet, lines: Sequence[ResultLine]) -> bool:
    """Say whether the lines are still those that were approved."""
    frozen = [
        FrozenLine(line.application_id, line.examinee_number, line.decision_id, line.outcome, line.place)
        for line in lines
    ]
    return digest(frame_of(found), frozen) == found.sha256


def _intact(found: ResultSet, lines: Sequence[ResultLine]) -> Sequence[ResultLine]:
    """The lines to show: none of a set that is not what was approved."""
    if is_intact(found, lines):
        return lines
    log.error("result set %s is not what was approved", found.id)
    return ()


def get_published(opening_id: uuid.UUID, stage_key: str, *, at: datetime) -> tuple[Organisation, PublishedResult]:
    """Get the released results of a stage with its city.

    Raises: NotFound before the first instant, for everybody alike, and where the first set's lines are not those
    approved; a further set of which that is so is left out.
    """
    found = db.session.execute(
        select(ResultSet, Opening, Organisation)
        .join(Opening, Opening.id == ResultSet.opening_id)
        .join(Organisation, Organisation.id == ResultSet.organisation_id)
        .where(ResultSet.opening_id == opening_id, ResultSet.stage_key == stage_key, released(at))
        .order_by(ResultSet.number)
    ).all()
    sets = only_intact([result_set for result_set, _opening, _city in found])
    if not sets or sets[0].number > 1:
        raise NotFound
    _set, opening, city = found[0]
    return city, _published(sets, opening, lines_of(*sets))


def _published(sets: Sequence[ResultSet], opening: Opening, lines: Sequence[ResultLine]) -> PublishedResult:
    stages, first = stages_of(opening), sets[0]
    place = [stage.key for stage in stages].index(first.stage_key)
    following = stages[place + 1] if place + 1 < len(stages) else None
    last = _last_lines(sets, lines).values()
    reserves = [(line.place, line.examinee_number) for line in last if line.outcome is DecisionOutcome.RESERVE]
    return PublishedResult(
        opening.id,
        opening.title,
        stages[place].name,
        first.release_at,
        _passed(line for line in lines if line.result_set_id == first.id),
        tuple(_additions(sets, lines)),
        len(_passed(last)),
        tuple(sorted(reserves, key=lambda pair: (pair[0] or 0, in_order(pair[1])))),
        sets[-1].applied_count,
        sets[-1].examined_count,
        NextStage(following.name, following.method, following.result_on) if following else None,
    )


def _additions(sets: Sequence[ResultSet], lines: Sequence[ResultLine]) -> Iterator[Addition]:
    """Who passed by each further set, those first who were reserves before it."""
    for place, found in enumerate(sets[1:], start=1):
        earlier = {one.id for one in sets[:place]}
        before = {line.application_id for line in lines if line.result_set_id in earlier}
        own = [line for line in lines if line.result_set_id == found.id]
        for is_call_up in (True, False):
            if numbers := _passed(line for line in own if (line.application_id in before) is is_call_up):
                yield Addition(found.release_at, is_call_up, numbers)


def _passed(lines: Iterable[ResultLine]) -> tuple[str, ...]:
    numbers = [line.examinee_number for line in lines if line.outcome is DecisionOutcome.PASS]
    return tuple(sorted(numbers, key=in_order))


def in_order(number: str) -> tuple[int, str]:
    """The sort key of examinee numbers: shorter ones first, then digit by digit."""
    return len(number), number
