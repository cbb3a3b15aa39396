from datetime import timedelta

from flask import Flask
from sqlalchemy import event

from app.core import clock
from app.extensions import db
from tests import factories
from tests.browsing import Browser


def statements(browser: Browser, url: str) -> int:
    seen: list[str] = []
    engine = db.engine

    def note(_c: object, _cur: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        browser.get(url)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len([one for one in seen if one.startswith("SELECT")])


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
    one = statements(browser, "/openings")
    factories.opening(city)
    factories.opening(factories.organisation("osaka", "大阪市"))

    assert statements(browser, "/openings") == one


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
