"""The six facts of an opening, in their one fixed order, from what its content says."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext

from app.core.facts import Fact
from app.core.language import word
from app.core.templating import jst_short
from app.core.time_left import remaining
from app.openings.content import OpeningContent
from app.openings.words import REMOTE

SOON = timedelta(days=7)
CALLED_OFF = Fact(word("中止"))  # stands for the deadline
WINDOW = "window"  # the name under which the demo marks made-up instants


@dataclass(frozen=True)
class SixFacts:
    """What every opening shows, in this order."""

    employment_form: Fact
    work_days: Fact
    remote: Fact
    pay: Fact
    term: Fact
    deadline: Fact


def _is_demo(content: OpeningContent, name: str) -> bool:
    return name in content.demo_values


def six_facts(
    content: OpeningContent,
    form_label: str | None,
    *,
    opens_at: datetime | None,
    closes_at: datetime | None,
    at: datetime,
    is_called_off: bool = False,
) -> SixFacts:
    """Give the facts as `facts()` of the templates shows them; a fact without text is 要項に記載なし.

    Of an opening that was called off nothing is counted down.
    """
    terms = content.terms
    note = word("副業・兼業可") if terms.is_side_job else None
    is_demo_window = _is_demo(content, WINDOW)
    return SixFacts(
        employment_form=Fact(form_label or terms.form_note, note, is_demo_value=_is_demo(content, "terms.form_key")),
        work_days=Fact(terms.days, is_demo_value=_is_demo(content, "terms.days")),
        remote=_remote_fact(content),
        pay=_pay_fact(content),
        term=Fact(terms.term, is_demo_value=_is_demo(content, "terms.term")),
        deadline=CALLED_OFF if is_called_off else deadline_fact(opens_at, closes_at, at, is_demo_value=is_demo_window),
    )


def _remote_fact(content: OpeningContent) -> Fact:
    terms = content.terms
    words = None if terms.remote == "unstated" else REMOTE[terms.remote]
    return Fact(words, terms.remote_note, is_demo_value=_is_demo(content, "terms.remote"))


def _pay_fact(content: OpeningContent) -> Fact:
    """The first sentence large, what follows it as the note."""
    pay = content.terms.pay
    first, _stop, rest = (pay.text if pay else "").partition("。")
    return Fact(first or None, rest or None, is_demo_value=_is_demo(content, "terms.pay"))


def deadline_fact(
    opens_at: datetime | None, closes_at: datetime | None, at: datetime, *, is_demo_value: bool = False
) -> Fact:
    """Give the deadline with what is left, or with the day from which applications are taken."""
    if closes_at is None:
        return Fact()
    if opens_at is not None and at < opens_at:
        return Fact(at=closes_at, note=gettext("受付開始 %(at)s", at=jst_short(opens_at)), is_demo_value=is_demo_value)
    left = closes_at - at
    is_soon = timedelta(0) <= left <= SOON
    return Fact(at=closes_at, note=remaining(closes_at, at), is_soon=is_soon, is_demo_value=is_demo_value)
