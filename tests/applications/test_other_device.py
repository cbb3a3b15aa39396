"""A draft goes on on another device once its address was confirmed where it was begun; nothing typed is lost (B3)."""

import re

import pytest

from app.applications.models import Draft
from tests import factories
from tests.accounts.test_applicants import enter, last_code
from tests.applications.applying import ANSWERS, SEEN, Person
from tests.applications.test_applying import rows
from tests.browsing import Browser
from tests.mypage.test_left_behind import confirm

OFFER = "別の端末でも続けるには、メールアドレスを確認します（6桁のコード）"
HERE, ANYWHERE = "この端末のマイページから開けます", "確認したメールアドレスでマイページに入ると開けます"


@pytest.fixture
def phone(sqlite_app):
    return Person(sqlite_app, factories.opening(factories.organisation())).start()


def verify(phone, step, typed):
    """Press the offer in a step, and type the code; give where that leads."""
    seen = SEEN.search(phone.get(phone.url(step))).group(1)
    place = phone.post(phone.url(step), {"seen": seen, **typed, "verify": "1"}).headers["Location"]
    assert phone.get(place).count(ANSWERS["contact"]["mail"]) == 1
    phone.post("/my/sign-in", {"mail": ANSWERS["contact"]["mail"]})
    return enter(phone, last_code()).headers["Location"]


def test_the_offer_stands_there_once_an_address_does_and_until_it_is_confirmed(phone):
    assert OFFER not in phone.get(phone.url("contact"))
    phone.save("contact")
    assert [OFFER in phone.get(phone.url(one)) for one in ("eligibility", "profile", "confirm")] == [True] * 3
    assert [HERE in phone.get(phone.url(one)) for one in ("profile", "confirm")] == [True] * 2

    confirm(phone)

    pages = [phone.get(phone.url(one)) for one in ("profile", "confirm")]
    assert [(OFFER in page, HERE in page, ANYWHERE in page) for page in pages] == [(False, False, True)] * 2


def test_before_anything_is_sent_the_resume_code_of_the_steps_opens_the_draft(phone, sqlite_app):
    page = phone.get(phone.url("eligibility"))
    code = re.search(r'id="resume-code">([^<]+)<', page).group(1)
    assert code in phone.get("/my/")
    phone.client.delete_cookie("koubo_applicant")

    phone.get("/my/resume")
    phone.post("/my/resume", {"code": code})

    assert "ほかの端末では、再開コードで開けます" in phone.get("/my/")
    phone.get(phone.url("eligibility"))


def test_once_an_address_is_confirmed_no_page_shows_a_resume_code(phone):
    phone.save("contact")
    code = re.search(r'id="resume-code">([^<]+)<', phone.get(phone.url("profile"))).group(1)
    confirm(phone)

    assert [code in phone.get(url) for url in (phone.url("profile"), "/my/")] == [False, False]
    other = Browser(phone.client.application)
    other.get("/my/resume")
    other.post("/my/resume", {"code": code}, status=422)


def test_what_is_half_typed_stands_there_after_the_code_and_on_the_other_device(phone, sqlite_app):
    phone.save("contact")
    computer = Browser(sqlite_app)
    confirm(computer)
    assert "書いた端末では、マイページで確認するとここに並びます" in computer.get("/my/")

    place = verify(phone, "questions", {"answer_motivation": "書きかけの文章"})

    assert place == phone.url("questions")
    assert "書きかけの文章" in phone.get(place)
    assert "書きかけの文章" in computer.get(phone.url("questions"))
    assert len(rows(Draft)) == 1


def test_from_check_the_code_leads_back_there(phone):
    phone.save("contact")
    page = phone.get(phone.url("confirm"))
    assert f"/my/sign-in?next={phone.url('confirm')}" in page

    phone.get(f"/my/sign-in?next={phone.url('confirm')}")
    phone.post("/my/sign-in", {"mail": ANSWERS["contact"]["mail"]})

    assert enter(phone, last_code()).headers["Location"] == phone.url("confirm")
