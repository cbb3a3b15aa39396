from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.openings.content import CriterionContent, CriterionKind, OpeningContent
from app.openings.employment import COMMON_FORMS
from app.openings.fairness import findings
from app.openings.models import EmploymentFormVersion
from app.openings.notice import make_notice
from app.openings.publication import Around, blocking, missing_items
from app.openings.publication_schedule import Window
from tests import factories

AT = datetime(2026, 11, 2, 0, 0, tzinfo=UTC)
WINDOW = Window(
    datetime(2026, 11, 4, 0, 0, tzinfo=UTC),
    datetime(2026, 11, 5, 0, 0, tzinfo=UTC),
    datetime(2026, 11, 30, 8, 15, tzinfo=UTC),
)


def form(key: str = "general_fixed_term") -> EmploymentFormVersion:
    common = next(one for one in COMMON_FORMS if one.key == key)
    return EmploymentFormVersion(
        basis=common.basis,
        term_cap_months=common.term_cap_months,
        required_texts=list(common.texts),
        is_employee=common.is_employee,
    )


AROUND = Around("品川区", "人事課", form(), True, lambda _rule: None)


def lacking(content: OpeningContent, window: Window = WINDOW, around: Around = AROUND) -> list[tuple[str, str, str]]:
    return [(item.rule, item.section, item.text) for item in blocking(missing_items(content, window, around, at=AT))]


def notes(content: OpeningContent, window: Window = WINDOW, around: Around = AROUND) -> list[tuple[str, str, str]]:
    found = [item for item in missing_items(content, window, around, at=AT) if not item.blocks]
    return [(item.rule, item.section, item.text) for item in found]


def terms(**values: Any) -> OpeningContent:
    said = factories.content()
    return said.model_copy(update={"terms": said.terms.model_copy(update=values)})


def test_a_whole_notice_lacks_nothing_and_needs_no_second_look() -> None:
    assert missing_items(factories.content(), WINDOW, AROUND, at=AT) == []


def test_an_empty_draft_names_everything_once() -> None:
    around = replace(AROUND, form=None, contact="", has_purpose_text=False)

    assert lacking(OpeningContent(), Window(), around) == [
        ("L-07", "basic", "募集の名前を書いてください"),
        ("L-07", "basic", "ひとことの説明を書いてください"),
        ("L-07", "basic", "仕事内容を書いてください"),
        ("L-07", "basic", "職種の分類を選んでください"),
        ("L-07", "basic", "問い合わせ先を書いてください"),
        ("L-07", "basic", "個人情報の利用目的の文が自治体の設定にありません"),
        ("L-01", "terms", "任用形態を選んでください"),
        ("L-07", "terms", "任期を書いてください"),
        ("L-07", "terms", "採用予定人数を書いてください"),
        ("L-07", "terms", "勤務地を書くか、リモートの可否を選んでください"),
        ("L-07", "criteria", "応募資格を書いてください"),
        ("L-07", "stages", "選考段階を決めてください"),
        ("L-07", "stages", "合格発表の方法を書いてください"),
        ("L-07", "schedule", "公開の日時を決めてください"),
        ("L-07", "schedule", "受付開始の日時を決めてください"),
        ("L-07", "schedule", "締切の日時を決めてください"),
    ]


@pytest.mark.parametrize("common", COMMON_FORMS, ids=lambda one: one.key)
def test_each_form_asks_for_its_own_texts(common: Any) -> None:
    asked = ("term", "headcount", *common.texts)
    cleared = terms(**(dict.fromkeys(asked) | {"remote": "full", "work_place": None, "term_months": 12}))
    around = replace(AROUND, form=form(common.key))

    found = [text for _rule, section, text in lacking(cleared, WINDOW, around) if section == "terms"]

    assert len(found) == len(set(asked))


@pytest.mark.parametrize(
    ("key", "months", "refused"),
    [
        ("general_fixed_term", 60, False),
        ("general_fixed_term", 61, True),
        ("short_time_fixed_term", 36, False),
        ("short_time_fixed_term", 37, True),
        ("fiscal_year", 13, True),
        ("commission", 600, False),
    ],
)
def test_the_term_keeps_to_the_cap_of_the_form(key: str, months: int, refused: bool) -> None:
    around = replace(AROUND, form=form(key))

    rules = [rule for rule, _section, _text in lacking(terms(term_months=months), WINDOW, around)]

    assert rules == (["L-02"] if refused else [])


