"""Rows of a form's lists, added and taken away by buttons named `add` and `remove`; nothing needs a script."""

from collections.abc import Iterator
from typing import Any

from wtforms import FieldList, FormField

from app.core.forms import entry_title, inside


def change_rows(form: Any, add: str | None, remove: str | None) -> str | None:
    """Add or take away a row as a button asked, and name the row or its list; None when neither was asked."""
    for rows in _lists(form):
        if rows.name == add and len(rows) < rows.max_entries:
            return str(rows.append_entry().name)
        if gone := next((entry for entry in rows.entries if entry.name == remove), None):
            rows.entries.remove(gone)
            return str(rows.name)
    return None


def title_of(form: Any, name: str) -> str:
    """Name an entry as its page does, with what it stands in: 職歴2（見本株式会社）の休業1; "" if there is none."""
    for rows in (field for field in form if isinstance(field, FieldList)):
        for number, entry in enumerate(rows.entries, 1):
            title = entry_title(rows, number, entry)
            if entry.name == name:
                return title
            if isinstance(entry, FormField) and (inner := title_of(entry.form, name)):
                return inside(title, inner)
    return ""


def _lists(form: Any) -> Iterator[FieldList]:
    for field in form:
        if isinstance(field, FieldList):
            yield field
            for entry in field.entries:
                if isinstance(entry, FormField):
                    yield from _lists(entry.form)
        elif isinstance(field, FormField):
            yield from _lists(field.form)
