from datetime import date

import pytest

from app.jp.fiscal import fiscal_year, reiwa_fiscal_year_label


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2027, 3, 31), 2026),
        (date(2027, 4, 1), 2027),
        (date(2026, 12, 31), 2026),
        (date(2027, 1, 1), 2026),
        (date(2024, 2, 29), 2023),
    ],
)
def test_a_fiscal_year_begins_in_april(day: date, year: int) -> None:
    assert fiscal_year(day) == year


@pytest.mark.parametrize(
    ("year", "label"), [(2019, "令和元年度"), (2020, "令和2年度"), (2026, "令和8年度"), (2027, "令和9年度")]
)
def test_a_fiscal_year_is_written_in_reiwa(year: int, label: str) -> None:
    assert reiwa_fiscal_year_label(year) == label


def test_a_year_before_reiwa_is_refused() -> None:
    with pytest.raises(ValueError, match="2019"):
        reiwa_fiscal_year_label(2018)
