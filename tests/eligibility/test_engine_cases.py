"""The published and worked cases, then one small case a boundary of R-experience."""

import json
from pathlib import Path

import pytest

from app.eligibility.engine import evaluate, parse_history, parse_rule
from app.eligibility.words import Outcome, Reason

CASES = json.loads((Path(__file__).parent / "experience_cases.json").read_text(encoding="utf-8"))


def job(start, end, employer="A", **changed):
    made = {
        "employer": employer,
        "kind": "regular",
        "fields": ["digital"],
        "weekly_hours": 40,
        "student": False,
        "start": start,
        "end": end,
        "leaves": [],
    }
    return {**made, **changed}


def count(jobs, birth_date="1985-06-15", **rule):
    asked = {"threshold_months": 12, "as_of": "2020-12-31", **rule}
    return evaluate(parse_rule(asked), parse_history({"birth_date": birth_date, "engagements": jobs}))


def rows(result):
    return [(row.employer, row.indexes, row.months, row.days) for row in result.counted]


def reasons(result):
    return [(row.index, row.reason) for row in result.excluded]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_case_gives_exactly_what_is_expected(case):
    result = evaluate(parse_rule(case["rule"]), parse_history(case["history"]))

    assert result.to_json() == case["expect"]


@pytest.mark.parametrize(
    ("failing", "reason"),
    [
        ({"kind": "contract", "fields": [], "student": True, "weekly_hours": 1}, Reason.KIND),
        ({"fields": [], "student": True, "weekly_hours": 1}, Reason.FIELD),
        ({"student": True, "weekly_hours": 1}, Reason.STUDENT),
        ({"weekly_hours": 29.99}, Reason.WEEKLY_HOURS),
        ({"weekly_hours": 30}, None),
    ],
)
def test_first_failure_in_the_order_of_the_step_is_the_reason(failing, reason):
    rule = {"kinds": ["regular"], "fields": ["digital"], "exclude_student": True, "min_weekly_hours": 30}

    result = count([job("2015-01-01", "2016-12-31", **failing)], **rule)

    assert result.jobs[0].reason is reason


def test_job_beginning_on_the_date_counts_one_day_and_a_day_later_none():
    result = count([job("2020-12-31", None), job("2021-01-01", None, "B")])

    assert (rows(result), reasons(result)) == ([("A", (0,), 0, 1)], [(1, Reason.AFTER_AS_OF)])


def test_job_ending_on_the_earliest_day_counts_one_day_and_a_day_sooner_none():
    jobs = [job("2010-01-01", "2018-04-01"), job("2010-01-01", "2018-03-31", "B")]

    result = count(jobs, earliest={"date": "2018-04-01"})

    assert (rows(result), reasons(result)) == ([("A", (0,), 0, 1)], [(1, Reason.BEFORE_EARLIEST)])


def test_date_cuts_before_the_earliest_day_does():
    result = count([job("2021-01-01", "2021-12-31")], earliest={"date": "2025-01-01"})

    assert reasons(result) == [(0, Reason.AFTER_AS_OF)]


def test_jobs_cut_to_the_earliest_day_are_ordered_by_what_is_left():
    jobs = [job("2010-01-01", "2018-04-30"), job("2011-01-01", "2018-05-31", "B")]

    result = count(jobs, earliest={"date": "2018-04-01"})

    assert (rows(result), reasons(result)) == ([("B", (1,), 2, 0)], [(0, Reason.OVERLAP)])


def test_equal_spells_stand_by_lowest_job_index():
    result = count([job("2018-01-01", "2018-12-31", "B"), job("2018-01-01", "2018-12-31", "A")])

    assert (rows(result), reasons(result)) == ([("B", (0,), 12, 0)], [(1, Reason.OVERLAP)])


def test_job_inside_another_of_its_employer_does_not_shorten_the_spell():
    jobs = [job("2018-01-01", "2018-12-31"), job("2018-03-01", "2018-03-31"), job("2019-01-01", "2019-06-30")]

    assert rows(count(jobs)) == [("A", (0, 1, 2), 18, 0)]


def test_spell_is_measured_whole_for_its_length_unless_the_rule_says_within_the_window():
    jobs = [job("2018-01-01", "2018-12-31")]
    rule = {"window": {"from": "2018-03-01", "to": "2020-12-31"}, "min_continuous_months": 11}

    whole, within = count(jobs, **rule), count(jobs, **rule, min_continuous_in_window=True)

    assert (rows(whole), reasons(whole)) == ([("A", (0,), 10, 0)], [])
    assert (rows(within), reasons(within)) == ([], [(0, Reason.TOO_SHORT)])


