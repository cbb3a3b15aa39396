from datetime import date

import pytest

from app.jp.fiscal import fiscal_year


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
