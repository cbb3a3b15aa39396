"""A date typed into three boxes (decision 51): 年 in either calendar, 月, 日. What was typed is kept on error."""

import unicodedata
from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple, NoReturn

from wtforms import Field
from wtforms.utils import unset_value
from wtforms.validators import StopValidation

from app.core.language import listed, sentence, word
from app.jp import wareki

WORDS = {"year": word("年"), "month": word("月"), "day": word("日")}
PARTS = tuple(WORDS)
YEARS = range(1800, 2200)  # of people and of calls; what lies outside is a slip of the finger


class PartialDate(NamedTuple):
    """A date whose day may be unknown, as in a job history (decision 23)."""

    year: int
    month: int
    day: int | None


class DateParts(Field):  # type: ignore[misc]  # untyped library
    """Three text boxes `<name>-year`, `<name>-month`, `<name>-day`; `data` is a date or None.

    The year may be typed as 1991, 平成3 or H3. `typed` holds the texts, `bad_parts` the boxes an error is about.
    """

    needs_day = True

    def __init__(self, label: str | None = None, validators: Sequence[Any] | None = None, **options: Any) -> None:
        super().__init__(label, validators, **options)
        self.typed: dict[str, str] = dict.fromkeys(PARTS, "")
        self.bad_parts: tuple[str, ...] = ()

    @property
    def error_anchor(self) -> str:
        return f"{self.id}-{(self.bad_parts or PARTS)[0]}"

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
        year, era = wareki.read_year(self.typed["year"]) or (None, None)
        month = _number(self.typed["month"], "月", range(1, 13))
        last = _days_in(year, month)
        day = _number(self.typed["day"], "日", range(1, last + 1))
        has_day = day is not None or not (self.needs_day or self.typed["day"])
        if year is None or month is None or not has_day:
            self._refuse_unread({"year": year is None, "month": month is None, "day": not has_day}, last)
        if year not in YEARS:
            self._refuse(("year",), sentence("%(label)sの年を確かめてください", label=self.label.text))
        if era:
            self._require_era(era, date(year, month, day or 1), date(year, month, day or last))
        return self._value(year, month, day)

    def _value(self, year: int, month: int, day: int | None) -> Any:
        return date(year, month, day or 1)

    def _refuse_unread(self, unread: dict[str, bool], last: int) -> NoReturn:
        """Say in one sentence which boxes are empty, else what each box that could not be read takes."""
        wrong = tuple(part for part in PARTS if unread[part])
        if not any(self.typed[part] for part in wrong):
            parts = listed((WORDS[part] for part in wrong), "と")
            self._refuse(wrong, sentence("%(label)sの%(parts)sを入力してください", label=self.label.text, parts=parts))
        takes = {
            "year": sentence("年は4桁の西暦か和暦（例：平成3）で"),
            "month": sentence("月は1から12で"),
            "day": sentence("日は1から%(last)sで", last=last),
        }
        said = listed(takes[part] for part in wrong)
        self._refuse(wrong, sentence("%(label)sの%(said)s入力してください", label=self.label.text, said=said))

    def _require_era(self, era: wareki.Era, first: date, last: date) -> None:
        if last < era.start:
            self._refuse_era(wareki.first_day_words(era, first, has_day=first == last))
        if not wareki.is_in_era(max(first, era.start), era):
            self._refuse_era(wareki.last_day_words(era, first))

    def _refuse_era(self, era_words: str) -> NoReturn:
        self._refuse(("year",), sentence("%(era_words)s", era_words=era_words))

    def _refuse(self, parts: tuple[str, ...], message: str) -> NoReturn:
        self.bad_parts = parts
        raise StopValidation(message)


class PartialDateParts(DateParts):
    """As DateParts, the day may stay empty; `data` is a PartialDate or None."""

    needs_day = False

    def _value(self, year: int, month: int, day: int | None) -> PartialDate:
        return PartialDate(year, month, day)


def _number(typed: str, unit: str, allowed: range) -> int | None:
    text = unicodedata.normalize("NFKC", typed).removesuffix(unit).strip()
    return int(text) if text.isdecimal() and len(text) <= 4 and int(text) in allowed else None


def _days_in(year: int | None, month: int | None) -> int:
    """Count the days of a month; of one not known, or of an unknown year, the most it can have."""
    return monthrange(year or 2000, month)[1] if month else 31
