"""The list of openings with its filters: which are chosen, what they find, how many each would find."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, case, func, or_, select, true

from app.core.language import word
from app.core.model import Instant
from app.core.numbers import whole_number
from app.core.paging import Page
from app.extensions import db
from app.jp.text import search_key
from app.openings.employment import FORM_LABELS
from app.openings.models import Opening, Remote
from app.openings.public_queries import PUBLISHED, Published, as_published
from app.openings.queries import AT, is_closed, is_open, is_upcoming, visible
from app.openings.words import DAYS, OCCUPATIONS, REMOTE, SORTS, STATES
from app.organisations.models import Organisation

SOON = timedelta(days=7)
UNTIL_SOON, _OFFSET = bindparam("until_soon", type_=Instant), bindparam("offset", type_=Integer)
PER_PAGE = 20
MOST_WORDS = 8
UNSTATED = "unstated"
LIVE = ("open", "upcoming")  # what the list shows when no state was chosen
OPTIONS: dict[str, dict[str, str]] = {
    "state": STATES,
    "form": {**FORM_LABELS, UNSTATED: word("要項に記載なし")},
    "days": {name: label for name, (label, _low, _high) in DAYS.items()},
    "remote": {name: label for name, label in REMOTE.items() if name != UNSTATED},
    "occupation": OCCUPATIONS,
    "side": {"1": word("副業・兼業として応募できる")},
}
_NAMES = [(facet, option) for facet, options in OPTIONS.items() for option in options]
_MORE = ("org", "q")  # facets without options of their own


@dataclass(frozen=True)
class Filters:
    """What a person chose; `chosen` holds known options only, by facet, `org` those of organisations by slug."""

    text: str
    chosen: Mapping[str, tuple[str, ...]]
    sort: str = "deadline"
    page: int = 1

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(search_key(self.text).split()[:MOST_WORDS])

    @property
    def states(self) -> tuple[str, ...]:
        return self.chosen["state"] or LIVE

    def without(self, facet: str, option: str | None = None) -> "Filters":
        """The same choice with one option, or a whole facet (`q`: the words), taken back; on the first page."""
        if facet == "q":
            return replace(self, text="", page=1)
        kept = tuple(one for one in self.chosen[facet] if option is not None and one != option)
        return replace(self, chosen={**self.chosen, facet: kept}, page=1)

    def address(self, **changes: Any) -> dict[str, Any]:
        """The arguments of the list's address."""
        given: dict[str, Any] = {"q": self.text, **self.chosen, "sort": self.sort if self.sort != "deadline" else None}
        given["page"] = self.page if self.page > 1 else None
        return {name: value for name, value in (given | changes).items() if value}


def read_filters(query: Mapping[str, list[str]]) -> Filters:
    """Read the filters from the arguments of an address; what is unknown is left out."""

    def last(name: str) -> str:
        return query.get(name, [""])[-1]

    chosen = {facet: tuple(o for o in query.get(facet, ()) if o in options) for facet, options in OPTIONS.items()}
    chosen["org"] = tuple(slug[:40] for slug in query.get("org", ())[:100] if slug and slug.isprintable())
    page, sort = max(1, whole_number(last("page"), 1)), last("sort")
    return Filters(last("q").strip()[:200], chosen, sort if sort in SORTS else "deadline", page)


@dataclass(frozen=True)
class Found:
    """One page of the list and how many each option would find: `counts[facet][option]`.

    `without[facet]` says how many there would be with that facet's choice taken back.
    """

    page: Page
    rows: list[Published]
    counts: dict[str, dict[str, int]]
    cities: list[tuple[Organisation, int]]
    without: dict[str, int]


@dataclass(frozen=True)
class Asked:
    """The statements of one choice of filters, with places for the instants: building them is dearer than running."""

    counts: Select[*tuple[Any, ...]]
    rows: Select[*tuple[Any, ...]]
    cities: Select[*tuple[Any, ...]]


def search(filters: Filters, at: datetime) -> Found:
    """Find the openings of one page of the list; three statements whatever is found."""
    asked, moments = _asked(tuple(filters.chosen.items()), filters.words, filters.sort), _moments(at)
    counts, without, total = _counts(asked, moments)
    page = Page.of(filters.page, total, PER_PAGE)
    rows = as_published(asked.rows, moments | {"offset": page.offset})
    cities = [(organisation, int(n)) for organisation, n in db.session.execute(asked.cities, moments)]
    return Found(page, rows, counts, cities, without)


def _moments(at: datetime) -> dict[str, datetime]:
    return {"at": at, "until_soon": at + SOON}


