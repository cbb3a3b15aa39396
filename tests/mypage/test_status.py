"""Seven words, from the person's own acts and released results alone (design 29)."""

from datetime import UTC, date, datetime

import pytest

from app.mypage.status import CalledOff, Released, StagePlan, Word, milestones, status_of

AT = datetime(2026, 12, 11, 0, 0, tzinfo=UTC)
STAGES = [
    StagePlan("documents", "書類選考", False, date(2026, 12, 11)),
    StagePlan("task", "課題", False, None),
    StagePlan("interview", "面接", True, date(2027, 1, 22)),
]


def result(stage, outcome):
    return Released(stage, outcome, AT)


def status(*released, is_withdrawn=False, is_closed=True, today=date(2026, 12, 1), stages=STAGES):
    return status_of(stages, released, is_withdrawn=is_withdrawn, is_closed=is_closed, today=today)


@pytest.mark.parametrize(
    ("released", "word", "next_on"),
    [
        ([], Word.IN_SELECTION, date(2026, 12, 11)),
        ([result("documents", "pass")], Word.IN_SELECTION, None),
        ([result("documents", "pass"), result("task", "pass")], Word.INTERVIEW, date(2027, 1, 22)),
        ([result("task", "pass"), result("documents", "pass")], Word.INTERVIEW, date(2027, 1, 22)),
        ([result("documents", "pass"), result("task", "fail")], Word.ENDED, None),
        ([result("documents", "fail")], Word.ENDED, None),
        ([result("interview", "pass")], Word.PASSED, None),
        ([result("interview", "reserve")], Word.RESERVE, None),
        ([result("of another time", "fail")], Word.IN_SELECTION, date(2026, 12, 11)),
    ],
)
def test_the_last_released_stage_says_the_word(released, word, next_on):
    found = status(*released)

    assert (found.word, found.next_on) == (word, next_on)


def test_before_the_deadline_an_application_is_received():
    found = status(is_closed=False)

    assert found.word is Word.RECEIVED
    assert (
        found.sentence
        == "応募を受け付けました。締切のあとに選考を始めます。結果は12月11日（金）にお知らせする予定です。"
    )


def test_a_withdrawal_says_so_whatever_was_released():
    assert status(result("documents", "pass"), is_withdrawn=True).word is Word.WITHDRAWN


def test_a_promised_day_that_passed_is_not_promised_again():
    found = status(today=date(2026, 12, 12))

    assert "予定でしたが、まだ準備中です" in found.sentence


def test_an_opening_without_stages_still_has_a_word():
    assert status(stages=[]).word is Word.IN_SELECTION


def test_the_words_are_seven():
    assert [word.value for word in Word] == [
        "受付済",
        "選考中",
        "面接のご案内",
        "合格・内定",
        "補欠",
        "選考終了",
        "辞退",
    ]


def timeline(*released, **more):
    found = milestones(STAGES, released, received_at=AT, **{"withdrawn_at": None, **more})
    return [(line.title, line.state) for line in found]


def test_until_the_deadline_nothing_but_the_deadline_is_what_comes_now():
    assert timeline(open_until=AT) == [
        ("応募を受け付けました", "done"),
        ("受付の締切", "now"),
        ("書類選考の結果", ""),
        ("課題の結果", ""),
        ("面接の結果", ""),
    ]
    assert ("受付の締切", "now") not in timeline(open_until=AT, withdrawn_at=AT)


def test_the_timeline_names_what_was_and_what_comes():
    assert timeline() == [
        ("応募を受け付けました", "done"),
        ("書類選考の結果", "now"),
        ("課題の結果", ""),
        ("面接の結果", ""),
    ]
    assert timeline(result("documents", "pass"))[1:] == [
        ("書類選考の結果", "done"),
        ("課題の結果", "now"),
        ("面接の結果", ""),
    ]


def test_the_timeline_promises_nothing_after_the_end():
    assert timeline(result("documents", "fail")) == [("応募を受け付けました", "done"), ("書類選考の結果", "done")]
    assert timeline(withdrawn_at=AT) == [("応募を受け付けました", "done"), ("辞退", "done")]


OFF = CalledOff(AT, "予算の都合")


@pytest.mark.parametrize(
    ("released", "word"),
    [
        ([], Word.ENDED),
        ([result("documents", "pass")], Word.ENDED),
        ([result("interview", "reserve")], Word.ENDED),
        ([result("interview", "pass")], Word.PASSED),
    ],
)
def test_calling_the_opening_off_ends_what_was_undecided_and_promises_no_day(released, word):
    found = status_of(STAGES, released, is_withdrawn=False, is_closed=True, today=date(2026, 12, 1), called_off=OFF)

    assert (found.word, found.next_on) == (word, None)
    assert (found.sentence == "この募集は中止されました。選考は行いません。") is (word is Word.ENDED)


def test_the_timeline_of_a_called_off_opening_ends_with_it():
    found = milestones(STAGES, [], received_at=AT, withdrawn_at=None, called_off=OFF)

    assert [(one.title, one.at, one.text) for one in found] == [
        ("応募を受け付けました", AT, None),
        ("募集の中止", AT, "予算の都合"),
    ]
