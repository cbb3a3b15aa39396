"""What people and staff type to each other."""

import secrets
from typing import Any

from wtforms import HiddenField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from app.core.forms import CheckboxGroup, Form, MaxLength, Required, RequiredChoice
from app.correspondence.conversation import Letter
from app.correspondence.models import AccommodationState
from app.correspondence.needs import Need, Needs
from app.eligibility.job_forms import plain_text

QUESTION_CHARACTERS, ANSWER_CHARACTERS = 2000, 4000


class LetterForm(Form):
    """A message; `key` is of the page, so that pressing twice sends once."""

    key = HiddenField(validators=[Length(max=64)])

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.key.data = self.key.data or secrets.token_hex(16)

    def letter(self) -> Letter:
        typed = self.body.data if "body" in self else ""
        return Letter(typed or "", self.key.data or "")


class QuestionForm(LetterForm):
    body = TextAreaField(
        "メッセージ", [Required("メッセージを入力してください"), MaxLength(QUESTION_CHARACTERS)], filters=[plain_text]
    )


class AnswerForm(LetterForm):
    body = TextAreaField(
        "メッセージ（応募者に届きます）",
        [Required("メッセージを入力してください"), MaxLength(ANSWER_CHARACTERS)],
        filters=[plain_text],
    )
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
