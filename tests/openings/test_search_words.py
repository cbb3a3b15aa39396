"""Openings are found by the words of their closed lists: what a filter finds, its words find."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from app.core import clock
from app.core.context import PUBLIC, SYSTEM, bind
from app.extensions import db
from app.jp.text import search_key
from app.openings.columns import search_text
from app.openings.commands import refresh_search_texts
from app.openings.listing import read_filters, search
from app.openings.models import Opening
from tests import factories
from tests.browsing import Browser

HOME = {"remote": "partial", "days_min": 50, "days_max": 50, "form_key": "specific_fixed_term"}
SIDE = {"remote": "office", "days_min": 10, "days_max": 20, "form_key": "commission", "is_side_job": True}


def content(**terms: Any) -> Any:
    said = factories.content()
    return said.model_copy(update={"terms": said.terms.model_copy(update=terms)})


@pytest.mark.parametrize("word", ["リモート", "週5日", "フルタイム", "テレワーク", "特定任期付職員", "月額"])
def test_the_words_of_the_lists_are_in_what_is_searched(word: str) -> None:
    assert word in search_text(content(**HOME), city="品川区")


def test_what_an_opening_is_not_is_not_in_it() -> None:
    text = search_text(content(**SIDE), city="品川区")

    assert [word for word in ("リモート", "週5日", "フルタイム", "週2日", "副業", "委嘱") if word in text] == [
        "週2日",
        "副業",
        "委嘱",
    ]


def test_openings_from_before_are_found_after_the_command(app: Flask) -> None:
    row = factories.opening(factories.organisation(), content=content(**HOME))
    bind(db.session, SYSTEM)
    version = db.session.get(Opening, row.id).version
    db.session.execute(update(Opening).values(search_text="dx"))
    db.session.commit()

    assert (refresh_search_texts(), refresh_search_texts()) == (1, 0)
    db.session.remove()
    bind(db.session, PUBLIC)
    found = search(read_filters({"q": ["リモート 週5日"]}), clock.now() + timedelta(minutes=1))
    assert [one.opening.id for one in found.rows] == [row.id]
    assert found.rows[0].opening.version == version


def test_the_empty_page_points_to_the_filters(sqlite_app: Flask) -> None:
    factories.opening(factories.organisation())

    page = Browser(sqlite_app).get("/openings?q=見つからない言葉")

    assert '<a href="#filters">条件で探す</a>' in page


@pytest.mark.parametrize(
    "typed", ["こうほう", "コウホウ", "ｺｳﾎｳ", "ｴﾝｼﾞﾆｱ", "えんじにあ", "Engineer", "ＥＮＧＩＮＥＥＲ"]
)
def test_a_word_is_found_as_it_is_read_and_in_english(typed: str) -> None:
    text = search_text(factories.content(title="広報エンジニア"), city="品川区")

    assert search_key(typed) in text
    assert search_key(typed) not in search_text(factories.content(title="税務の担当"), city="品川区")


@pytest.mark.parametrize(
    "typed", ["こうべ", "コウベ", "ｺｳﾍﾞ", "こうべし", "kobe", "Kobe City", "KOUBE", "神戸", "神戸市"]
)
def test_a_city_is_found_by_its_reading_and_in_latin_letters(typed: str) -> None:
    text = search_text(factories.content(), city="神戸市")

    assert [word for word in search_key(typed).split() if word not in text] == []
    assert search_key(typed).split()[0] not in search_text(factories.content(), city="札幌市")


def test_who_does_technical_work_is_called_so_whatever_the_title_says() -> None:
    network = factories.content(title="DX人材").model_copy(update={"occupation": "network"})
    planning = factories.content(title="DX人材").model_copy(update={"occupation": "dx_planning"})

    found = [
        [word in search_text(one, city="品川区") for word in ("エンジニア", "engineer")] for one in (network, planning)
    ]
    assert found == [[True, True], [False, False]]
