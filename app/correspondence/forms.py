"""What people and staff type to each other."""

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from wtforms import Field, HiddenField, MultipleFileField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from app.core.forms import CheckboxGroup, Form, MaxLength, Required, RequiredChoice
from app.correspondence.attachment_models import MOST, AttachedFile
from app.correspondence.conversation import Enclosed, Letter
from app.correspondence.models import AccommodationState
from app.correspondence.needs import Need, Needs
from app.correspondence.parcel import Parcel, Taken, Upload
from app.eligibility.job_forms import plain_text

QUESTION_CHARACTERS, ANSWER_CHARACTERS = 2000, 4000
CHOOSE_AGAIN = "選んだファイルは受け取れていません。もう一度選んでください"


class LetterForm(Form):
    """A message; `key` is of the page, so that pressing twice sends once."""

    key = HiddenField(validators=[Length(max=64)])

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.key.data = self.key.data or secrets.token_hex(16)

    def letter(self) -> Letter:
        typed = self.body.data if "body" in self else ""
        return Letter(typed or "", self.key.data or "")


class Ids(Field):  # type: ignore[misc]
    """Ids that our own page wrote; what is none is left out."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = tuple(found for one in valuelist if (found := _id(one)))


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def files_field() -> MultipleFileField:
    return MultipleFileField(f"ファイルを添付する（{MOST}つまで）")


class EnclosingForm(LetterForm):
    """A message with files. `enclosed` are those that are here already: they wait on the page until it is sent.

    `lost` comes from a page that could hand on the words only.
    """

    kept, dropped = Ids(default=()), Ids(default=())
    lost = HiddenField()
    enclosed: Sequence[AttachedFile] = ()

    def parcel(self) -> Parcel:
        """Give the files that came and what is to become of those that waited."""
        came = [one for one in self.files.data or [] if getattr(one, "filename", "")]
        if self.lost.data and not came:
            self.files.errors = [CHOOSE_AGAIN]
        self.lost.data = ""
        return Parcel(tuple(Upload(one.filename, one.stream) for one in came), self.kept.data, self.dropped.data)

    def lose(self) -> None:
        """Say that what was chosen is not here: the page can hand on the words only."""
        if self.parcel().uploads:
            self.files.errors = [CHOOSE_AGAIN]

    def note(self, taken: Taken) -> bool:
        """Say beside the field what was not taken; say whether all was."""
        self.enclosed = taken.files
        self.files.errors = [*self.files.errors, *taken.refused]
        return not self.files.errors

    def letter(self) -> Letter:
        return replace(super().letter(), files=tuple(Enclosed(one.id, one.sha256) for one in self.enclosed))


class QuestionForm(EnclosingForm):
    body = TextAreaField(
        "メッセージ", [Required("メッセージを入力してください"), MaxLength(QUESTION_CHARACTERS)], filters=[plain_text]
    )
    files = files_field()


class AnswerForm(EnclosingForm):
    body = TextAreaField(
        "メッセージ（応募者に届きます）",
        [Required("メッセージを入力してください"), MaxLength(ANSWER_CHARACTERS)],
        filters=[plain_text],
    )
    files = files_field()
    seen = HiddenField()


class NeedsForm(Form):
    """What a person needs in the selection."""

    chosen = CheckboxGroup("必要なもの", choices=[SelectChoice(need.value, need.label) for need in Need])
    words = TextAreaField("くわしい内容", [MaxLength(1000)], filters=[plain_text])
    contact = StringField("相談のしかたの希望", [MaxLength(200)], filters=[plain_text])
    seen = HiddenField()

    def validate_words(self, field: Any) -> None:
        if not (self.chosen.data or (field.data or "").strip()):
            raise ValidationError("必要なものを選ぶか、くわしい内容を入力してください")

    def needs(self) -> Needs:
        return Needs(tuple(Need(one) for one in self.chosen.data), self.words.data or "", self.contact.data or "")


class Cities(CheckboxGroup):
    """Whom to ask, by the opening; what the options are is known with the person only."""


class NeedsInCitiesForm(NeedsForm):
    """What a person needs in the selections of several cities; `seen` says which requests the page showed."""

    cities = Cities("申し出る相手", [Required("申し出る相手を選んでください")], validate_choice=False)


def as_typed(needs: Needs) -> dict[str, Any]:
    """Give what fills the fields of a form with what was said before."""
    return {"chosen": [need.value for need in needs.chosen], "words": needs.words, "contact": needs.contact}


class AccommodationAnswerForm(Form):
    """How far a request has come, and what will be done."""

    state = RadioField(
        "状況",
        [RequiredChoice("状況を選んでください")],
        choices=[
            SelectChoice(one.value, one.label) for one in (AccommodationState.TALKING, AccommodationState.SETTLED)
        ],
    )
    words = TextAreaField("回答（応募者に届きます）", [MaxLength(2000)], filters=[plain_text])
    seen = HiddenField()

    def validate_words(self, field: Any) -> None:
        if self.state.data == AccommodationState.SETTLED and not (field.data or "").strip():
            raise ValidationError("決まった内容（当日に何をするか）を入力してください")
