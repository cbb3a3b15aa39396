"""What the assessment of one criterion gives, and what it reads of a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from app.core.date_words import day_in_words, month_in_words
from app.eligibility.calendar import month_length
from app.eligibility.explanation import Explanation, confirmed
from app.eligibility.facts import Availability, Education, LanguageTest, Qualification
from app.eligibility.words import Outcome


class Answered(Protocol):
    """What a person answered, as far as criteria look at it."""

    no_history: bool
    declarations: dict[str, bool]
    education: Education | None
    qualifications: list[Qualification]
    no_qualifications: bool
    languages: list[LanguageTest]
    no_languages: bool
    availability: Availability | None

    def engine_history(self) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Counted:
    """One count among several of a criterion; `label` says what it counts."""

    label: str
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class Found:
    """What one criterion came to; `checks` names what a person must look at or what is missing."""

    outcome: Outcome
    sentence: str
    working: dict[str, Any]
    checks: tuple[str, ...] = ()
    counts: tuple[Counted, ...] = field(default=())
    is_unanswered: bool = False  # nothing was said of it yet: the person can still answer


def settled(fits: bool, sentence: str, working: dict[str, Any]) -> Found:
    """Give an outcome that the answers decide; where they do not fit, say that staff confirm."""
    if fits:
        return Found(Outcome.MEETS, sentence, working)
    return Found(Outcome.DOES_NOT_MEET, confirmed(sentence), working)


def to_check(sentence: str, working: dict[str, Any], *missing: str) -> Found:
    """Give the third outcome, naming what is missing."""
    return Found(Outcome.CHECK, sentence, working, missing)


def unanswered(sentence: str, working: dict[str, Any], *missing: str) -> Found:
    """Give the third outcome where the person has not said anything of it yet."""
    return Found(Outcome.CHECK, sentence, working, missing, is_unanswered=True)


def together(outcomes: Sequence[Outcome]) -> Outcome:
    """Join outcomes of conditions that must all be met."""
    if Outcome.DOES_NOT_MEET in outcomes:
        return Outcome.DOES_NOT_MEET
    return Outcome.CHECK if Outcome.CHECK in outcomes else Outcome.MEETS


def days_of(given: str) -> tuple[date, date]:
    """Give the first and the last day that a date may mean which was given as YYYY-MM-DD or YYYY-MM."""
    year, month, *day = (int(part) for part in given.split("-"))
    if day:
        return date(year, month, day[0]), date(year, month, day[0])
    return date(year, month, 1), date(year, month, month_length(year, month))


def given_in_words(given: str) -> str:
    """Write a date as it was given: 2026年3月, 2026年3月31日."""
    year, month, *day = (int(part) for part in given.split("-"))
    return day_in_words(date(year, month, day[0])) if day else month_in_words(year, month)
