"""The walk of the matrix finds what it is there to find, and below the queries a second net holds (A1, A4, A7)."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask, abort, current_app, g
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from app import create_app
from app.accounts import guard
from app.applications.models import Application
from app.core import context
from app.core.access import Role, allows
from app.core.context import SYSTEM
from app.core.database import own_transaction, reading_beside
from app.extensions import db
from app.openings.models import Opening
from app.organisations.models import Organisation
from tests.matrix import Asker, Route, check_apart, check_opens, route_of, staff_routes
from tests.test_access import asker_as
from tests.world import World, digest_of

ASKERS = (Role.ADMIN, Role.AUTHOR, Role.HR, Role.APPROVER)  # whose pages name objects that other roles reach as well


def names(query: Any) -> str:
    """Read words of every city, as no page may."""
    with reading_beside(current_app.extensions["koubo.engine"], SYSTEM) as session:
        return "、".join(session.scalars(query))


@allows("application.read")
def reads(slug: str, application_id: Any) -> str:
    return names(select(Application.family_name).where(Application.id == application_id)) or abort(404)


@allows("application.read")
def tells(slug: str, application_id: Any) -> str:
    abort(403 if names(select(Application.family_name).where(Application.id == application_id)) else 404)


@allows("application.read")
def hints(slug: str, application_id: Any) -> Any:
    return names(select(Application.family_name).where(Application.id == application_id)), 404


@allows("application.list")
def lists(slug: str) -> str:
    return names(select(Opening.title))


@allows("application.accept")
def changes(slug: str, application_id: Any) -> str:
    with own_transaction(current_app.extensions["koubo.engine"], SYSTEM) as session:
        session.execute(update(Application).where(Application.id == application_id).values(phone="0"))
    abort(404)


@pytest.fixture
def leaky(world: World, sqlite_app: Flask) -> Iterator[Callable[[str, Any], tuple[Asker, Route]]]:
    """Put a route with a fault into an application of its own, on the world's database."""
    app = create_app(sqlite_app.extensions["koubo.settings"])
    app.config["WTF_CSRF_ENABLED"] = False

    def make(rule: str, view: Any) -> tuple[Asker, Route]:
        app.add_url_rule(rule, "leaky", view, methods=["POST" if view is changes else "GET"])
        return asker_as(app, world, Role.HR), route_of(app, "leaky")

    yield make
    with app.app_context():
        db.engine.dispose()


ONE = "/staff/<slug>/leaky/<uuid:application_id>"


@pytest.mark.parametrize(
    ("view", "words"), [(reads, "200"), (tells, "403"), (hints, "differs from what exists nowhere")]
)
def test_the_walk_finds_a_page_that_tells_of_another_city(leaky: Any, world: World, view: Any, words: str) -> None:
    asker, route = leaky(ONE, view)

    with pytest.raises(AssertionError, match=words):
        check_apart(asker, world, Role.HR, [route])


def test_the_walk_finds_a_list_of_every_city(leaky: Any, world: World) -> None:
    asker, route = leaky("/staff/<slug>/leaky", lists)

    with pytest.raises(AssertionError, match="shows 宵闇"):
        check_opens(asker, world, Role.HR, [route])


def test_the_digest_finds_a_change_behind_a_refusal(leaky: Any, world: World) -> None:
    asker, route = leaky(ONE, changes)
    before, theirs = digest_of(world), digest_of(world.other)

    check_apart(asker, world, Role.HR, [route])

    now = digest_of(world)
    assert {name for name in now if now[name] != before[name]} == {"application"}
    assert digest_of(world.other) != theirs


@pytest.fixture
def astray(monkeypatch: pytest.MonkeyPatch) -> Callable[[Organisation], None]:
    """Let every query of staff ask for another organisation than the one that was bound: each filter is wrong."""
    load = guard._load_seat

    def lead_to(organisation: Organisation) -> None:
        def load_seat(action: Any, *, at: Any) -> Any:
            answer = load(action, at=at)
            g.organisation = organisation
            return answer

        monkeypatch.setattr(guard, "_load_seat", load_seat)

    return lead_to


@pytest.fixture
def unfiltered() -> Iterator[None]:
    """Take away what narrows each ORM statement to the bound organisation."""
    event.remove(Session, "do_orm_execute", context._narrow_to_organisation)
    yield
    event.listen(Session, "do_orm_execute", context._narrow_to_organisation)


def of_tenants(app: Flask) -> list[Route]:
    """Routes with objects of tenant tables; a mail is none, so that only PostgreSQL narrows it besides its queries."""
    return [route for route in staff_routes(app) if "mail_id" not in route.arguments]


@pytest.mark.parametrize("role", ASKERS)
def test_queries_that_ask_for_another_city_are_narrowed_to_ones_own(
    sqlite_app: Flask, world: World, astray: Any, role: Role
) -> None:
    asker, before = asker_as(sqlite_app, world, role), digest_of(world)
    astray(world.other.organisation)

    check_apart(asker, world, role, of_tenants(sqlite_app))

    assert digest_of(world) == before


@pytest.mark.parametrize("role", ASKERS)
@pytest.mark.usefixtures("unfiltered")
def test_without_filter_and_narrowing_the_walk_finds_the_leak(
    sqlite_app: Flask, world: World, astray: Any, role: Role
) -> None:
    asker = asker_as(sqlite_app, world, role)
    astray(world.other.organisation)

    with pytest.raises(AssertionError, match=f"{role} .*: (200|409|422|303|302)"):
        check_apart(asker, world, role, of_tenants(sqlite_app))


@pytest.mark.usefixtures("unfiltered")
def test_row_level_security_still_refuses_without_filter_and_narrowing(
    postgresql_app: Flask, postgresql_world: World, astray: Any
) -> None:
    world = postgresql_world
    askers = {role: asker_as(postgresql_app, world, role) for role in ASKERS}
    before = digest_of(world)
    astray(world.other.organisation)

    for role, asker in askers.items():
        walked = [route for route in staff_routes(postgresql_app) if route.action.roles.get(role)]
        check_apart(asker, world, role, walked)

    assert digest_of(world) == before
