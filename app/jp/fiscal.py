"""年度: the fiscal year of public bodies, 1 April to 31 March, named after the year it begins in (J-12)."""

from datetime import date

_FIRST_REIWA_YEAR = 2019


def fiscal_year(day: date) -> int:
    """Return the fiscal year that `day`, a date in Japan, belongs to: 2027-03-31 is 2026."""
    return day.year if day.month >= 4 else day.year - 1


def reiwa_fiscal_year_label(year: int) -> str:
    """Write a fiscal year in 令和: 2026 is 令和8年度, 2019 is 令和元年度. Raises ValueError before 2019."""
    if year < _FIRST_REIWA_YEAR:
        raise ValueError("令和の年度は2019年度からです。")
    number = year - _FIRST_REIWA_YEAR + 1
    return f"令和{'元' if number == 1 else number}年度"
