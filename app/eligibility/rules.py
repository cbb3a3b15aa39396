"""The rule by which an opening counts experience: frozen, read from JSON and written back (R-experience, The rule)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from app.eligibility.calendar import april_after_age, years_before
from app.eligibility.reading import (
    MAX_YEARS,
    BadInput,
    as_count,
    as_date,
    as_flag,
    as_hours,
    as_list,
    as_object,
    as_text,
    as_word,
    inside,
)
from app.eligibility.words import Combine, DayRounding, Kind, LeaveKind

KINDS = {str(kind): kind for kind in Kind}
LEAVE_KINDS = {str(kind): kind for kind in LeaveKind}
COMBINES = {str(combine): combine for combine in Combine}
DAY_ROUNDINGS = {str(rounding): rounding for rounding in DayRounding}


@dataclass(frozen=True, slots=True)
class Window:
    """The days that count: the last years before 基準日, or two dates, both included."""

    last_years: int | None = None
    from_on: date | None = None
    to_on: date | None = None

    def span(self, as_of: date) -> tuple[int, int]:
        """Return the first and last day ordinal that the window lets in."""
        if self.from_on is not None and self.to_on is not None:
            return self.from_on.toordinal(), self.to_on.toordinal()
        return years_before(as_of, self.last_years or 0) + 1, as_of.toordinal()

    def to_json(self) -> dict[str, object]:
        if self.from_on is not None and self.to_on is not None:
            return {"from": self.from_on.isoformat(), "to": self.to_on.isoformat()}
        return {"last_years": self.last_years}


@dataclass(frozen=True, slots=True)
class Earliest:
    """The first day that counts: a date, or the 1 April after the fiscal year in which an age is reached."""

    on: date | None = None
    age: int | None = None

    def first_day(self, birth_date: date | None) -> int:
        """Return the first day ordinal that counts; 0 (all days) for an age without a birth date."""
        if self.on is not None:
            return self.on.toordinal()
        if self.age is None or birth_date is None:
            return 0
        return april_after_age(birth_date, self.age)

    def to_json(self) -> dict[str, object]:
        return {"age": self.age} if self.on is None else {"date": self.on.isoformat()}


@dataclass(frozen=True, slots=True)
class ExcludedLeave:
    """Leave that is taken out: its kinds (never empty) and the months it must last, 0 for any length."""

    kinds: tuple[LeaveKind, ...]
    min_months: int

    def to_json(self) -> dict[str, object]:
        return {"kinds": [str(kind) for kind in self.kinds], "min_months": self.min_months}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; months are calendar months, None and an empty tuple set no condition."""

    threshold_months: int
    as_of: date
    window: Window | None = None
    kinds: tuple[Kind, ...] = ()
    fields: tuple[str, ...] = ()
    min_weekly_hours: float | None = None
    min_continuous_months: int | None = None
    min_continuous_in_window: bool = False
    one_continuous_months: int | None = None
    excluded_leave: ExcludedLeave | None = None
    exclude_student: bool = False
    earliest: Earliest | None = None
    combine: Combine = Combine.SUM
    day_rounding: DayRounding = DayRounding.CARRY_30

    def to_json(self) -> dict[str, object]:
        """Return the JSON object that `parse_rule` reads back as an equal rule; what has its default is left out."""
        written: dict[str, object] = {"threshold_months": self.threshold_months, "as_of": self.as_of.isoformat()}
        for field in fields(self)[len(written) :]:
            value = getattr(self, field.name)
            if value != field.default:
                written[field.name] = _written(value)
        return written

    def needs_birth_date(self) -> bool:
        """Tell whether the rule cannot be applied in full without a birth date."""
        return self.earliest is not None and self.earliest.age is not None


def parse_rule(raw: object) -> Rule:
    """Read a rule from its JSON object; null, an empty list and 0 months mean that nothing is asked.

    Raises `BadInput` with a field such as `rule.window.from`.
    """
    return inside("rule", _rule, raw)


def _rule(raw: object) -> Rule:
    given = as_object(raw, REQUIRED, OPTIONAL)
    asked = {key: value for key, value in given.items() if value is not None or key in REQUIRED}
    return Rule(**{key: inside(key, READERS[key], value) for key, value in asked.items()})


def _window(raw: object) -> Window:
    if isinstance(raw, dict) and "last_years" in raw:
        given = as_object(raw, frozenset({"last_years"}))
        return Window(last_years=inside("last_years", _years, given["last_years"]))
    given = as_object(raw, frozenset({"from", "to"}))
    from_on, to_on = inside("from", as_date, given["from"]), inside("to", as_date, given["to"])
    if to_on < from_on:
        raise BadInput("to", f"終わり（{to_on}）が始まり（{from_on}）より前です")
    return Window(from_on=from_on, to_on=to_on)


def _years(raw: object) -> int:
    return as_count(raw, least=1, most=MAX_YEARS)


def _age(raw: object) -> int:
    return as_count(raw, most=MAX_YEARS)


def _earliest(raw: object) -> Earliest:
    if isinstance(raw, dict) and "age" in raw:
        given = as_object(raw, frozenset({"age"}))
        return Earliest(age=inside("age", _age, given["age"]))
    given = as_object(raw, frozenset({"date"}))
    return Earliest(on=inside("date", as_date, given["date"]))


def _excluded_leave(raw: object) -> ExcludedLeave | None:
    given = as_object(raw, frozenset({"kinds"}), frozenset({"min_months"}))
    kinds = inside("kinds", _leave_kinds, given["kinds"])
    asked = given.get("min_months")
    min_months = 0 if asked is None else inside("min_months", as_count, asked)
    return ExcludedLeave(kinds, min_months) if kinds else None


def _kinds(raw: object) -> tuple[Kind, ...]:
    return as_list(raw, lambda kind: as_word(kind, KINDS))


def _leave_kinds(raw: object) -> tuple[LeaveKind, ...]:
    return () if raw is None else as_list(raw, lambda kind: as_word(kind, LEAVE_KINDS))


def _texts(raw: object) -> tuple[str, ...]:
    return as_list(raw, as_text)


def _months_or_none(raw: object) -> int | None:
    return as_count(raw) or None


def _hours_or_none(raw: object) -> float | None:
    return as_hours(raw) or None  # any hours reach 0, so 0 asks for nothing


def _combine(raw: object) -> Combine:
    return as_word(raw, COMBINES)


def _day_rounding(raw: object) -> DayRounding:
    return as_word(raw, DAY_ROUNDINGS)


READERS: dict[str, Callable[[object], Any]] = {
    "threshold_months": as_count,
    "as_of": as_date,
    "window": _window,
    "kinds": _kinds,
    "fields": _texts,
    "min_weekly_hours": _hours_or_none,
    "min_continuous_months": _months_or_none,
    "min_continuous_in_window": as_flag,
    "one_continuous_months": _months_or_none,
    "excluded_leave": _excluded_leave,
    "exclude_student": as_flag,
    "earliest": _earliest,
    "combine": _combine,
    "day_rounding": _day_rounding,
}
REQUIRED = frozenset({"threshold_months", "as_of"})
OPTIONAL = READERS.keys() - REQUIRED


def _written(value: object) -> object:
    if isinstance(value, (Window, Earliest, ExcludedLeave)):
        return value.to_json()
    if isinstance(value, tuple):
        return [str(word) for word in value]
    return value if isinstance(value, (bool, int, float)) else str(value)
