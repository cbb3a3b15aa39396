from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from app.core.context import PUBLIC, SYSTEM, bind
from app.extensions import db
from app.jp.text import search_key
from app.openings.listing import Found, read_filters, search
from app.openings.models import Opening
from tests import factories
from tests.browsing import Browser

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SIDE = {"form_key": "commission", "is_side_job": True}


def put(city: Any, title: str, opens: int = -5, closes: int = 20, **terms: Any) -> None:
    """An opening whose `opens` and `closes` are days from AT; the later it opens, the later it was published."""
    said = factories.content(title=title)
    said = said.model_copy(update={"terms": said.terms.model_copy(update=terms)})
    published_at = AT - 9 * DAY + opens * DAY / 100
    times = {"published_at": published_at, "opens_at": AT + opens * DAY, "closes_at": AT + closes * DAY}
    row = factories.opening(city, content=said, **times)
    db.session.remove()
    bind(db.session, SYSTEM)
    text = search_key(f"{title} {city.name}")
    db.session.execute(update(Opening).where(Opening.id == row.id).values(search_text=text))
    db.session.commit()
    db.session.remove()


def board() -> None:
    shinagawa, osaka = factories.organisation(), factories.organisation("osaka", "大阪市")
    put(shinagawa, "閉じた募集", opens=-9, closes=-1)
    put(
        shinagawa,
        "まもなく閉じる",
        closes=3,
        form_key="commission",
        is_side_job=True,
        days_min=5,
        days_max=10,
        remote="full",
    )
    put(osaka, "長く開く", closes=30, days_min=30, days_max=40, remote="partial")
    put(osaka, "これから開く", opens=5, closes=25, form_key=None, days_min=None, days_max=None)
    db.session.remove()
    bind(db.session, PUBLIC)


def found(**query: Any) -> Found:
    given = {name: [value] if isinstance(value, str) else list(value) for name, value in query.items()}
    return search(read_filters(given), AT)


def titles(**query: Any) -> list[str]:
    return [row.content.title for row in found(**query).rows]


LIVE = ["まもなく閉じる", "長く開く", "これから開く"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, LIVE),
        ({"state": ["open", "upcoming", "closed"]}, [*LIVE, "閉じた募集"]),
        ({"state": "open"}, LIVE[:2]),
        ({"state": "soon"}, LIVE[:1]),
        ({"state": "upcoming"}, LIVE[2:]),
        ({"state": "closed"}, ["閉じた募集"]),
        ({"state": "nonsense", "form": "nonsense", "sort": "nonsense", "page": "x"}, LIVE),
        ({"org": "osaka"}, LIVE[1:]),
        ({"org": ["osaka", "shinagawa"]}, LIVE),
        ({"org": "nowhere"}, []),
        ({"form": "commission"}, LIVE[:1]),
        ({"form": ["commission", "unstated"]}, [LIVE[0], LIVE[2]]),
        ({"days": "monthly"}, LIVE[:1]),
        ({"days": "one"}, LIVE[:1]),
        ({"days": ["few"]}, LIVE[1:2]),
        ({"days": "four"}, LIVE[1:2]),
        ({"days": "five"}, []),
        ({"remote": ["full", "partial"]}, LIVE[:2]),
        ({"side": "1"}, LIVE[:1]),
        ({"occupation": "cio"}, []),
        ({"sort": "new"}, ["これから開く", "まもなく閉じる", "長く開く"]),
        ({"sort": "days"}, LIVE),
        ({"q": "大阪市 長く"}, LIVE[1:2]),
        ({"q": "%"}, []),
        ({"q": "_"}, []),
        ({"q": "\\"}, []),
        ({"page": "99"}, LIVE),
    ],
)
def test_filters_and_orders(sqlite_app: Flask, query: dict[str, Any], expected: list[str]) -> None:
    board()

    assert titles(**query) == expected


def test_filters_count_on_either_database_what_each_option_would_find(app: Flask) -> None:
    board()

    result = found(org="osaka", form="commission")

    assert (result.page.total, result.rows) == (0, [])
    assert result.without["org"] == 1
    assert result.without["form"] == 2
    assert {slug.slug: n for slug, n in result.cities} == {"shinagawa": 1, "osaka": 0}
    assert result.counts["form"]["general_fixed_term"] == 1
    assert result.counts["state"] == {"open": 0, "soon": 0, "upcoming": 0, "closed": 0}


def test_a_word_with_a_percent_sign_is_looked_for_as_it_is(sqlite_app: Flask) -> None:
    city = factories.organisation()
    put(city, "100%リモート")
    put(city, "1000リモート")
    bind(db.session, PUBLIC)

    assert titles(q="100%") == ["100%リモート"]


@pytest.mark.parametrize("query", ["q=%00", "q=a%00b", "org=%00", "org=", "page=%00"])
def test_a_character_that_no_database_keeps_is_left_out(app: Flask, query: str) -> None:
    factories.opening(factories.organisation())

    assert "募集一覧" in Browser(app).get(f"/openings?{query}")


def test_the_twenty_first_stands_on_the_second_page(sqlite_app: Flask) -> None:
    city = factories.organisation()
    for number in range(21):
        factories.opening(city, content=factories.content(title=f"募集{number}"), closes_at=AT + (number + 30) * DAY)
    browser = Browser(sqlite_app)

    first, second = browser.get("/openings?days=five"), browser.get("/openings?days=five&page=2")

    assert "募集20" not in first
    assert "募集20" in second
    assert "page=2&amp;days=five" in first or "days=five&amp;page=2" in first


def test_nothing_found_names_the_filter_to_loosen(sqlite_app: Flask) -> None:
    factories.opening(factories.organisation())

    page = Browser(sqlite_app).get("/openings?q=zzz&days=five&remote=full")

    assert "条件に合う募集はありません" in page
    assert "一つ外すだけでは見つかりません" in page
    assert "「zzz」の条件を外す" in Browser(sqlite_app).get("/openings?q=zzz&days=five")
