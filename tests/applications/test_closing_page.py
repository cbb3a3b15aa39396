"""A page of the form on which the deadline passes says so, asks for nothing, and loses nothing."""

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from playwright.sync_api import expect

from app.core import clock
from tests import factories
from tests.applications.applying import ANSWERS, Person
from tests.applications.serving import hand_over
from tests.applications.test_deadline import CLOSES, SECOND
from tests.journeys.walk import Walk, browser
from tests.serving import served

LATE = "遅れた送信として記録されます"


def begun(app: Flask) -> Person:
    with time_machine.travel(CLOSES - timedelta(minutes=20), tick=False):
        opening = factories.opening(factories.organisation(), opens_at=CLOSES - timedelta(days=7), closes_at=CLOSES)
        return Person(app, opening).start()


def test_after_closing_a_step_asks_for_nothing_that_could_only_be_for_sending(sqlite_app: Flask) -> None:
    person = begun(sqlite_app)

    with time_machine.travel(CLOSES + SECOND, tick=False):
        answer = person.save("career", ANSWERS["career"])
        page = person.get(answer.headers["Location"])

    assert answer.headers["Location"] == person.url("career")
    assert "保存しました。受付は終了しているため、送信はできません。" in page
    assert "見本システム株式会社" in page
    assert "書いた内容を保存する（送信はできません）</button>" in page
    for words in ("ファイルを選んでください", "何度でも差し替え", "押すと完了します", "保存して次へ</button>"):
        assert words not in page


def test_errors_of_a_step_are_not_shown_any_more_after_closing_and_what_was_typed_is(sqlite_app: Flask) -> None:
    person = begun(sqlite_app)
    with time_machine.travel(CLOSES - SECOND, tick=False):
        person.refused("profile", {"address": "見本県例示市", "phone": "1"})

    with time_machine.travel(CLOSES + SECOND, tick=False):
        page = person.get(person.url("profile"))
        again = person.save("profile", {"address": "見本県例示市", "phone": "12"})
        kept = person.get(again.headers["Location"])

    assert "件の入力を確かめてください" not in page + kept
    assert 'value="12"' in kept


def test_confirm_after_closing_does_not_ask_for_what_is_missing(sqlite_app: Flask) -> None:
    person = begun(sqlite_app)

    with time_machine.travel(CLOSES + SECOND, tick=False):
        page = person.get(person.url("confirm"))

    assert "受付は終了しました" in page
    assert "送信する前に、直すか入力するところがあります" not in page


def test_the_deadline_stands_at_the_top_of_each_page_without_a_script(sqlite_app: Flask) -> None:
    person = begun(sqlite_app)

    with time_machine.travel(CLOSES - timedelta(minutes=20), tick=False):
        pages = [person.get(person.url(step)) for step in (*ANSWERS, "confirm")]

    for page in pages:
        top = page[page.index("<h1>") : page.index("<h1>") + 900]
        assert "11月30日（月）17:15" in top
        assert "あと20分" in top
        assert "締切まで30分を切りました" in top
        assert "この画面を開いたときのサーバーの時刻" in page


@pytest.mark.journey
def test_confirm_open_across_the_deadline_says_at_the_button_what_it_then_does(sqlite_app: Flask) -> None:
    now = clock.now()
    opening = factories.opening(
        factories.organisation(), opens_at=now - timedelta(days=7), closes_at=now + timedelta(minutes=20)
    )
    person = Person(sqlite_app, opening).start().fill()
    with served(sqlite_app) as port, browser() as chromium:
        walk = Walk(chromium, f"http://127.0.0.1:{port}", name="closing", width=375)
        hand_over(person, walk)
        walk.page.clock.install()
        walk.go(person.url("confirm"))
        line, button = walk.page.locator("form [role=status]"), walk.page.locator("form .actions .btn")
        assert (line.inner_text(), button.inner_text()) == ("", "応募を送信する")
        seen = walk.page.inner_text("[data-clock]")
        assert walk.page.locator(".if-narrow [data-left]").is_visible()
        assert not walk.page.locator(".due").is_visible()
        walk.page.clock.run_for(21 * 60_000)

        expect(line).to_contain_text("締切を過ぎました")
        expect(line).to_contain_text(LATE)
        expect(button).to_contain_text(LATE)
        assert "受付終了" in walk.page.inner_text(".if-narrow [data-left]")
        assert re.fullmatch(r"\d{1,2}:\d\d:\d\d", walk.page.inner_text("[data-clock]"))
        assert walk.page.inner_text("[data-clock]") != seen
        assert walk.page.inner_text("[data-said]") == "サーバーの時刻"
