"""A table of cases for each kind of criterion, at its edges: three outcomes, and the third names what is missing."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.eligibility.criteria import KINDS, Asked, Assessed, asked_of, assess, rules_of
from app.eligibility.facts import Availability, Education, Facts, JobEntry, LanguageTest, Qualification
from app.openings.content import CriterionContent, CriterionKind
from app.openings.criterion_words import SCHEMES

TODAY = date(2026, 11, 23)
RULE = {"threshold_months": 60, "as_of": "2026-11-30"}
MEETS, NOT, CHECK = "meets", "does_not_meet", "check"


def criterion(kind: str, required: bool = True, **params: Any) -> CriterionContent:
    return CriterionContent(key="one", kind=CriterionKind(kind), label="条件", required=required, params=params)


def found(kind: str, facts: Facts, **params: Any) -> Assessed:
    return assess(criterion(kind, **params), facts, today=TODAY)


def outcome(kind: str, facts: Facts, **params: Any) -> str:
    return str(found(kind, facts, **params).outcome)


def job(start: str, end: str | None = None, employer: str = "見本システム", **values: Any) -> JobEntry:
    return JobEntry(employer=employer, start=start, end=end, **values)


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        ("1963-04-01", NOT),  # 早生まれ: the school year before
        ("1963-04-02", MEETS),
        ("1998-04-01", MEETS),
        ("1998-04-02", NOT),
        (None, CHECK),
    ],
)
def test_the_school_year_begins_on_2_april(born: str | None, expected: str) -> None:
    limits = {"from": "1963-04-02", "to": "1998-04-01"}

    assert outcome("birth_date", Facts(birth_date=born), **limits) == expected


FE = {"any_of": [{"name": "基本情報技術者試験", "aliases": ["第二種情報処理技術者試験", "FE"]}]}
BY_MARCH = {**FE, "expected_by": "2027-03-31"}


def papers(*names: str, on: str | None = None, is_expected: bool = False) -> Facts:
    return Facts(qualifications=[Qualification(name=name, acquired_on=on, is_expected=is_expected) for name in names])


@pytest.mark.parametrize(
    ("facts", "params", "expected"),
    [
        (papers("基本情報技術者試験"), FE, MEETS),
        (papers("基本情報技術者"), FE, MEETS),
        (papers("ﾌｫｰｸﾘﾌﾄ", "第二種 情報処理技術者"), FE, MEETS),  # 旧名称, with a space
        (papers("ＦＥ"), FE, MEETS),
        (papers("ｆｅ"), FE, MEETS),
        (papers("応用情報技術者試験"), FE, NOT),
        (papers("情報技術者"), FE, CHECK),  # nearly the same name: a person looks
        (papers("基本情報技術者試験合格"), FE, CHECK),
        (Facts(), FE, CHECK),
        (Facts(no_qualifications=True), FE, NOT),
        (Facts(no_qualifications=True), {**FE, "or_equivalent": True}, CHECK),
        (papers("応用情報技術者試験"), {**FE, "or_equivalent": True}, CHECK),
        (papers("基本情報技術者試験", on="2027-03-31", is_expected=True), BY_MARCH, MEETS),
        (papers("基本情報技術者試験", on="2027-03", is_expected=True), BY_MARCH, MEETS),
        (papers("基本情報技術者試験", on="2027-04-01", is_expected=True), BY_MARCH, NOT),  # after the appointment
        (papers("基本情報技術者試験", on="2027-04", is_expected=True), BY_MARCH, NOT),
        (papers("基本情報技術者試験", on="2027-03", is_expected=True), {**FE, "expected_by": "2027-03-15"}, CHECK),
        (papers("基本情報技術者試験", is_expected=True), BY_MARCH, CHECK),
        (papers("基本情報技術者試験", on="2027-01-10", is_expected=True), FE, NOT),  # 見込み does not count
    ],
)
def test_a_qualification_is_known_by_any_of_its_names(facts: Facts, params: dict[str, Any], expected: str) -> None:
    assert outcome("qualification", facts, **params) == expected


def test_what_is_missing_for_a_qualification_is_named() -> None:
    late = found("qualification", papers("基本情報技術者試験", is_expected=True), **BY_MARCH)
    other = found("qualification", papers("応用情報技術者試験"), **{**FE, "or_equivalent": True})

    assert late.checks == ("取得見込みの年月日を確認します。",)
    assert other.checks == ("「応用情報技術者試験」が同等以上かを確認します。",)
    assert late.working["checks"] == list(late.checks)


BARS = {
    "any_of": [
        {"scheme": "toeic_lr", "score": 900},
        {"scheme": "eiken", "level": "1"},
        {"scheme": "hsk", "level": "6", "score": 180},
        {"scheme": "ielts", "score": "7.5"},
    ]
}


def a_result(scheme: str, level: str = "", score: Any = None) -> Facts:
    return Facts(languages=[LanguageTest(scheme=scheme, level=level, score=score and Decimal(str(score)))])


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (a_result("toeic_lr", score=899), NOT),
        (a_result("toeic_lr", score=900), MEETS),
        (a_result("toeic_lr"), CHECK),
        (a_result("eiken", "1"), MEETS),
        (a_result("eiken", "pre1"), NOT),
        (a_result("eiken"), CHECK),
        (a_result("hsk", "6", 180), MEETS),
        (a_result("hsk", "6", 179), NOT),
        (a_result("hsk", "6"), CHECK),
        (a_result("hsk", "5", 300), NOT),
        (a_result("ielts", score="7.5"), MEETS),
        (a_result("ielts", score=7), NOT),
        (a_result("toefl_ibt", score=120), NOT),
        (Facts(), CHECK),
        (Facts(no_languages=True), NOT),
        (Facts(languages=[*a_result("toeic_lr").languages, *a_result("eiken", "1").languages]), MEETS),
    ],
)
def test_a_language_is_met_by_the_level_or_the_score_of_one_test(facts: Facts, expected: str) -> None:
    assert outcome("language", facts, **BARS) == expected


def test_another_test_may_be_equivalent_and_a_person_looks() -> None:
    other = found("language", a_result("toefl_ibt", score=110), **BARS, or_equivalent=True)

    assert (str(other.outcome), other.checks) == (CHECK, ("TOEFL iBT 110点が同等以上かを確認します。",))


@given(st.sampled_from(sorted(SCHEMES)), st.data())
def test_a_better_result_is_never_worse(scheme: str, data: st.DataObject) -> None:
    known, rank = SCHEMES[scheme], {NOT: 0, MEETS: 1}
    levels, top = list(known.levels), int(known.highest or 0)
    places = sorted(data.draw(st.tuples(*[st.integers(0, max(len(levels) - 1, 0))] * 2))) if levels else [0, 0]
    scores = sorted(data.draw(st.tuples(*[st.integers(1, top)] * 2))) if top else [0, 0]
    bar = {
        "scheme": scheme,
        "level": data.draw(st.sampled_from(levels)) if levels else None,
        "score": data.draw(st.integers(1, top)) if top else None,
    }

    low, high = (
        outcome("language", a_result(scheme, levels[p] if levels else "", s or None), any_of=[bar])
        for p, s in zip(places, scores, strict=True)
    )

    assert rank[low] <= rank[high]


JUNIOR = {"any_of": ["university", "junior_college", "technical_college"], "expected_by": "2027-03-31"}


@pytest.mark.parametrize(
    ("school", "expected"),
    [
        (Education(level="technical_college", graduated_on="2010-03"), MEETS),
        (Education(level="graduate"), MEETS),
        (Education(level="high_school"), NOT),
        (Education(level="vocational"), CHECK),
        (Education(level="other"), CHECK),
        (None, CHECK),
        (Education(level="university", graduated_on="2027-03", is_expected=True), MEETS),
        (Education(level="university", graduated_on="2027-04", is_expected=True), NOT),
        (Education(level="university", is_expected=True), CHECK),
    ],
)
def test_schools_are_compared_by_level_and_expected_ones_by_their_day(school: Education | None, expected: str) -> None:
    assert outcome("education", Facts(education=school), **JUNIOR) == expected


@pytest.mark.parametrize(
    ("school", "any_of", "expected"),
    [
        (Education(level="university", is_expected=True), ["high_school", "university"], MEETS),
        (Education(level="graduate", is_expected=True), ["university"], MEETS),
        (Education(level="graduate", is_expected=True), ["junior_college"], MEETS),
        (Education(level="university", is_expected=True), ["university", "vocational"], NOT),
        (Education(level="university", is_expected=True), ["junior_college"], NOT),
        (Education(level="technical_college", is_expected=True), ["high_school"], NOT),
        (Education(level="technical_college"), ["vocational", "high_school"], MEETS),
        (Education(level="high_school", is_expected=True), ["high_school", "university"], NOT),
    ],
)
def test_a_school_that_is_behind_somebody_counts_whatever_stands_above_it(
    school: Education, any_of: list[str], expected: str
) -> None:
    assert outcome("education", Facts(education=school), any_of=any_of) == expected


def test_an_equal_of_the_school_is_left_to_people() -> None:
    low = Facts(education=Education(level="high_school"))

    assert outcome("education", low, **JUNIOR, or_equivalent=True) == CHECK


@pytest.mark.parametrize(
    ("days", "limits", "expected"),
    [
        (Availability(most=20), {"least": 20}, MEETS),
        (Availability(most=15), {"least": 20}, NOT),
        (Availability(most=5), {"least": 5, "most": 20}, MEETS),
        (Availability(most=50, least=30), {"most": 20}, NOT),
        (Availability(most=50, least=20), {"most": 20}, MEETS),
        (Availability(most=50), {"most": 20}, MEETS),
        (None, {"least": 20}, CHECK),
    ],
)
def test_days_of_work_must_suit_both(days: Availability | None, limits: dict[str, int], expected: str) -> None:
    assert outcome("availability", Facts(availability=days), **limits) == expected


@pytest.mark.parametrize("kind", ["declaration", "nationality", "residence"])
@pytest.mark.parametrize(("said", "expected"), [(True, MEETS), (False, NOT), (None, CHECK)])
def test_a_declaration_is_taken_at_its_word(kind: str, said: bool | None, expected: str) -> None:
    facts = Facts(declarations={} if said is None else {"one": said})

    assert outcome(kind, facts, text="日本国籍を有します") == expected


def test_a_nationality_is_kept_as_yes_or_no_only() -> None:
    said = found("nationality", Facts(declarations={"one": True}), text="日本国籍を有します")

    assert said.working["answer"] is True
    assert not [name for name in Facts.model_fields if "nation" in name]


IN_FIELD = {"rule": {**RULE, "threshold_months": 60}, "of_which": {"threshold_months": 36, "fields": ["digital"]}}


@pytest.mark.parametrize(
    ("jobs", "expected", "word"),
    [
        ([job("2021-12-01", fields=["digital"])], MEETS, "満たしています"),
        ([job("2018-12-01", "2023-11-30"), job("2023-12-01", fields=["digital"])], MEETS, "満たしています"),
        ([job("2018-12-01", "2023-12-31"), job("2024-01-01", fields=["digital"])], NOT, "あと1か月"),
        ([job("2024-01-01", fields=["digital"])], NOT, "あと2年1か月"),
        ([job("2018-12-01", "2023-12", fields=[]), job("2023-12", fields=["digital"])], CHECK, "職員が確認します"),
    ],
)
def test_three_of_five_years_must_be_in_the_field(jobs: list[JobEntry], expected: str, word: str) -> None:
    said = found("experience", Facts(history=jobs), **IN_FIELD)

    assert (str(said.outcome), said.word, [one.label for one in said.counts]) == (expected, word, ["", "うち数"])


TABLE = {
    "rule": {"as_of": "2026-11-30"},
    "by_education": [
        {"education": "graduate", "months": 60},
        {"education": "university", "months": 84},
        {"education": "junior_college", "months": 108},
        {"education": "high_school", "months": 132},
    ],
}


@pytest.mark.parametrize(
    ("level", "graduated", "start", "expected"),
    [
        ("university", "2019-11-30", "2019-12-01", MEETS),
        ("university", "2019-12-01", "2019-12-01", NOT),  # one day is before graduation is over
        ("university", "2015-03", "2019-12-01", MEETS),
        ("university", "2019-12", "2015-04-01", NOT),
        ("university", "2019-11", "2015-04-01", MEETS),
        ("graduate", "2021-11", "2021-12-01", MEETS),
        ("graduate", "2021-12", "2021-12-01", NOT),
        ("high_school", "2015-11", "2010-04-01", MEETS),
        ("high_school", "2015-12", "2010-04-01", NOT),
        ("vocational", "2016-03", "2016-04-01", CHECK),  # counted as 高校 at the worst: short, so a person looks
        ("vocational", "2010-03", "2010-04-01", MEETS),
        ("other", "2010-03", "2010-04-01", CHECK),
        ("university", None, "2010-04-01", CHECK),
    ],
)
def test_years_are_those_of_the_last_school_and_begin_after_it(
    level: str, graduated: str | None, start: str, expected: str
) -> None:
    facts = Facts(history=[job(start)], education=Education(level=level, graduated_on=graduated))

    assert outcome("experience", facts, **TABLE) == expected


def test_a_month_of_graduation_that_decides_is_for_a_person_and_named() -> None:
    rule = {"as_of": "2026-11-15"}
    facts = Facts(history=[job("2010-04-01")], education=Education(level="university", graduated_on="2019-11"))

    said = found("experience", facts, **{**TABLE, "rule": rule})

    assert (str(said.outcome), said.checks) == (CHECK, ("卒業の日（日まで）を確認します。",))


def test_without_a_last_school_nothing_is_counted_and_it_is_asked_for() -> None:
    said = found("experience", Facts(history=[job("2000-04-01")]), **TABLE)

    assert (str(said.outcome), said.checks) == (CHECK, ("最終学歴と卒業年月を確認します。",))


def test_years_counted_by_a_school_not_yet_finished_are_for_a_person_where_they_fall_short() -> None:
    school = Education(level="university", graduated_on="2027-03", is_expected=True)

    said = found("experience", Facts(history=[job("2000-04-01")], education=school), **TABLE)

    assert (str(said.outcome), said.checks) == (CHECK, ("いま卒業している学歴で数えたときの年数を確認します。",))


def test_a_school_that_the_table_does_not_name_is_not_called_unknown() -> None:
    school, table = (
        Education(level="high_school", graduated_on="2000-03"),
        {**TABLE, "by_education": TABLE["by_education"][:2]},
    )

    said = found("experience", Facts(history=[job("2000-04-01")], education=school), **table)

    assert said.sentence == "最終学歴が「高等学校」のときの年数が、この募集の表にないため、必要な年数を決められません。"
    assert said.checks == ("「高等学校」をどの区分に数えるかを確認します。",)


LISTED = {"rule": RULE, "excluded_employers": {"names": ["株式会社山県システム"]}}
AT_HOME = {"rule": RULE, "excluded_employers": {"headquartered_in": "山形県"}}


@pytest.mark.parametrize(
    ("jobs", "params", "expected"),
    [
        ([job("2015-04-01", employer="（株）山県システム")], LISTED, CHECK),
        ([job("2015-04-01", employer="山県ｼｽﾃﾑ 東京支店")], LISTED, CHECK),
        ([job("2015-04-01", employer="見本システム")], LISTED, MEETS),
        ([job("2015-04-01"), job("2012-04-01", employer="山県システム")], LISTED, MEETS),  # enough without it
        ([job("2025-04-01", employer="山県システム")], LISTED, NOT),  # too short even with it
        ([job("2015-04-01")], AT_HOME, CHECK),
        ([job("2025-04-01")], AT_HOME, NOT),
    ],
)
def test_an_excluded_employer_is_a_question_for_a_person_never_dropped(
    jobs: list[JobEntry], params: dict[str, Any], expected: str
) -> None:
    said = found("experience", Facts(history=jobs), **params)

    assert str(said.outcome) == expected
    assert bool(said.checks) == (expected == CHECK)
    assert jobs[0].employer in said.checks[0] if said.checks else True


days = st.dates(date(2005, 1, 1), date(2026, 11, 30))


@given(st.lists(st.tuples(days, days, st.booleans()), max_size=4), st.sampled_from(["university", "graduate"]), days)
def test_added_conditions_never_make_more_of_a_history(
    spans: list[tuple[date, date, bool]], level: str, graduated: date
) -> None:
    rank = {NOT: 0, CHECK: 1, MEETS: 2}
    jobs = [
        job(str(min(a, b)), str(max(a, b)), employer=f"見本{n}", fields=["digital"] if it else [])
        for n, (a, b, it) in enumerate(spans)
    ]
    facts = Facts(history=jobs, education=Education(level=level, graduated_on=str(graduated)))
    months = 84 if level == "university" else 60

    plain = outcome("experience", facts, rule={**RULE, "threshold_months": months})
    table = outcome("experience", facts, **TABLE)
    part = outcome("experience", facts, **{**TABLE, "of_which": IN_FIELD["of_which"]})
    without = outcome("experience", facts, **{**TABLE, "excluded_employers": {"names": ["見本0"]}})

    assert rank[plain] >= rank[table] >= rank[part]
    assert rank[table] >= rank[without] >= min(rank[table], rank[CHECK])


def test_only_what_a_criterion_looks_at_is_asked() -> None:
    school = criterion("education", required=False, **JUNIOR)

    assert asked_of([criterion("person"), criterion("declaration", text="はい")]) == {}
    assert asked_of([school]) == {Asked.EDUCATION: False}
    assert asked_of([school, criterion("experience", **TABLE)]) == {Asked.HISTORY: True, Asked.EDUCATION: True}
    assert asked_of([criterion("language", **BARS)]) == {Asked.LANGUAGES: True}
    assert [rule.fields for rule in rules_of([criterion("experience", **IN_FIELD)])] == [(), ("digital",)]


PARAMS: dict[str, dict[str, Any]] = {
    "experience": {**TABLE, "of_which": {"threshold_months": 12, "fields": ["digital"]}},
    "education": JUNIOR,
    "qualification": FE,
    "language": BARS,
    "birth_date": {"from": "1963-04-02"},
    "availability": {"least": 20},
    "nationality": {"text": "日本国籍を有します"},
    "residence": {"text": "採用の日までに市内に住みます"},
    "declaration": {"text": "当たりません"},
    "person": {},
}
WORST = Facts(
    birth_date="1950-01-01",
    declarations={"one": False},
    education=Education(level="high_school", graduated_on="2020-03"),
    no_history=True,
    no_qualifications=True,
    no_languages=True,
    availability=Availability(most=2),
)


@pytest.mark.parametrize("kind", [str(kind) for kind in CriterionKind])
def test_no_kind_has_words_of_rejection(kind: str) -> None:
    said = [found(kind, facts, **PARAMS[kind]) for facts in (WORST, Facts(), papers("別の資格"))]

    assert CriterionKind(kind) in KINDS
    assert said[0].outcome == (CHECK if kind == "person" else NOT)
    refusing = ("不合格", "失格", "応募できません", "満たしていません", "不適格", "却下")
    assert not [word for one in said for word in refusing if word in repr(one)]


@pytest.mark.parametrize("kind", [str(kind) for kind in CriterionKind if kind != CriterionKind.PERSON])
def test_nothing_answered_is_for_a_person_and_names_what_is_missing(kind: str) -> None:
    said = found(kind, Facts(history=[job("2025-04-01")]), **PARAMS[kind])

    assert (str(said.outcome), bool(said.checks)) == (CHECK, True)


@pytest.mark.parametrize("kind", [str(kind) for kind in CriterionKind if kind != CriterionKind.PERSON])
def test_settings_that_cannot_be_read_are_for_a_person(kind: str) -> None:
    assert outcome(kind, WORST, strange=1) == CHECK
