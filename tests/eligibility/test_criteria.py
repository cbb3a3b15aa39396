"""Each kind of criterion has its outcome and its words; none of them turns anybody away (design 6)."""

from datetime import date

import pytest

from app.applications.answers import Answers, Person
from app.eligibility.criteria import assess, needs_birth_date
from app.eligibility.facts import JobEntry
from app.eligibility.words import Outcome
from app.openings.content import CriterionContent

TODAY = date(2026, 11, 23)
RULE = {"threshold_months": 60, "as_of": "2026-11-30", "kinds": ["regular"]}


def criterion(kind, **params):
    return CriterionContent(key="one", kind=kind, label="条件", params=params)


def job(start, end=None):
    return JobEntry(employer="見本システム株式会社", kind="regular", start=start, end=end)


def outcome(kind, answers, **params):
    found = assess(criterion(kind, **params), answers, today=TODAY)
    return found.outcome, found.word


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        ([job("2021-12-01")], (Outcome.MEETS, "満たしています")),
        ([job("2021-12-02")], (Outcome.DOES_NOT_MEET, "あと1日")),
        ([job("2021-12")], (Outcome.CHECK, "職員が確認します")),
        ([], (Outcome.CHECK, "職員が確認します")),
    ],
)
def test_experience_is_counted_and_a_missing_day_that_decides_is_for_a_person(history, expected):
    assert outcome("experience", Answers(history=history), rule=RULE) == expected


def test_a_history_that_cannot_be_read_is_for_a_person():
    broken = Answers(history=[JobEntry(employer="", kind="regular", start="2020-01-01")])

    assert outcome("experience", broken, rule=RULE) == (Outcome.CHECK, "職員が確認します")


@pytest.mark.parametrize(
    ("said", "expected"), [(True, Outcome.MEETS), (False, Outcome.DOES_NOT_MEET), (None, Outcome.CHECK)]
)
def test_a_declaration_is_taken_at_its_word_and_silence_is_not_no(said, expected):
    answers = Answers(declarations={} if said is None else {"one": said})

    assert outcome("declaration", answers, text="当たりません")[0] is expected


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        ("1967-04-02", Outcome.MEETS),
        ("1967-04-01", Outcome.DOES_NOT_MEET),
        ("2005-04-01", Outcome.MEETS),
        ("2005-04-02", Outcome.DOES_NOT_MEET),
        (None, Outcome.CHECK),
    ],
)
def test_both_ends_of_the_birth_dates_are_included(born, expected):
    answers = Answers(person=Person(birth_date=born))

    assert outcome("birth_date", answers, **{"from": "1967-04-02", "to": "2005-04-01"})[0] is expected


def test_what_a_person_must_judge_is_always_for_a_person():
    assert outcome("person", Answers()) == (Outcome.CHECK, "職員が確認します")


def test_a_birth_date_is_needed_only_by_its_criterion_or_by_an_age_in_a_rule():
    age = {**RULE, "earliest": {"age": 18}}

    assert needs_birth_date([criterion("birth_date")])
    assert needs_birth_date([criterion("experience", rule=age)])
    assert not needs_birth_date([criterion("experience", rule=RULE), criterion("person"), criterion("declaration")])


def test_every_field_that_a_rule_offers_has_a_japanese_name() -> None:
    from app.eligibility.criteria import field_label
    from app.openings.rule_words import FIELDS

    assert [key for key in FIELDS if field_label(key) == key] == []
    assert field_label("typed by hand") == "typed by hand"
