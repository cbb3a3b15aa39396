"""Dates without a day: two readings, and a person where they differ (design decision 23)."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.eligibility.engine import BadInput, evaluate, parse_history, parse_rule
from app.eligibility.precision import evaluate_imprecise
from app.eligibility.words import Outcome


def job(start, end, employer="A", **changed):
    made = {"employer": employer, "kind": "regular", "fields": [], "weekly_hours": 40, "student": False}
    return {**made, "start": start, "end": end, "leaves": [], **changed}


def count(*jobs, **rule):
    asked = parse_rule({"threshold_months": 12, "as_of": "2020-12-31", **rule})
    return evaluate_imprecise(asked, {"birth_date": None, "engagements": list(jobs)})


def lengths(result):
    return [(reading.total_months, reading.days) for reading in (result.least, result.most)]


def test_full_dates_are_counted_as_ever():
    rule = parse_rule({"threshold_months": 12, "as_of": "2020-12-31"})
    raw = {"birth_date": None, "engagements": [job("2018-01-01", "2018-12-31")]}

    result = evaluate_imprecise(rule, raw)

    assert result.least == result.most == evaluate(rule, parse_history(raw))
    assert (result.outcome, result.imprecise_indexes, result.check_indexes) == (Outcome.MEETS, (), ())


def test_both_readings_agree_where_the_days_do_not_matter():
    enough = count(job("2018-01", "2019-03"))
    hopeless = count(job("2018-01", "2018-06"))

    assert (enough.outcome, enough.imprecise_indexes, enough.check_indexes) == (Outcome.MEETS, (0,), ())
    assert (hopeless.outcome, hopeless.check_indexes) == (Outcome.DOES_NOT_MEET, ())


def test_a_person_must_check_the_jobs_whose_days_decide():
    result = count(job("2010-01-01", "2010-03-31"), job("2018-01", "2018-10", "B"))

    assert (result.outcome, result.imprecise_indexes, result.check_indexes) == (Outcome.CHECK, (1,), (1,))
    assert lengths(result) == [(11, 1), (13, 0)]


def test_jobs_that_count_in_neither_reading_are_not_named():
    out = [job("2018-01", "2018-12", kind="contract"), job("2021-02", None)]

    result = count(*out, job("2018-01", "2018-12"), kinds=["regular"])

    assert (result.imprecise_indexes, result.check_indexes) == ((0, 1, 2), (2,))


def test_a_job_without_hours_is_named_where_its_days_decide():
    result = count(job("2018-01", "2018-12", weekly_hours=None), min_weekly_hours=30)

    assert (result.least.outcome, result.most.outcome) == (Outcome.DOES_NOT_MEET, Outcome.CHECK)
    assert result.check_indexes == (0,)


@pytest.mark.parametrize(
    ("start", "end", "least", "most"),
    [
        ("2018-02", "2018-02", (0, 1), (1, 0)),
        ("2018-02", "2018-02-10", (0, 1), (0, 10)),
        ("2018-02-10", "2018-02", (0, 1), (0, 19)),
        ("2018-02", "2018-03", (0, 2), (2, 0)),
        ("2020-02", "2020-02-29", (0, 1), (1, 0)),
        ("2020-12", None, (0, 1), (1, 0)),
        ("9999-12", "9999-12", (0, 0), (0, 0)),
    ],
)
def test_a_job_is_read_at_its_shortest_and_at_its_longest(start, end, least, most):
    assert lengths(count(job(start, end))) == [least, most]


@pytest.mark.parametrize(
    ("start", "end", "only_day"),
    [
        ("2018-02", "2018-02", "2018-02-28"),
        ("2018-02-10", "2018-02", "2018-02-10"),
        ("2018-02", "2018-02-10", "2018-02-10"),
    ],
)
def test_a_job_within_one_month_is_one_day_at_its_shortest(start, end, only_day):
    ((first, last),) = count(job(start, end)).least.counted[0].pieces

    assert (first.isoformat(), last.isoformat()) == (only_day, only_day)


def test_leave_is_read_at_its_longest_and_at_its_shortest():
    leave = {"kind": "sick", "start": "2018-03", "end": "2018-04"}

    result = count(job("2018-01-01", "2018-12-31", leaves=[leave]), excluded_leave={"kinds": ["sick"]})

    # at its shortest it splits the year into 2 months 30 days and 8 months 30 days
    assert lengths(result) == [(10, 0), (12, 0)]
    assert (result.outcome, result.imprecise_indexes, result.check_indexes) == (Outcome.CHECK, (0,), (0,))


@pytest.mark.parametrize("begins", ["2018-06", "2018-07"])
def test_jobs_of_one_employer_touch_only_in_the_most_favourable_reading(begins):
    result = count(job("2018-01-01", "2018-06"), job(begins, "2018-12-31"))

    assert [len(reading.counted) for reading in (result.least, result.most)] == [2, 1]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (job("2018-13", None), "history.engagements[0].start"),
        (job("0000-01", None), "history.engagements[0].start"),
        (job("2018-1", None), "history.engagements[0].start"),
        (job("２０１８-０１", None), "history.engagements[0].start"),
        (job("2018-01\n", None), "history.engagements[0].start"),
        (job("2018-02", "2018-01"), "history.engagements[0].end"),
        (job("2018-02", "2018-01-31"), "history.engagements[0].end"),
        (job("2018-02-01", "2018-01"), "history.engagements[0].end"),
        (job("x", "2018-01"), "history.engagements[0].start"),
        (job("2018-02", 5), "history.engagements[0].end"),
        (job("2018-02", None, leaves=3), "history.engagements[0].leaves"),
        (job("2018-02", None, leaves=[3]), "history.engagements[0].leaves[0]"),
        (
            job("2018-02", None, leaves=[{"kind": "sick", "start": "2018-05", "end": "2018-04"}]),
            "history.engagements[0].leaves[0].end",
        ),
        ({"start": "2018-02", "end": None}, "history.engagements[0].employer"),
        (None, "history.engagements[0]"),
    ],
)
def test_malformed_input_is_refused_with_its_field(wrong, field):
    with pytest.raises(BadInput) as refusal:
        count(wrong)

    assert refusal.value.field == field


@pytest.mark.parametrize("raw", [None, [], {}, {"birth_date": None, "engagements": None}])
def test_a_history_of_another_shape_is_refused(raw):
    with pytest.raises(BadInput):
        evaluate_imprecise(parse_rule({"threshold_months": 1, "as_of": "2020-12-31"}), raw)


def test_birth_date_always_has_its_day():
    with pytest.raises(BadInput):
        evaluate_imprecise(
            parse_rule({"threshold_months": 1, "as_of": "2020-12-31"}), {"birth_date": "1990-01", "engagements": []}
        )


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.dates(date(2018, 1, 1), date(2019, 12, 31)), st.integers(0, 500), st.booleans(), st.booleans())
def test_the_true_days_of_one_job_lie_between_the_readings(start, length, start_known, end_known):
    end = start + timedelta(days=length)
    exact = count(job(start.isoformat(), end.isoformat()), as_of="2023-12-31").least

    result = count(
        job(start.isoformat()[: 10 if start_known else 7], end.isoformat()[: 10 if end_known else 7]),
        as_of="2023-12-31",
    )

    assert lengths(result)[0] <= (exact.total_months, exact.days) <= lengths(result)[1]
    assert result.outcome in (exact.outcome, Outcome.CHECK)
