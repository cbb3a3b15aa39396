"""The working in words: what counted, what did not and why, and never a refusal."""

import json
from datetime import date
from pathlib import Path

import pytest

from app.core.date_words import length, months_in_words
from app.eligibility.engine import evaluate, parse_history, parse_rule
from app.eligibility.explanation import STAFF_CONFIRM, explain, explain_imprecise
from app.eligibility.precision import evaluate_imprecise
from app.eligibility.words import Combine, DayRounding, Kind, LeaveKind, Outcome, Reason

CASES = {
    case["id"]: case
    for case in json.loads((Path(__file__).parent / "experience_cases.json").read_text(encoding="utf-8"))
}
REJECTING = [
    "不合格",
    "不採用",
    "却下",
    "落選",
    "失格",
    "不適格",
    "不可",
    "応募できません",
    "資格がありません",
    "対象外",
]


def explained(name, **options):
    rule = parse_rule(CASES[name]["rule"])
    return explain(rule, evaluate(rule, parse_history(CASES[name]["history"])), **options)


def sentences(explanation):
    lines = [line.text for line in explanation.jobs]
    return [explanation.heading, explanation.sentence, *lines, *explanation.checks, *explanation.notes]


def test_what_was_counted_is_shown_to_the_day():
    shown = explained("fuji-1")

    assert [line.text for line in shown.jobs] == [
        "2010年4月1日から2012年3月31日までを2年0か月0日と数えました。",
        "2012年4月1日から2013年10月20日までを1年6か月20日と数えました。",
        "2014年1月1日から2015年6月10日までを1年5か月10日と数えました。",
    ]
    assert (shown.total, shown.threshold, shown.shortfall) == ("5年0か月0日", "5年", None)
    assert shown.sentence == f"通算は5年0か月0日で、必要な5年以上に達しています。{STAFF_CONFIRM}"


def test_what_was_not_counted_says_why_and_how_much_is_missing():
    shown = explained("fuji-2")

    assert [line.is_counted for line in shown.jobs] == [True, False, False]
    assert shown.jobs[1].text == (
        "続けて勤めた期間が、数えるために必要な長さに届きません（続けて1年以上）。数えていません。"
    )
    assert (shown.outcome, shown.shortfall) == (Outcome.DOES_NOT_MEET, "あと1年")
    assert shown.sentence == f"通算は4年0か月0日で、必要な5年以上まであと1年です。{STAFF_CONFIRM}"


def test_a_job_is_named_as_it_was_entered():
    line = explained("joint-future").jobs[1]

    assert (line.number, line.employer, line.kind, line.period) == (2, "B", "正規", "2024年4月1日から現在まで")
    assert line.text == "基準日より後に始まる仕事です（基準日は2024年3月31日）。数えていません。"


def test_joined_jobs_and_pieces_are_named():
    assert explained("renewed-contract").jobs[1].text == (
        "職歴1・2を続けた勤務として、2014年1月1日から2015年6月30日までを1年6か月0日と数えました。"
    )
    assert explained("matsue-leave").jobs[0].text == (
        "2010年4月1日から2012年8月10日まで、2013年6月11日から2016年3月31日までを5年2か月1日と数えました。"
    )


def test_a_missing_place_of_so_many_months_is_said():
    shown = explained("nagoya-no-36")

    assert shown.one_continuous == "一つの勤務先での3年以上の勤務は、入力された職歴の中に見当たりません。"
    assert shown.shortfall is None
    assert shown.one_continuous in shown.sentence
    assert explained("nagoya-ok").one_continuous == "一つの勤務先での3年以上の勤務は、入力された職歴の中にあります。"


def test_what_a_person_must_check_is_named():
    assert explained("hours-decide").checks == ("職歴2（B）：週30時間以上かどうかを確認します。",)
    assert explained("no-birth-date").checks == ("生年月日：数え始める日を決めるために確認します。",)
    assert explained("hours-irrelevant").checks == ()
    assert explained("hours-hopeless").checks == ()
    assert explained("hours-decide").jobs[1].text == (
        "週の勤務時間が入力されていないため、数えていません（週30時間以上が必要です）。"
    )


def test_hours_are_not_asked_for_where_only_the_birth_date_is_missing():
    case = CASES["no-birth-date"]
    (first,) = case["history"]["engagements"]
    more = {**first, "employer": "B", "weekly_hours": None}
    rule = parse_rule(case["rule"])

    shown = explain(rule, evaluate(rule, parse_history({"birth_date": None, "engagements": [first, more]})))

    assert shown.checks == ("生年月日：数え始める日を決めるために確認します。",)


def test_days_to_come_are_called_expected():
    assert explained("joint-exact", today=date(2024, 3, 30)).jobs[0].text.endswith("今日より後は見込みです。")
    assert "見込み" not in explained("joint-exact", today=date(2024, 3, 31)).jobs[0].text


