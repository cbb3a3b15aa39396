"""The record as a table for a spreadsheet. Pure."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from app.jp.invisible import IGNORABLE

MARK = "\ufeff"  # so that a spreadsheet takes the file for UTF-8
_SIGNS = "=+\\-@＝＋－＠−﹢﹣﹦﹫"
_FORMULA = re.compile(rf"[\s\x00-\x1f\x7f{IGNORABLE}]*[{_SIGNS}]|[\t\r\n]")


def as_csv(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Write a table; what a spreadsheet would take for a formula stands as the text that it is.

    Spreadsheets take a sign of full width for the narrow one, and leave out spaces and invisible characters before it.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([_cell(str(value)) for value in row] for row in (heads, *rows))
    return (MARK + out.getvalue()).encode()


def _cell(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text
