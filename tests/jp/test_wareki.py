"""Japanese years at the boundaries of the eras, and as people type them."""

from datetime import date

import pytest

from app.jp import wareki


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(1868, 1, 25), "明治元年1月25日"),
        (date(1912, 7, 29), "明治45年7月29日"),
        (date(1912, 7, 30), "大正元年7月30日"),
        (date(1926, 12, 24), "大正15年12月24日"),
        (date(1926, 12, 25), "昭和元年12月25日"),
        (date(1989, 1, 7), "昭和64年1月7日"),
        (date(1989, 1, 8), "平成元年1月8日"),
        (date(1990, 1, 1), "平成2年1月1日"),
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(2020, 1, 1), "令和2年1月1日"),
        (date(2026, 11, 30), "令和8年11月30日"),
    ],
)
def test_an_era_begins_on_its_first_day(day: date, written: str) -> None:
    assert wareki.wareki(day) == written


def test_a_day_before_meiji_has_no_era() -> None:
    with pytest.raises(ValueError, match="before 明治"):
        wareki.wareki(date(1868, 1, 24))


@pytest.mark.parametrize(
    ("typed", "year"),
    [
        ("1991", 1991),
        ("１９９１年", 1991),
        (" 平成3 ", 1991),
        ("平成３年", 1991),
        ("H3", 1991),
        ("ｈ3", 1991),
        ("令和元年", 2019),
        ("昭和64", 1989),
        ("S 39", 1964),
    ],
)
def test_a_year_is_read_in_either_calendar(typed: str, year: int) -> None:
    read = wareki.read_year(typed)

    assert read is not None
    assert read[0] == year


@pytest.mark.parametrize("typed", ["", "91", "平成", "平成0", "慶応3", "X3", "19911", "1991.5"])
def test_what_is_no_year_is_not_guessed(typed: str) -> None:
    assert wareki.read_year(typed) is None


def test_a_day_lies_in_one_era_only() -> None:
    showa = next(era for era in wareki.ERAS if era.name == "昭和")

    assert wareki.is_in_era(date(1989, 1, 7), showa)
    assert not wareki.is_in_era(date(1989, 1, 8), showa)
    assert not wareki.is_in_era(date(1926, 12, 24), showa)
    assert wareki.last_day_words(showa, date(1989, 1, 8)) == "昭和64年は1月7日までです"
