"""`experience FILE`: one line a case, or one line on standard error and nothing else."""

import copy
import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from app.eligibility.commands import experience_command

CASES_FILE = Path(__file__).parent / "experience_cases.json"
CASES = json.loads(CASES_FILE.read_text(encoding="utf-8"))
CASE = {key: CASES[0][key] for key in ("id", "rule", "history")}


FULL = next(case for case in CASES if case["id"] == "open-leave-renewed")
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["0001-01-01", "9999-12-31", "2020-02-29", "regular", "sick", 10**40, 9999, 119988]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=5,
)


def run(file):
    return CliRunner().invoke(experience_command, [str(file)])


def run_text(folder, content):
    file = folder / "cases.json"
    file.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
    return run(file)


def run_cases(folder, *cases):
    return run_text(folder, json.dumps(cases))


def with_job(**changed):
    first, *rest = CASE["history"]["engagements"]
    return {**CASE, "history": {**CASE["history"], "engagements": [{**first, **changed}, *rest]}}


def assert_refused(answer, *words):
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert len(answer.stderr.splitlines()) == 1
    assert answer.stderr.endswith("\n")
    for word in words:
        assert word in answer.stderr


def test_cases_are_answered_one_line_each_in_their_order():
    answer = run(CASES_FILE)

    assert (answer.exit_code, answer.stderr) == (0, "")
    lines = [json.loads(line) for line in answer.stdout.splitlines()]
    assert lines == [{"id": case["id"], **case["expect"]} for case in CASES]


def test_cases_without_expectation_are_answered_in_utf8(tmp_path):
    answer = run_cases(tmp_path, {**with_job(employer="市役所"), "id": "松江"})

    assert answer.exit_code == 0
    assert '"id": "松江"' in answer.stdout
    assert '"employer": "市役所"' in answer.stdout


def test_an_empty_list_has_no_answer(tmp_path):
    answer = run_text(tmp_path, "[]")

    assert (answer.exit_code, answer.stdout, answer.stderr) == (0, "", "")


def test_a_byte_order_mark_is_let_through(tmp_path):
    assert run_text(tmp_path, "\ufeff" + json.dumps([CASE])).exit_code == 0


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("", "JSON"),
        ("[", "JSON"),
        ("{}", "リスト"),
        ("null", "リスト"),
        ("[NaN]", "NaN"),
        ("[-Infinity]", "-Infinity"),
        ("[" * 100_000, "深すぎ"),
        ('{"a":' * 100_000, "深すぎ"),
        ("[" + "1" * 5000 + "]", "桁"),
        (b"[\x93\xfa]", "UTF-8"),
        (json.dumps([CASE]).encode("utf-16"), "UTF-8"),
        ("[]]", "JSON"),
        ("\ud800", "UTF-8"),
        ("[1]", "1件目"),
        ("[null]", "1件目"),
        ('["a\\nb"]', "1件目"),
    ],
)
def test_a_file_that_is_no_list_of_cases_is_refused(tmp_path, content, word):
    assert_refused(run_text(tmp_path, content), word)


@pytest.mark.parametrize(
    ("case", "words"),
    [
        (with_job(start="2024-02-30"), ["history.engagements[0].start", "2024-02-30"]),
        (with_job(start="0000-01-01"), ["history.engagements[0].start"]),
        (with_job(end="2010-03-31"), ["history.engagements[0].end"]),
        (with_job(weekly_hours=True), ["history.engagements[0].weekly_hours"]),
        (with_job(employer="\ud800"), ["history.engagements[0].employer"]),
        (with_job(kind="regular\n"), ["history.engagements[0].kind"]),
        (with_job(**{"title\u2028": 1}), ["history.engagements[0].title"]),
        ({**CASE, "rule": {**CASE["rule"], "threshold_months": 1.0}}, ["rule.threshold_months"]),
        ({**CASE, "rule": None}, ["rule"]),
        ({**CASE, "answer": {}}, ["answer"]),
        ({**CASE, "expect": 3}, ["expect"]),
        ({**CASE, "why": 3}, ["why"]),
    ],
)
def test_a_malformed_case_is_named_with_its_field(tmp_path, case, words):
    good = {**CASE, "id": "good"}

    assert_refused(run_cases(tmp_path, good, case), "2件目", "fuji-1", *words)


@pytest.mark.parametrize("wrong", [{"id": None}, {"id": 3}, {"id": ""}, {"id": "\ud800"}])
def test_an_id_must_be_text(tmp_path, wrong):
    assert_refused(run_cases(tmp_path, {**CASE, **wrong}), "1件目", "id")


def test_a_missing_and_a_repeated_id_are_refused(tmp_path):
    assert_refused(run_cases(tmp_path, {"rule": CASE["rule"], "history": CASE["history"]}), "1件目", "id")
    assert_refused(run_cases(tmp_path, CASE, CASE), "2件目", "fuji-1", "id")


def test_a_key_that_stands_twice_is_refused(tmp_path):
    content = json.dumps([CASE]).replace('"student": false', '"student": true, "student": false', 1)

    assert_refused(run_text(tmp_path, content), "fuji-1", "history.engagements[0].student")


def test_weekly_hours_beyond_all_numbers_are_refused(tmp_path):
    content = json.dumps([CASE]).replace("38.75", "1e400", 1)

    assert_refused(run_text(tmp_path, content), "history.engagements[0].weekly_hours")


def test_the_whole_file_is_checked_before_anything_is_answered(tmp_path):
    assert_refused(run_cases(tmp_path, *({**CASE, "id": str(n)} for n in range(50)), {**CASE, "rule": {}}), "51件目")


def test_a_file_that_cannot_be_read_is_refused(tmp_path):
    assert_refused(run(tmp_path / "nothing\nhere.json"), "ファイルがありません")
    assert_refused(run(tmp_path), "ファイルを読めません")
    assert_refused(run("a\0b"), "ファイルを読めません")
    assert_refused(run(os.fsdecode(b"\xff.json")), "ファイルがありません")


def places(value, way=()):
    """Every way to a value inside another one."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [way, *(found for key, inner in items for found in places(inner, (*way, key)))]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.sampled_from(places(FULL)[1:]), ANYTHING)
def test_whatever_stands_in_a_case_is_answered_or_refused_in_one_line(tmp_path_factory, way, anything):
    case = copy.deepcopy(FULL)
    holder = case
    for key in way[:-1]:
        holder = holder[key]
    holder[way[-1]] = anything

    answer = run_cases(tmp_path_factory.getbasetemp(), case)

    if answer.exit_code == 0:
        assert (len(answer.stdout.split("\n")), answer.stderr) == (2, "")
    else:
        assert_refused(answer, "1件目")
