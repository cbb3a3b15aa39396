"""The small forms around an amendment: asking for its approval, sending it back, and the buttons."""

from wtforms import HiddenField, TextAreaField

from app.core.forms import Form, MaxLength, Required
from app.core.numbers import whole_number


class AskForm(Form):
    reason = TextAreaField("訂正の理由", [Required("訂正の理由を入力してください"), MaxLength(1000)])
    seen = HiddenField()

    def version(self) -> int:
        return whole_number(self.seen.data, -1)


class SendBackForm(AskForm):
    reason = TextAreaField("差し戻す理由", [Required("差し戻す理由を入力してください"), MaxLength(1000)])
