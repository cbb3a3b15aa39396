"""What is an applicant's own is, to everybody else, what exists nowhere (reliability A2-A4)."""

import pytest
from flask import Flask
from sqlalchemy import update

from app.accounts.guard import APPLICANT_COOKIE
from app.accounts.models import ApplicantSession
from app.core import clock
from app.core.access import Role, Scope
from app.core.context import SYSTEM, bind
from app.core.model import new_id
from app.extensions import db
from tests.matrix import Asker, Route, check_no_canary, mixtures, nowhere, routes
from tests.world import Seeker, World, digest_of


def asker_of(app: Flask, seeker: Seeker) -> Asker:
    client = app.test_client()
    client.set_cookie(APPLICANT_COOKIE, seeker.token)
    return Asker(app, client)


def own_routes(app: Flask) -> list[Route]:
    return routes(app, Scope.APPLICANT)


def others(world: World) -> tuple[Seeker, Seeker]:
    return world.own.neighbour, world.other.seeker


def check_own_only(asker: Asker, world: World) -> None:
    """Others' objects, alone or mixed with one's own, are the same 404 as ids that nothing has."""
    mine = world.own.seeker.objects
    for route in (route for route in own_routes(asker.app) if route.arguments):
        nothing = asker.ask(route, nowhere(mine))
        theirs = [seeker.objects for seeker in others(world)]
        for objects in (*theirs, *mixtures(route, mine, *theirs)):
            answer = asker.ask(route, objects)
            assert answer.status == 404, f"{route}: {answer.status}"
            assert answer == nothing, f"{route} differs from what exists nowhere"


def check_own_pages(asker: Asker, world: World) -> list[str]:
    """One's own pages open and show nothing of others; return those that show one's own words."""
    seeker, telling = world.own.seeker, []
    for route in (route for route in own_routes(asker.app) if route.method == "GET"):
        answer = asker.ask(route, seeker.objects)
        assert answer.status == 200, f"{route}: {answer.status}"
        for other in others(world):
            ids = (str(one) for name, one in other.objects.items() if name not in {"opening_id", "step", "kind_key"})
            check_no_canary(answer, (other.canary, *ids), route)
        check_no_canary(answer, world.other.canaries, route)
        telling += [route.endpoint] if answer.holds(seeker.canary) else []
    return telling


def test_what_others_sent_and_keep_is_what_exists_nowhere(sqlite_app: Flask, world: World) -> None:
    asker, before = asker_of(sqlite_app, world.own.seeker), digest_of(world)

    check_own_only(asker, world)

    assert digest_of(world) == before


def test_an_applicant_reads_what_is_his_own_and_nothing_of_others(sqlite_app: Flask, world: World) -> None:
    asker, before = asker_of(sqlite_app, world.own.seeker), digest_of(world)

    telling = check_own_pages(asker, world)

    assert {"apply.step", "apply.confirm", "apply.done", "mypage.application", "mypage.file"} <= set(telling)
    assert digest_of(world) == before


@pytest.mark.parametrize("who", ["nobody", "hr", "ended"])
def test_without_the_cookie_of_an_applicant_everything_leads_to_sign_in(
    sqlite_app: Flask, world: World, who: str
) -> None:
    asker = Asker(sqlite_app, sqlite_app.test_client())
    if who == "hr":
        asker = Asker.signed_in(sqlite_app, world.own.people[Role.HR])
    if who == "ended":
        asker = asker_of(sqlite_app, world.own.seeker)
        end_sessions()
    before = digest_of(world)

    for route in own_routes(sqlite_app):
        answer = asker.ask(route, world.own.seeker.objects)
        if route.method == "POST" and hasattr(sqlite_app.view_functions[route.endpoint], "takes_idle"):
            assert answer.status == 401, f"{route}: {answer.status}"
            continue
        assert answer.status == 302, f"{route}: {answer.status}"
        assert answer.location.startswith("/my/sign-in"), f"{route}: {answer.location}"

    assert digest_of(world) == before


def end_sessions() -> None:
    db.session.remove()
    bind(db.session, SYSTEM)
    db.session.execute(update(ApplicantSession).values(ended_at=clock.now()))
    db.session.commit()
    db.session.remove()


@pytest.mark.parametrize("holds_a_cookie", [True, False])
def test_an_opening_not_published_is_what_exists_nowhere_to_the_public(
    sqlite_app: Flask, world: World, holds_a_cookie: bool
) -> None:
    asker = asker_of(sqlite_app, world.own.seeker) if holds_a_cookie else Asker(sqlite_app, sqlite_app.test_client())
    before, stage = digest_of(world), {"stage_key": "documents", "number": 1}

    for route in (route for route in routes(sqlite_app, Scope.PUBLIC) if "opening_id" in route.arguments):
        draft = asker.ask(route, stage | {"opening_id": world.own.draft_id})
        assert draft == asker.ask(route, stage | {"opening_id": new_id()}), str(route)
        assert draft.status == 404, f"{route}: {draft.status}"

    assert digest_of(world) == before


def test_postgresql_keeps_applicants_apart(postgresql_app: Flask, postgresql_world: World) -> None:
    world = postgresql_world
    asker, before = asker_of(postgresql_app, world.own.seeker), digest_of(world)

    check_own_only(asker, world)
    check_own_pages(asker, world)

    assert digest_of(world) == before
