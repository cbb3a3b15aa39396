"""What every form shares: words in Japanese, validators, groups of boxes, and the list of errors for the summary."""

import re
from collections.abc import Iterator
from typing import Any, ClassVar

import wtforms
from flask_wtf import FlaskForm
from wtforms import (
    Field,
    HiddenField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields import FieldList, FormField, RadioField
from wtforms.meta import DefaultMeta
from wtforms.validators import DataRequired, InputRequired, StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from app.core.form_words import OwnWords
from app.core.language import is_english, sentence, shown
from app.jp.text import digits, phone, postal_code, without_separators

_NO_FIELD = "main"  # where the summary links for an error of the form as a whole


def one_line(text: str | None) -> str | None:
    """Put a space for what breaks lines: a box of one line holds one, whoever sends it."""
    return re.sub(r"[\r\n]+", " ", text) if text else text


class PageLanguage:
    """What every form says is said in the page's language: the library's messages, labels and choices.

    What shows nothing was taken out of every text before (app/core/form_size.py); a box of one line holds one.
    """

    locales: ClassVar = ["ja"]

    def get_translations(self, form: Any) -> OwnWords:
        return OwnWords()

    def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
        field = super().bind_field(form, unbound_field, options)  # type: ignore[misc]
        if isinstance(field, StringField) and not isinstance(field, TextAreaField | HiddenField | PasswordField):
            field.filters = (one_line, *field.filters)
        if is_english():
            field.label.text = shown(field.label.text)
            if isinstance(field, SelectField) and field.choices:
                field.choices = _in_english(field.choices)
        return field


def _in_english(choices: Any) -> Any:
    if isinstance(choices, dict):
        return {str(shown(group)): _in_english(some) for group, some in choices.items()}
    return [(value, shown(label)) for value, label in choices]


class Form(FlaskForm):  # type: ignore[misc]  # untyped library
    """Base of every form: built-in messages in Japanese, CSRF without a time limit of its own."""

    class Meta(PageLanguage, FlaskForm.Meta):  # type: ignore[misc]
        csrf_time_limit = None


class EntryForm(wtforms.Form):  # type: ignore[misc]
    """Base of what stands in a FormField: one entry of a list, without a CSRF token of its own.

    `own_name` is what tells it from the others beside its number, if only ""; None: errors do not name the entry.
    """

    class Meta(PageLanguage, DefaultMeta):  # type: ignore[misc]
        pass

    @property
    def own_name(self) -> str | None:
        return None


class Required(DataRequired):  # type: ignore[misc]
    """A value other than spaces; the message is the whole sentence: 「電話番号を入力してください」.

    In a DateParts, file or checkbox field it means that something was given or ticked.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)


class RequiredChoice(InputRequired):  # type: ignore[misc]
    """One of the options was chosen, where the value of an option may be falsy: 「任用形態を選んでください」."""

    def __init__(self, message: str) -> None:
        super().__init__(message)


class MaxLength:
    """At most `limit` characters; the message says by how many it is over. A line break counts as one."""

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def __call__(self, form: Any, field: Any) -> None:
        over = len((field.data or "").replace("\r\n", "\n")) - self.limit
        if over > 0:
            long = sentence(
                "%(label)sは%(limit)s文字以内です。%(over)s文字減らしてください",
                label=field.label.text,
                limit=self.limit,
                over=over,
            )
            raise ValidationError(long)


class Digits:
    """Only digits, of one of the given lengths, after `lenient_digits` has read full width, spaces and hyphens."""

    def __init__(self, *lengths: int, message: str) -> None:
        self.lengths = lengths
        self.message = message

    def __call__(self, form: Any, field: Any) -> None:
        if field.data and not (field.data.isdecimal() and len(field.data) in self.lengths):
            raise StopValidation(self.message)


class PostalCode:
    """Seven digits as people type them, or nothing."""

    def __call__(self, form: Any, field: Any) -> None:
        if (field.data or "").strip() and postal_code(field.data) is None:
            raise ValidationError("郵便番号は7桁の数字で入力してください")


class Phone:
    """A telephone number of Japan as people type it."""

    def __call__(self, form: Any, field: Any) -> None:
        if phone(field.data or "") is None:
            raise ValidationError("電話番号は 03-1234-5678 のように、市外局番から入力してください")


def lenient_digits(text: str | None) -> str | None:
    """Read digits as people type them: full width, spaces, brackets and every kind of hyphen are accepted.

    A filter for number-like text (postal code, phone, code from a mail), never for names or free text.
    """
    if text is None:
        return None
    return without_separators(digits(text)).removeprefix("〒")


class CheckboxGroup(SelectMultipleField):  # type: ignore[misc]
    """Several of the options may be ticked; shown with the `choices()` macro."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def error_anchor(field: Field) -> str:
    """Name the id to which the summary links: the first option of a group, the wrong box of a date, else the field."""
    if anchor := getattr(field, "error_anchor", None):
        return str(anchor)
    if isinstance(field, RadioField | CheckboxGroup):
        return f"{field.id}-0"
    return str(field.id)


def entry_title(rows: FieldList, number: int, entry: Any) -> str:
    """Name an entry of a list, counted from 1: 職歴2（見本株式会社）; nothing where entries have no names."""
    name = entry.form.own_name if isinstance(entry, FormField) else None
    if name is None:
        return ""
    if not name:
        return sentence("%(title)s%(n)s", title=rows.label.text, n=number)
    return sentence("%(title)s%(n)s（%(name)s）", title=rows.label.text, n=number, name=name)


def error_list(form: Any, place: str = "") -> list[tuple[str, str]]:
    """List (id, message) of every error in the order of the page; of an entry with its title: 職歴2（…）：…."""
    found = [(_NO_FIELD, _at(place, message)) for message in form.form_errors]
    for field in form:
        found += _errors_of(field, place)
    return found


def _errors_of(field: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(field, FormField):
        yield from error_list(field.form, place)
        return
    entries = field.entries if isinstance(field, FieldList) else ()
    own = [message for message in field.errors if not (entries and isinstance(message, dict | list | tuple))]
    yield from ((error_anchor(field), _at(place, message)) for message in own)
    for number, entry in enumerate(entries, 1):
        title = entry_title(field, number, entry)
        yield from _errors_of(entry, inside(place, title) if place and title else place or title)


def _at(place: str, message: Any) -> str:
    return (
        sentence("%(place)s：%(message)s", place=place, message=message)
        if place
        else shown(message if isinstance(message, str) else str(message))
    )


def inside(place: str, title: str) -> str:
    """Name an entry with that in which it stands: 職歴2（見本株式会社）の休業1."""
    return sentence("%(place)sの%(title)s", place=place, title=title)
