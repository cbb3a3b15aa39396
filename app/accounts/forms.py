"""Forms of staff accounts. Rules of passwords stand in passwords.py, rules of roles in grants.py."""

from wtforms import BooleanField, EmailField, HiddenField, PasswordField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Email, EqualTo

from app.accounts.account_services import Proof
from app.accounts.policy import ORGANISATION_ROLES
from app.core.access import Role
from app.core.forms import CheckboxGroup, Form, MaxLength, Required
from app.jp.text import PrivateUseCharacters, clean_name

MAIL_WORDS = "メールアドレスは name@example.jp のような形で入力してください"


class SignInForm(Form):
    mail = EmailField("メールアドレス", [Required("メールアドレスを入力してください"), MaxLength(254)])
    password = PasswordField("パスワード", [Required("パスワードを入力してください")])


class CodeForm(Form):
    code = StringField("確認コード（6桁）", [Required("認証アプリに表示された6桁の数字を入力してください")])


class RecoveryForm(Form):
    code = StringField("リカバリーコード", [Required("リカバリーコードを入力してください")])


class AgainForm(Form):
    code = StringField("確認コード", [Required("確認コードを入力してください")])


class MailForm(Form):
    mail = EmailField(
        "メールアドレス",
        [Required("メールアドレスを入力してください"), MaxLength(254), Email(message=MAIL_WORDS)],
    )


class NewPasswordForm(Form):
    password = PasswordField("新しいパスワード", [Required("パスワードを入力してください")])
    again = PasswordField(
        "新しいパスワード（確認）",
        [
            Required("確認のため、同じパスワードをもう一度入力してください"),
            EqualTo("password", message="2つのパスワードが一致していません。もう一度入力してください"),
        ],
    )


class ChangePasswordForm(NewPasswordForm):
    old = PasswordField("いまのパスワード", [Required("いまのパスワードを入力してください")])


class EnrolForm(CodeForm):
    sealed = HiddenField()


class KeepCodesForm(Form):
    kept = BooleanField("リカバリーコードを保管しました", [Required("コードを保管してから、印を付けてください")])
    sealed = HiddenField()


class RenewCodesForm(KeepCodesForm):
    password = PasswordField("いまのパスワード", [Required("いまのパスワードを入力してください")])


class ChangeSecondFactorForm(EnrolForm):
    code = StringField("新しいアプリの確認コード（6桁）", [Required("新しい認証アプリの6桁の数字を入力してください")])
    current = StringField(
        "いまの確認コード", [Required("いまの認証アプリのコードかリカバリーコードを入力してください")]
    )
    password = PasswordField("いまのパスワード", [Required("いまのパスワードを入力してください")])

    def proof(self) -> Proof:
        """What shows that this person may change the app, and that the new one works."""
        return Proof(password=self.password.data, code=self.current.data, new_code=self.code.data)


class RolesForm(Form):
    roles = CheckboxGroup(
        "役割",
        [Required("役割を1つ以上選んでください")],
        choices=[SelectChoice(role.value, role.label) for role in ORGANISATION_ROLES],
    )

    def chosen(self) -> list[Role]:
        """The roles that were ticked, in the order of the table."""
        return [Role(value) for value in self.roles.data]


def _a_name(_form: Form, field: StringField) -> None:
    try:
        clean_name(field.data or "")
    except PrivateUseCharacters as error:
        raise ValidationError(str(error)) from error


class InvitationForm(RolesForm):
    name = StringField("氏名", [Required("氏名を入力してください"), MaxLength(80), _a_name])
    mail = EmailField(
        "メールアドレス",
        [Required("メールアドレスを入力してください"), MaxLength(254), Email(message=MAIL_WORDS)],
    )
