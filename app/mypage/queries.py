"""What one applicant sees of their applications in all cities, from their own rows and released results."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.applications import queries as own
from app.applications.choice_queries import calls_of
from app.applications.choices import Calls
from app.applications.late_models import LateAttempt
from app.applications.late_queries import latest_attempts
from app.applications.late_state import LateState, is_covered
from app.applications.models import Application, Draft
from app.applications.queries import Call
from app.applications.ranks import ranks_of
from app.applications.receipts import sent_together
from app.core import clock
from app.mypage.left_out import left_out_of
from app.mypage.status import (
    CalledOff,
    LeftOut,
    Milestone,
    Released,
    StagePlan,
    Status,
    milestones,
    stages_ahead,
    status_of,
)
from app.openings.content import OpeningContent
from app.selection.queries import released_outcomes


@dataclass(frozen=True)
class Entry:
    """One application with how it stands."""

    application: Application
    call: Call
    status: Status
    timeline: list[Milestone]
    published: list[tuple[str, str]]  # key and name of the stages whose page of numbers is open
    withdrawn_at: datetime | None
    rank: int | None = None  # in the person's own order
    ahead: tuple[str, ...] = ()  # keys of the stages whose results this person still waits for


def plans(content: OpeningContent) -> list[StagePlan]:
    """Read the stages of an opening as they were announced."""
    return [StagePlan(one.key, one.name, one.kind == "interview", one.result_on) for one in content.stages]


def entry_of(application: Application, *, at: datetime) -> Entry:
    """Put an application with its opening and how it stands; the dates are those of the revision in force."""
    return _entries([application], at=at)[0]


def entries(applicant_id: uuid.UUID, *, at: datetime) -> list[Entry]:
    """List all applications of an applicant, the last received first."""
    return _in_order(_entries(own.applications_of(applicant_id), at=at))


def _in_order(found: list[Entry]) -> list[Entry]:
    """Put those of one campaign that the person ordered in that order, where the last received of them stands."""
    newest: dict[uuid.UUID | None, datetime] = {}
    for one in found:
        key = _group(one)
        newest[key] = max(newest.get(key, one.application.received_at), one.application.received_at)
    return sorted(found, key=lambda one: (-newest[_group(one)].timestamp(), str(_group(one)), one.rank or 0))


def _group(one: Entry) -> uuid.UUID | None:
    return one.call.opening.campaign_id if one.rank else one.application.id


def together(found: Sequence[Entry]) -> dict[uuid.UUID, list[str]]:
    """Name for each application the cities that one act of sending reached with it: for the person's eyes alone."""
    cities = {one.application.id: one.call.organisation.name for one in found}
    return {key: sorted(cities[one] for one in others) for key, others in sent_together(cities.keys()).items()}


def _entries(applications: Sequence[Application], *, at: datetime) -> list[Entry]:
    """Lay applications out with as many statements for many as for one."""
    ids = [one.id for one in applications]
    calls, outcomes = own.find_calls(one.opening_id for one in applications), released_outcomes(ids, at=at)
    withdrawn, left_out = own.withdrawn_at(ids), left_out_of(applications, outcomes, at=at)
    ranks = ranks_of(applications[0].applicant_id) if applications else {}
    return [
        _entry(
            one,
            calls[one.opening_id],
            [Released(result.stage_key, result.outcome.value, result.released_at) for result in outcomes[one.id]],
            withdrawn.get(one.id) if one.is_withdrawn else None,
            at=at,
            rank=ranks.get(one.opening_id),
            left_out=left_out.get(one.id),
        )
        for one in applications
    ]


def _entry(
    application: Application,
    call: Call,
    released: list[Released],
    withdrawn_at: datetime | None,
    *,
    at: datetime,
    rank: int | None,
    left_out: LeftOut | None,
) -> Entry:
    stages, told = plans(call.content), {one.stage_key for one in released}
    timeline = milestones(
        stages,
        released,
        received_at=application.received_at,
        withdrawn_at=withdrawn_at,
        called_off=_called_off(call),
        left_out=left_out,
        open_until=call.opening.closes_at if call.is_open(at) else None,
    )
    published = [(stage.key, stage.name) for stage in stages if stage.key in told]
    status = _status(application, call, released, left_out, at=at)
    ahead = stages_ahead(stages, released, has_ended=application.is_withdrawn or left_out is not None)
    return Entry(application, call, status, timeline, published, withdrawn_at, rank, ahead)


def _status(
    application: Application, call: Call, released: list[Released], left_out: LeftOut | None, *, at: datetime
) -> Status:
    return status_of(
        plans(call.content),
        released,
        is_withdrawn=application.is_withdrawn,
        is_closed=call.is_over(at),
        today=at.astimezone(clock.JST).date(),
        called_off=_called_off(call),
        left_out=left_out,
    )


def _called_off(call: Call) -> CalledOff | None:
    return CalledOff(call.opening.withdrawn_at, call.opening.withdrawn_reason or "") if call.is_called_off else None


@dataclass(frozen=True)
class DraftEntry:
    """A draft with what it is for and has not been sent to yet."""

    draft: Draft
    calls: Calls
    unsent: list[Call]
    is_over: bool  # the last instant of all that is left has passed

    @property
    def is_called_off(self) -> bool:
        """Say whether nothing is left to send to."""
        return all(call.is_called_off for call in self.unsent)


def draft_entries(applicant_id: uuid.UUID, *, at: datetime) -> list[DraftEntry]:
    """List the drafts that name an opening to which nothing was sent, the last saved first."""
    drafts = own.drafts_of(applicant_id)
    calls, applied = calls_of(drafts, at=at), {one.opening_id for one in own.applications_of(applicant_id)}
    found = [(draft, calls[draft.id]) for draft in drafts if draft.id in calls]
    left = [(draft, some, [call for call in some.chosen if call.opening.id not in applied]) for draft, some in found]
    return [
        DraftEntry(draft, some, unsent, all(call.is_over(at) for call in unsent))
        for draft, some, unsent in left
        if unsent
    ]


@dataclass(frozen=True)
class LateEntry:
    """What was sent after a deadline, the one then in force, and how it stands.

    `may_send`: an extension lets the person send again.
    """

    attempt: LateAttempt
    call: Call
    state: LateState
    deadline: datetime | None
    may_send: bool
    draft: Draft | None  # from which this person can send again; None where another browser holds it


def late_entries(applicant_id: uuid.UUID, *, at: datetime) -> list[LateEntry]:
    """List what came late and did not become a later application, one for each opening."""
    found = [one for one in latest_attempts(applicant_id) if one[1] is not LateState.OVERTAKEN]
    calls = own.find_calls(attempt.opening_id for attempt, _state in found)
    return [
        LateEntry(
            attempt,
            call,
            state,
            attempt.closes_at,
            _may_send(attempt, state, call, at),
            own.find_draft(applicant_id, attempt.opening_id),
        )
        for attempt, state in found
        if (call := calls.get(attempt.opening_id)) is not None
    ]


def _may_send(attempt: LateAttempt, state: LateState, call: Call, at: datetime) -> bool:
    is_asked = state.is_extended or (state.is_refused and is_covered(attempt, call.opening))
    return is_asked and call.is_open(at)