def test_days_that_are_missing_are_asked_for():
    rule = parse_rule({"threshold_months": 12, "as_of": "2020-12-31"})
    first, *_ = CASES["fuji-1"]["history"]["engagements"]
    raw = {"birth_date": None, "engagements": [{**first, "start": "2018-01", "end": "2018-12"}]}

    shown = explain_imprecise(rule, evaluate_imprecise(rule, raw))

    assert (shown.outcome, shown.heading) == (Outcome.CHECK, "確認が必要です")
    assert shown.checks == ("職歴1（A）：始まりと終わりの日（日まで）を確認します。",)
    assert shown.total == "0年10か月1日から1年0か月0日までの間"


def test_days_that_decide_nothing_leave_the_outcome_as_it_is():
    rule = parse_rule({"threshold_months": 6, "as_of": "2020-12-31"})
    first, *_ = CASES["fuji-1"]["history"]["engagements"]
    raw = {"birth_date": None, "engagements": [{**first, "start": "2018-01", "end": "2018-12"}]}

    shown = explain_imprecise(rule, evaluate_imprecise(rule, raw))

    assert (shown.outcome, shown.checks) == (Outcome.MEETS, ())
    assert shown.total == "0年10か月1日から1年0か月0日までの間"


def shown_of(*jobs, **rule):
    """Explain jobs made from the first of a case; `rule` changes the rule of one year."""
    first, *_ = CASES["fuji-1"]["history"]["engagements"]
    asked = parse_rule({"threshold_months": 12, "as_of": "2020-12-31"} | rule)
    raw = {"birth_date": None, "engagements": [{**first, **job} for job in jobs]}
    return explain_imprecise(asked, evaluate_imprecise(asked, raw))


def test_a_day_that_was_not_given_is_not_shown_as_if_it_had_been():
    (line,) = shown_of({"start": "2016-04", "end": "2018-12-31"}).jobs

    assert line.period == "2016年4月（日の記載なし）から2018年12月31日まで"
    assert line.text == (
        "日の記載がないため、期間が最も短くなる日で数えました。"
        "2016年4月30日から2018年12月31日までを2年8か月2日と数えました。"
    )


@pytest.mark.parametrize(
    ("start", "end", "period"),
    [
        ("2016-04", "2018-12", "2016年4月（日の記載なし）から2018年12月（日の記載なし）まで"),
        ("2016-04-01", "2018-12", "2016年4月1日から2018年12月（日の記載なし）まで"),
        ("2016-04", None, "2016年4月（日の記載なし）から現在まで"),
        ("2016-04", "2016-04", "2016年4月（日の記載なし）から2016年4月（日の記載なし）まで"),
    ],
)
def test_a_period_is_shown_as_it_was_given(start, end, period):
    (line,) = shown_of({"start": start, "end": end}).jobs

    assert (line.period, line.text.startswith("日の記載がないため")) == (period, True)


def test_only_lines_that_rest_on_an_assumed_day_say_so():
    settled = {"start": "2018-04", "end": "2018-12", "weekly_hours": 10}

    whole, short = shown_of({"start": "2016-04-01", "end": "2017-03-31"}, settled, min_weekly_hours=30).jobs

    assert whole.text == "2016年4月1日から2017年3月31日までを1年0か月0日と数えました。"
    assert short.period == "2018年4月（日の記載なし）から2018年12月（日の記載なし）まで"
    assert "日の記載がないため" not in short.text


def test_a_job_joined_to_one_without_a_day_says_so_too():
    first, second = shown_of(
        {"start": "2016-04-01", "end": "2016-12-31"}, {"start": "2017-01-01", "end": "2017-12"}
    ).jobs

    assert first.period == "2016年4月1日から2016年12月31日まで"
    assert first.text.startswith("日の記載がないため、期間が最も短くなる日で数えました。職歴1・2を続けた勤務として、")
    assert first.text == second.text


def test_a_leave_without_days_is_named_in_the_line_of_its_job():
    leave = {"kind": "childcare", "start": "2017-04", "end": "2017-09"}
    (line,) = shown_of(
        {"start": "2016-04-01", "end": "2018-03-31", "leaves": [leave]}, excluded_leave={"kinds": ["childcare"]}
    ).jobs

    assert line.period == "2016年4月1日から2018年3月31日まで"
    assert line.text.startswith("日の記載がないため、期間が最も短くなる日で数えました。2016年4月1日から")


@pytest.mark.parametrize("name", sorted(CASES))
def test_no_sentence_turns_anybody_away(name):
    shown = explained(name)

    assert not [word for word in REJECTING for sentence in sentences(shown) if word in sentence]
    assert STAFF_CONFIRM in shown.sentence
    assert len(shown.jobs) == len(CASES[name]["history"]["engagements"])
    assert bool(shown.checks) == (shown.outcome is Outcome.CHECK)


def test_every_word_has_a_label_of_its_own():
    for words in (Kind, LeaveKind, Reason, Outcome, Combine, DayRounding):
        labels = [word.label for word in words]
        assert len(set(labels)) == len(labels)
        assert all(label and not label.isascii() for label in labels)


def test_lengths_are_written_out():
    assert (length(59, 30), length(0, 0)) == ("4年11か月30日", "0年0か月0日")
    assert [months_in_words(months) for months in (0, 6, 12, 18)] == ["0か月", "6か月", "1年", "1年6か月"]
