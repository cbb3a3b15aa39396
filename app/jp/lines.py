"""The lines of a text that somebody typed: paragraphs, and lists whose entries begin with a mark of their own."""

import re
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup, escape

MARKS = (
    r"[・●○■□◆◇※①-⑳]",
    r"[(（][0-9０-９一二三四五六七八九十ア-ン]{1,2}[)）]",
    r"[0-9０-９一二三四五六七八九十]{1,2}(?:[.．](?!\d)|[、　])",
)
_ENTRY = re.compile(rf"\s*({'|'.join(MARKS)})[ 　]*(?=\S)")
_YEAR = r"(?:\d{4}|(?:令和|平成|昭和)(?:\d{1,2}|元))年"
_WHOLE = re.compile(
    rf"((?:{_YEAR})?\d{{1,2}}月\d{{1,2}}日(?:（[月火水木金土日]）)?|{_YEAR}(?:\d{{1,2}}月)?"
    r"|（?週?\d{1,2}時間\d{1,2}分）?|\d{1,2}時\d{1,2}分)(?=([ぁ-ヺ一-鿿])?)"
)
_WBR = Markup("<wbr>")
_DAY = Markup('{}<span class="day">{}</span>{}')


@dataclass(frozen=True)
class Entry:
    mark: str  # as typed; empty for a line of a paragraph
    text: str


@dataclass(frozen=True)
class Block:
    """Lines that belong together: a paragraph, or the entries of a list."""

    is_list: bool
    entries: tuple[Entry, ...]

    @property
    def text(self) -> str:
        return "\n".join(one.text for one in self.entries).strip("\n")


def blocks(text: str) -> list[Block]:
    """Split a typed text into paragraphs and lists, in order; no character but the space after a mark is lost."""
    grouped = groupby((_entry(line) for line in text.splitlines()), key=lambda one: bool(one.mark))
    found = [Block(is_list, tuple(entries)) for is_list, entries in grouped]
    return [one for one in found if one.is_list or one.text]


def _entry(line: str) -> Entry:
    marked = _ENTRY.match(line)
    return Entry(marked[1], line[marked.end() :]) if marked else Entry("", line)


def whole_dates(text: object) -> Markup:
    """Mark the dates and times in a text: a line breaks before まで or （週38時間45分）, and inside none of them."""
    said, parts, at = escape(text), [], 0
    for found in _WHOLE.finditer(said):
        before, after = _WBR * found[1].startswith("（"), _WBR * bool(found[2])
        parts += [said[at : found.start()], _DAY.format(before, said[found.start() : found.end()], after)]
        at = found.end()
    return Markup("").join([*parts, said[at:]])
