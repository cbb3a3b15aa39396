"""Fields that no form has, and others' ids in fields that it has, change nothing that is not one's own (A5)."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Membership, RoleGrant, StaffUser
from app.applications.models import Application, ApplicationState, Draft
from app.applications.screening_models import ApplicantSearch
from app.core.access import Role, Scope, allowed
from app.core.model import new_id
from app.extensions import db
from app.openings.models import Opening, OpeningState
from tests import factories
from tests.conftest import Installation
from tests.matrix import TYPED, Answer, Asker, Objects, Route, route_of, routes, staff_routes
from tests.planting import one
from tests.test_access import asker_as
from tests.test_access_applicants import asker_of
from tests.world import City, World, digest_of

KANA = {"given_kana": "な", "mail": "new@example.jp", "phone": "0300000000"}
WORKING = {  # POSTs that do their work in this walk, so that it says something
    "staff_openings.create", "staff_openings.save", "staff_openings.duplicate", "staff_openings.propose_cancellation",
    "staff_accounts.invite", "staff_accounts.resend", "staff_accounts.end", "staff_applications.search",
    "staff_reviews.save", "staff_reviews.declare_tie", "staff_selection.decide", "staff_selection.approve",
    "staff_selection.void", "staff_selection.send_back", "staff_outbox.resend", "apply.withdraw",
}  # fmt: skip
SEEN = re.compile(rb'name="seen"[^>]*value="([^"]*)"')


def claims(city: City) -> dict[str, str]:
    """What a request may claim: another city, its people and objects, a higher role, a later state, another time."""
    objects = {name: str(value) for name, value in city.objects.items() if name not in {"section", "stage_key"}}
    hr, approver = str(city.people[Role.HR].id), str(city.people[Role.APPROVER].id)
    people = {"staff_user_id": hr, "submitted_by": hr, "prepared_by": hr, "approved_by": approver, "by": hr}
    seeker = {"applicant_id": str(city.seeker.id), "draft_id": str(city.seeker.objects["draft_id"])}
    where = {"organisation_id": str(city.organisation.id), "organisation": city.slug, "slug": city.slug}
    higher = {"role": "admin", "is_admin": "1", "state": "approved", "id": str(city.organisation.id)}
    times = dict.fromkeys(("received_at", "published_at", "approved_at", "until"), "2020-01-01T00:00:00Z")
    return objects | people | seeker | where | higher | times


def claim(asker: Asker, world: World, route: Route, objects: Objects, **fields: Any) -> Answer:
    """Post to one's own city with the other's claims in form and query string."""
    said = claims(world.other)
    return asker.ask(route, objects, world.own.slug, query=said, typed=TYPED | said | fields)


def test_what_a_post_claims_beside_its_form_changes_nothing_of_another_city(
    sqlite_app: Flask, sqlite_installation: Installation, world: World
) -> None:
    theirs, whole, worked = digest_of(world.other), digest_of(world), set()

    for asker, route, objects in walks(sqlite_app, sqlite_installation, world):
        answer = claim(asker, world, route, objects)
        assert answer.status in {303, 404, 409, 422}, f"{route}: {answer.status}"
        assert digest_of(world.other) == theirs, str(route)
        if answer.status == 303 and changed(whole, world) - {"staff_session", "applicant_session"}:
            worked.add(route.endpoint)

    assert worked >= WORKING


def changed(before: dict[str, str], world: World) -> set[str]:
    now = digest_of(world)
    return {name for name in now if now[name] != before[name]}


def walks(app: Flask, installation: Installation, world: World) -> Iterator[tuple[Asker, Route, Objects]]:
    """Each POST that a role may do, on the world as it was built."""
    for route in staff_routes(app):
        for role in Role:
            if route.method == "POST" and allowed(route.action, frozenset({role})):
                anew(installation)
                yield asker_as(app, world, role), route, world.own.objects_for(role, route.endpoint)
    for route in routes(app, Scope.APPLICANT):
        if route.method == "POST":
            anew(installation)
            yield asker_of(app, world.own.seeker), route, world.own.seeker.objects


def anew(installation: Installation) -> None:
    db.session.remove()
    installation.restore("world")


def test_what_is_made_is_ones_own_and_has_what_its_form_says(sqlite_app: Flask, world: World) -> None:
    own, askers = world.own, {role: asker_as(sqlite_app, world, role) for role in Role}
    home = own.organisation.id

    claim(askers[Role.AUTHOR], world, route_of(sqlite_app, "staff_openings.create"), {}, title="新しい席")
    claim(askers[Role.ADMIN], world, route_of(sqlite_app, "staff_accounts.invite"), {}, mail="new@example.jp")
    claim(askers[Role.HR], world, route_of(sqlite_app, "staff_applications.search"), own.objects, typed="見本")

    made = one(select(Opening).where(Opening.title == "新しい席"))
    assert (made.organisation_id, made.state, made.published_at) == (home, OpeningState.DRAFT, None)
    assert (made.submitted_by, made.approved_by, made.revision_id) == (None, None, None)
    person = StaffUser.mail_key == "new@example.jp"
    member = one(select(Membership).join(StaffUser, StaffUser.id == Membership.staff_user_id).where(person))
    grant = one(select(RoleGrant).where(RoleGrant.membership_id == member.id))
    assert (member.organisation_id, grant.role, grant.opening_id) == (home, Role.AUTHOR, None)
    search = one(select(ApplicantSearch).where(ApplicantSearch.typed == "見本"))
    assert (search.organisation_id, search.opening_id) == (home, own.objects["opening_id"])
    assert search.staff_user_id == own.people[Role.HR].id


def test_an_applicants_claims_change_nobodys_draft_or_application(sqlite_app: Flask, world: World) -> None:
    asker, mine, theirs = asker_of(sqlite_app, world.own.seeker), world.own.seeker, digest_of(world.other)
    neighbour = {"applicant_id": str(world.own.neighbour.id), "id": str(world.own.neighbour.objects["draft_id"])}
    read = one(select(Application).where(Application.id == mine.objects["application_id"])).received_at
    seen = SEEN.search(asker.ask(route_of(sqlite_app, "apply.step"), mine.objects).body)
    assert seen
    typed = {"seen": seen.group(1).decode(), "family_name": "改姓", "given_name": "名", "family_kana": "かいせい"}

    saved = claim(asker, world, route_of(sqlite_app, "apply.save"), mine.objects, **(neighbour | typed | KANA))
    gone = claim(asker, world, route_of(sqlite_app, "apply.withdraw"), mine.objects, **neighbour)

    assert (saved.status, gone.status) == (303, 303)
    draft = one(select(Draft).where(Draft.id == mine.objects["draft_id"]))
    assert (draft.applicant_id, draft.answers["person"]["family_name"]) == (mine.id, "改姓")
    row = one(select(Application).where(Application.id == mine.objects["application_id"]))
    assert (row.applicant_id, row.received_at, row.state) == (mine.id, read, ApplicationState.WITHDRAWN)
    other = one(select(Application).where(Application.applicant_id == world.own.neighbour.id))
    assert other.state is ApplicationState.SUBMITTED
    kept = one(select(Draft).where(Draft.applicant_id == world.own.neighbour.id))
    assert kept.answers["person"]["family_name"] == world.own.words("隣人")
    assert digest_of(world.other) == theirs


def foreign_fields(world: World) -> list[tuple[Role, str, Objects]]:
    """Fields that forms have, with ids of the other city and roles that nobody may give there."""
    other = world.other
    member = {"member": str(other.objects["membership_id"]), "role": "chair"}
    higher = {"member": str(world.own.objects["membership_id"]), "role": "admin"}
    line = {"id_0": str(other.objects["application_id"]), "id_1": str(other.elsewhere["application_id"])}
    return [
        (Role.HR, "staff_reviews.appoint", member),
        (Role.HR, "staff_reviews.appoint", higher),
        (Role.HR, "staff_reviews.add_reviewer", member),
        (Role.HR, "staff_reviews.prepare", {"panel": [member["member"]]}),
        (Role.HR, "staff_selection.decide", line | {"outcome_0": "pass", "seen_0": "0"}),
        (Role.HR, "staff_selection.attendance", line | {"attendance_0": "absent"}),
        *((Role.ADMIN, "staff_accounts.change_roles", {"roles": role}) for role in ("reviewer", "chair", "operator")),
        *((Role.ADMIN, "staff_accounts.invite", {"roles": role}) for role in ("reviewer", "chair", "operator")),
    ]


def test_ids_of_another_city_in_the_fields_of_a_form_change_nothing(sqlite_app: Flask, world: World) -> None:
    askers = {role: asker_as(sqlite_app, world, role) for role in (Role.HR, Role.ADMIN)}
    before = digest_of(world)

    for role, endpoint, fields in foreign_fields(world):
        route = route_of(sqlite_app, endpoint)
        askers[role].ask(route, world.own.objects, world.own.slug, typed=TYPED | fields)
        assert digest_of(world) == before, f"{endpoint} {fields}"


def test_a_member_of_ones_own_is_appointed(sqlite_app: Flask, world: World) -> None:
    asker, before = asker_as(sqlite_app, world, Role.HR), digest_of(world)
    typed = TYPED | {"member": str(world.own.objects["membership_id"]), "role": "chair"}

    asker.ask(route_of(sqlite_app, "staff_reviews.appoint"), world.own.objects, world.own.slug, typed=typed)

    assert "role_grant" in changed(before, world)


@pytest.mark.parametrize("whose", ["other city", "colleague", "nobody"])
def test_a_search_is_its_own_persons(sqlite_app: Flask, world: World, whose: str) -> None:
    listing, own = route_of(sqlite_app, "staff_applications.listing"), world.own
    searches = {"other city": world.other.search_id, "colleague": own.search_id, "nobody": new_id()}
    colleague = factories.staff(own.organisation, Role.HR)
    asker = Asker.signed_in(sqlite_app, colleague)

    answer = asker.ask(listing, own.objects, own.slug, query={"search": searches[whose]})

    assert answer.status == 404
    assert answer == asker.ask(listing, own.objects, own.slug, query={"search": new_id()})
    hr = asker_as(sqlite_app, world, Role.HR)
    assert hr.ask(listing, own.objects, own.slug, query={"search": own.search_id}).status == 200
