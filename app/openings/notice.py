"""The notice (要項) that a page shows: an opening's content arranged for reading, of a published one or of a draft."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import gettext

from app.core.clock import JST
from app.core.facts import Fact
from app.core.language import word
from app.core.templating import jst_date, jst_short, jst_short_date
from app.openings.content import CriterionContent, CriterionKind, OpeningContent, StageContent
from app.openings.criterion_notice import say
from app.openings.facts import CALLED_OFF, SixFacts, six_facts
from app.openings.words import STAGE_KINDS, TERMS


@dataclass(frozen=True)
class Requirement:
    """One criterion with how it is judged, in words; `kind` tells the pages of the computed ones."""

    key: str
    label: str
    kind: CriterionKind
    how: str
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True)
class Event:
    """One line of the timeline: `when` as announced, `at` a deadline; `state` is now, done or nothing."""

    title: str
    when: str | None = None
    at: datetime | None = None
    text: str | None = None
    state: str = ""


@dataclass(frozen=True)
class Notice:
    """All that a page of one opening shows of its content."""

    content: OpeningContent
    facts: SixFacts
    required: tuple[Requirement, ...]
    preferred: tuple[Requirement, ...]
    timeline: tuple[Event, ...]
    terms: tuple[tuple[str, Fact], ...]

    def is_demo(self, name: str) -> bool:
        return name in self.content.demo_values


def make_notice(
    content: OpeningContent,
    form_label: str | None,
    *,
    basis: str | None,
    opens_at: datetime | None,
    closes_at: datetime | None,
    at: datetime,
) -> Notice:
    """Arrange a content for its page as of an instant."""
    return Notice(
        content=content,
        facts=six_facts(content, form_label, opens_at=opens_at, closes_at=closes_at, at=at),
        required=tuple(_requirement(one) for one in content.criteria if one.required),
        preferred=tuple(_requirement(one) for one in content.criteria if not one.required),
        timeline=tuple(_timeline(content, opens_at, closes_at, at)),
        terms=tuple(_terms(content, form_label, basis)),
    )


def called_off(notice: Notice, at: datetime | None) -> Notice:
    """Take the countdown and all that will not happen out of the notice of an opening that was called off."""
    day = Event(word("中止"), when=jst_date(at) if at else "—", text=word("この募集は中止しました"), state="done")
    return replace(notice, facts=replace(notice.facts, deadline=CALLED_OFF), timeline=(day,))


def _requirement(criterion: CriterionContent) -> Requirement:
    how, said = say(criterion)
    return Requirement(criterion.key, criterion.label, criterion.kind, how, tuple(said))


def _timeline(
    content: OpeningContent, opens_at: datetime | None, closes_at: datetime | None, at: datetime
) -> Iterator[Event]:
    is_open = opens_at is not None and closes_at is not None and opens_at <= at <= closes_at
    is_over = closes_at is not None and closes_at < at
    window = None
    if opens_at and closes_at:
        window = gettext("%(first)s から %(last)s まで", first=jst_short(opens_at), last=jst_short(closes_at))
    state = "now" if is_open else "done" if is_over else ""
    yield Event(
        word("応募受付"), when=window, text=word("送った内容の全部がサーバーに届いた時刻で判定します。"), state=state
    )
    for stage in content.stages:
        yield _stage_event(stage, closes_at)
    if content.appointed_on:
        yield Event(word("任用"), when=jst_date(content.appointed_on))


def _stage_event(stage: StageContent, closes_at: datetime | None) -> Event:
    """Name the year of a day where it is not the year of the deadline."""
    when = None
    if stage.result_on:
        is_same_year = closes_at is None or stage.result_on.year == closes_at.astimezone(JST).year
        day = jst_short_date(stage.result_on) if is_same_year else jst_date(stage.result_on)
        when = gettext("%(day)s にお知らせ", day=day)
    blind = word("氏名を伏せて採点します。") if stage.blind and stage.rubric and "氏名" not in stage.method else ""
    kind = STAGE_KINDS[stage.kind]
    title = stage.name if kind in stage.name else f"{stage.name}（{kind}）"
    return Event(title, when=when, text=(stage.method + blind) or None)


def _terms(content: OpeningContent, form_label: str | None, basis: str | None) -> Iterator[tuple[str, Fact]]:
    terms = content.terms
    form = " ".join(dict.fromkeys(part for part in (form_label, terms.form_note) if part))
    yield word("任用形態"), Fact(form or None, is_demo_value="terms.form_key" in content.demo_values)
    if basis:
        yield word("根拠法令"), Fact(basis)
    for name, label in TERMS.items():
        value = getattr(terms, name)
        text = value.text if name == "pay" and value is not None else value
        yield label, Fact(text, is_demo_value=f"terms.{name}" in content.demo_values)
