"""Calendar arithmetic on day ordinals (`date.toordinal`: 1 is 0001-01-01), without a time zone.

R-experience step 8 (民法140条ただし書, 143条) and the ages of 年齢計算ニ関スル法律. Sums that
would leave the years 1 to 9999 are computed or clamped, never an error.
"""

from __future__ import annotations

from datetime import date

FIRST_DAY = date.min.toordinal()
LAST_DAY = date.max.toordinal()
DAYS_PER_MONTH = 30

_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_BEFORE = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)


def is_leap(year: int) -> bool:
    """Tell whether a year of the Gregorian calendar has a 29 February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def month_length(year: int, month: int) -> int:
    """Return the number of days in a month (month 1 to 12)."""
    return 29 if month == 2 and is_leap(year) else _LENGTHS[month - 1]


def ordinal(year: int, month: int, day: int) -> int:
    """Return the day ordinal; unlike `date`, years past 9999 and a day after the month's last are allowed."""
    past = year - 1
    leap_day = 1 if month > 2 and is_leap(year) else 0
    return past * 365 + past // 4 - past // 100 + past // 400 + _BEFORE[month - 1] + leap_day + day


def measure(first: int, last: int) -> tuple[int, int]:
    """Measure the days `first` to `last`, both included, as whole months and leftover days (0 to 30).

    A month is over on the day before the corresponding day, or, where the last month has no such day, on
    the last day of that month.
    """
    start, end = date.fromordinal(first), date.fromordinal(last)
    months = (end.year - start.year) * 12 + end.month - start.month
    if end.day == month_length(end.year, end.month):
        months += 1 if start.day == 1 else 0
    elif end.day + 1 < start.day:
        months -= 1
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    month += 1
    left_over_from = ordinal(year, month, min(start.day, month_length(year, month) + 1))
    return months, last + 1 - left_over_from


def whole_months(first: int, last: int) -> int:
    """Count the whole calendar months in the days `first` to `last`, both included."""
    return measure(first, last)[0]


def carry_days(months: int, days: int) -> tuple[int, int]:
    """Turn every 30 days into a month."""
    more, left = divmod(days, DAYS_PER_MONTH)
    return months + more, left


def years_before(day: date, years: int) -> int:
    """Return the ordinal of the day `years` earlier; 29 February gives 28 where there is none, year 0 gives 0."""
    year = day.year - years
    if year < 1:
        return FIRST_DAY - 1
    return ordinal(year, day.month, min(day.day, month_length(year, day.month)))


def april_after_age(birth_date: date, age: int) -> int:
    """Return the ordinal of 1 April of the fiscal year after the one in which `age` is reached.

    An age is reached on the day before the birthday, so somebody born on 1 April reaches it on 31 March.
    A day past the calendar's end becomes the day after 9999-12-31.
    """
    reached_in = birth_date.year + age
    is_from_april_2 = (birth_date.month, birth_date.day) > (4, 1)
    april = ordinal(reached_in + (1 if is_from_april_2 else 0), 4, 1)
    return min(april, LAST_DAY + 1)