@pytest.mark.parametrize(("in_window", "reason"), [(False, Reason.TOO_SHORT), (True, Reason.OUTSIDE_WINDOW)])
def test_short_spell_outside_the_window_has_the_reason_of_the_step_that_comes_first(in_window, reason):
    rule = {"window": {"last_years": 1}, "min_continuous_months": 12, "min_continuous_in_window": in_window}

    result = count([job("2018-01-01", "2018-06-30")], **rule)

    assert reasons(result) == [(0, reason)]


def test_length_asked_of_a_spell_is_not_rounded_up():
    result = count([job("2018-01-01", "2018-06-29")], min_continuous_months=6, day_rounding="half_up_15")

    assert reasons(result) == [(0, Reason.TOO_SHORT)]


def test_length_asked_of_a_spell_has_its_leave_in():
    leave = {"kind": "sick", "start": "2018-02-01", "end": "2018-11-30"}
    rule = {"min_continuous_months": 12, "excluded_leave": {"kinds": ["sick"], "min_months": 1}}

    result = count([job("2018-01-01", "2018-12-31", leaves=[leave])], **rule)

    assert rows(result) == [("A", (0,), 2, 0)]


def test_leave_is_as_long_as_its_dates_even_outside_its_job():
    leave = {"kind": "sick", "start": "2018-12-15", "end": "2019-01-14"}
    rule = {"excluded_leave": {"kinds": ["sick"], "min_months": 1}}

    result = count([job("2018-01-01", "2018-12-31", leaves=[leave])], **rule)

    assert rows(result) == [("A", (0,), 11, 14)]


def test_leaves_of_two_jobs_are_not_joined():
    first = {"kind": "sick", "start": "2018-12-12", "end": "2018-12-31"}
    second = {"kind": "sick", "start": "2019-01-01", "end": "2019-01-20"}
    jobs = [job("2018-01-01", "2018-12-31", leaves=[first]), job("2019-01-01", "2019-12-31", leaves=[second])]

    result = count(jobs, excluded_leave={"kinds": ["sick"], "min_months": 1})

    assert rows(result) == [("A", (0, 1), 24, 0)]


def test_leaves_with_a_day_between_are_not_joined():
    first = {"kind": "sick", "start": "2018-02-01", "end": "2018-02-20"}
    second = {"kind": "sick", "start": "2018-02-22", "end": "2018-03-20"}

    result = count(
        [job("2018-01-01", "2018-12-31", leaves=[first, second])],
        excluded_leave={"kinds": ["sick"], "min_months": 1},
    )

    assert rows(result) == [("A", (0,), 12, 0)]


def test_open_leave_beginning_after_its_job_takes_nothing():
    leave = {"kind": "sick", "start": "2019-06-01", "end": None}

    result = count([job("2018-01-01", "2018-12-31", leaves=[leave])], excluded_leave={"kinds": ["sick"]})

    assert rows(result) == [("A", (0,), 12, 0)]


def test_days_of_leave_of_an_earlier_spell_are_left_to_a_later_one():
    leave = {"kind": "sick", "start": "2018-04-01", "end": "2018-06-30"}
    jobs = [job("2018-01-01", "2018-12-31", leaves=[leave]), job("2018-02-01", "2018-05-31", "B")]

    result = count(jobs, excluded_leave={"kinds": ["sick"], "min_months": 1})

    assert rows(result) == [("A", (0,), 9, 0), ("B", (1,), 2, 0)]


def test_a_day_counted_by_any_earlier_spell_is_taken_out():
    jobs = [
        job("2018-01-01", "2018-06-30", "A"),
        job("2018-04-01", "2018-12-31", "B"),
        job("2018-05-01", "2018-05-31", "C"),
    ]

    result = count(jobs)

    assert (rows(result), reasons(result)) == ([("A", (0,), 6, 0), ("B", (1,), 6, 0)], [(2, Reason.OVERLAP)])


def test_pieces_of_a_spell_add_up_with_thirty_days_to_the_month():
    leave = {"kind": "sick", "start": "2018-01-21", "end": "2018-02-20"}

    result = count([job("2018-01-01", "2018-03-10", leaves=[leave])], excluded_leave={"kinds": ["sick"]})

    assert rows(result) == [("A", (0,), 1, 8)]


