"""Forms of what a person asks about their data, and of a city's answer."""

from typing import Any

from wtforms import StringField, TextAreaField, ValidationError

from app.core.forms import Form, MaxLength, Required
from app.correspondence.request_services import Contact
from app.eligibility.job_forms import plain_text
from app.jp import text


class ContactForm(Form):
    """The live contact data of one application; lenient in, strict when stored."""

    phone = StringField("電話番号", [Required("電話番号を入力してください")])
    postal_code = StringField("郵便番号")
    address = StringField("住所", [Required("住所を入力してください"), MaxLength(400)], filters=[plain_text])

    def validate_postal_code(self, field: Any) -> None:
        if (field.data or "").strip() and text.postal_code(field.data) is None:
            raise ValidationError("郵便番号は7桁の数字で入力してください")

    def validate_phone(self, field: Any) -> None:
        if text.phone(field.data) is None:
            raise ValidationError("電話番号は 03-1234-5678 のように、市外局番から入力してください")

    def contact(self) -> Contact:
        return Contact(
            phone=text.phone(self.phone.data) or "",
            postal_code=text.postal_code(self.postal_code.data or "") or "",
            address=self.address.data or "",
        )


class ErasureForm(Form):
    reason = TextAreaField("請求の内容", [MaxLength(1000)], filters=[plain_text])


class ErasureAnswerForm(Form):
    words = TextAreaField(
        "理由と説明（応募者に届きます）",
        [Required("理由と説明を入力してください"), MaxLength(2000)],
        filters=[plain_text],
    )
