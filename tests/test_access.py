"""Every staff route × every role × own and other city (reliability A1-A5): the answers equal the table of access.

The world holds every kind of object in two cities, so that what must not leak is there to leak.
"""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from app.accounts.guard import APPLICANT_COOKIE
from app.accounts.models import Membership, RoleGrant, StaffSession, StaffState, StaffUser
from app.core import clock
from app.core.access import OPENING_ROLES, Allow, Role, Scope
from app.core.context import SYSTEM, bind
from app.core.model import new_id
from app.extensions import db
from tests import factories
from tests.matrix import Asker, check_apart, check_opens, check_refusals, nowhere, routes, staff_routes
from tests.world import City, World, digest_of


def asker_as(app: Flask, world: World, role: Role) -> Asker:
    return Asker.signed_in(app, world.own.people[role])


def change(table: Any, **values: Any) -> None:
    """Change every row of a table, as the system."""
    db.session.remove()
    bind(db.session, SYSTEM)
    db.session.execute(update(table).values(values))
    db.session.commit()
    db.session.remove()


@pytest.mark.parametrize("role", list(Role))
def test_what_the_table_refuses_is_refused_and_nothing_changes(sqlite_app: Flask, world: World, role: Role) -> None:
    asker = asker_as(sqlite_app, world, role)
    before = digest_of(world)

    check_refusals(asker, world.own, role, staff_routes(sqlite_app))

    assert digest_of(world) == before


@pytest.mark.parametrize("role", list(Role))
def test_another_citys_objects_are_what_exists_nowhere(sqlite_app: Flask, world: World, role: Role) -> None:
    asker = asker_as(sqlite_app, world, role)
    before = digest_of(world)

    check_apart(asker, world, role, staff_routes(sqlite_app))

    assert digest_of(world) == before


@pytest.mark.parametrize("role", list(Role))
def test_what_the_table_allows_opens_and_shows_nothing_of_another_city(
    sqlite_app: Flask, world: World, role: Role
) -> None:
    asker = asker_as(sqlite_app, world, role)
    before = digest_of(world)

    check_opens(asker, world, role, staff_routes(sqlite_app))

    assert digest_of(world) == before


def test_every_canary_is_where_it_could_leak(sqlite_app: Flask, world: World) -> None:
    words = world.own.words
    planted = [
        *(words(role.label) for role in Role),
        *map(words, ("市", "の募集", "の仕事です。", "の計画", "任期付", "招待", "姓", "名", "応募者", "町2", "商会")),
        *map(words, ("の志望動機", "の応募者の志望動機", "応募者の経歴書.pdf", "の職務経歴", "の件名", "の本文")),
        *map(
            words,
            ("の訂正", "の事情", "の講評", "の質問", "の配慮", "の請求", "の削除の回答", "の判定理由", "の確認理由"),
        ),
        words.kana,
        words.short_name,
        words.mail("recipient"),
        *(str(one) for one in world.own.objects.values() if one not in {"basic", "documents"}),
    ]

    answers = [
        answer
        for role in Role
        for answer in check_opens(asker_as(sqlite_app, world, role), world, role, staff_routes(sqlite_app))
    ]

    assert [canary for canary in planted if not any(answer.holds(canary) for answer in answers)] == []


@pytest.mark.parametrize("role", sorted(OPENING_ROLES))
def test_a_role_of_one_opening_reaches_no_other(sqlite_app: Flask, world: World, role: Role) -> None:
    asker, own = asker_as(sqlite_app, world, role), world.own
    [another] = OPENING_ROLES - {role}
    before = digest_of(world)

    for route in staff_routes(sqlite_app):
        assigned = route.action.roles.get(role) is Allow.ASSIGNED and not route.is_menu_item
        for objects in (own.elsewhere, own.objects_for(another)) if assigned else ():
            if objects != own.elsewhere and "assignment_id" not in route.arguments:
                continue
            answer = asker.ask(route, objects, own.slug)
            assert answer == asker.ask(route, nowhere(objects), own.slug), str(route)
            assert answer.status == 404, str(route)

    assert digest_of(world) == before


def check_nobody(asker: Asker, city: City) -> None:
    """Every page of staff leads to sign-in."""
    for route in routes(asker.app, Scope.ORGANISATION, Scope.ACCOUNT):
        answer = asker.ask(route, city.objects | {"session_id": new_id()}, city.slug)
        assert answer.status == 302, f"{route}: {answer.status}"
        assert answer.location.startswith("/staff/sign-in"), f"{route}: {answer.location}"


def test_nobody_in_particular_is_led_to_sign_in(sqlite_app: Flask, world: World) -> None:
    before = digest_of(world)

    check_nobody(Asker(sqlite_app, sqlite_app.test_client()), world.own)

    assert digest_of(world) == before


def test_an_applicants_cookie_opens_no_page_of_staff(sqlite_app: Flask, world: World) -> None:
    client = sqlite_app.test_client()
    client.set_cookie(APPLICANT_COOKIE, world.own.applicant_token)
    before = digest_of(world)

    check_nobody(Asker(sqlite_app, client), world.own)

    assert digest_of(world) == before


