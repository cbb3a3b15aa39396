"""A date typed into three boxes (decision 51): 年 in either calendar, 月, 日. What was typed is kept on error."""

import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple, NoReturn

from wtforms import Field
from wtforms.utils import unset_value
from wtforms.validators import StopValidation

from app.jp import wareki

PARTS = ("year", "month", "day")
YEARS = range(1800, 2200)  # of people and of calls; what lies outside is a slip of the finger


class PartialDate(NamedTuple):
    """A date whose day may be unknown, as in a job history (decision 23)."""

    year: int
    month: int
    day: int | None


class DateParts(Field):  # type: ignore[misc]  # untyped library
    """Three text boxes `<name>-year`, `<name>-month`, `<name>-day`; `data` is a date or None.

    The year may be typed as 1991, 平成3 or H3. `typed` holds the texts, `bad_part` the box an error is about.
    """

    needs_day = True

    def __init__(self, label: str | None = None, validators: Sequence[Any] | None = None, **options: Any) -> None:
        super().__init__(label, validators, **options)
        self.typed: dict[str, str] = dict.fromkeys(PARTS, "")
        self.bad_part: str | None = None

    @property
    def error_anchor(self) -> str:
        return f"{self.id}-{self.bad_part or 'year'}"

    @property
    def era(self) -> str:
        """The Japanese year of the value, or nothing: 平成3年."""
        if not self.data:
            return ""
        try:
            return wareki.wareki_year(date(self.data.year, self.data.month, self.data.day or 1))
        except ValueError:
            return ""

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        self.process_errors: list[str] = []
        if data is unset_value:
            data = self.default() if callable(self.default) else self.default
        self.object_data = self.data = data
        names = {part: f"{self.name}-{part}" for part in PARTS}
        if formdata is None or not any(name in formdata for name in names.values()):
            self.raw_data = None
            if data:
                self.typed = {part: str(getattr(data, part) or "") for part in PARTS}
            return
        self.typed = {part: formdata.get(name, "").strip() for part, name in names.items()}
        self.raw_data = [text for text in self.typed.values() if text]
        self.data = None

    def pre_validate(self, form: Any) -> None:
        if not self.raw_data:
            if self.raw_data is not None:
                self.data = None
            return
        self.data = self._read()

    def _read(self) -> Any:
        year_typed = wareki.read_year(self.typed["year"])
        if year_typed is None:
            self._refuse("year", "の年は4桁の西暦で入力してください")
        year, era = year_typed
        if year not in YEARS:
            self._refuse("year", "の年を確かめてください")
        month = self._number("month", "の月は1から12で入力してください", range(1, 13))
        if not self.typed["day"] and not self.needs_day:
            return self._value(year, month, None)
        last = _days_in(year, month)
        day = self._number("day", f"の日は1から{last}で入力してください", range(1, last + 1))
        if era and not wareki.is_in_era(date(year, month, day), era):
            self._refuse_era(era, date(year, month, day))
        return self._value(year, month, day)

    def _value(self, year: int, month: int, day: int | None) -> Any:
        return date(year, month, day or 1)

    def _number(self, part: str, message: str, allowed: range) -> int:
        text = unicodedata.normalize("NFKC", self.typed[part])
        if not text.isdecimal() or len(text) > 4 or int(text) not in allowed:
            self._refuse(part, message)
        return int(text)

    def _refuse_era(self, era: wareki.Era, day: date) -> NoReturn:
        self.bad_part = "year"
        if day < era.start:
            raise StopValidation(f"{era.name}は{era.start.month}月{era.start.day}日からです")
        raise StopValidation(wareki.last_day_words(era))

    def _refuse(self, part: str, message: str) -> NoReturn:
        self.bad_part = part
        raise StopValidation(f"{self.label.text}{message}")


class PartialDateParts(DateParts):
    """As DateParts, the day may stay empty; `data` is a PartialDate or None."""

    needs_day = False

    def _value(self, year: int, month: int, day: int | None) -> PartialDate:
        return PartialDate(year, month, day)


def _days_in(year: int, month: int) -> int:
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - date(year, month, 1)).days
