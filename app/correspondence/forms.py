"""What people and staff type to each other."""

import secrets
from typing import Any

from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length

from app.core.forms import Form, MaxLength, Required
from app.correspondence.conversation import Letter
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

    def count_seen(self) -> int:
        """How many messages the page showed; what is no number was no page of ours."""
        return int(self.seen.data) if (self.seen.data or "").isascii() and (self.seen.data or "").isdecimal() else -1
