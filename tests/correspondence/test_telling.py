"""Staff is told that somebody asked for accommodation: who holds the grant alone, without a word of it (40, 45)."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from app.accounts.models import Membership, RoleGrant, StaffState
from app.core import clock
from app.core.access import Role
from app.core.context import SYSTEM, bind
from app.correspondence.models import Accommodation
from app.correspondence.telling import tell_staff
from app.extensions import db
from app.outbox.models import Mail
from tests import factories
from tests.applications.applying import Person
from tests.correspondence.arrange import Place, hidden, place
from tests.correspondence.test_accommodation import CANARY, TYPED, WITH_GRANT, answer, ask
from tests.screening.arrange import browser, city, rows

MISSING = "「配慮担当」の職員がいません"


def sweep(after: timedelta = timedelta()) -> None:
    db.session.remove()
    bind(db.session, SYSTEM)
    with time_machine.travel(clock.now() + after):
        tell_staff(at=clock.now())
    db.session.remove()


def told(kind: str = "staff-news") -> list[str]:
    return sorted(one.recipient for one in rows(Mail) if one.kind == kind)


def test_each_holder_is_told_once_of_a_request_and_of_each_change_and_nobody_else(app: Flask) -> None:
    here, there = place(app), place(app, "hamamatsu", "浜松市")
    holders = [factories.staff(here.city.organisation, *WITH_GRANT) for _n in range(2)]
    factories.staff(there.city.organisation, *WITH_GRANT)
    for role in set(Role) - {Role.ACCOMMODATION}:
        here.staff(role)
    expected = sorted(one.mail for one in holders)
    ask(here)

    for _sweep in range(2):
        sweep()
    assert told() == expected
    ask(here, words="変えた内容")
    sweep()

    assert told() == sorted(expected * 2)
    assert told("grant-missing") == []
    answer(here, browser(app, holders[0]))
    sweep()
    assert told() == sorted(expected * 2)


def test_the_mail_says_nothing_of_it(sqlite_app: Flask) -> None:
    here = place(sqlite_app)
    here.staff(*WITH_GRANT)
    ask(here)
    sweep()

    [mail] = [one for one in rows(Mail) if one.kind == "staff-news"]
    said = mail.subject + mail.body + mail.kind + mail.dedupe_key
    assert "http://localhost/staff/shinagawa/\n" in mail.body
    one = here.application
    for word in ("配慮", "accommodation", CANARY, one.family_name, one.receipt_number, here.city.opening.title):
        assert word not in said
    assert mail.subject_id is None


def test_beside_a_draft_nobody_is_told_until_it_is_sent(app: Flask) -> None:
    here = city()
    factories.staff(here.organisation, *WITH_GRANT)
    person = Person(app, here.opening).start().fill()
    url = f"/apply/drafts/{person.draft}/openings/{here.opening.id}/accommodation"
    person.post(url, {**hidden(person.get(url)), **TYPED})
    sweep()
    assert told() == []

    person.send()
    sweep()

    assert len(told()) == 1


def test_what_is_taken_back_before_anybody_was_told_is_told_to_nobody(sqlite_app: Flask) -> None:
    here = place(sqlite_app)
    here.staff(*WITH_GRANT)
    ask(here)
    here.person.post(here.mine("accommodation", "withdraw"))

    sweep()

    assert told() == []


def test_being_told_of_it_does_not_cross_what_the_person_is_writing(sqlite_app: Flask) -> None:
    here = place(sqlite_app)
    here.staff(*WITH_GRANT)
    ask(here)
    url = here.mine("accommodation")
    open_page = hidden(here.person.get(url))

    sweep()

    here.person.post(url, {**open_page, **TYPED, "words": "変えた内容"})


def without_holder(app: Flask, how: str) -> tuple[Place, list[str]]:
    here = place(app)
    admins = [factories.staff(here.city.organisation, Role.ADMIN).mail for _n in range(2)]
    here.staff(Role.HR)
    values = {"state": StaffState.DISABLED} if how == "disabled" else {}
    if how != "none":
        user = factories.staff(here.city.organisation, *WITH_GRANT, **values)
        [member] = [one for one in rows(Membership) if one.staff_user_id == user.id]
        ended = [member] if how == "left" else []
        if how == "grant ended":
            ended = [one for one in rows(RoleGrant) if one.membership_id == member.id]
        for one in ended:
            setattr(one, "ended_at" if how == "left" else "until", clock.now())
            factories.save(one)
    return here, sorted(admins)


@pytest.mark.parametrize("how", ["none", "disabled", "left", "grant ended"])
def test_where_nobody_may_read_it_the_admins_are_told_once_a_day(sqlite_app: Flask, how: str) -> None:
    here, admins = without_holder(sqlite_app, how)
    sweep()
    assert told("grant-missing") == []
    ask(here)

    for hours in (0, 1, 23):
        sweep(timedelta(hours=hours))
    assert (told("grant-missing"), told()) == (admins, [])
    sweep(timedelta(hours=25))
    assert told("grant-missing") == sorted(admins * 2)
    assert not [one for one in rows(Mail) if here.application.receipt_number in one.subject + one.body]

    late = factories.staff(here.city.organisation, *WITH_GRANT)
    sweep(timedelta(hours=26))
    assert told() == [late.mail]
    assert rows(Accommodation)[0].told_until is not None


def test_the_dashboard_of_an_admin_says_that_nobody_can_read_it_while_it_waits(app: Flask) -> None:
    here = place(app)
    admin, hr = here.staff(Role.ADMIN), here.staff(Role.HR)
    assert MISSING not in admin.get("/staff/shinagawa/")
    ask(here)

    page = admin.get("/staff/shinagawa/")
    assert MISSING in page
    assert 'href="/staff/shinagawa/members"' in page
    assert CANARY not in page
    assert here.application.receipt_number not in page
    assert "配慮" not in hr.get("/staff/shinagawa/")
    assert "受け付けました" in here.person.get(here.mine("accommodation"))
    holder = here.staff(*WITH_GRANT)
    assert MISSING not in admin.get("/staff/shinagawa/")
    assert "選考での配慮の申し出" in holder.get("/staff/shinagawa/")
