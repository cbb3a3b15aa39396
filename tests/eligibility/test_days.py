"""Calendar arithmetic and sets of days, compared with the standard library and with plain sets."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.eligibility.calendar import LAST_DAY, april_after_age, measure, ordinal, years_before
from app.eligibility.spans import merge, subtract
from tests.eligibility.experience_oracle import over_on

calm = settings(max_examples=200, deadline=None, derandomize=True)
spans = st.lists(st.builds(lambda first, more: (first, first + more), st.integers(1, 40), st.integers(0, 12)))


def days_of(some):
    return {day for first, last in some for day in range(first, last + 1)}


def test_calendar_arithmetic_is_clamped_at_its_ends():
    assert years_before(date(5, 2, 3), 5) == 0
    assert years_before(date(5, 2, 28), 4) == date(1, 2, 28).toordinal()
    assert april_after_age(date(9999, 4, 2), 1) == LAST_DAY + 1
    assert measure(LAST_DAY, LAST_DAY) == (0, 1)


@pytest.mark.parametrize("year", [1, 4, 1900, 2000, 2023, 2024, 2100, 9999])
def test_ordinals_are_those_of_the_calendar(year):
    days = [date.fromordinal(n) for n in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)]

    assert [ordinal(day.year, day.month, day.day) for day in days] == [day.toordinal() for day in days]


@calm
@given(st.dates(date(1950, 1, 1), date(2060, 12, 31)), st.integers(0, 1500))
def test_months_and_days_lead_back_to_the_last_day(first, length):
    last = first + timedelta(days=length)

    months, days = measure(first.toordinal(), last.toordinal())

    assert over_on(first, months) + timedelta(days=days) == last
    assert over_on(first, months + 1) > last
    assert 0 <= days <= 30


@calm
@given(st.dates(date(1950, 1, 1), date(2060, 12, 31)), st.integers(0, 1500))
def test_a_longer_period_never_measures_less(first, length):
    start, end = first.toordinal(), first.toordinal() + length

    assert measure(start, end) <= measure(start, end + 1)
    assert measure(start + 1, end + 1) <= measure(start, end + 1)


@calm
@given(spans)
def test_merged_spans_hold_the_same_days_and_never_touch(some):
    merged = merge(some)

    assert days_of(merged) == days_of(some)
    assert all(before[1] + 1 < after[0] for before, after in itertools.pairwise(merged))


@calm
@given(spans, spans)
def test_subtracting_leaves_the_days_that_no_hole_covers(some, holes):
    left = subtract(merge(some), merge(holes))

    assert days_of(left) == days_of(some) - days_of(holes)
    assert left == merge(left)