def test_weights_must_add_up_and_a_stage_needs_a_rubric_and_a_date() -> None:
    said = factories.content()
    first, second = said.stages
    light = first.rubric[0].model_copy(update={"weight": 55})
    stages = (
        first.model_copy(update={"rubric": (light, *first.rubric[1:])}),
        second.model_copy(update={"rubric": (), "result_on": None}),
    )

    assert lacking(said.model_copy(update={"stages": stages})) == [
        ("L-10", "stages", "「書類選考」の採点基準の重みの合計が95%です。100%にしてください"),
        ("L-07", "stages", "「面接」の結果をお知らせする日を決めてください"),
        ("L-10", "stages", "「面接」の採点基準を書いてください"),
    ]


def test_a_form_with_a_cap_asks_for_the_months_of_the_term() -> None:
    assert lacking(terms(term_months=None)) == [("L-02", "terms", "任期の月数を書いてください（上限を確かめます）")]


def test_an_item_needs_two_levels() -> None:
    said = factories.content()
    first, second = said.stages
    flat = first.rubric[0].model_copy(update={"levels": first.rubric[0].levels[:1]})
    stages = (first.model_copy(update={"rubric": (flat, *first.rubric[1:])}), second)

    assert lacking(said.model_copy(update={"stages": stages})) == [
        ("L-10", "stages", "「書類選考」の「デジタルの専門性」に、段階を2つ以上書いてください")
    ]


CLOSING_DAY, FIRST_NEWS, LAST_NEWS = date(2026, 11, 30), date(2026, 12, 11), date(2027, 1, 22)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("first", "last", "appointed", "texts"),
    [
        (CLOSING_DAY, CLOSING_DAY, CLOSING_DAY, []),
        (CLOSING_DAY - DAY, LAST_NEWS, LAST_NEWS, ["「書類選考」のお知らせの日が、その前の日程より前です"]),
        (FIRST_NEWS, FIRST_NEWS - DAY, LAST_NEWS, ["「面接」のお知らせの日が、その前の日程より前です"]),
        (FIRST_NEWS, LAST_NEWS, LAST_NEWS - DAY, ["任用日が最後のお知らせより前です"]),
    ],
)
def test_news_follow_the_closing_and_each_other_and_the_appointment_follows_them(
    first: date, last: date, appointed: date, texts: list[str]
) -> None:
    said = factories.content()
    days = zip(said.stages, (first, last), strict=True)
    stages = tuple(stage.model_copy(update={"result_on": day}) for stage, day in days)

    found = lacking(said.model_copy(update={"stages": stages, "appointed_on": appointed}))

    assert [text for _rule, _section, text in found] == texts


@pytest.mark.parametrize(
    ("params", "texts"),
    [
        ({"from": "1990-04-02", "to": "1990-04-02"}, []),
        ({"from": "1990-04-02"}, []),
        ({"from": "1990-04-02", "to": "1990-04-01"}, ["「年齢」：生年月日の終わりが始まりより前です"]),
        ({}, ["「年齢」：生年月日の範囲を書いてください"]),
    ],
)
def test_a_range_of_birth_dates_has_an_end_and_runs_forward(params: dict[str, str], texts: list[str]) -> None:
    born = CriterionContent(key="born", kind=CriterionKind.BIRTH_DATE, label="年齢", params=params)
    said = factories.content()

    found = lacking(said.model_copy(update={"criteria": (*said.criteria, born)}))

    assert [text for _rule, _section, text in found] == texts


def test_a_rule_that_the_engine_refuses_blocks() -> None:
    around = replace(AROUND, rule_fault=lambda _rule: "基準日：日付が必要です")

    assert lacking(factories.content(), WINDOW, around) == [
        ("L-07", "criteria", "「正規職務経験5年以上」の年数の数え方を直してください：基準日：日付が必要です")
    ]


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("", ["L-05"]),
        ("成年被後見人は応募できません。", ["L-05"]),
        ("禁錮以上の刑に処せられた人", ["L-05"]),
        ("本市において懲戒免職の処分を受けた人", ["L-06"]),
        ("品川区において懲戒免職の処分を受けた人", []),
    ],
)
def test_the_disqualification_is_current_law_in_the_citys_own_name(text: str, rules: list[str]) -> None:
    said = factories.content(disqualification_text=text)

    assert [rule for rule, _section, _text in lacking(said)] == rules
    assert lacking(said, WINDOW, replace(AROUND, form=form("outsourcing"))) == []


