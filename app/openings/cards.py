"""Cards of openings in the lists of public pages.

A card shows nothing but a frozen value, and each process keeps what it made of one. Whatever changes (a state, a
deadline, what is left until it, a name) is another value, so that nothing kept can be out of date.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from flask import current_app, request
from markupsafe import Markup

from app.openings.facts import SixFacts, six_facts
from app.openings.public_queries import Published
from app.openings.queries import ClosingState, closing_state, is_called_off

MOST = 2000  # kept by a process, of some 2 KB each


@dataclass(frozen=True)
class Card:
    """All that a card says: equal cards look alike in one language. `name` to `hue` are the organisation's."""

    opening_id: uuid.UUID
    title: str
    headcount: str | None
    is_side_job: bool
    is_joint: bool
    state: ClosingState
    facts: SixFacts
    name: str
    name_en: str | None
    mark: str
    hue: str


def cards(rows: Iterable[Published], at: datetime) -> list[Card]:
    """Make the cards of openings as of an instant, in their order."""
    return [_card(row, at) for row in rows]


def _card(row: Published, at: datetime) -> Card:
    opening, said, city = row.opening, row.content, row.organisation
    times = {"opens_at": opening.opens_at, "closes_at": opening.closes_at}
    return Card(
        opening_id=opening.id,
        title=said.title,
        headcount=said.terms.headcount,
        is_side_job=said.terms.is_side_job,
        is_joint=row.campaign is not None,
        state=closing_state(opening, at),
        facts=six_facts(said, row.form_label, **times, at=at, is_called_off=is_called_off(opening)),
        name=city.name,
        name_en=city.name_en,
        mark=city.mark,
        hue=city.hue,
    )


def card_html(card: Card) -> Markup:
    """Give what the macro `card` makes of a card for this page."""
    return _made(card, request.script_root)


@lru_cache(maxsize=MOST)
def _made(card: Card, _root: str) -> Markup:
    """Make it; the script root stands in its links and says the language."""
    module: Any = current_app.jinja_env.get_template("openings/_card.html").module
    html: Markup = module.card(card)
    return html
