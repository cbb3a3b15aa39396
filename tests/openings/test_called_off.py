"""A called-off opening says so everywhere, with its date and reason, and counts down to nothing (design 14)."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.core.access import Role
from app.organisations.models import Organisation
from app.reports.menu import section
from tests import factories
from tests.applications.telling import call_off
from tests.applications.test_applying import rows
from tests.applications.test_deadline import CLOSES, ready
from tests.browsing import Browser

WHEN = CLOSES - timedelta(minutes=4)
DAY = "11月30日（月）</time>"


@pytest.fixture
def at_the_time() -> Any:
    with time_machine.travel(WHEN, tick=False):
        yield


def says_called_off(page: str) -> None:
    assert "この募集は中止しました" in page
    assert "予算の都合で見送ります" in page
    assert DAY in page
    for word in ("あと4分", "data-left", "サーバーの時刻", "日程をカレンダー", "受付は終了しました"):
        assert word not in page


def test_what_was_sent_ends_with_it_and_nothing_is_promised(sqlite_app: Flask, at_the_time: None) -> None:
    person, fields = ready(sqlite_app)
    done = person.send(fields).headers["Location"]
    opening = call_off()

    home = person.get("/my/")
    page = person.get("/my/applications/" + home.split("/my/applications/")[1].split('"')[0])
    for text in (home, page):
        says_called_off(text)
        assert "選考終了" in text
        assert "結果は" not in text
        assert "選考中" not in text
    assert "応募を辞退する" not in page
    assert "自治体に質問する" in page
    assert "応募資格の確認" not in person.get(done)
    says_called_off(person.get(f"/apply/openings/{opening.id}"))


def test_a_draft_is_readable_and_leads_to_no_writing(sqlite_app: Flask, at_the_time: None) -> None:
    person, _fields = ready(sqlite_app)
    opening = call_off()

    home = person.get("/my/")
    says_called_off(home)
    assert "続きを書く" not in home
    assert "書いた内容を見る" in home
    for place in (person.url("confirm"), person.url("contact"), f"/apply/openings/{opening.id}"):
        says_called_off(person.get(place))


def test_the_self_check_and_the_questions_of_it_say_so_and_begin_nothing(sqlite_app: Flask, at_the_time: None) -> None:
    person, _fields = ready(sqlite_app)
    opening = call_off()
    check, ask = f"/openings/{opening.id}/check", f"/apply/openings/{opening.id}/questions"

    pages = [person.get(check), person.press(check, {"jobs-0-employer": "見本"})]
    pages += [person.get(ask), person.press(ask, {"body": "まだ応募できますか"})]

    for page in pages:
        says_called_off(page)
        assert 'href="tel:' in page
        assert "ほかの募集を探す" in page
        for word in ("計算する", "<textarea", "メールアドレスを確認する"):
            assert word not in page


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_public_page_has_the_day_and_no_way_to_apply(sqlite_app: Flask, at_the_time: None, language: str) -> None:
    ready(sqlite_app)
    opening = call_off()
    browser = Browser(sqlite_app)

    page = browser.get(f"{'' if language == 'ja' else '/en'}/openings/{opening.id}")

    if language == "ja":
        says_called_off(page)
        assert "</time> 中止</dt>" in page
    assert "minutes left" not in page
    assert "/check" not in page
    assert "予定" not in page.split('id="flow"')[1].split("</section>")[0]
    assert 'id="ask"' in page
    assert 'data-module="remaining"' not in page
    assert "あと4分" not in browser.get("/openings?state=closed")


def test_staff_read_that_the_mails_wait(sqlite_app: Flask, at_the_time: None) -> None:
    ready(sqlite_app)
    opening = call_off()
    [city] = [one for one in rows(Organisation) if one.id == opening.organisation_id]
    browser = Browser(sqlite_app)
    factories.sign_in(browser.client, factories.staff(city, Role.HR))

    page = browser.get(f"/staff/{city.slug}/openings/{opening.id}/deadline")

    assert "送信を待っています" in page
    assert "作成中" not in page


def test_the_page_of_an_accommodation_belongs_to_its_own_entry() -> None:
    assert section("staff_correspondence.accommodation", True) == "staff_correspondence.accommodations"
    assert section("staff_applications.detail", True) == "staff_applications.openings"