@pytest.mark.parametrize(
    ("window", "texts"),
    [
        (replace(WINDOW, closes_at=WINDOW.opens_at), ["締切が受付開始より前です"]),
        (
            replace(WINDOW, closes_at=datetime(2026, 11, 30, 8, 15, 0, 1, tzinfo=UTC)),
            ["締切は秒の単位までで決めてください"],
        ),
        (
            replace(WINDOW, opens_at=WINDOW.published_at and WINDOW.published_at - timedelta(seconds=1)),
            ["受付開始が公開より前です"],
        ),
    ],
)
def test_instants_stand_in_order_at_whole_seconds(window: Window, texts: list[str]) -> None:
    assert [text for _rule, _section, text in lacking(factories.content(), window)] == texts


def test_receiving_may_begin_at_the_very_instant_of_publication() -> None:
    assert lacking(factories.content(), replace(WINDOW, opens_at=WINDOW.published_at)) == []


@pytest.mark.parametrize(("at", "is_told"), [(timedelta(days=7), False), (timedelta(days=7, seconds=-1), True)])
def test_less_than_seven_days_are_told(at: timedelta, is_told: bool) -> None:
    monday = datetime(2026, 11, 30, 8, 15, tzinfo=UTC)
    window = Window(monday - timedelta(days=6), monday - timedelta(days=5), monday)

    found = missing_items(factories.content(), window, AROUND, at=monday - at)

    assert [item.text for item in found] == (["締切まで7日ありません"] if is_told else [])


def test_a_closing_in_the_past_blocks() -> None:
    past = Window(AT - timedelta(days=9), AT - timedelta(days=8), AT)

    assert ("L-07", "schedule", "締切が過ぎています") in lacking(factories.content(), past)


@pytest.mark.parametrize("day", [28, 29])
def test_a_closing_on_a_weekend_is_told_and_does_not_block(day: int) -> None:
    weekend = replace(WINDOW, closes_at=datetime(2026, 11, day, 8, 15, tzinfo=UTC))

    assert lacking(factories.content(), weekend) == []
    assert notes(factories.content(), weekend) == [
        ("L-07", "schedule", "締切が土曜日か日曜日です。このままでも公開できます")
    ]


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("ご家族の職業を教えてください", ["家族"]),
        ("尊敬するエンジニアはだれですか", ["尊敬する人物"]),
        ("家族信託システムの開発経験", ["家族"]),
        ("本籍を書いてください", ["本籍・出生地"]),
        ("写真、本籍、家族のことは書かないでください。", []),
        ("情報システムの調達の経験", []),
    ],
)
def test_words_of_the_fourteen_topics_are_found(text: str, topics: list[str]) -> None:
    assert [found.topic for found in findings(text)] == topics


def test_an_unfair_question_warns_and_a_family_register_blocks() -> None:
    questions = [{"key": "family", "label": "ご家族の職業を教えてください"}]
    documents = [{"key": "register", "label": "住民票の写し"}]
    said = factories.content(questions=questions, documents=documents)

    assert lacking(said) == [("F-07", "asked", "「住民票の写し」は内定の前に求められません")]
    assert notes(said)[0][:2] == ("F-03", "asked")


def test_the_requirement_of_nationality_that_the_form_offers_is_not_flagged_and_others_are() -> None:
    own = {"key": "nation", "kind": "nationality", "label": "国籍の要件", "params": {"text": "日本国籍を有します"}}
    typed = {"key": "yes", "kind": "declaration", "label": "国籍を申告すること", "params": {"text": "申告します"}}

    flagged = [
        [item[1] for item in notes(factories.content(criteria=[one])) if item[0] == "F-03"] for one in (own, typed)
    ]
    assert flagged == [[], ["criteria"]]


RULE = {"threshold_months": 60, "as_of": "2026-11-30"}


