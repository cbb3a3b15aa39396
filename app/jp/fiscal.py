"""年度: the fiscal year of public bodies, 1 April to 31 March, named after the year it begins in (J-12)."""

from datetime import date


def fiscal_year(day: date) -> int:
    """Return the fiscal year that `day`, a date in Japan, belongs to: 2027-03-31 is 2026."""
    return day.year if day.month >= 4 else day.year - 1
