from app.core.date_words import months_in_words as months
from app.eligibility.rules import OPTIONAL, REQUIRED
from app.eligibility.words import Combine, DayRounding, Kind, LeaveKind
from app.openings.rule_words import COMBINES, KINDS, LEAVE_KINDS, ROUNDINGS, sentences


def test_every_word_of_the_rule_has_its_japanese() -> None:
    assert {kind.value: kind.label for kind in Kind} == KINDS
    assert {kind.value: kind.label for kind in LeaveKind} == LEAVE_KINDS
    assert set(COMBINES) == {one.value for one in Combine}
    assert set(ROUNDINGS) == {one.value for one in DayRounding}


def test_each_setting_changes_the_sentences() -> None:
    plain = {"threshold_months": 60, "as_of": "2026-11-30"}
    settings = {
        "window": {"last_years": 10},
        "kinds": ["regular"],
        "fields": ["digital"],
        "min_weekly_hours": 29.5,
        "min_continuous_months": 12,
        "one_continuous_months": 36,
        "excluded_leave": {"kinds": ["sick"], "min_months": 1},
        "exclude_student": True,
        "earliest": {"age": 22},
        "combine": "longest",
        "day_rounding": "drop",
    }

    changed = {name for name, value in settings.items() if sentences(plain | {name: value}) != sentences(plain)}
    in_window = plain | {"min_continuous_months": 12, "min_continuous_in_window": True}

    assert changed == set(settings)
    assert set(settings) | {"min_continuous_in_window"} | REQUIRED == OPTIONAL | REQUIRED
    assert sentences(in_window) != sentences(plain | {"min_continuous_months": 12})


def test_months_are_said_in_years() -> None:
    assert [months(n) for n in (60, 18, 11, 0)] == ["5年", "1年6か月", "11か月", "0か月"]