@lru_cache(maxsize=100)
def _asked(chosen: tuple[tuple[str, tuple[str, ...]], ...], words: tuple[str, ...], sort: str) -> Asked:
    holds = _conditions(dict(chosen), words)
    rows = PUBLISHED.where(*holds.values()).order_by(*_order(sort)).limit(PER_PAGE).offset(_OFFSET)
    return Asked(_counting(holds), rows, _cities(holds))


def _option(facet: str, option: str) -> ColumnElement[bool]:
    """The condition of one option of a facet."""
    if facet == "state":
        return _state(option)
    if facet == "form":
        return Opening.form_key.is_(None) if option == UNSTATED else Opening.form_key == option
    if facet == "days":
        _label, low, high = DAYS[option]
        return and_(Opening.days_min < high, func.coalesce(Opening.days_max, Opening.days_min) >= low)
    if facet == "remote":
        return Opening.remote == Remote(option)
    return Opening.occupation == option if facet == "occupation" else Opening.is_side_job.is_(True)


def _state(option: str) -> ColumnElement[bool]:
    return {
        "open": is_open(AT),
        "soon": and_(is_open(AT), Opening.closes_at <= UNTIL_SOON),
        "upcoming": is_upcoming(AT),
        "closed": is_closed(AT),
    }[option]


def _conditions(chosen: Mapping[str, tuple[str, ...]], words: tuple[str, ...]) -> dict[str, ColumnElement[bool]]:
    """One condition per facet that is chosen from; options of one facet widen, facets and words narrow."""
    chosen = {**chosen, "state": chosen["state"] or LIVE}
    holds = {facet: or_(*(_option(facet, one) for one in chosen[facet])) for facet in OPTIONS if chosen[facet]}
    if chosen["org"]:
        slugs = select(Organisation.id).where(Organisation.slug.in_(chosen["org"]))
        holds["org"] = Opening.organisation_id.in_(slugs)
    if words:
        holds["q"] = and_(*(Opening.search_text.contains(word, autoescape=True) for word in words))
    return holds


def _how_many(condition: ColumnElement[bool]) -> Any:
    return func.count().filter(condition)


def _others(holds: Mapping[str, ColumnElement[bool]], facet: str) -> ColumnElement[bool]:
    return and_(true(), *(condition for name, condition in holds.items() if name != facet))


def _counting(holds: dict[str, ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    """Ask of each visible opening once what it is and which facets it meets, and count over the answers."""
    asked = {("holds", facet): condition for facet, condition in holds.items()}
    asked |= {(facet, option): _option(facet, option) for facet, option in _NAMES}
    columns = [condition.label("_".join(name)) for name, condition in asked.items()]
    seen = dict(zip(asked, select(*columns).where(visible(AT)).subquery().c, strict=True))
    meets = {facet: seen["holds", facet] for facet in holds}
    sums = [_how_many(and_(_others(meets, facet), seen[facet, option])) for facet, option in _NAMES]
    sums += [_how_many(_others(meets, facet)) for facet in (*OPTIONS, *_MORE)]
    return select(*sums, _how_many(and_(*meets.values())))


def _counts(asked: Asked, moments: dict[str, datetime]) -> tuple[dict[str, dict[str, int]], dict[str, int], int]:
    numbers = [int(n) for n in db.session.execute(asked.counts, moments).one()]
    counts: dict[str, dict[str, int]] = {facet: {} for facet in OPTIONS}
    for (facet, option), n in zip(_NAMES, numbers, strict=False):
        counts[facet][option] = n
    without = dict(zip((*OPTIONS, *_MORE), numbers[len(_NAMES) :], strict=False))
    return counts, without, numbers[-1]


def _cities(holds: dict[str, ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    return (
        select(Organisation, _how_many(_others(holds, "org")))
        .join(Opening, Opening.organisation_id == Organisation.id)
        .where(visible(AT))
        .group_by(Organisation.id)
        .order_by(Organisation.code, Organisation.slug)
    )


def _order(sort: str) -> tuple[Any, ...]:
    place = case((is_open(AT), 0), (is_upcoming(AT), 1), else_=2)
    by_deadline = (place, case((place < 2, Opening.closes_at)), Opening.closes_at.desc(), Opening.id)
    if sort == "new":
        return (Opening.published_at.desc(), *by_deadline)
    if sort == "days":
        unstated = case((Opening.days_min.is_(None), 1), else_=0)
        return (unstated, Opening.days_min, *by_deadline)
    return by_deadline
