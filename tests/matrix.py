"""Routes, the people who ask for them, and what every answer must be (design 40-42; reliability A1-A5)."""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

from flask import Flask
from flask.testing import FlaskClient

from app.core import clock
from app.core.access import Action, Role, Scope, action_of, allowed
from tests import factories
from tests.browsing import apart
from tests.world import City, World

Objects = dict[str, Any]

# What stands in the forms: a refused POST must not be refused for an empty form.
LONGER = clock.today() + timedelta(days=300)  # an extension that is taken
TYPED: Objects = {
    "version": "1",
    "seen": "0",
    "left": "2-1-0-0",  # who the planted results leave over
    "reason": "理由",
    "body": "本文",
    "reason_0": "理由",
    "cancel_reason": "理由",
    "late_reason": "理由",
    "which": "apart",
    "duplicate_reason": "理由",
    "outcome": "refuse",
    "closes_on-year": str(LONGER.year),
    "closes_on-month": str(LONGER.month),
    "closes_on-day": str(LONGER.day),
    "closes_time": "9:00",
    "title": "題名",
    "typed": "見本",
    "kind": "family",
    "role": "reviewer",
    "roles": "author",
    "name": "見本 花子",
    "mail": "new@example.jp",
    "on-year": "2099",
    "on-month": "1",
    "on-day": "4",
    "at": "9:00",
    "item_0": "4",
    "item_1": "4",
}


@dataclass(frozen=True)
class Route:
    """One method of one route, with the action that it names."""

    endpoint: str
    method: str
    arguments: frozenset[str]
    action: Action

    def __str__(self) -> str:
        return f"{self.method} {self.endpoint}"

    @property
    def is_menu_item(self) -> bool:
        return self.arguments <= {"slug"}


@dataclass(frozen=True)
class Answer:
    """What a browser could tell apart: all of an answer but its request id and the values of its cookies."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def holds(self, canary: str) -> bool:
        return canary.encode() in self.body or any(canary in unquote(value) for _name, value in self.headers)

    @property
    def location(self) -> str:
        return dict(self.headers).get("Location", "")


@dataclass
class Asker:
    """A browser that asks for routes; POSTs carry what a form would."""

    app: Flask
    client: FlaskClient

    @classmethod
    def signed_in(cls, app: Flask, user: Any) -> "Asker":
        return cls(app, factories.sign_in(app.test_client(), user))

    def ask(
        self, route: Route, objects: Objects, slug: str = "", *, query: Objects | None = None, typed: Objects = TYPED
    ) -> Answer:
        url = address(self.app, route, objects | {"slug": slug})
        fields = typed if route.method == "POST" else None
        answer = apart(self.client.open, url, method=route.method, query_string=query, data=fields)
        request_id = answer.headers.pop("X-Request-Id", "-")
        cookies = [("Set-Cookie", value.partition("=")[0]) for value in answer.headers.getlist("Set-Cookie")]
        headers = [(name, value) for name, value in answer.headers.items() if name not in {"Set-Cookie", "Date"}]
        body = answer.get_data().replace(request_id.encode(), b"")
        return Answer(answer.status_code, tuple(sorted(headers + cookies)), body)


def routes(app: Flask, *scopes: Scope) -> list[Route]:
    """Every method of every route of these scopes."""
    found = []
    for rule in app.url_map.iter_rules():
        action = action_of(app, rule.endpoint)
        methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}) if action.scope in scopes else []
        found += [Route(rule.endpoint, method, frozenset(rule.arguments), action) for method in methods]
    return found


def staff_routes(app: Flask) -> list[Route]:
    return routes(app, Scope.ORGANISATION)


def route_of(app: Flask, endpoint: str) -> Route:
    [found] = [route for route in routes(app, *Scope) if route.endpoint == endpoint]
    return found


def address(app: Flask, route: Route, objects: Objects) -> str:
    """Build the URL of a route; an argument that the world does not have fails (add it to tests/world.py)."""
    values = {name: objects[name] for name in route.arguments}
    return app.url_map.bind("localhost").build(route.endpoint, values, method=route.method)


def nowhere(objects: Objects) -> Objects:
    """The same arguments with ids that exist nowhere."""
    return {name: uuid.uuid4() if isinstance(value, uuid.UUID) else value for name, value in objects.items()}


def mixtures(route: Route, own: Objects, *others: Objects) -> Iterator[Objects]:
    """Own objects with one exchanged: what belongs to something else, under an address of one's own."""
    names = sorted(name for name in route.arguments if isinstance(own.get(name), uuid.UUID))
    for foreign in others:
        for name in names if len(names) > 1 else ():
            if foreign[name] != own[name]:
                yield own | {name: foreign[name]}


def check_refusals(asker: Asker, city: City, role: Role, walked: Iterable[Route]) -> None:
    """What the table refuses a role is 403 for a menu item and 404 for an object."""
    for route in walked:
        if not allowed(route.action, frozenset({role})):
            answer = asker.ask(route, city.objects, city.slug)
            assert answer.status == (403 if route.is_menu_item else 404), f"{role} {route}: {answer.status}"


def check_apart(asker: Asker, world: World, role: Role, walked: Iterable[Route]) -> None:
    """Another city's objects, alone or among one's own, and its addresses are what exists nowhere: the same 404."""
    own, other = world.own, world.other
    for route in walked:
        mine = own.objects_for(role, route.endpoint)
        nothing = asker.ask(route, nowhere(mine), "no-such-city")
        assert nothing.holds("職員メニュー"), f"{role} {route}: no menu"
        asked = [(other.slug, other.objects), (other.slug, nowhere(mine)), (other.slug, mine)]
        if not route.is_menu_item:
            asked += [(own.slug, other.objects), (own.slug, nowhere(mine))]
        asked += [(own.slug, mixed) for mixed in mixtures(route, mine, other.objects, own.elsewhere)]
        for slug, objects in asked:
            answer = asker.ask(route, objects, slug)
            assert answer.status == 404, f"{role} {route} {slug}: {answer.status}"
            assert answer == nothing, f"{role} {route} {slug}: differs from what exists nowhere"


def check_opens(asker: Asker, world: World, role: Role, walked: Iterable[Route]) -> list[Answer]:
    """What the table allows opens, and holds nothing of the other city."""
    answers = []
    for route in walked:
        if route.method == "GET" and allowed(route.action, frozenset({role})):
            answer = asker.ask(route, world.own.objects_for(role, route.endpoint), world.own.slug)
            assert answer.status == 200, f"{role} {route}: {answer.status} {answer.body.decode(errors='replace')}"
            check_no_canary(answer, world.other.canaries, route)
            answers.append(answer)
    return answers


def check_no_canary(answer: Answer, canaries: Iterable[str], route: Route) -> None:
    for canary in canaries:
        assert not answer.holds(canary), f"{route} shows {canary}"
