"""Forms of what a person asks about their data, and of a city's answer."""

from wtforms import HiddenField, StringField, TextAreaField

from app.core.forms import Form, MaxLength, Phone, PostalCode, Required
from app.core.numbers import whole_number
from app.correspondence.request_services import Contact
from app.eligibility.job_forms import plain_text
from app.jp import text


class ContactForm(Form):
    """The live contact data of one application; lenient in, strict when stored."""

    phone = StringField("電話番号", [Required("電話番号を入力してください"), Phone()])
    postal_code = StringField("郵便番号", [PostalCode()])
    address = StringField("住所", [Required("住所を入力してください"), MaxLength(400)], filters=[plain_text])

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


class SeenForm(Form):
    """What was prepared, by the version that the page showed."""

    seen = HiddenField()

    def version(self) -> int:
        return whole_number(self.seen.data, -1)


class ErasureDeclineForm(SeenForm):
    note = TextAreaField(
        "差し戻す理由", [Required("差し戻す理由を入力してください"), MaxLength(1000)], filters=[plain_text]
    )