def test_a_password_without_a_second_factor_opens_nothing(sqlite_app: Flask, world: World) -> None:
    asker = asker_as(sqlite_app, world, Role.HR)
    change(StaffSession, second_factor_at=None)
    before = digest_of(world)

    check_nobody(asker, world.own)

    assert digest_of(world) == before


def test_a_disabled_account_opens_nothing_from_that_instant(sqlite_app: Flask, world: World) -> None:
    asker = asker_as(sqlite_app, world, Role.HR)
    check_opens(asker, world, Role.HR, staff_routes(sqlite_app)[:5])
    change(StaffUser, state=StaffState.DISABLED)
    before = digest_of(world)

    check_nobody(asker, world.own)

    assert digest_of(world) == before


def test_an_ended_membership_leaves_nothing_from_that_instant(sqlite_app: Flask, world: World) -> None:
    asker, own = asker_as(sqlite_app, world, Role.HR), world.own
    check_opens(asker, world, Role.HR, staff_routes(sqlite_app)[:5])
    change(Membership, ended_at=clock.now())
    before = digest_of(world)

    for route in staff_routes(sqlite_app):
        answer = asker.ask(route, own.objects, own.slug)
        assert answer == asker.ask(route, nowhere(own.objects), "no-such-city"), str(route)
        assert answer.status == 404, str(route)

    assert digest_of(world) == before


@pytest.mark.parametrize("role", list(Role))
def test_an_ended_role_counts_for_nothing_from_that_instant(sqlite_app: Flask, world: World, role: Role) -> None:
    asker, own = asker_as(sqlite_app, world, role), world.own
    change(RoleGrant, until=clock.now())
    before = digest_of(world)

    for route in staff_routes(sqlite_app):
        answer = asker.ask(route, own.objects_for(role), own.slug)
        assert answer.status == (403 if route.is_menu_item else 404), f"{route}: {answer.status}"

    assert digest_of(world) == before


@pytest.mark.parametrize("role", sorted(OPENING_ROLES))
def test_a_role_moved_to_another_opening_leaves_nothing_of_the_first(
    sqlite_app: Flask, world: World, role: Role
) -> None:
    asker, own = asker_as(sqlite_app, world, role), world.own
    change(RoleGrant, opening_id=own.elsewhere["opening_id"])
    mine, before = own.objects_for(role), digest_of(world)

    for route in staff_routes(sqlite_app):
        if route.action.roles.get(role) is Allow.ASSIGNED and not route.is_menu_item:
            assert asker.ask(route, mine, own.slug).status == 404, str(route)
        elif route.endpoint == "staff_reviews.queue":
            assert not asker.ask(route, mine, own.slug).holds(str(mine["assignment_id"]))

    assert digest_of(world) == before


def test_a_role_in_one_city_counts_for_nothing_in_another(sqlite_app: Flask, world: World) -> None:
    user, other = world.own.people[Role.HR], world.other
    member = Membership(id=new_id(), organisation_id=other.organisation.id, staff_user_id=user.id)
    where = {"organisation_id": other.organisation.id, "membership_id": member.id}
    factories.save(member, RoleGrant(role=Role.AUDITOR, since=factories.LONG_AGO, **where))
    asker = Asker.signed_in(sqlite_app, user)
    before = digest_of(world)

    check_refusals(asker, other, Role.AUDITOR, staff_routes(sqlite_app))
    for route in staff_routes(sqlite_app):
        if not route.is_menu_item:
            assert asker.ask(route, other.objects, world.own.slug).status == 404, str(route)

    assert digest_of(world) == before


@pytest.mark.parametrize("role", list(Role))
def test_another_persons_sessions_are_what_exists_nowhere(sqlite_app: Flask, world: World, role: Role) -> None:
    asker, theirs = asker_as(sqlite_app, world, role), new_id()
    someone = {"staff_user_id": world.other.people[Role.HR].id, "token_hash": "0" * 64, "second_factor_at": clock.now()}
    factories.save(StaffSession(id=theirs, created_at=clock.now(), seen_at=clock.now(), **someone))
    before = digest_of(world)

    for route in routes(sqlite_app, Scope.ACCOUNT):
        if route.arguments:
            answer = asker.ask(route, {"session_id": theirs})
            assert answer == asker.ask(route, {"session_id": new_id()}), str(route)
            assert answer.status in {404, 409}, f"{route}: {answer.status}"

    assert digest_of(world) == before


def test_postgresql_keeps_the_cities_apart(postgresql_app: Flask, postgresql_world: World) -> None:
    world = postgresql_world
    askers = {role: asker_as(postgresql_app, world, role) for role in Role}
    before = digest_of(world)

    for role, asker in askers.items():
        walked = [route for route in staff_routes(postgresql_app) if route.action.roles.get(role)]
        check_apart(asker, world, role, walked)
        check_opens(asker, world, role, walked)

    assert digest_of(world) == before
