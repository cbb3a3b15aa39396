from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import time_machine
from flask import Flask
from sqlalchemy import update

from app.core import clock
from app.core.context import SYSTEM, bind
from app.extensions import db
from app.openings.models import Opening
from app.organisations.models import Organisation
from tests import factories
from tests.browsing import Browser


def test_the_empty_board_says_what_would_stand_there(sqlite_app: Flask) -> None:
    page = Browser(sqlite_app).get("/")

    assert "公開中の募集はありません" in page


def test_a_published_opening_stands_on_the_board_the_list_its_city_and_its_own_page(sqlite_app: Flask) -> None:
    city = factories.organisation()
    opening = factories.opening(city)
    browser = Browser(sqlite_app)

    for url in ("/", "/openings", f"/cities/{city.slug}/", f"/openings/{opening.id}"):
        assert "DX推進担当" in browser.get(url), url


def test_the_list_asks_the_database_equally_often_for_one_and_three_rows(sqlite_app: Flask) -> None:
    city = factories.organisation()
    factories.opening(city)
    browser = Browser(sqlite_app)
    browser.get("/openings")
    one = browser.statements_of("/openings")
    factories.opening(city)
    factories.opening(factories.organisation("osaka", "大阪市"))
    browser.get("/openings")  # the contents of new revisions are read once by each process

    assert browser.statements_of("/openings") == one


@dataclass
class Card:
    """The card of a city's one opening, read three hours before it closes."""

    browser: Browser
    city: Organisation
    closes_at: datetime

    def read(self, *changes: Any, after: timedelta = timedelta(hours=-3), language: str = "") -> str:
        """Make changes, and read it at an instant after (before) the first deadline."""
        bind(db.session, SYSTEM)
        for change in changes:
            db.session.execute(change)
        db.session.commit()
        db.session.remove()
        with time_machine.travel(self.closes_at + after, tick=False):
            page = self.browser.get(f"{language}/cities/{self.city.slug}/")
        return page[page.index('<li class="card') :].split("</li>")[0]


def test_a_card_says_each_change_at_once(sqlite_app: Flask) -> None:
    city, closes_at = factories.organisation(), clock.now().replace(microsecond=0) + timedelta(hours=3, seconds=30)
    opening = factories.opening(city, closes_at=closes_at)
    card, moved = Card(Browser(sqlite_app), city, closes_at), update(Opening).where(Opening.id == opening.id)

    seen = {
        "あと3時間": card.read(),
        "3 h left": card.read(language="/en"),
        "あと59分": card.read(after=timedelta(minutes=-59)),
        "受付終了": card.read(after=timedelta(microseconds=1)),
        "あと2日 3時間": card.read(moved.values(closes_at=closes_at + timedelta(days=2))),
        "新しい市": card.read(update(Organisation).values(name="新しい市")),
        "中止": card.read(moved.values(state="withdrawn")),
        "Cancelled": card.read(language="/en"),
    }
    back = card.read(moved.values(state="approved", closes_at=closes_at), update(Organisation).values(name="品川区"))

    assert [word for word, html in seen.items() if word not in html] == []
    assert len(set(seen.values())) == len(seen)
    assert back == seen["あと3時間"]


def test_drafts_and_openings_to_be_published_are_the_same_404(sqlite_app: Flask) -> None:
    city = factories.organisation()
    draft = factories.opening(city, approved=False)
    later = factories.opening(city, published_at=clock.now() + timedelta(minutes=1))
    browser = Browser(sqlite_app)

    pages = {browser.get(f"/openings/{one.id}", status=404) for one in (draft, later)}
    missing = browser.get("/openings/00000000-0000-4000-8000-000000000000", status=404)

    def plain(page: str) -> str:
        return page.split("requestid")[0]

    assert {plain(page) for page in pages} == {plain(missing)}
    assert "DX推進担当" not in browser.get("/openings")


def test_before_after_and_withdrawn_are_said_in_words_and_offer_no_way_to_apply(sqlite_app: Flask) -> None:
    city, now = factories.organisation(), clock.now().replace(microsecond=0)
    day = timedelta(days=1)
    upcoming = factories.opening(city, opens_at=now + day, closes_at=now + 9 * day)
    closed = factories.opening(city, opens_at=now - 9 * day, closes_at=now - day)
    open_now = factories.opening(city)
    browser = Browser(sqlite_app)

    pages = [browser.get(f"/openings/{one.id}") for one in (upcoming, closed, open_now)]

    assert "応募の受付はまだ始まっていません" in pages[0]
    assert "応募の受付は終了しました" in pages[1]
    assert [
        f'/apply/openings/{one.id}"' in page for one, page in zip((upcoming, closed, open_now), pages, strict=True)
    ] == [
        False,
        False,
        True,
    ]


def test_a_notice_says_every_setting_of_how_years_are_counted(sqlite_app: Flask) -> None:
    opening = factories.opening(factories.organisation())

    page = Browser(sqlite_app).get(f"/openings/{opening.id}")

    assert "2026年11月30日（月）を基準日として、5年以上あることを求めます。" in page
    assert "雇用形態が「正規」の仕事を数えます。" in page
    assert "休業・休職の期間も数えます。" in page
    assert "1か月に満たない日数は足し合わせ、30日で1か月とします。" in page


def test_a_full_page_is_light(sqlite_app: Flask) -> None:
    city = factories.organisation()
    for _ in range(20):
        factories.opening(city)
    client = sqlite_app.test_client()
    gzip = {"Accept-Encoding": "gzip"}
    page = client.get("/openings")
    parts = [part for part in page.text.split('"') if part.startswith("/static/")]

    weight = len(page.data) + sum(len(client.get(part, headers=gzip).data) for part in set(parts))

    assert weight < 60_000
