"""What shows nothing goes from typed text, and what belongs to a letter stays to the byte."""

import unicodedata

import pytest

from app.jp.invisible import readable, readable_name

HONEST = [
    "髙﨑𠮷 \ufa19谷　か\u3099",
    "葛\U000e0100城・神\ufe00",
    "👨\u200d💻 ❤\ufe0f",
    "می\u200cخواهم क्\u200dष",
    "一行目\r\n\t二行目\n",
    "\ue000",
    "é e\u0301 Å",
]


@pytest.mark.parametrize("text", HONEST)
def test_honest_text_is_kept_to_the_byte(text: str) -> None:
    assert readable(text) == text


@pytest.mark.parametrize(
    "code",
    [
        *(
            0x0,
            0x8,
            0x1B,
            0x7F,
            0x80,
            0xAD,
            0x34F,
            0x61C,
            0x180E,
            0x200B,
            0x200E,
            0x202A,
            0x202E,
            0x2060,
            0x2066,
            0x2069,
        ),
        0x3164,
        0xD800,
        0xFDD0,
        0xFEFF,
        0xFFA0,
        0xFFF9,
        0xFFFE,
        0x1FFFF,
        0xE0001,
        0xE0041,
        0xE007F,
    ],
)
def test_what_shows_nothing_goes(code: int) -> None:
    assert readable(f"株{chr(code)}式") == "株式"


def test_every_format_character_goes_but_joiners_and_the_signs_of_other_scripts() -> None:
    kept = [c for c in map(chr, range(0x110000)) if unicodedata.category(c) == "Cf" and readable(f"a{c}a") != "aa"]

    shown = [*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD, *range(0x13430, 0x13440)]
    assert kept == [c for c in map(chr, sorted([*shown, 0x200C, 0x200D])) if unicodedata.category(c) == "Cf"]


def test_breaks_of_every_kind_stay_breaks_in_a_long_text_and_go_from_a_name() -> None:
    assert readable("一\u2028二\u2029三\x85四\x0c五") == "一\n二\n三\n四\n五"
    assert readable_name("山\u2028\r\n田") == "山田"


def test_joiners_and_selectors_alone_are_no_text() -> None:
    assert readable("\u200d\ufe0f \u200b\u200c\U000e0100　") == " 　"
