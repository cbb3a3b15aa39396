"""What a person states of their jobs: frozen, read from JSON and written back. Dates are calendar dates in Japan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.eligibility.reading import BadInput, as_date, as_flag, as_hours, as_list, as_object, as_text, as_word, inside
from app.eligibility.rules import KINDS, LEAVE_KINDS
from app.eligibility.words import Kind, LeaveKind

HISTORY_KEYS = frozenset({"birth_date", "engagements"})
ENGAGEMENT_KEYS = frozenset({"employer", "kind", "fields", "weekly_hours", "student", "start", "end", "leaves"})
LEAVE_KEYS = frozenset({"kind", "start", "end"})


@dataclass(frozen=True, slots=True)
class Leave:
    """One leave from one job, both days included; without an end it lasts as long as the job."""

    kind: LeaveKind
    start_on: date
    end_on: date | None

    def to_json(self) -> dict[str, object]:
        return {"kind": str(self.kind), "start": self.start_on.isoformat(), "end": _iso(self.end_on)}


@dataclass(frozen=True, slots=True)
class Engagement:
    """One job, both days included; without an end it goes on. Weekly hours are those scheduled, None if not given."""

    employer: str
    kind: Kind
    fields: tuple[str, ...]
    weekly_hours: float | None
    student: bool
    start_on: date
    end_on: date | None
    leaves: tuple[Leave, ...]

    def to_json(self) -> dict[str, object]:
        return {
            "employer": self.employer,
            "kind": str(self.kind),
            "fields": list(self.fields),
            "weekly_hours": self.weekly_hours,
            "student": self.student,
            "start": self.start_on.isoformat(),
            "end": _iso(self.end_on),
            "leaves": [leave.to_json() for leave in self.leaves],
        }


@dataclass(frozen=True, slots=True)
class History:
    """The jobs of one person in the order they were entered; that order gives the job indexes, from 0."""

    birth_date: date | None
    engagements: tuple[Engagement, ...]

    def to_json(self) -> dict[str, object]:
        """Return the JSON object that `parse_history` reads back as an equal history."""
        return {"birth_date": _iso(self.birth_date), "engagements": [job.to_json() for job in self.engagements]}


def parse_history(raw: object) -> History:
    """Read a history from its JSON object; every key must be there, null where nothing is known.

    Raises `BadInput` with a field such as `history.engagements[1].start`.
    """
    return inside("history", _history, raw)


def _history(raw: object) -> History:
    given = as_object(raw, HISTORY_KEYS)
    return History(
        birth_date=inside("birth_date", _date_or_none, given["birth_date"]),
        engagements=inside("engagements", lambda jobs: as_list(jobs, _engagement), given["engagements"]),
    )


def _engagement(raw: object) -> Engagement:
    given = as_object(raw, ENGAGEMENT_KEYS)
    start_on, end_on = _period(given)
    return Engagement(
        employer=inside("employer", as_text, given["employer"]),
        kind=inside("kind", _kind, given["kind"]),
        fields=inside("fields", _fields, given["fields"]),
        weekly_hours=inside("weekly_hours", _hours_or_none, given["weekly_hours"]),
        student=inside("student", as_flag, given["student"]),
        start_on=start_on,
        end_on=end_on,
        leaves=inside("leaves", _leaves, given["leaves"]),
    )


def _leave(raw: object) -> Leave:
    given = as_object(raw, LEAVE_KEYS)
    start_on, end_on = _period(given)
    return Leave(inside("kind", _leave_kind, given["kind"]), start_on, end_on)


def _period(given: dict[str, object]) -> tuple[date, date | None]:
    start_on = inside("start", as_date, given["start"])
    end_on = inside("end", _date_or_none, given["end"])
    if end_on is not None and end_on < start_on:
        raise BadInput("end", f"終わり（{end_on}）が始まり（{start_on}）より前です")
    return start_on, end_on


def _fields(raw: object) -> tuple[str, ...]:
    return as_list(raw, as_text)


def _leaves(raw: object) -> tuple[Leave, ...]:
    return as_list(raw, _leave)


def _kind(raw: object) -> Kind:
    return as_word(raw, KINDS)


def _leave_kind(raw: object) -> LeaveKind:
    return as_word(raw, LEAVE_KINDS)


def _hours_or_none(raw: object) -> float | None:
    return None if raw is None else as_hours(raw)


def _date_or_none(raw: object) -> date | None:
    return None if raw is None else as_date(raw)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
