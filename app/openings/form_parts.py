"""What the sections of the editor share: rows added and taken away by buttons, times, one-per-line texts."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import time
from typing import Any, ClassVar

from wtforms import Field, HiddenField, TextAreaField
from wtforms.validators import ValidationError
from wtforms.widgets import TextInput

from app.core.form_rows import change_rows
from app.core.forms import Form

TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")


class SectionForm(Form):
    """One section of the editor; `version` refuses a stale write."""

    version = HiddenField()

    TO_PUBLISH: ClassVar[tuple[str, ...]] = ()  # may be empty in a draft, not in what is published

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for name in self.TO_PUBLISH:
            self[name].flags.to_publish = True

    def change_rows(self, add: str | None, remove: str | None) -> bool:
        """Add or take away a row as a button asked; True if it did, then nothing is saved yet."""
        return change_rows(self, add, remove) is not None


class ClockTime(Field):  # type: ignore[misc]  # untyped library
    """A time of day in Japan as people type it: 9:00, １７：１５, 17:15:30."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data:%H:%M:%S}".removesuffix(":00") if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = unicodedata.normalize("NFKC", valuelist[0]).strip() if valuelist else ""
        self.data = None
        if not text:
            return
        found = TIME.fullmatch(text)
        try:
            hour, minute, second = (int(part or 0) for part in found.groups()) if found else (99, 0, 0)
            self.data = time(hour, minute, second)
        except ValueError:
            self.data = None
        if self.data is None:
            raise ValueError("時刻は 17:15 のように入力してください")


class Lines(TextAreaField):  # type: ignore[misc]
    """A text with one thing per line; `data` is a tuple of lines that are not blank."""

    def __init__(self, label: str, longest: int = 200, **options: Any) -> None:
        super().__init__(label, **options)
        self.longest = longest

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else "\n".join(self.data or ())

    def process_formdata(self, valuelist: list[str]) -> None:
        lines = (line.strip() for line in (valuelist[0] if valuelist else "").splitlines())
        self.data = tuple(line for line in lines if line)

    def pre_validate(self, form: Any) -> None:
        for number, line in enumerate(self.data or (), 1):
            if len(line) > self.longest:
                raise ValidationError(f"{self.label.text}の{number}行目は{self.longest}文字以内で書いてください")


def fresh_keys(given: Iterable[str | None], prefix: str, before: Iterable[Any] = ()) -> list[str]:
    """Keep the keys of entries that have one, once each, and give the others the next free one.

    What stood there `before` keeps its key for itself, also when it is gone: an answer to it answers nothing else.
    """
    keys: list[str] = []
    wanted = list(given)
    taken = {key for key in wanted if key} | {one.key for one in before}
    for key in wanted:
        if key and key not in keys and re.fullmatch(r"[a-z][a-z0-9_]{0,39}", key):
            keys.append(key)
            continue
        number = next(n for n in range(1, len(taken) + len(wanted) + 2) if f"{prefix}{n}" not in taken)
        keys.append(f"{prefix}{number}")
        taken.add(keys[-1])
    return keys


def or_none(text: str | None) -> str | None:
    return (text or "").strip() or None
