"""Checks of raw JSON values. Every refusal names its field and says in one line what was expected."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from typing import TypeVar

MAX_YEARS = 9999
MAX_MONTHS = MAX_YEARS * 12
MAX_WEEKLY_HOURS = 168

T = TypeVar("T")


class BadInput(ValueError):
    """Input that cannot be counted: `field` is a dotted path, `message` one line of Japanese."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(field, message)
        self.field = field
        self.message = message

    def __str__(self) -> str:
        return f"{self.field}: {self.message}"

    def inside(self, outer: str) -> BadInput:
        """Return the same refusal with its field placed inside `outer`."""
        joint = "." if self.field and not self.field.startswith("[") else ""
        return BadInput(f"{outer}{joint}{self.field}", self.message)


def shown(value: object, *, most: int = 40) -> str:
    """Return a value fit for one line of a message: shortened, with control characters and surrogates escaped."""
    if isinstance(value, str):
        text = repr(value[: most + 1])[1:-1]
    elif value is None or isinstance(value, bool):
        text = {None: "null", True: "true", False: "false"}[value]
    elif isinstance(value, int) and abs(value) >= 10**most:
        text = "桁の多すぎる数"
    elif isinstance(value, (int, float)):
        text = str(value)
    else:
        text = "オブジェクト" if isinstance(value, dict) else "リスト" if isinstance(value, list) else "別の型"
    return text if len(text) <= most else text[:most] + "…"


def inside(outer: str, read: Callable[[object], T], raw: object) -> T:
    """Read `raw`, naming `outer` before the field of any refusal."""
    try:
        return read(raw)
    except BadInput as bad:
        raise bad.inside(outer) from None


def as_object(raw: object, required: AbstractSet[str], optional: AbstractSet[str] = frozenset()) -> dict[str, object]:
    """Return `raw` as a JSON object holding every required key and no unknown one."""
    if not isinstance(raw, dict):
        raise BadInput("", f"オブジェクト（{{…}}）ではありません（{shown(raw)}）")
    if not raw.keys() >= required:
        missing = min(required - raw.keys())
        raise BadInput(missing, "この項目がありません")
    if not raw.keys() <= required | optional:
        unknown = min(shown(key) for key in raw.keys() - required - optional)
        raise BadInput(unknown, "知らない項目です")
    return raw


def as_list(raw: object, read: Callable[[object], T]) -> tuple[T, ...]:
    """Read every item of a JSON list, naming its position, counted from 0, in a refusal."""
    if not isinstance(raw, list):
        raise BadInput("", f"リスト（[…]）ではありません（{shown(raw)}）")
    items = []
    for position, item in enumerate(raw):
        try:
            items.append(read(item))
        except BadInput as bad:
            raise bad.inside(f"[{position}]") from None
    return tuple(items)


def as_text(raw: object) -> str:
    """Return a string that is not blank and can be written as UTF-8."""
    if not isinstance(raw, str):
        raise BadInput("", f"文字列ではありません（{shown(raw)}）")
    if not raw or raw.isspace():
        raise BadInput("", "空です")
    try:
        raw.encode()
    except UnicodeEncodeError:
        raise BadInput("", f"書き出せない文字（サロゲート）があります（{shown(raw)}）") from None
    return raw


def as_date(raw: object) -> date:
    """Return the date written YYYY-MM-DD, in the years 1 to 9999; no other ISO form is taken."""
    if not isinstance(raw, str):
        raise BadInput("", f"日付（YYYY-MM-DD）ではありません（{shown(raw)}）")
    if len(raw) == 10 and raw[4] == "-" and raw[7] == "-":
        try:
            return date.fromisoformat(raw)
        except ValueError:
            pass  # the refusal below says it for every kind of wrong date
    raise BadInput("", f"暦にない日付か、YYYY-MM-DD の形ではありません（{shown(raw)}）")


def as_count(raw: object, *, least: int = 0, most: int = MAX_MONTHS) -> int:
    """Return a whole number between `least` and `most`; true, false and 1.0 are none."""
    if type(raw) is not int:
        raise BadInput("", f"整数ではありません（{shown(raw)}）")
    if not least <= raw <= most:
        raise BadInput("", f"{least} から {most} までの整数ではありません（{shown(raw)}）")
    return raw


def as_hours(raw: object) -> float:
    """Return hours a week, 0 to 168."""
    if isinstance(raw, bool) or not isinstance(raw, (int, float)):
        raise BadInput("", f"数ではありません（{shown(raw)}）")
    if not 0 <= raw <= MAX_WEEKLY_HOURS:  # also what is not a number
        raise BadInput("", f"週の時間数は 0 から {MAX_WEEKLY_HOURS} までです（{shown(raw)}）")
    return raw


def as_flag(raw: object) -> bool:
    """Return true or false; 0 and 1 are none."""
    if not isinstance(raw, bool):
        raise BadInput("", f"true か false ではありません（{shown(raw)}）")
    return raw


def as_word(raw: object, words: Mapping[str, T]) -> T:
    """Return the member of a closed list of words."""
    if not isinstance(raw, str) or raw not in words:
        raise BadInput("", f"知らない語です（{shown(raw)}）。使えるのは {', '.join(words)} です")
    return words[raw]