def test_one_place_is_found_in_a_spell_that_an_earlier_one_empties():
    jobs = [job("2017-01-01", "2019-12-31"), job("2018-01-01", "2018-12-31", "B")]

    assert count(jobs, one_continuous_months=12).one_continuous_met is True
    assert count(jobs[1:], one_continuous_months=13).one_continuous_met is False


def test_one_place_carries_thirty_days_only_where_days_are_carried():
    jobs = [job("2018-01-02", "2018-12-31")]

    assert count(jobs, one_continuous_months=12).one_continuous_met is True
    assert count(jobs, one_continuous_months=12, day_rounding="drop").one_continuous_met is False


def test_all_jobs_without_hours_are_let_in_together_before_a_person_is_asked():
    jobs = [job("2018-01-01", "2018-06-30", weekly_hours=None), job("2019-01-01", "2019-06-30", weekly_hours=None)]

    result = count(jobs, min_weekly_hours=30)

    assert (result.outcome, result.met) == (Outcome.CHECK, False)
    assert [job.is_missing_hours for job in result.jobs] == [True, True]


def test_hours_that_are_not_needed_ask_nobody():
    hopeless = count(
        [job("2018-01-01", "2020-12-31", weekly_hours=None, kind="contract")], kinds=["regular"], min_weekly_hours=30
    )
    no_bar = count([job("2018-01-01", "2020-12-31", weekly_hours=None)], min_weekly_hours=0)

    assert (hopeless.outcome, [job.is_missing_hours for job in hopeless.jobs]) == (Outcome.DOES_NOT_MEET, [False])
    assert no_bar.outcome is Outcome.MEETS


def test_missing_birth_date_asks_nobody_where_the_months_do_not_suffice_anyway():
    result = count([job("2020-01-01", "2020-03-31")], birth_date=None, earliest={"age": 22})

    assert (result.outcome, result.is_birth_date_missing) == (Outcome.DOES_NOT_MEET, True)


def test_conditions_that_are_empty_or_nought_are_none():
    required = {"threshold_months": 1, "as_of": "2020-12-31"}
    nothing = {"kinds": [], "fields": [], "min_continuous_months": 0, "one_continuous_months": 0, "window": None}

    assert parse_rule({**required, **nothing, "excluded_leave": {"kinds": []}}) == parse_rule(required)


def test_window_of_years_from_29_february_begins_on_1_march():
    result = count([job("2019-01-01", "2020-02-29")], as_of="2020-02-29", window={"last_years": 1})

    assert rows(result) == [("A", (0,), 12, 0)]
    assert result.counted[0].pieces[0][0].isoformat() == "2019-03-01"


@pytest.mark.parametrize(
    ("birth_date", "age", "first_day"),
    [
        ("2000-03-31", 22, "2022-04-01"),
        ("2000-04-01", 22, "2022-04-01"),
        ("2000-04-02", 22, "2023-04-01"),
        ("2000-12-31", 22, "2023-04-01"),
        ("2000-02-29", 22, "2022-04-01"),
    ],
)
def test_age_is_reached_the_day_before_the_birthday(birth_date, age, first_day):
    result = count([job("2010-01-01", None)], birth_date, as_of="2024-12-31", earliest={"age": age})

    assert result.counted[0].pieces[0][0].isoformat() == first_day


def test_the_ends_of_the_calendar_are_counted_without_overflow():
    whole = [job("0001-01-01", "9999-12-31")]

    counted = count(whole, as_of="9999-12-31", window={"last_years": 9999})

    assert rows(counted) == [("A", (0,), 9999 * 12, 0)]
    assert count(whole, as_of="9999-12-31").total_months == 9999 * 12
    assert reasons(count(whole, "9999-06-01", earliest={"age": 9999})) == [(0, Reason.BEFORE_EARLIEST)]
    assert rows(count([job("9999-12-02", None)], as_of="9999-12-31")) == [("A", (0,), 0, 30)]


def test_rows_carry_what_a_page_needs():
    result = count([job("2018-01-01", "2018-12-31"), job("2019-01-01", "2019-03-31")], threshold_months=18)

    assert (result.years, result.months, result.days, result.short_by_months) == (1, 3, 0, 3)
    assert [[str(day) for day in piece] for piece in result.counted[0].pieces] == [["2018-01-01", "2019-03-31"]]
    assert [row.engagement.employer for row in result.jobs] == ["A", "A"]
