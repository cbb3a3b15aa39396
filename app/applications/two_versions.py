"""A step that two pages wrote: where what stands saved differs from what was typed here, field by field. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from wtforms import BooleanField, FileField, FormField, HiddenField, RadioField, SelectField
from wtforms.fields import FieldList

from app.core.form_dates import PARTS, DateParts
from app.core.forms import CheckboxGroup

NOTHING = "（空欄）"


@dataclass(frozen=True)
class Difference:
    label: str
    saved: str
    typed: str


def differences(saved: Any, typed: Any) -> list[Difference]:
    """Compare two forms of one step; what stands in one alone is compared with nothing."""
    before, here = dict(_values(saved)), dict(_values(typed))
    return [
        Difference(label, before.get((name, label)) or NOTHING, here.get((name, label)) or NOTHING)
        for name, label in dict.fromkeys((*before, *here))
        if before.get((name, label), "") != here.get((name, label), "")
    ]


def _values(form: Any, place: str = "") -> Iterator[tuple[tuple[str, str], str]]:
    """Give each field by its name and label with its value in words."""
    for field in form:
        label = place + field.label.text
        if isinstance(field, FieldList):
            for number, entry in enumerate(field.entries, 1):
                yield from _values(entry.form, f"{label} {number}　")
        elif isinstance(field, FormField):
            yield from _values(field.form, place)
        elif not isinstance(field, FileField | HiddenField):
            yield (field.name, label), _words(field)


def _words(field: Any) -> str:
    if isinstance(field, DateParts):
        return "・".join(field.typed[part] for part in PARTS if field.typed[part])
    if isinstance(field, BooleanField):
        return "選択" if field.data else ""
    if isinstance(field, RadioField | CheckboxGroup):
        return "、".join(str(option.label.text) for option in field if option.checked)
    if isinstance(field, SelectField):
        return next((str(label) for value, label, *_ in field.iter_choices() if str(value) == str(field.data)), "")
    return str(field.data or "").replace("\r\n", "\n").strip()
