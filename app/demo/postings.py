"""Facts of 33 real calls, in our own words; what no source showed is None and never guessed."""

import json
from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Self

_FILE = Path(__file__).with_name("postings.json")

ABSENT_FIELDS = (
    "form_words",
    "department",
    "rank",
    "term",
    "renewal",
    "headcount",
    "duties",
    "required",
    "preferred",
    "pay",
    "work_days",
    "remote",
    "work_place",
    "original_window",
    "channel",
    "documents",
    "stages",
    "announcement",
    "results",
)
"""The fields that a source may lack."""


class LoadAs(StrEnum):
    """What becomes of a record in the demo; only the first four get a window."""

    OPEN = "open"
    CLOSING_SOON = "closing_soon"
    UPCOMING = "upcoming"
    CLOSED = "closed"
    DRAFT = "draft"
    ARCHIVE = "archive"

    @property
    def is_running(self) -> bool:
        return self in (LoadAs.OPEN, LoadAs.CLOSING_SOON, LoadAs.UPCOMING, LoadAs.CLOSED)


class DemoCriterionKind(StrEnum):
    EXPERIENCE = "experience"  # params: rule without as_of, as_of where the call named it
    BIRTH_DATE = "birth_date"
    EDUCATION = "education"
    QUALIFICATION = "qualification"
    LANGUAGE = "language"
    AVAILABILITY = "availability"
    DECLARATION = "declaration"  # params: text
    PERSON = "person"  # for a person to judge
    UNRESTRICTED = "unrestricted"  # the call says that it asks nothing here


class _FromJson:
    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> Self:
        return cls(**raw)


@dataclass(frozen=True, slots=True)
class DemoOrganisation(_FromJson):
    slug: str
    name: str
    name_en: str | None  # the official English name, where one is known for sure
    prefecture: str
    code: str | None
    kind: str
    short_name: str
    mark: str
    hue: str


@dataclass(frozen=True, slots=True)
class DemoTerm(_FromJson):
    """任期; the days are ISO dates or months as the source gave them."""

    text: str
    start: str | None
    end: str | None
    months: int | None


@dataclass(frozen=True, slots=True)
class DemoHeadcount(_FromJson):
    text: str
    min: int | None
    max: int | None


@dataclass(frozen=True, slots=True)
class DemoPay(_FromJson):
    """`type`: monthly, annual, daily, per_session or per_deliverable."""

    type: str
    text: str
    min_yen: int | None
    max_yen: int | None


@dataclass(frozen=True, slots=True)
class DemoWorkDays(_FromJson):
    text: str
    per_week_min: int | None
    per_week_max: int | None
    per_month_min: int | None
    per_month_max: int | None


@dataclass(frozen=True, slots=True)
class DemoRemote(_FromJson):
    """`kind`: full, partial or office."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class OriginalWindow(_FromJson):
    """When the call really ran; ISO dates, months or instants as the source gave them."""

    text: str
    opens: str | None
    closes: str | None


@dataclass(frozen=True, slots=True)
class DemoResults(_FromJson):
    text: str
    applicants: int | None
    applicants_at_least: int | None
    hired: int | None


@dataclass(frozen=True, slots=True)
class DemoCriterion:
    kind: DemoCriterionKind
    label_ja: str
    params: dict[str, Any]

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> Self:
        return cls(DemoCriterionKind(raw["kind"]), raw["label_ja"], raw["params"])


@dataclass(frozen=True, slots=True)
class DemoPosting:
    """One real call. `employment_form` is None where no source names the article or kind of appointment."""

    source_id: str
    organisation: str
    title: str
    summary: str
    duties: tuple[str, ...] | None
    occupation: str
    load_as: LoadAs
    is_joint: bool
    side_job: bool
    employment_form: str | None
    form_words: str | None
    department: str | None
    rank: str | None
    term: DemoTerm | None
    renewal: str | None
    headcount: DemoHeadcount | None
    pay: DemoPay | None
    work_days: DemoWorkDays | None
    remote: DemoRemote | None
    work_place: str | None
    required: tuple[DemoCriterion, ...] | None
    preferred: tuple[DemoCriterion, ...] | None
    documents: tuple[str, ...] | None
    stages: tuple[str, ...] | None
    announcement: str | None
    channel: str | None
    original_window: OriginalWindow | None
    results: DemoResults | None
    source_url: str
    source_kind: str
    other_sources: tuple[str, ...]
    source_note: str | None

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> Self:
        return cls(**{field.name: read_field(field.name, raw[field.name]) for field in fields(cls)})

    def absent(self) -> frozenset[str]:
        """Return the names of the fields that no source showed."""
        return frozenset(name for name in ABSENT_FIELDS if getattr(self, name) is None)


def _criteria(raw: list[dict[str, Any]]) -> tuple[DemoCriterion, ...]:
    return tuple(DemoCriterion.from_json(one) for one in raw)


_READERS: dict[str, Callable[[Any], Any]] = {
    "load_as": LoadAs,
    "duties": tuple,
    "term": DemoTerm.from_json,
    "headcount": DemoHeadcount.from_json,
    "pay": DemoPay.from_json,
    "work_days": DemoWorkDays.from_json,
    "remote": DemoRemote.from_json,
    "required": _criteria,
    "preferred": _criteria,
    "documents": tuple,
    "stages": tuple,
    "original_window": OriginalWindow.from_json,
    "results": DemoResults.from_json,
    "other_sources": tuple,
}


def read_field(name: str, raw: Any) -> Any:
    """Return the typed value of one field of a posting; None stays None."""
    return raw if raw is None or name not in _READERS else _READERS[name](raw)


@cache
def _contents() -> dict[str, Any]:
    contents: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return contents


def organisations() -> tuple[DemoOrganisation, ...]:
    """Return the 22 organisations of the postings."""
    return tuple(DemoOrganisation.from_json(raw) for raw in _contents()["organisations"])


def postings() -> tuple[DemoPosting, ...]:
    """Return the 33 postings, the four of the joint call first."""
    return tuple(DemoPosting.from_json(raw) for raw in _contents()["postings"])
