"""What a rule and a history may be made of, and how a refusal names its field."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from app.eligibility.engine import BadInput, parse_history, parse_rule

CASES = json.loads((Path(__file__).parent / "experience_cases.json").read_text(encoding="utf-8"))
LEAVE = {"kind": "sick", "start": "2014-02-01", "end": "2014-02-27"}
JOB = {
    "employer": "A",
    "kind": "regular",
    "fields": ["digital"],
    "weekly_hours": 38.75,
    "student": False,
    "start": "2014-01-01",
    "end": "2015-06-10",
    "leaves": [LEAVE],
}
RULE = {"threshold_months": 60, "as_of": "2016-06-30"}
DEEP = json.loads("[" * 500 + "]" * 500)

NOT_DATES = [
    "2024-02-30", "2023-02-29", "20240229", "2024-2-29", "0000-01-01", "10000-01-01", "2024-W01-1", "2024-060",
    "2024-02-29T00:00", "2024-02-29\n", " 2024-02-29", "２０２４-０２-２９", "2024-13-01", "-024-01-01", "", "2024-02",
    20240229, 1.5, True, [], {}, "\ud800",
]  # fmt: skip


def history(**changed):
    return {"birth_date": "1985-06-15", "engagements": [JOB, {**JOB, **changed}]}


def refused(parse, raw):
    with pytest.raises(BadInput) as refusal:
        parse(raw)
    assert len(str(refusal.value).splitlines()) == 1
    return refusal.value.field


@pytest.mark.parametrize("wrong", NOT_DATES)
def test_a_date_that_is_none_is_refused_wherever_it_stands(wrong):
    assert refused(parse_history, history(start=wrong)) == "history.engagements[1].start"
    assert refused(parse_history, history(end=wrong)) == "history.engagements[1].end"
    assert refused(parse_history, {**history(), "birth_date": wrong}) == "history.birth_date"
    assert (
        refused(parse_history, history(leaves=[{**LEAVE, "start": wrong}])) == "history.engagements[1].leaves[0].start"
    )
    assert refused(parse_rule, {**RULE, "as_of": wrong}) == "rule.as_of"
    assert refused(parse_rule, {**RULE, "earliest": {"date": wrong}}) == "rule.earliest.date"
    assert refused(parse_rule, {**RULE, "window": {"from": "2010-01-01", "to": wrong}}) == "rule.window.to"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"end": "2013-12-31"}, "end"),
        ({"start": None}, "start"),
        ({"employer": None}, "employer"),
        ({"employer": ""}, "employer"),
        ({"employer": " 　"}, "employer"),
        ({"employer": "A\ud83d"}, "employer"),
        ({"employer": 7}, "employer"),
        ({"kind": "Regular"}, "kind"),
        ({"kind": None}, "kind"),
        ({"kind": ["regular"]}, "kind"),
        ({"fields": "digital"}, "fields"),
        ({"fields": None}, "fields"),
        ({"fields": ["digital", 3]}, "fields[1]"),
        ({"fields": DEEP}, "fields[0]"),
        ({"weekly_hours": True}, "weekly_hours"),
        ({"weekly_hours": "38.75"}, "weekly_hours"),
        ({"weekly_hours": -0.25}, "weekly_hours"),
        ({"weekly_hours": 168.5}, "weekly_hours"),
        ({"weekly_hours": float("nan")}, "weekly_hours"),
        ({"weekly_hours": float("inf")}, "weekly_hours"),
        ({"weekly_hours": 10**5000}, "weekly_hours"),
        ({"weekly_hours": Decimal("38.75")}, "weekly_hours"),
        ({"student": 0}, "student"),
        ({"student": None}, "student"),
        ({"leaves": None}, "leaves"),
        ({"leaves": [[]]}, "leaves[0]"),
        ({"leaves": [{**LEAVE, "end": "2014-01-31"}]}, "leaves[0].end"),
        ({"leaves": [LEAVE, {**LEAVE, "kind": "holiday"}]}, "leaves[1].kind"),
        ({"leaves": [{**LEAVE, "paid": True}]}, "leaves[0].paid"),
        ({"leaves": [{"kind": "sick", "start": "2014-02-01"}]}, "leaves[0].end"),
        ({"salary": 1}, "salary"),
        ({"sal\nary\u2028": 1}, "sal\\nary\\u2028"),
    ],
)
def test_a_job_that_is_malformed_is_refused_with_its_field(changed, field):
    assert refused(parse_history, history(**changed)) == f"history.engagements[1].{field}"


@pytest.mark.parametrize("key", sorted(JOB))
def test_every_key_of_a_job_must_be_there(key):
    without = {name: value for name, value in JOB.items() if name != key}

    assert refused(parse_history, {"birth_date": None, "engagements": [without]}) == f"history.engagements[0].{key}"


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        (None, "history"),
        ([], "history"),
        ("x", "history"),
        ({"birth_date": None}, "history.engagements"),
        ({"engagements": []}, "history.birth_date"),
        ({"birth_date": None, "engagements": {}}, "history.engagements"),
        ({"birth_date": None, "engagements": [None]}, "history.engagements[0]"),
        ({"birth_date": None, "engagements": [], "name": "x"}, "history.name"),
        ({"birth_date": None, "engagements": [], 3: "x"}, "history.3"),
    ],
)
def test_a_history_of_another_shape_is_refused(raw, field):
    assert refused(parse_history, raw) == field


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"threshold_months": True}, "threshold_months"),
        ({"threshold_months": 60.0}, "threshold_months"),
        ({"threshold_months": "60"}, "threshold_months"),
        ({"threshold_months": None}, "threshold_months"),
        ({"threshold_months": -1}, "threshold_months"),
        ({"threshold_months": 10**5000}, "threshold_months"),
        ({"as_of": None}, "as_of"),
        ({"window": {}}, "window.from"),
        ({"window": []}, "window"),
        ({"window": {"last_years": 0}}, "window.last_years"),
        ({"window": {"last_years": True}}, "window.last_years"),
        ({"window": {"last_years": 10**30}}, "window.last_years"),
        ({"window": {"last_years": 5, "from": "2010-01-01"}}, "window.from"),
        ({"window": {"from": "2010-01-01"}}, "window.to"),
        ({"window": {"from": "2010-01-02", "to": "2010-01-01"}}, "window.to"),
        ({"kinds": "regular"}, "kinds"),
        ({"kinds": ["regular", "permanent"]}, "kinds[1]"),
        ({"fields": [""]}, "fields[0]"),
        ({"min_weekly_hours": False}, "min_weekly_hours"),
        ({"min_weekly_hours": float("nan")}, "min_weekly_hours"),
        ({"min_continuous_months": 1.5}, "min_continuous_months"),
        ({"min_continuous_months": False}, "min_continuous_months"),
        ({"min_continuous_in_window": 1}, "min_continuous_in_window"),
        ({"one_continuous_months": "12"}, "one_continuous_months"),
        ({"excluded_leave": {"min_months": 1}}, "excluded_leave.kinds"),
        ({"excluded_leave": {"kinds": ["sick"], "min_months": False}}, "excluded_leave.min_months"),
        ({"excluded_leave": {"kinds": ["sick"], "min_months": -1}}, "excluded_leave.min_months"),
        ({"excluded_leave": {"kinds": ["holiday"], "min_months": 1}}, "excluded_leave.kinds[0]"),
        ({"excluded_leave": {"kinds": {}, "min_months": 1}}, "excluded_leave.kinds"),
        ({"exclude_student": "no"}, "exclude_student"),
        ({"earliest": {}}, "earliest.date"),
        ({"earliest": {"age": True}}, "earliest.age"),
        ({"earliest": {"age": -1}}, "earliest.age"),
        ({"earliest": {"age": 22, "date": "2010-01-01"}}, "earliest.date"),
        ({"earliest": "2010-01-01"}, "earliest"),
        ({"combine": "average"}, "combine"),
        ({"combine": ["sum"]}, "combine"),
        ({"day_rounding": "up"}, "day_rounding"),
        ({"minimum": 1}, "minimum"),
    ],
)
def test_a_rule_that_is_malformed_is_refused_with_its_field(changed, field):
    assert refused(parse_rule, {**RULE, **changed}) == f"rule.{field}"


@pytest.mark.parametrize("key", sorted(RULE))
def test_threshold_and_date_of_a_rule_must_be_there(key):
    assert refused(parse_rule, {name: value for name, value in RULE.items() if name != key}) == f"rule.{key}"


def test_a_window_of_one_day_and_a_job_of_one_day_are_taken():
    rule = parse_rule({**RULE, "window": {"from": "2010-01-01", "to": "2010-01-01"}})
    taken = parse_history(history(start="2010-01-01", end="2010-01-01", leaves=[]))

    assert rule.to_json()["window"] == {"from": "2010-01-01", "to": "2010-01-01"}
    assert taken.engagements[1].start_on == taken.engagements[1].end_on


def test_a_message_shows_the_value_shortened():
    with pytest.raises(BadInput) as refusal:
        parse_history(history(start="9" * 5000))

    assert len(refusal.value.message) < 120


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_rule_and_history_are_written_and_read_back_unchanged(case):
    rule, history = parse_rule(case["rule"]), parse_history(case["history"])

    assert parse_rule(json.loads(json.dumps(rule.to_json()))) == rule
    assert parse_history(json.loads(json.dumps(history.to_json()))) == history


def test_history_is_written_as_it_was_given():
    assert [parse_history(case["history"]).to_json() for case in CASES] == [case["history"] for case in CASES]
