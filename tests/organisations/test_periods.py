"""How long a city keeps what: as it set it, over the end of a fiscal year, never less than the least (P-07, P-08)."""

from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask

from app.audit.models import AuditEvent
from app.core import clock
from app.core.context import PUBLIC, bind
from app.extensions import db
from app.organisations.models import Setting
from app.organisations.periods import ANSWER_KEY, Record, answer_by, is_lawful, kept_until, periods
from app.organisations.queries import settings_of
from tests import factories
from tests.browsing import Browser
from tests.screening.arrange import rows


@pytest.mark.parametrize(
    ("result_on", "years", "until"),
    [
        (date(2027, 3, 31), 1, date(2028, 3, 31)),
        (date(2027, 4, 1), 1, date(2029, 3, 31)),
        (date(2026, 4, 1), 3, date(2030, 3, 31)),
    ],
)
def test_years_count_from_the_day_after_the_fiscal_year_of_the_result(result_on: date, years: int, until: date) -> None:
    assert kept_until(result_on, years) == until


def test_nothing_may_be_kept_for_less_than_a_year_or_answered_later_than_the_law() -> None:
    assert [is_lawful("keep_years_hired", n) for n in (0, 1, 30, 31)] == [False, True, True, False]
    assert [is_lawful(ANSWER_KEY, n) for n in (0, 15, 30, 31)] == [False, True, True, False]
    assert not is_lawful("keep_years_everything", 5)
    assert answer_by(date(2026, 12, 15), {}) == date(2027, 1, 14)
    assert {(one.years, one.is_set) for one in periods({})} == {(1, False)}


def set_period(app: Flask, *args: str) -> str:
    db.session.remove()
    return app.test_cli_runner().invoke(args=["set-period", *args]).output


def test_what_a_city_sets_stands_on_its_page_and_on_no_other(app: Flask) -> None:
    city, other = factories.organisation(), factories.organisation("hamamatsu", "浜松市")
    before = Browser(app).get("/cities/shinagawa/privacy")
    assert before.count("ひな形") > len(Record)
    assert "デモ値" not in before

    assert set_period(app, "shinagawa", "keep_years_not_hired", "3") == "品川区: keep_years_not_hired is 3\n"
    set_period(app, "shinagawa", ANSWER_KEY, "15")
    with time_machine.travel(clock.now() + timedelta(seconds=2)):
        set_period(app, "shinagawa", "keep_years_not_hired", "5")

        page, elsewhere = (Browser(app).get(f"/cities/{one.slug}/privacy") for one in (city, other))
    assert ">5年</td>" in page
    assert "15日以内に回答" in page
    assert (">5年" in elsewhere, "30日以内に回答" in elsewhere) == (False, True)
    db.session.remove()
    bind(db.session, PUBLIC)
    values = settings_of(city.id, at=clock.now() + timedelta(seconds=1))
    db.session.remove()
    assert values == {"keep_years_not_hired": 3, ANSWER_KEY: 15}
    assert [one.action for one in rows(AuditEvent)] == ["set.period"] * 3


def test_what_is_no_period_or_no_city_is_refused_in_one_line(sqlite_app: Flask) -> None:
    factories.organisation()

    assert "1年から30年" in set_period(sqlite_app, "shinagawa", "keep_years_hired", "0")
    assert "no organisation" in set_period(sqlite_app, "nowhere", "keep_years_hired", "2")
    assert "Invalid value" in set_period(sqlite_app, "shinagawa", "keep_years_all", "2")
    assert rows(Setting) == []
