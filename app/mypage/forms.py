"""Signing in: an address, then the code that was sent to it; or a 再開コード."""

from typing import Any

from wtforms import StringField, ValidationError

from app.applications.forms import is_mail
from app.core.forms import Digits, Form, Required, lenient_digits
from app.jp.mail import mail_address
from app.jp.numbers import parse_resume_code


class MailForm(Form):
    mail = StringField(
        "メールアドレス", [Required("メールアドレスを入力してください"), is_mail], filters=[mail_address]
    )


class NewMailForm(Form):
    mail = StringField(
        "新しいメールアドレス",
        [Required("新しいメールアドレスを入力してください"), is_mail],
        filters=[mail_address],
    )


class CodeForm(Form):
    code = StringField(
        "確認コード",
        [
            Required("メールで届いた6桁の数字を入力してください"),
            Digits(6, message="確認コードは6桁の数字で入力してください"),
        ],
        filters=[lenient_digits],
    )


class ResumeForm(Form):
    code = StringField("再開コード", [Required("再開コードを入力してください")])

    def validate_code(self, field: Any) -> None:
        if parse_resume_code(field.data or "") is None:
            raise ValidationError("再開コードは12文字です。画面に表示されたとおりに入力してください")
