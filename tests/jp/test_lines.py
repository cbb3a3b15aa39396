"""Typed lists hang under their marks, and dates stay whole."""

import pytest

from app.jp.lines import Block, Entry, blocks, whole_dates


def test_a_typed_list_is_told_from_the_paragraphs_around_it() -> None:
    text = "次のいずれかに当たる人\n・拘禁刑以上の刑に\n　・ 懲戒免職\n\n（1）第一\n終わりです。"

    found = blocks(text)

    assert [(one.is_list, [entry.mark for entry in one.entries]) for one in found] == [
        (False, [""]),
        (True, ["・", "・"]),
        (True, ["（1）"]),
        (False, [""]),
    ]
    assert found[1].entries[1] == Entry("・", "懲戒免職")
    assert found[-1].text == "終わりです。"


@pytest.mark.parametrize("text", ["", "\n\n", "1年以上", "2026年から", "十分な経験", "・", "3.5年"])
def test_what_only_looks_like_an_entry_is_text(text: str) -> None:
    assert [one for one in blocks(text) if one.is_list] == []


def test_a_paragraph_keeps_its_lines() -> None:
    assert blocks("一行目\n\n三行目\n") == [Block(False, tuple(Entry("", one) for one in ("一行目", "", "三行目")))]
    assert blocks("一行目\n\n三行目\n")[0].text == "一行目\n\n三行目"


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("2019年11月から2020年3月31日まで", ["2019年11月", "2020年3月31日"]),
        ("令和9年4月1日（木）以降", ["令和9年4月1日（木）"]),
        ("週5日（週38時間45分）", ["（週38時間45分）"]),
        ("採用の日から3年", []),
    ],
)
def test_dates_and_times_are_marked_and_nothing_else(text: str, whole: list[str]) -> None:
    marked = whole_dates(text)

    assert [part.partition("</span>")[0] for part in marked.split('<span class="day">')[1:]] == whole
    assert marked.striptags() == text


def test_a_line_may_break_beside_what_is_whole_but_not_before_a_comma() -> None:
    assert whole_dates("週5日（週38時間45分）") == '週5日<wbr><span class="day">（週38時間45分）</span>'
    assert whole_dates("5月1日まで、6月1日、") == (
        '<span class="day">5月1日</span><wbr>まで、<span class="day">6月1日</span>、'
    )


def test_what_was_typed_stays_text() -> None:
    assert whole_dates("<b>5月1日</b>") == '&lt;b&gt;<span class="day">5月1日</span>&lt;/b&gt;'
