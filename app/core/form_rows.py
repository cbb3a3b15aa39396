"""Rows of a form's lists, added and taken away by buttons named `add` and `remove`; nothing needs a script."""

from collections.abc import Iterator
from typing import Any

from wtforms import FieldList, FormField, HiddenField, SelectField, StringField


def change_rows(form: Any, add: str | None, remove: str | None) -> bool:
    """Add or take away a row as a button asked; True if it did, then nothing is to be saved yet."""
    for rows in _lists(form):
        if rows.name == add and len(rows) < rows.max_entries:
            _focus(rows.append_entry())
            return True
        if gone := next((entry for entry in rows.entries if entry.name == remove), None):
            rows.entries.remove(gone)
            return True
    return False


def _focus(entry: Any) -> None:
    """Let the page open at a new row: the browser goes to its first box by itself."""
    fields = entry.form if isinstance(entry, FormField) else [entry]
    boxes = (one for one in fields if isinstance(one, StringField | SelectField) and not isinstance(one, HiddenField))
    if first := next(boxes, None):
        first.render_kw = {**(first.render_kw or {}), "autofocus": True}


def _lists(form: Any) -> Iterator[FieldList]:
    for field in form:
        if isinstance(field, FieldList):
            yield field
            for entry in field.entries:
                if isinstance(entry, FormField):
                    yield from _lists(entry.form)
        elif isinstance(field, FormField):
            yield from _lists(field.form)