@pytest.mark.parametrize(
    ("kind", "params", "text"),
    [
        ("experience", {"rule": {"as_of": "2026-11-30"}}, "必要な月数を入力してください"),
        ("experience", {"rule": RULE, "of_which": {"threshold_months": 61, "fields": ["digital"]}}, "うち数の月数が、"),
        ("experience", {"rule": RULE, "of_which": {"threshold_months": 36}}, "うち数の分野か雇用形態を選んでください"),
        (
            "experience",
            {"rule": {**RULE, "earliest": {"age": 22}}, "by_education": [{"education": "university", "months": 84}]},
            "学歴の表があるときは卒業の翌日から数えるため、",
        ),
        ("education", {"any_of": []}, "どれか一つでよいものを、一つ以上書いてください"),
        ("qualification", {}, "どれか一つでよいものを、一つ以上書いてください"),
        ("language", {"any_of": [{"scheme": "toeic_lr"}]}, "TOEIC Listening & Readingは点数を入力してください"),
        ("language", {"any_of": [{"scheme": "toeic_lr", "score": 991}]}, "TOEIC Listening & Readingの点数は990以下で"),
        ("language", {"any_of": [{"scheme": "eiken"}]}, "実用英語技能検定（英検）は級を選んでください"),
        ("language", {"any_of": [{"scheme": "", "score": 1}]}, "語学の試験を一覧から選んでください"),
        ("availability", {}, "勤務できる日数の範囲を選んでください"),
        ("availability", {"least": 30, "most": 20}, "勤務日数の上限が下限より少なくなっています"),
        ("nationality", {"text": ""}, "申告してもらう文を書いてください"),
        ("residence", {}, "申告してもらう文を書いてください"),
        ("declaration", {}, "申告してもらう文を書いてください"),
        ("birth_date", {}, "生年月日の範囲を書いてください"),
    ],
)
def test_settings_that_are_not_whole_keep_a_notice_back(kind: str, params: dict[str, Any], text: str) -> None:
    one = CriterionContent(key="new", kind=CriterionKind(kind), label="条件", params=params)
    said = factories.content()

    [found] = lacking(said.model_copy(update={"criteria": (*said.criteria, one)}))

    assert found[1] == "criteria"
    assert found[2].startswith(f"「条件」：{text}")


@pytest.mark.parametrize(
    ("params", "is_noted"),
    [({"from": "1990-04-02"}, False), ({"from": "1990-04-01"}, True), ({"to": "1990-04-02"}, True)],
)
def test_a_birth_date_beside_the_school_years_edge_is_pointed_out(params: dict[str, str], is_noted: bool) -> None:
    born = CriterionContent(key="born", kind=CriterionKind.BIRTH_DATE, label="生年月日", params=params)
    said = factories.content()

    found = notes(said.model_copy(update={"criteria": (*said.criteria, born)}))

    assert bool(found) == is_noted


def test_an_expectation_after_the_appointment_is_pointed_out() -> None:
    late = {"any_of": ["university"], "expected_by": "2027-04-02"}
    school = CriterionContent(key="school", kind=CriterionKind.EDUCATION, label="大学卒", params=late)
    said = factories.content()

    found = notes(said.model_copy(update={"criteria": (*said.criteria, school)}))

    assert found == [("L-07", "criteria", "「大学卒」：見込みの期限が任用日より後です。確かめてください")]


def test_days_that_a_moved_schedule_left_behind_are_pointed_at() -> None:
    said = factories.content()
    stages = tuple(one.model_copy(update={"result_on": date(2027, 12, 20)}) for one in said.stages[:1])
    rule = {"rule": {"as_of": "2029-03-31", "threshold_months": 60}}
    counted = CriterionContent(key="x", label="経験", kind=CriterionKind.EXPERIENCE, params=rule)
    content = said.model_copy(update={"stages": stages, "criteria": (counted,), "appointed_on": date(2028, 4, 1)})

    assert notes(content) == [
        ("L-07", "stages", f"「{stages[0].name}」のお知らせの日が締切から1年以上離れています。確かめてください"),
        ("L-07", "criteria", "「経験」の基準日が、任用日か締切よりずっと後です。確かめてください"),
    ]
    assert "2027年12月20日（月）" in str(
        make_notice(content, None, basis=None, opens_at=WINDOW.opens_at, closes_at=WINDOW.closes_at, at=AT).timeline
    )
