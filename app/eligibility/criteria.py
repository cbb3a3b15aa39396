"""The kinds of criteria and how each is assessed. An assessment rejects nobody: staff confirm every one (design 6)."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, Protocol

from pydantic import ValidationError

from app.core.language import sentence, word
from app.eligibility.declared import assess_availability, assess_birth_date, assess_by_people, assess_declaration
from app.eligibility.engine import Rule, parse_rule
from app.eligibility.explanation import Explanation
from app.eligibility.found import Answered, Counted, Found, to_check
from app.eligibility.papers import assess_education, assess_language, assess_qualification
from app.eligibility.words import Outcome
from app.eligibility.years import assess_years
from app.openings.content import CriterionKind
from app.openings.criterion_params import ExperienceParams, read_params

ENGINE_VERSION = "3"  # of everything in this package that an outcome depends on; a finding names it
FIELD_LABELS = {
    "digital": word("デジタル・情報システム"),
    "public_relations": word("広報"),
    "planning": word("企画"),
    "management": word("管理職"),
}

MEETS_WORD, OTHERWISE_WORD, STAFF_WORD = word("満たしています"), word("条件と異なります"), word("職員が確認します")
UNANSWERED_WORD = word("未回答")


class Criterion(Protocol):
    """A criterion of a revision: its row or its content."""

    @property
    def key(self) -> str: ...
    @property
    def kind(self) -> Any: ...
    @property
    def label(self) -> str: ...
    @property
    def required(self) -> bool: ...
    @property
    def params(self) -> dict[str, Any]: ...


class Asked(StrEnum):
    """What a form asks only where some criterion looks at it."""

    HISTORY = "history"
    BIRTH_DATE = "birth_date"
    EDUCATION = "education"
    QUALIFICATIONS = "qualifications"
    LANGUAGES = "languages"
    AVAILABILITY = "availability"


@dataclass(frozen=True, slots=True)
class Assessed:
    """The outcome of one criterion with what a page shows of it and the working that a finding keeps (JSON)."""

    key: str
    kind: str
    label: str
    required: bool
    outcome: Outcome
    word: str  # a short word for a tag; never one of rejection
    sentence: str
    checks: tuple[str, ...]
    counts: tuple[Counted, ...]
    working: dict[str, Any]
    is_unanswered: bool = False

    @property
    def explanation(self) -> Explanation | None:
        """The words of the whole count, where the criterion counts."""
        return self.counts[0].explanation if self.counts else None


def assess(criterion: Criterion, answers: Answered, *, today: date | None = None) -> Assessed:
    """Assess one criterion from a person's answers; with `today` (in Japan) days still to come are called 見込み."""
    kind = CriterionKind(str(criterion.kind))
    try:
        params = read_params(kind, criterion.params)
    except ValidationError:  # a revision from before a setting was asked for
        found = to_check(sentence("この募集の条件を読み取れないため、職員が確認します。"), {})
    else:
        found = KINDS[kind](params, criterion.key, answers, today)
    return Assessed(
        key=criterion.key,
        kind=kind.value,
        label=criterion.label,
        required=criterion.required,
        outcome=found.outcome,
        word=_word(found),
        sentence=found.sentence,
        checks=found.checks,
        counts=found.counts,
        working={"kind": kind.value, "sentence": found.sentence, "checks": list(found.checks), **found.working},
        is_unanswered=found.is_unanswered,
    )


def rules_of(criteria: Sequence[Criterion]) -> list[Rule]:
    """Read the experience rules among criteria, part counts included, to know what a form must ask."""
    params = [json.dumps(one.params) for one in criteria if str(one.kind) == CriterionKind.EXPERIENCE]
    return [rule for one in params for rule in _rules(one)]


@lru_cache(maxsize=1000)
def _rules(params: str) -> tuple[Rule, ...]:
    """Read the rules of one criterion from its settings as JSON; a page asks for them again and again."""
    read = ExperienceParams.model_validate(json.loads(params))
    return tuple(parse_rule(rule) for rule in (read.whole(), read.part()) if rule is not None)


def asked_by(criterion: Criterion) -> set[Asked]:
    """Name what a person must be asked so that one criterion can be assessed (design 25)."""
    kind = CriterionKind(str(criterion.kind))
    if kind is not CriterionKind.EXPERIENCE:
        return {ASKED_BY[kind]} if kind in ASKED_BY else set()
    asked = {Asked.HISTORY}
    if criterion.params.get("by_education"):
        asked.add(Asked.EDUCATION)
    if any(rule.needs_birth_date() for rule in rules_of([criterion])):
        asked.add(Asked.BIRTH_DATE)
    return asked


def asked_of(criteria: Sequence[Criterion]) -> dict[Asked, bool]:
    """Name what a form must ask, in the order of the form; True where a required criterion needs the answer."""
    needed = [(asked, one.required) for one in criteria for asked in asked_by(one)]
    return {asked: (asked, True) in needed for asked in Asked if any(asked is other for other, _ in needed)}


def needs_birth_date(criteria: Sequence[Criterion]) -> bool:
    """Say whether any criterion cannot be assessed without a birth date (design 25)."""
    return Asked.BIRTH_DATE in asked_of(criteria)


def field_label(key: str) -> str:
    """Name a field of work in Japanese; an unknown key stands for itself."""
    return FIELD_LABELS.get(key, key)


def _word(found: Found) -> str:
    if found.outcome is Outcome.MEETS:
        return MEETS_WORD
    if found.outcome is Outcome.CHECK:
        return UNANSWERED_WORD if found.is_unanswered else STAFF_WORD
    short = (one.explanation for one in found.counts if one.explanation.outcome is Outcome.DOES_NOT_MEET)
    return next((one.shortfall for one in short if one.shortfall), OTHERWISE_WORD)


KINDS: dict[CriterionKind, Callable[[Any, str, Answered, date | None], Found]] = {
    CriterionKind.EXPERIENCE: assess_years,
    CriterionKind.EDUCATION: assess_education,
    CriterionKind.QUALIFICATION: assess_qualification,
    CriterionKind.LANGUAGE: assess_language,
    CriterionKind.BIRTH_DATE: assess_birth_date,
    CriterionKind.AVAILABILITY: assess_availability,
    CriterionKind.NATIONALITY: assess_declaration,
    CriterionKind.RESIDENCE: assess_declaration,
    CriterionKind.DECLARATION: assess_declaration,
    CriterionKind.PERSON: assess_by_people,
}
ASKED_BY = {
    CriterionKind.EDUCATION: Asked.EDUCATION,
    CriterionKind.QUALIFICATION: Asked.QUALIFICATIONS,
    CriterionKind.LANGUAGE: Asked.LANGUAGES,
    CriterionKind.BIRTH_DATE: Asked.BIRTH_DATE,
    CriterionKind.AVAILABILITY: Asked.AVAILABILITY,
}
