"""What a lawful notice still lacks (rules L-01 to L-11, F-03, F-07): one list for the checklist and for the refusal.

Pure: plain values in, items out. An item names its rule and the section of the editor that mends it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from app.openings.content import OpeningContent
from app.openings.publication_asked import Item, asked_items
from app.openings.publication_contradictions import contradiction_items
from app.openings.publication_criteria import criterion_items
from app.openings.publication_schedule import Window, schedule_items
from app.openings.publication_stages import stage_items
from app.openings.publication_years import year_items
from app.openings.words import TERMS

STALE_WORDS = ("成年被後見人", "禁錮")
ALWAYS = ("term", "headcount")


class FormRules(Protocol):
    """What a version of an employment form asks of a notice."""

    basis: str
    term_cap_months: int | None
    required_texts: list[str]
    is_employee: bool


@dataclass(frozen=True)
class Around:
    """What stands around an opening: its city, the form chosen (None: none), and how an experience rule is judged.

    `rule_fault` gives a sentence for a rule that cannot be counted, None for a good one.
    """

    city: str
    contact: str
    form: FormRules | None
    has_purpose_text: bool
    rule_fault: Callable[[Any], str | None]


def missing_items(content: OpeningContent, window: Window, around: Around, *, at: datetime) -> list[Item]:
    """List what keeps a content from being published (`blocks`) and what a person should look at again."""
    return [
        *_basic(content, around),
        *_terms(content, around.form),
        *_criteria(content, around),
        *stage_items(content, window.closes_at),
        *asked_items(content),
        *schedule_items(window, at),
        *year_items(content, window.closes_at),
        *contradiction_items(content),
    ]


def blocking(items: list[Item]) -> list[Item]:
    return [item for item in items if item.blocks]


def _basic(content: OpeningContent, around: Around) -> Iterator[Item]:
    if not content.title:
        yield Item("L-07", "basic", "募集の名前を書いてください")
    if not content.summary:
        yield Item("L-07", "basic", "ひとことの説明を書いてください")
    if not content.duties:
        yield Item("L-07", "basic", "仕事内容を書いてください")
    if content.occupation is None:
        yield Item("L-07", "basic", "職種の分類を選んでください")
    if not (content.contact or around.contact):
        yield Item("L-07", "basic", "問い合わせ先を書いてください")
    if not around.has_purpose_text:
        yield Item("L-07", "basic", "個人情報の利用目的の文が自治体の設定にありません")


def _terms(content: OpeningContent, form: FormRules | None) -> Iterator[Item]:
    terms = content.terms
    if form is None:
        yield Item("L-01", "terms", "任用形態を選んでください")
    needed = dict.fromkeys((*ALWAYS, *(form.required_texts if form else ())))
    for name in needed:
        if not getattr(terms, name):
            yield Item("L-07", "terms", f"{TERMS[name]}を書いてください")
    if terms.work_place is None and terms.remote == "unstated" and "work_place" not in needed:
        yield Item("L-07", "terms", "勤務地を書くか、リモートの可否を選んでください")
    if form is not None:
        yield from _term_cap(terms.term_months, form)


def _term_cap(months: int | None, form: FormRules) -> Iterator[Item]:
    if form.term_cap_months is None:
        return
    if months is None:
        yield Item("L-02", "terms", "任期の月数を書いてください（上限を確かめます）")
    elif months > form.term_cap_months:
        yield Item("L-02", "terms", f"任期が上限の{form.term_cap_months}か月を超えています（{form.basis}）")


def _criteria(content: OpeningContent, around: Around) -> Iterator[Item]:
    if not content.criteria:
        yield Item("L-07", "criteria", "応募資格を書いてください")
    for criterion in content.criteria:
        yield from criterion_items(criterion, content.appointed_on, around.rule_fault)
    if around.form is not None and around.form.is_employee:
        yield from _disqualification(content, around.city)


def _disqualification(content: OpeningContent, city: str) -> Iterator[Item]:
    text = content.disqualification_text
    if not text:
        yield Item("L-05", "criteria", "欠格条項の文を書いてください")
    for word in STALE_WORDS:
        if word in text:
            yield Item("L-05", "criteria", f"欠格条項に、いまの法律にない「{word}」があります")
    if "懲戒免職" in text and city not in text:
        yield Item("L-06", "criteria", f"欠格条項の懲戒免職の文に「{city}」と書いてください")
