"""No cookie from before a code opens anything after it; one's other browsers can be ended (design 16, 17, note 028)."""

import pytest

from app.accounts.guard import APPLICANT_COOKIE
from app.accounts.models import ApplicantSession
from app.applications.models import Application
from tests.applications.applying import Person
from tests.applications.test_applying import rows
from tests.browsing import Browser
from tests.mypage.test_left_behind import SECRET, confirm

AGAIN = "ほかの端末では、もう一度コードが必要になります"
WHY = "安全のため、もう一度コードが必要です"


@pytest.fixture
def person(app, opening):
    return Person(app, opening)


def opened_by_code(app, receipt):
    """Another browser that holds the person by the code printed on the receipt page."""
    found = Browser(app)
    found.get("/my/resume")
    found.post("/my/resume", {"code": SECRET.search(receipt).group(1)})
    return found


def opened_by_cookie(app, person):
    """Another browser with a copy of the person's cookie, as one that was planted would be."""
    found = Browser(app)
    [kept] = [one for one in person.client._cookies.values() if one.key.endswith(APPLICANT_COOKIE)]
    found.client.set_cookie(kept.key, kept.value, secure=kept.secure, path=kept.path)
    return found


def test_the_first_confirmation_ends_a_browser_that_typed_no_code_for_the_address(app, person):
    other = opened_by_code(app, person.apply())
    [application] = rows(Application)
    assert application.receipt_number in other.get("/my/")

    confirm(person)

    assert AGAIN in person.get("/my/")
    assert other.client.get(f"/my/applications/{application.id}").status_code == 302
    assert WHY in other.get("/my/sign-in")
    confirm(other)
    assert application.receipt_number in other.get("/my/")
    assert application.receipt_number in person.get("/my/")


def test_a_planted_cookie_opens_nothing_once_the_person_confirmed(app, person):
    person.apply()
    thief = opened_by_cookie(app, person)
    [application] = rows(Application)
    assert application.receipt_number in thief.get("/my/")

    confirm(person)

    assert thief.client.get("/my/").status_code == 302
    assert thief.client.get(f"/apply/drafts/{person.draft}/confirm").status_code == 302
    assert application.receipt_number in person.get("/my/")


def test_a_planted_cookie_opens_nothing_of_an_owner_confirmed_before(app, opening, person):
    person.apply()
    confirm(person)
    second = Person(app, opening)
    second.apply(contact={"mail": "other@example.jp"})
    thief = opened_by_cookie(app, second)

    confirm(second)

    assert thief.client.get("/my/").status_code == 302


def test_a_person_ends_other_browsers_and_stays_in_this_one(app, person):
    person.apply()
    confirm(person)
    other, stranger = Browser(app), Person(app, person.opening)
    confirm(other)
    stranger.start()
    assert "この端末のほかに、1件の端末で開いています" in person.get("/my/data")

    person.post("/my/data/devices")

    assert AGAIN in person.get("/my/data")
    assert "この端末だけです" in person.get("/my/data")
    assert other.client.get("/my/").status_code == 302
    assert stranger.client.get("/my/").status_code == 200
    live = [row for row in rows(ApplicantSession) if row.ended_at is None]
    assert len(live) == 2
