"""The rail of staff pages and the tabs of an opening, from what the seat may do; counted only where shown."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, g, request, url_for

from app.accounts.guard import Seat
from app.accounts.queries import Affiliation
from app.core.access import ACTIONS, allowed
from app.reports import queries

ACCOMMODATIONS = ("staff_correspondence.accommodation", "staff_correspondence.answer_accommodation")
OPENINGS = "staff_applications.openings"  # the entry of all that stands under one opening but its notice


@dataclass(frozen=True)
class Place:
    """Where the rail leads, and the action that opens it."""

    label: str
    icon: str
    endpoint: str
    action: str
    count: Callable[[Seat], int] | None = None


@dataclass(frozen=True)
class Item:
    """One line of the rail as the layout shows it."""

    label: str
    url: str
    icon: str
    current: bool
    count: int | None


PLACES = (
    Place("ダッシュボード", "home", "staff_reports.dashboard", "dashboard.read"),
    Place("募集管理", "edit", "staff_openings.listing", "opening.read"),
    Place("応募・選考", "people", OPENINGS, "application.list"),
    Place("メッセージ", "note", "staff_correspondence.listing", "message.read", queries.messages_waiting),
    Place(
        "配慮", "person", "staff_correspondence.accommodations", "accommodation.read", queries.accommodations_waiting
    ),
    Place("採点", "list", "staff_reviews.queue", "rating.enter", queries.scoring_left),
    Place(
        "メール", "mail", "staff_outbox.listing", "mail.read", lambda seat: queries.failed_mails(seat.organisation.id)
    ),
    Place("職員", "person", "staff_accounts.members", "staff.read"),
    Place("設定", "settings", "staff_settings.settings", "settings.change"),
    Place("監査記録", "shield", "staff_audit.listing", "audit.read"),
)
TABS = (
    ("応募者", "staff_applications.listing", "application.list"),
    ("締切後の応募", "staff_applications.late", "late.read"),
    ("採点期", "staff_reviews.rounds", "round.progress"),
    ("選考ボード", "staff_selection.board", "result.read"),
)


def link(endpoint: str, **values: Any) -> str | None:
    """Give the address of an endpoint, or None where no such page is there."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None


def items(seat: Seat) -> Iterator[Item]:
    """Give the lines of the rail that this seat may open."""
    here = section(request.endpoint or "", bool((request.view_args or {}).get("opening_id")))
    for place in PLACES:
        url = link(place.endpoint, slug=seat.organisation.slug)
        if url is not None and seat.may(place.action):
            count = place.count(seat) if place.count else None
            yield Item(place.label, url, place.icon, place.endpoint == here, count)


def section(endpoint: str, is_under_an_opening: bool) -> str:
    """Name the entry to which a page belongs."""
    blueprint = endpoint.partition(".")[0]
    if endpoint in ACCOMMODATIONS:
        return "staff_correspondence.accommodations"
    if is_under_an_opening and blueprint != "staff_openings":
        return OPENINGS
    found = next((place.endpoint for place in PLACES if place.endpoint.partition(".")[0] == blueprint), "")
    return next((place.endpoint for place in PLACES if place.endpoint == endpoint), found)


def refusal_frame(slug: str | None) -> dict[str, Any]:
    """Give the page of a refusal its way back and its rail from what the guard found: no count, nothing of the address.

    Of the city named, else of the only one in which the person works; of none where there are several.
    """
    cities: tuple[Affiliation, ...] = g.get("affiliations", ())
    city = next((one for one in cities if one.slug == slug or len(cities) == 1), None)
    home = ("ダッシュボードへ", city.home) if city else ("職員の画面へ", url_for("accounts.choose"))
    return {"staff_home": home, "rail": _rail(city) if g.get("signed_in_as") else None}


def _rail(city: Affiliation | None) -> dict[str, Any]:
    several = (Item(one.name, one.home, "home", current=False, count=None) for one in g.affiliations)
    return {
        "organisation": city,
        "name": city.name if city else "Koubo",
        "staff_user": {"display_name": g.signed_in_as},
        "roles_label": city.roles_label if city else "",
        "staff_menu": tuple(_plain_items(city) if city else several),
    }


def _plain_items(city: Affiliation) -> Iterator[Item]:
    for place in PLACES:
        url = link(place.endpoint, slug=city.slug)
        if url is not None and allowed(ACTIONS[place.action], frozenset(city.roles)):
            yield Item(place.label, url, place.icon, current=False, count=None)


def opening_tabs(seat: Seat) -> Iterator[tuple[str, str, bool]]:
    """Give label, address and whether it is this one, of the pages of an opening that this seat may open."""
    opening_id = (request.view_args or {}).get("opening_id")
    for label, endpoint, action in TABS if opening_id else ():
        url = link(endpoint, slug=seat.organisation.slug, opening_id=opening_id)
        if url is not None and seat.may(action, opening_id):
            yield label, url, request.endpoint == endpoint


def frame() -> dict[str, Any]:
    """Give staff pages their rail and tabs; both are generators, so that a mail or an error page counts nothing."""
    seat = g.get("seat")
    return {
        "staff_menu": items(seat) if seat else (),
        "opening_tabs": opening_tabs(seat) if seat else (),
    }


def init_app(app: Flask) -> None:
    app.context_processor(frame)
    app.extensions["koubo.refusal_frame"] = refusal_frame
