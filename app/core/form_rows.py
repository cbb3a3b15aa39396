"""Rows of a form's lists, added and taken away by buttons named `add` and `remove`; nothing needs a script."""

from collections.abc import Iterator
from typing import Any

from wtforms import FieldList, FormField


def change_rows(form: Any, add: str | None, remove: str | None) -> str | None:
    """Add or take away a row as a button asked, and name the row or its list; None when neither was asked."""
    for rows in _lists(form):
        if rows.name == add and len(rows) < rows.max_entries:
            return str(rows.append_entry().name)
        if gone := next((entry for entry in rows.entries if entry.name == remove), None):
            rows.entries.remove(gone)
            return str(rows.name)
    return None


def _lists(form: Any) -> Iterator[FieldList]:
    for field in form:
        if isinstance(field, FieldList):
            yield field
            for entry in field.entries:
                if isinstance(entry, FormField):
                    yield from _lists(entry.form)
        elif isinstance(field, FormField):
            yield from _lists(field.form)
