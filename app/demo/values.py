"""Values that no source gives and the demo needs in order to run; each page marks them デモ値 (design 55)."""

import json
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any, Self

from app.demo.postings import DemoPosting, read_field

JST = timezone(timedelta(hours=9), "JST")


@dataclass(frozen=True, slots=True)
class WindowPattern:
    """A window relative to the fresh start: days and JST times, or minutes for the one that closes soon."""

    opens_days: int
    opens_time: time
    closes_days: int
    closes_time: time | None
    closes_minutes: int | None

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> Self:
        closes = raw.get("closes_time")
        return cls(
            raw["opens_days"],
            time.fromisoformat(raw["opens_time"]),
            raw.get("closes_days", 0),
            None if closes is None else time.fromisoformat(closes),
            raw.get("closes_minutes"),
        )

    def instants(self, start: datetime) -> tuple[datetime, datetime]:
        """Return opens_at and closes_at as aware JST instants of a whole minute for a fresh start at `start`, aware."""
        local = start.astimezone(JST).replace(second=0, microsecond=0)
        opens_at = _at(local, self.opens_days, self.opens_time)
        if self.closes_time is None:
            started_within = timedelta(minutes=1 if start > local else 0)  # never less time than is promised
            return opens_at, local + started_within + timedelta(minutes=self.closes_minutes or 0)
        return opens_at, _at(local, self.closes_days, self.closes_time)


def _at(local: datetime, days: int, clock: time) -> datetime:
    return datetime.combine(local.date() + timedelta(days=days), clock, tzinfo=JST)


@dataclass(frozen=True, slots=True)
class DemoStage:
    """`kind`: documents or interview; `result_days`: from closing to the planned news; `carry`: carry or reset."""

    key: str
    kind: str
    name: str
    method: str
    result_days: int
    blind: bool
    carry: str
    min_reviewers: int


@dataclass(frozen=True, slots=True)
class DemoLevel:
    value: int
    anchor: str
    evidence_required: bool


@dataclass(frozen=True, slots=True)
class DemoRubricItem:
    """One item with an integer weight in per cent and five levels, 1 the lowest."""

    key: str
    label: str
    weight: int
    levels: tuple[DemoLevel, ...]

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> Self:
        return cls(raw["key"], raw["label"], raw["weight"], tuple(DemoLevel(**level) for level in raw["levels"]))


@dataclass(frozen=True, slots=True)
class DemoQuestion:
    key: str
    label: str
    hint: str
    required: bool
    max_characters: int


@dataclass(frozen=True, slots=True)
class DemoDocumentKind:
    key: str
    label: str
    hint: str
    required: bool
    media: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DemoContact:
    department: str
    phone: str
    hours: str
    mail: str


@dataclass(frozen=True, slots=True)
class DemoCampaign:
    """The joint call; `openings` are source ids, `host` the slug of an organisation."""

    slug: str
    title: str
    summary: str
    host: str
    openings: tuple[str, ...]
    ranked: bool
    max_choices: int
    max_per_organisation: int
    rank_visible: bool


@dataclass(frozen=True, slots=True)
class DemoValues:
    """All demo values, most of them keyed by source id or by the slug of an organisation."""

    mark: str
    windows: dict[str, WindowPattern]
    window_of: dict[str, str]
    stage_sets: dict[str, tuple[DemoStage, ...]]
    stage_set_of: dict[str, str]
    rubric: dict[str, tuple[DemoRubricItem, ...]]
    weight_reason: str
    tie_rule: str
    questions: dict[str, tuple[DemoQuestion, ...]]
    document_kinds: tuple[DemoDocumentKind, ...]
    announcement: str
    contacts: dict[str, DemoContact]
    terms: dict[str, dict[str, Any]]
    form_terms: dict[str, dict[str, str]]  # by employment form, what a lawful notice says and no source does
    campaign: DemoCampaign

    def window(self, source_id: str, start: datetime) -> tuple[datetime, datetime] | None:
        """Return opens_at and closes_at of a running posting, None for drafts and the archive."""
        pattern = self.window_of.get(source_id)
        return None if pattern is None else self.windows[pattern].instants(start)

    def stages(self, source_id: str) -> tuple[DemoStage, ...]:
        """Return the stages of a running posting in order, none for drafts and the archive."""
        return self.stage_sets.get(self.stage_set_of.get(source_id, ""), ())

    def questions_for(self, posting: DemoPosting) -> tuple[DemoQuestion, ...]:
        """Return the common questions, then those of side jobs and of the occupation."""
        side_job = self.questions["side_job"] if posting.side_job else ()
        return (*self.questions["common"], *side_job, *self.questions.get(posting.occupation, ()))

    def filled(self, posting: DemoPosting) -> tuple[DemoPosting, frozenset[str]]:
        """Return the posting with its demo terms in place of absent ones, and the names of the fields so filled."""
        terms = {name: read_field(name, raw) for name, raw in self.terms.get(posting.source_id, {}).items()}
        missing = {name: value for name, value in terms.items() if getattr(posting, name) is None}
        return replace(posting, **missing), frozenset(missing)


def _stage_sets(raw: dict[str, list[dict[str, Any]]]) -> dict[str, tuple[DemoStage, ...]]:
    return {name: tuple(DemoStage(**stage) for stage in stages) for name, stages in raw.items()}


def _rubric(raw: dict[str, list[dict[str, Any]]]) -> dict[str, tuple[DemoRubricItem, ...]]:
    return {kind: tuple(DemoRubricItem.from_json(item) for item in items) for kind, items in raw.items()}


def _document_kind(raw: dict[str, Any]) -> DemoDocumentKind:
    return DemoDocumentKind(**{**raw, "media": tuple(raw["media"])})


def _read(raw: dict[str, Any]) -> DemoValues:
    typed = {
        "windows": {name: WindowPattern.from_json(window) for name, window in raw["windows"].items()},
        "stage_sets": _stage_sets(raw["stage_sets"]),
        "rubric": _rubric(raw["rubric"]),
        "questions": {name: tuple(DemoQuestion(**one) for one in some) for name, some in raw["questions"].items()},
        "document_kinds": tuple(_document_kind(one) for one in raw["document_kinds"]),
        "contacts": {slug: DemoContact(**contact) for slug, contact in raw["contacts"].items()},
        "campaign": DemoCampaign(**{**raw["campaign"], "openings": tuple(raw["campaign"]["openings"])}),
    }
    return DemoValues(**{**raw, **typed})


DEMO_VALUES = _read(json.loads(Path(__file__).with_name("values.json").read_text(encoding="utf-8")))
