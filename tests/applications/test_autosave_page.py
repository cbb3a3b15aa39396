"""A step in a real browser: saved by itself where scripts run, by the buttons where not; nothing is lost."""

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from app.applications.models import Draft
from app.core.context import SYSTEM, bind
from app.extensions import db
from tests import factories
from tests.applications.applying import Person
from tests.applications.serving import Server, hand_over
from tests.journeys.walk import Walk, browser
from tests.serving import served

pytestmark = pytest.mark.journey
TEXT = "区の手続を、来なくても済むものに。髙﨑"
BOX = '[name="answer_motivation"]'
SAID = """window.said = []; new MutationObserver(() => window.said.push(document.querySelector("#unsaved").textContent))
  .observe(document.querySelector("#unsaved"), {childList: true, subtree: true})"""
TIME = re.compile(r"入力内容は自動で保存されます（最終保存 \d{1,2}:\d\d:\d\d）")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.fixture
def address(sqlite_app: Flask) -> Iterator[str]:
    with served(sqlite_app) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def person(sqlite_app: Flask) -> Person:
    return Person(sqlite_app, factories.opening(factories.organisation())).start()


@pytest.fixture
def walk(chromium: Browser, address: str, person: Person) -> Iterator[Walk]:
    found = standing_on_questions(chromium, address, person)
    yield found
    found.context.close()


def standing_on_questions(chromium: Browser, url: str, person: Person) -> Walk:
    found = Walk(chromium, url, name="autosave", width=375)
    hand_over(person, found)
    found.go(person.url("questions"))
    return found


def kept() -> str:
    db.session.remove()
    bind(db.session, SYSTEM)
    (draft,) = db.session.scalars(select(Draft)).all()
    typed = draft.answers["typed"].get("questions", {}).get("fields", [])
    db.session.remove()
    return dict(typed).get("answer_motivation", "")


