"""Counting a history whose dates may lack the day ("YYYY-MM"): design decision 23.

The engine runs twice. The reading most favourable to the person lets a job begin on the first and end
on the last day of a month that lacks the day, and a leave begin on the last and end on the first; the
least favourable one is the reverse. A job or leave that begins and ends within one such month lasts one
day when it is read at its shortest (the last day of the month, or the day that is known). Jobs of one
employer, one ending and the next beginning in the same or the following month, touch in the most
favourable reading and have a gap in the least favourable one.

Assumed: that every other choice of days lies between the two. This is not proved for all rules: a longer
job can take days from a later one and cost it a month where leftover days are dropped, an open leave
gets longer with its job and may so reach its least length, and joining two spells can cost a few of the
30-day months. Two readings that agree are therefore taken as the answer, as the decision says, and staff
confirm that answer like any other.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from app.eligibility.calendar import month_length
from app.eligibility.engine import Result, Rule, evaluate, parse_history
from app.eligibility.words import Outcome, Reason

MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
SETTLED_REASONS = frozenset({Reason.KIND, Reason.FIELD, Reason.STUDENT, Reason.WEEKLY_HOURS, Reason.AFTER_AS_OF})

Period = tuple[object, object]


@dataclass(frozen=True, slots=True)
class ImpreciseResult:
    """Both counts; `check_indexes` names the jobs whose days decide the outcome, none where both agree.

    `typed` holds start and end of each job as they were given ("YYYY-MM-DD", "YYYY-MM"; an end may be None).
    """

    outcome: Outcome
    least: Result
    most: Result
    imprecise_indexes: tuple[int, ...]
    check_indexes: tuple[int, ...]
    typed: tuple[tuple[str, str | None], ...]

    def to_json(self) -> dict[str, object]:
        return {
            "outcome": str(self.outcome),
            "least": self.least.to_json(),
            "most": self.most.to_json(),
            "imprecise_indexes": list(self.imprecise_indexes),
            "check_indexes": list(self.check_indexes),
        }


def evaluate_imprecise(rule: Rule, raw_history: object) -> ImpreciseResult:
    """Count a raw history in which dates of jobs and leaves may be "YYYY-MM".

    Raises `BadInput` as `parse_history` does, also where no choice of days puts an end after its start.
    """
    least = evaluate(rule, parse_history(_reading(raw_history, _shortest, _longest)))
    most = evaluate(rule, parse_history(_reading(raw_history, _longest, _shortest)))
    imprecise = tuple(job.index for job, raw in zip(most.jobs, _jobs(raw_history), strict=True) if _lacks_a_day(raw))
    typed = tuple(_typed(job) for job in _jobs(raw_history))
    if least.outcome is most.outcome:
        return ImpreciseResult(least.outcome, least, most, imprecise, (), typed)
    deciding = tuple(i for i in imprecise if not _is_settled(least, most, i))
    return ImpreciseResult(Outcome.CHECK, least, most, imprecise, deciding, typed)


def lacks_a_day(typed: str | None) -> bool:
    """Say whether a date as it was given is a month alone."""
    return _is_month(typed)


def _is_settled(least: Result, most: Result, index: int) -> bool:
    job = most.jobs[index]
    return job.reason is least.jobs[index].reason and job.reason in SETTLED_REASONS and not job.is_missing_hours


def _reading(raw: object, job_period: Callable[..., Period], leave_period: Callable[..., Period]) -> object:
    """Return a copy of the raw history with every day filled in; what is malformed stays for the parser to refuse."""
    if not isinstance(raw, dict) or not isinstance(raw.get("engagements"), list):
        return raw
    return {**raw, "engagements": [_filled_job(job, job_period, leave_period) for job in raw["engagements"]]}


def _filled_job(raw: object, job_period: Callable[..., Period], leave_period: Callable[..., Period]) -> object:
    job = _filled(raw, job_period)
    if isinstance(job, dict) and isinstance(job.get("leaves"), list):
        return {**job, "leaves": [_filled(leave, leave_period) for leave in job["leaves"]]}
    return job


def _filled(raw: object, period: Callable[..., Period]) -> object:
    if not isinstance(raw, dict) or "start" not in raw or "end" not in raw:
        return raw
    start, end = period(raw["start"], raw["end"])
    return {**raw, "start": start, "end": end}


def _longest(start: object, end: object) -> Period:
    return _first_day(start), _last_day(end)


def _shortest(start: object, end: object) -> Period:
    latest, earliest = _last_day(start), _first_day(end)
    if not (isinstance(latest, str) and isinstance(earliest, str)) or earliest >= latest:
        return latest, earliest
    return (latest, latest) if _is_month(end) else (earliest, earliest) if _is_month(start) else (latest, earliest)


def _first_day(raw: object) -> object:
    return f"{raw}-01" if _is_month(raw) else raw


def _last_day(raw: object) -> object:
    if not isinstance(raw, str) or not _is_month(raw):
        return raw
    return f"{raw}-{month_length(int(raw[:4]), int(raw[5:])):02d}"


def _is_month(raw: object) -> bool:
    return isinstance(raw, str) and MONTH.fullmatch(raw) is not None


def _jobs(raw: object) -> list[dict[str, object]]:
    return raw["engagements"] if isinstance(raw, dict) else []


def _typed(job: dict[str, object]) -> tuple[str, str | None]:
    return str(job["start"]), None if job["end"] is None else str(job["end"])


def _lacks_a_day(job: dict[str, object]) -> bool:
    leaves = job["leaves"]
    periods = [job, *(leaves if isinstance(leaves, list) else [])]
    return any(_is_month(period["start"]) or _is_month(period["end"]) for period in periods)
