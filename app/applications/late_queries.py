"""Reads of late attempts: staff see when each came and what was ruled, never what is in it; the person the state."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from app.accounts.queries import staff_names
from app.applications.answers import Answers
from app.applications.in_force import approved, call_among
from app.applications.late_models import LateAttempt, LateOutcome, LateRuling, late_reference
from app.applications.late_state import LateState, is_made_of, state_of
from app.applications.models import Application, ApplicationState, ApplicationVersion
from app.applications.queries import Call, find_application
from app.applications.steps import missing_answers
from app.core.errors import NotFound
from app.extensions import db
from app.openings.models import Opening, OpeningState
from app.openings.queries import deadline_when, extensions


@dataclass(frozen=True)
class RulingLine:
    outcome: LateOutcome
    reason: str
    ruled_by: uuid.UUID
    name: str
    at: datetime


@dataclass(frozen=True)
class LateLine:
    """One late attempt as staff see it: nothing of what it says, nor whose it is beyond a number on this page."""

    id: uuid.UUID
    number: int
    person: int
    received_at: datetime
    deadline: datetime | None  # the one in force when it came
    revision: int  # in force when it came, by which it is judged
    missing_count: int  # of what that revision asks
    missing_now_count: int  # of what the revision in force now asks
    state: LateState
    rulings: tuple[RulingLine, ...]
    application_id: uuid.UUID | None  # once admitted

    @property
    def reference(self) -> str:
        return late_reference(self.id)

    @property
    def late_by(self) -> timedelta:
        return self.received_at - (self.deadline or self.received_at)

    @property
    def is_complete(self) -> bool:
        return not self.missing_count


def get_attempt(organisation_id: uuid.UUID, opening_id: uuid.UUID, attempt_id: uuid.UUID) -> LateAttempt:
    """Get a late attempt at an opening of an organisation. Raises: NotFound."""
    own = LateAttempt.organisation_id == organisation_id, LateAttempt.opening_id == opening_id
    found = db.session.scalar(select(LateAttempt).where(*own, LateAttempt.id == attempt_id))
    if found is None:
        raise NotFound
    return found


def rulings_of(attempts: Sequence[LateAttempt]) -> dict[uuid.UUID, list[LateRuling]]:
    """Read what was ruled about some attempts, in order."""
    ids = [one.id for one in attempts]
    query = select(LateRuling).where(LateRuling.late_attempt_id.in_(ids)).order_by(LateRuling.number)
    found: dict[uuid.UUID, list[LateRuling]] = defaultdict(list)
    for row in db.session.scalars(query):
        found[row.late_attempt_id].append(row)
    return found


def lines(call: Call) -> list[LateLine]:
    """List the late attempts at an opening in the order of their arrival."""
    opening, attempts = call.opening, _attempts_at(call.opening)
    rulings, versions, revisions = rulings_of(attempts), _versions_of(attempts), approved(opening)
    names = staff_names(row.ruled_by for rows in rulings.values() for row in rows)
    gone, people = _withdrawn_people(attempts), list(dict.fromkeys(attempt.applicant_id for attempt in attempts))

    def line(one: LateAttempt, number: int) -> LateLine:
        sent, then = versions[one.applicant_id], call_among(call, revisions, one.received_at)
        return LateLine(
            id=one.id,
            number=number,
            person=people.index(one.applicant_id) + 1,
            received_at=one.received_at,
            deadline=one.closes_at or opening.closes_at,
            revision=then.revision.number,
            missing_count=missing_count(one, then),
            missing_now_count=missing_count(one, call),
            state=state_of(one, rulings[one.id], sent, opening, is_withdrawn=one.applicant_id in gone),
            rulings=_ruling_lines(rulings[one.id], names),
            application_id=next((version.application_id for version in sent if is_made_of(one, version)), None),
        )

    return [line(one, number) for number, one in enumerate(attempts, start=1)]


def undecided_counts(organisation_id: uuid.UUID) -> list[tuple[Opening, int]]:
    """List the openings, but those called off, with how many late attempts wait for a word, by deadline."""
    own = Opening.organisation_id == organisation_id, Opening.state != OpeningState.WITHDRAWN
    missed = select(LateAttempt.opening_id).where(LateAttempt.organisation_id == organisation_id)
    openings = select(Opening).where(*own, Opening.id.in_(missed)).order_by(Opening.closes_at, Opening.id)
    return [(one, sum(state.is_open for state in _states_at(one))) for one in db.session.scalars(openings).all()]


def unsettled_count(opening: Opening) -> int:
    """Count the late attempts at an opening that may still become applications."""
    return sum(state.is_open or state is LateState.ADMITTING for state in _states_at(opening))


def _states_at(opening: Opening) -> list[LateState]:
    attempts = _attempts_at(opening)
    rulings, versions, gone = rulings_of(attempts), _versions_of(attempts), _withdrawn_people(attempts)
    return [
        state_of(one, rulings[one.id], versions[one.applicant_id], opening, is_withdrawn=one.applicant_id in gone)
        for one in attempts
    ]


def _attempts_at(opening: Opening) -> Sequence[LateAttempt]:
    own = LateAttempt.organisation_id == opening.organisation_id, LateAttempt.opening_id == opening.id
    return db.session.scalars(select(LateAttempt).where(*own).order_by(LateAttempt.received_at, LateAttempt.id)).all()


def _ruling_lines(rows: Iterable[LateRuling], names: Mapping[uuid.UUID, str]) -> tuple[RulingLine, ...]:
    return tuple(RulingLine(row.outcome, row.reason, row.ruled_by, names.get(row.ruled_by, ""), row.at) for row in rows)


def missing_count(attempt: LateAttempt, call: Call) -> int:
    """Count what a revision of the opening asks and the attempt lacks; of what is in it nobody learns more."""
    return len(missing_answers(call.content, Answers.model_validate(attempt.answers)))


def _versions_of(attempts: Sequence[LateAttempt]) -> dict[uuid.UUID, list[ApplicationVersion]]:
    """Read the versions of the applications that the people of some attempts at one opening have, by person."""
    standing = func.coalesce(Application.duplicate_of, Application.id)  # of two that joined, what stands
    query = (
        select(Application.applicant_id, ApplicationVersion)
        .join(ApplicationVersion, ApplicationVersion.application_id == standing)
        .where(
            Application.organisation_id.in_({one.organisation_id for one in attempts}),
            Application.opening_id.in_({one.opening_id for one in attempts}),
            Application.applicant_id.in_({one.applicant_id for one in attempts}),
        )
    )
    found: dict[uuid.UUID, list[ApplicationVersion]] = defaultdict(list)
    for applicant_id, version in db.session.execute(query):
        found[applicant_id].append(version)
    return found


def state_now(attempt: LateAttempt) -> LateState:
    """Say how one attempt stands."""
    rulings, versions = rulings_of([attempt])[attempt.id], _versions_of([attempt])[attempt.applicant_id]
    gone = attempt.applicant_id in _withdrawn_people([attempt])
    return state_of(attempt, rulings, versions, _opening_of(attempt), is_withdrawn=gone)


def _opening_of(attempt: LateAttempt) -> Opening:
    own = Opening.organisation_id == attempt.organisation_id
    return db.session.scalars(select(Opening).where(own, Opening.id == attempt.opening_id)).one()


def missed_deadline(opening: Opening, received_at: datetime) -> datetime | None:
    """Say behind which deadline, as it stood then, something arrived; None for what was in time, the grace included."""
    deadline = deadline_when(opening, extensions(opening), received_at)
    if deadline is None or received_at <= deadline + timedelta(seconds=opening.grace_seconds):
        return None
    return deadline


def find_application_of(attempt: LateAttempt) -> Application | None:
    """Find the application that the person of an attempt has to its opening: of two joined, the one that stands."""
    found = find_application(attempt.applicant_id, attempt.opening_id)
    if found is None or found.duplicate_of is None:
        return found
    own = Application.organisation_id == attempt.organisation_id
    return db.session.scalar(select(Application).where(own, Application.id == found.duplicate_of))


def _withdrawn_people(attempts: Sequence[LateAttempt]) -> set[uuid.UUID]:
    """Say which people of some attempts at one opening have withdrawn from it."""
    standing = aliased(Application)
    query = (
        select(Application.applicant_id)
        .join(standing, standing.id == func.coalesce(Application.duplicate_of, Application.id))
        .where(
            Application.organisation_id.in_({one.organisation_id for one in attempts}),
            Application.opening_id.in_({one.opening_id for one in attempts}),
            Application.applicant_id.in_({one.applicant_id for one in attempts}),
            standing.state == ApplicationState.WITHDRAWN,
        )
    )
    return set(db.session.scalars(query))


def latest_attempts(applicant_id: uuid.UUID) -> list[tuple[LateAttempt, LateState]]:
    """List the last late attempt of this applicant at each opening with how it stands."""
    query = select(LateAttempt).where(LateAttempt.applicant_id == applicant_id)
    last = {one.opening_id: one for one in db.session.scalars(query.order_by(LateAttempt.received_at, LateAttempt.id))}
    return [(one, state_now(one)) for one in last.values()]