def until(holds: Callable[[], Any], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "not within the time"
        time.sleep(0.1)


def asked(page: Page) -> list[str]:
    """Note every request for saving that the page makes from here on."""
    noted: list[str] = []
    page.on("request", lambda one: noted.append(one.url) if one.url.endswith("/typed") else None)
    return noted


def test_within_ten_seconds_of_typing_it_is_saved_and_the_time_is_said_once(walk: Walk) -> None:
    noted = asked(walk.page)
    walk.page.type(BOX, TEXT)

    expect(walk.page.locator("[data-at]")).to_contain_text("最終保存", timeout=10_000)

    assert kept() == TEXT
    assert TIME.search(walk.page.inner_text(".saved").replace("\n", ""))
    assert walk.page.inner_text("#unsaved") == ""
    walk.page.wait_for_timeout(3_000)
    walk.page.locator(BOX).blur()
    assert len(noted) == 1  # nothing changed since


def test_leaving_the_box_saves_at_once_and_next_then_goes_on(walk: Walk, person: Person) -> None:
    walk.fill({"answer_motivation": TEXT})
    with walk.page.expect_response("**/typed") as answered:
        walk.page.locator(BOX).blur()
    assert answered.value.status == 200

    walk.fill({"answer_motivation": TEXT + "続き"})
    walk.press("保存して次へ")

    assert walk.page.url.endswith("/confirm")
    assert "直すところ" not in walk.text()


def test_a_closed_tab_keeps_what_was_typed_last(walk: Walk, person: Person) -> None:
    walk.page.type(BOX, TEXT)
    walk.page.close()

    until(lambda: kept() == TEXT, 3)


def test_while_an_input_method_composes_nothing_is_saved(walk: Walk) -> None:
    noted = asked(walk.page)
    walk.page.focus(BOX)
    ime = walk.context.new_cdp_session(walk.page)
    ime.send("Input.imeSetComposition", {"text": "てつづき", "selectionStart": 4, "selectionEnd": 4})
    walk.page.wait_for_timeout(8_000)
    assert noted == []

    ime.send("Input.insertText", {"text": "手続"})
    until(lambda: walk.page.wait_for_timeout(100) or kept() == "手続")


@pytest.fixture
def server(sqlite_app: Flask) -> Iterator[Server]:
    with Server(sqlite_app) as serving:
        yield serving


def test_the_server_is_killed_while_typing_and_begun_again_and_the_text_is_there(
    chromium: Browser, server: Server, person: Person
) -> None:
    walk = standing_on_questions(chromium, server.url, person)
    walk.page.type(BOX, "はじめ")
    expect(walk.page.locator("[data-at]")).to_contain_text("最終保存", timeout=10_000)
    server.kill()
    walk.page.type(BOX, TEXT)
    expect(walk.page.locator("#unsaved")).to_contain_text("まだ保存できていません", timeout=10_000)
    assert "電波を確かめてください" in walk.page.inner_text("#unsaved")
    assert walk.page.input_value(BOX) == "はじめ" + TEXT
    walk.complaints.clear()  # the browser's own line about the connection

    server.begin()
    expect(walk.page.locator("#unsaved")).to_have_text("保存できました", timeout=20_000)

    assert kept() == "はじめ" + TEXT
    walk.complaints.clear()
    walk.press("保存して次へ")
    assert walk.page.url.endswith("/confirm")
    walk.context.close()


def test_without_a_network_next_stays_on_the_page_and_the_text_with_it(walk: Walk) -> None:
    walk.context.set_offline(True)
    walk.fill({"answer_motivation": TEXT})
    walk.page.get_by_role("button", name="保存して次へ", exact=True).last.click()

    assert "電波を確かめてください" in walk.page.inner_text("#unsaved")
    assert walk.page.input_value(BOX) == TEXT
    walk.context.set_offline(False)
    until(lambda: walk.page.wait_for_timeout(100) or kept() == TEXT)


def test_another_tabs_newer_save_is_told_and_stands(walk: Walk, person: Person) -> None:
    person.save("questions", {"answer_motivation": "ほかの画面"}, pause="1")
    walk.fill({"answer_motivation": TEXT})
    walk.page.locator(BOX).blur()

    expect(walk.page.locator("#unsaved")).to_contain_text("ほかの画面で先に", timeout=10_000)
    walk.page.wait_for_timeout(500)
    walk.complaints.clear()
    walk.fill({"answer_motivation": TEXT + "二"})
    with walk.page.expect_navigation():
        walk.page.get_by_role("button", name="保存して次へ", exact=True).last.click()
    assert walk.page.input_value(BOX) == TEXT + "二"
    assert "ほかの画面で先に保存されています" in walk.text()


def test_a_browser_that_was_signed_out_says_so_and_keeps_the_text_on_the_page(walk: Walk, person: Person) -> None:
    person.get("/my/")
    person.post("/my/sign-out")
    walk.fill({"answer_motivation": TEXT})
    walk.page.locator(BOX).blur()

    expect(walk.page.locator("#unsaved")).to_contain_text("保存できなくなりました", timeout=10_000)
    assert walk.page.input_value(BOX) == TEXT


def test_with_all_cookies_gone_the_first_answer_says_that_it_cannot_be_saved(walk: Walk) -> None:
    walk.context.clear_cookies()
    walk.fill({"answer_motivation": TEXT})
    walk.page.evaluate(SAID)
    walk.page.locator(BOX).blur()

    expect(walk.page.locator("#unsaved")).to_contain_text("保存できなくなりました", timeout=4_000)
    assert "電波" not in walk.page.evaluate("window.said.join()")
    walk.complaints.clear()


def test_a_lost_form_cookie_is_made_again_by_itself(walk: Walk) -> None:
    walk.context.clear_cookies(name="koubo_form")
    walk.fill({"answer_motivation": TEXT})
    walk.page.locator(BOX).blur()

    until(lambda: walk.page.wait_for_timeout(100) or kept() == TEXT)


def test_without_scripts_the_line_says_that_the_buttons_save(chromium: Browser, address: str, person: Person) -> None:
    context = chromium.new_context(java_script_enabled=False)
    plain = Walk(chromium, address, name="plain", width=375)
    plain.context, plain.page = context, context.new_page()
    hand_over(person, plain)
    plain.page.goto(address + person.url("questions"))
    assert "ボタンを押すと保存します" in plain.page.inner_text(".saved")

    plain.page.fill(BOX, TEXT)
    plain.page.get_by_role("button", name="保存して中断する").click()

    plain.page.goto(address + person.url("questions"))
    assert plain.page.input_value(BOX) == TEXT
    assert "最終保存" in plain.page.inner_text(".saved")
    context.close()


def test_the_seventh_digit_fills_an_empty_address_and_nothing_else(walk: Walk, person: Person) -> None:
    walk.go(person.url("profile"))
    walk.page.type('[name="postal_code"]', "１００-０００１")
    expect(walk.page.locator('[name="address"]')).to_have_value("東京都千代田区千代田")

    walk.page.type('[name="address"]', "1番1号 見本ビル")
    typed = walk.page.input_value('[name="address"]')
    walk.fill({"postal_code": "1408715"})
    expect(walk.page.locator("[data-found]")).to_contain_text("東京都品川区広町")
    assert walk.page.input_value('[name="address"]') == typed
    walk.fill({"address": "", "postal_code": "498-0000"})
    walk.page.get_by_label("三重県桑名郡木曽岬町").check()
    assert walk.page.input_value('[name="address"]') == "三重県桑名郡木曽岬町"
    walk.look()
