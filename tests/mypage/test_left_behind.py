"""An address that another applicant owns already: what names another address is told, reachable and not merged."""

import re

import pytest

from app.accounts.models import Applicant
from app.applications.models import Application
from app.core.access import Role
from tests import factories
from tests.accounts.test_applicants import ask, enter, last_code
from tests.applications.applying import ANSWERS, Person
from tests.applications.test_applying import rows
from tests.browsing import Browser

SECRET = re.compile(r'<p class="secret"[^>]*>([^<]+)</p>')
OTHER = {"mail": "hoka@example.jp"}
SENT = "この端末で先に送った応募は、別に残っています"
DRAFT = "この端末で書いていた下書きは、別に残っています"


@pytest.fixture
def owner(app, opening):
    """A person who applied and confirmed the address on another device."""
    found = Person(app, opening)
    found.apply()
    confirm(found)
    return found


def confirm(browser):
    ask(browser)
    return enter(browser, last_code())


def receipt_numbers():
    return [row.receipt_number for row in sorted(rows(Application), key=lambda row: row.received_at)]


def test_the_page_tells_of_the_application_sent_before_and_its_code_opens_it(app, opening, owner):
    second, third = Person(app, opening), Browser(app)
    printed = SECRET.search(second.apply(contact=OTHER)).group(1)

    place = confirm(second).headers["Location"]

    page, (first, later) = second.get(place), receipt_numbers()
    assert place == "/my/"
    assert SENT in page
    assert SECRET.search(page).group(1) == printed
    assert (first in page, later in page) == (True, False)
    third.get("/my/resume")
    third.post("/my/resume", {"code": printed})
    assert later in third.get("/my/")


def test_hr_sees_the_two_as_one_to_be_checked(app, city, opening, owner):
    second = Person(app, opening)
    second.apply()
    hr = Browser(app)
    factories.sign_in(hr.client, factories.staff(city, Role.HR))

    page = hr.get(f"/staff/{city.slug}/openings/{opening.id}/applications")

    assert page.count(">重複確認中<") == 2
    assert [row.mail_confirmed_at is None for row in rows(Application)].count(True) == 1


def test_a_draft_that_was_never_sent_gets_a_code_too(app, city, owner):
    elsewhere = factories.opening(city)
    second, third = Person(app, elsewhere).start(), Browser(app)
    second.save("contact", ANSWERS["contact"] | OTHER)
    confirm(second)

    page = second.get("/my/")
    third.get("/my/resume")
    third.post("/my/resume", {"code": SECRET.search(page).group(1)})

    assert DRAFT in page
    assert second.draft in third.get("/my/")


def test_it_stands_there_until_the_device_is_cleared(app, opening, owner):
    second = Person(app, opening)
    second.apply(contact=OTHER)
    confirm(second)

    assert SENT in second.get("/my/")
    assert SENT in second.get("/my/")
    second.post("/my/sign-out")
    confirm(second)
    assert SENT not in second.get("/my/")


def test_nothing_is_said_where_nothing_was_left(app, opening, owner):
    fresh = Browser(app)

    confirm(fresh)

    assert "再開コードで開けます" not in fresh.get("/my/")
    assert len(rows(Applicant)) == 1
