"""The record as a table for a spreadsheet. Pure."""

import csv
import io
from collections.abc import Iterable, Sequence

MARK = "\ufeff"  # so that a spreadsheet takes the file for UTF-8
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Write a table; what a spreadsheet would take for a formula stands as the text that it is."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([_cell(str(value)) for value in row] for row in rows)
    return (MARK + out.getvalue()).encode()


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
