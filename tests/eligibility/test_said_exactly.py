"""What the self-check says: days that are missing, the gap to the day, near names, and nothing that is not so."""

from datetime import timedelta

import pytest
from flask import Flask

from app.core import clock
from app.demo.contents import FORMER_NAMES
from app.eligibility.engine import evaluate, parse_history, parse_rule
from app.eligibility.explanation import STAFF_CONFIRM, explain, explain_imprecise
from app.eligibility.precision import evaluate_imprecise
from app.jp.wareki import read_year
from tests import factories
from tests.browsing import Browser
from tests.eligibility.test_check_pages import ARTICLE, BORN, FE, JOB, YEARS, opening

JOB_OF = {
    "employer": "A", "kind": "regular", "fields": [], "weekly_hours": 38.75, "student": False, "leaves": [],
}  # fmt: skip
RULE = parse_rule({"threshold_months": 60, "as_of": "2026-03-31"})


def history(start: str, end: str) -> dict[str, object]:
    return {"birth_date": None, "engagements": [{**JOB_OF, "start": start, "end": end}]}


def test_the_gap_is_exact_to_the_day() -> None:
    shown = explain(RULE, evaluate(RULE, parse_history(history("2021-01-01", "2025-08-12"))))

    assert (shown.total, shown.shortfall) == ("4年7か月12日", "あと4か月18日")
    assert "必要な5年以上まであと4か月18日です" in shown.sentence


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2021-01-01", "2025-08", "どの日でも、必要な5年以上には届きません（多く数えてもあと4か月）。"),
        ("2020-01", "2026-03", "どの日でも、必要な5年以上に達しています。"),
    ],
)
def test_the_headline_says_that_days_are_missing_where_they_decide_nothing(start: str, end: str, words: str) -> None:
    shown = explain_imprecise(RULE, evaluate_imprecise(RULE, history(start, end)))

    assert shown.sentence == f"日が分からない月があるため、通算は{shown.total}です。{words}{STAFF_CONFIRM}"
    assert shown.total.endswith("までの間")


@pytest.mark.parametrize("typed", ["平12", "平成12", "H12", "h12年", "2000"])
def test_an_era_is_read_by_its_first_character_too(typed: str) -> None:
    found = read_year(typed)
    assert found is not None
    assert found[0] == 2000


def test_other_eras_by_one_character_and_no_other_character() -> None:
    assert [(read_year(typed) or (0,))[0] for typed in ("昭60", "令3", "令元", "和3")] == [1985, 2021, 2019, 0]


@pytest.mark.parametrize("equivalent", [False, True])
def test_a_short_form_of_a_name_is_for_a_person_and_not_called_missing(sqlite_app: Flask, equivalent: bool) -> None:
    named = {"any_of": [{"name": "基本情報技術者試験"}], "or_equivalent": equivalent}
    url = f"/openings/{opening({**FE, 'params': named}).id}/check"
    browser = Browser(sqlite_app)
    browser.get(url)

    page = browser.press(url, {"qualifications-0-name": "基本情報"})

    assert "「基本情報」が対象の資格かどうかを確認します。" in page
    assert "記載はありません" not in page


def test_the_demo_names_the_earlier_name_of_a_qualification() -> None:
    assert FORMER_NAMES["基本情報技術者試験"] == ("第二種情報処理技術者試験",)


def test_after_the_close_the_page_promises_no_application(sqlite_app: Flask) -> None:
    now = clock.now()
    closed = opening(YEARS, ARTICLE, opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=1))
    url = f"/openings/{closed.id}/check"
    browser = Browser(sqlite_app)
    browser.get(url)

    page = browser.press(url, JOB)

    assert ("応募できます" in page, "応募はできます" in page) == (False, False)
    assert "いまは応募できません" in page


def test_the_intro_names_what_is_asked_and_nothing_else(sqlite_app: Flask) -> None:
    browser = Browser(sqlite_app)
    city = factories.organisation()
    pages = [browser.get(f"/openings/{opening(*some, city=city).id}/check") for some in ((BORN, ARTICLE), (YEARS,))]

    assert "生年月日、質問への答えを入力すると" in pages[0]
    assert "職歴を入力すると" in pages[1]
