"""Somebody who typed a code elsewhere first and wrote nothing gives the address up to the browser that applied."""

from datetime import timedelta

from app.accounts.models import Applicant
from app.applications.models import Application
from app.core import clock
from app.core.model import new_id
from app.correspondence.models import MessageThread
from tests import factories
from tests.applications.applying import Person
from tests.applications.test_applying import rows
from tests.browsing import Browser
from tests.mypage.test_devices import AGAIN, WHY
from tests.mypage.test_left_behind import confirm


def test_a_code_typed_elsewhere_first_does_not_cost_the_phone_its_application(app, opening):
    phone, computer = Person(app, opening), Browser(app)
    phone.apply()
    confirm(computer)

    place = confirm(phone).headers["Location"]

    [application] = rows(Application)
    [owner] = [row for row in rows(Applicant) if row.confirmed_at is not None]
    assert place == "/my/"
    assert application.receipt_number in phone.get("/my/")
    assert "未確認" not in phone.get("/my/")
    assert (application.applicant_id, application.mail_confirmed_at) == (owner.id, owner.confirmed_at)


def test_the_computer_stays_signed_in_and_shows_it(app, opening):
    phone, computer = Person(app, opening), Browser(app)
    phone.apply()
    confirm(computer)
    confirm(phone)

    assert rows(Application)[0].receipt_number in computer.get("/my/")
    assert AGAIN not in phone.get("/my/")


def test_a_computer_that_was_idle_is_asked_for_a_code_again(app, opening, time_machine):
    phone, computer = Person(app, opening), Browser(app)
    confirm(computer)
    time_machine.move_to(clock.now() + timedelta(hours=3))
    phone.apply()
    confirm(phone)

    assert computer.client.get("/my/").status_code == 302
    assert WHY in computer.get("/my/sign-in")


def test_an_owner_with_no_more_than_a_question_keeps_the_address(app, opening):
    phone, computer = Person(app, opening), Browser(app)
    phone.apply()
    confirm(computer)
    [owner] = [row for row in rows(Applicant) if row.confirmed_at is not None]
    own = {"organisation_id": opening.organisation_id, "opening_id": opening.id, "applicant_id": owner.id}
    factories.save(MessageThread(id=new_id(), mail=owner.mail, opened_at=clock.now(), **own))

    confirm(phone)

    [application], [thread] = rows(Application), rows(MessageThread)
    assert (application.applicant_id, thread.applicant_id) == (owner.id, owner.id)
    assert application.receipt_number in phone.get("/my/")


def test_an_owner_with_no_more_than_a_draft_keeps_the_address(app, city, opening):
    phone, computer = Person(app, opening), Person(app, factories.opening(city)).start()
    computer.save("contact")
    confirm(computer)
    phone.apply()

    confirm(phone)

    [owner] = [row for row in rows(Applicant) if row.confirmed_at is not None]
    assert computer.draft in phone.get("/my/")
    assert rows(Application)[0].receipt_number in phone.get("/my/")
    assert rows(Application)[0].applicant_id == owner.id
    assert computer.draft in computer.get("/my/")
