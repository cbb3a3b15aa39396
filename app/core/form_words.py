"""The library's own messages in our words: each says what to do. Forms give better ones where they know the field."""

from app.core.language import is_english

_WORDS = {
    "This field is required.": "入力してください",
    "Not a valid choice.": "選択肢から選んでください",
    "Invalid Choice: could not coerce.": "選択肢から選んでください",
    "'%(value)s' is not a valid choice for this field.": "選択肢から選んでください",
    "'%(value)s' are not valid choices for this field.": "選択肢から選んでください",
    "Invalid choice(s): one or more data inputs could not be coerced.": "選択肢から選んでください",
    "Not a valid integer value.": "整数で入力してください",
    "Not a valid decimal value.": "数字で入力してください",
    "Not a valid float value.": "数字で入力してください",
    "Not a valid date value.": "日付を正しく入力してください",
    "Not a valid datetime value.": "日時を正しく入力してください",
    "Not a valid time value.": "時刻を正しく入力してください",
    "Invalid email address.": "メールアドレスは name@example.jp のような形で入力してください",
    "Invalid URL.": "https:// から始まるURLを入力してください",
    "Invalid input.": "入力した内容を確かめてください",
    "Field must be equal to %(other_name)s.": "確認のための入力が一致していません。もう一度入力してください",
    "Field must be at least %(min)d characters long.": "%(min)d文字以上で入力してください",
    "Field cannot be longer than %(max)d characters.": "%(max)d文字以内で入力してください",
    "Field must be exactly %(max)d characters long.": "%(max)d文字で入力してください",
    "Field must be between %(min)d and %(max)d characters long.": "%(min)d文字から%(max)d文字で入力してください",
    "Number must be at least %(min)s.": "%(min)s以上で入力してください",
    "Number must be at most %(max)s.": "%(max)s以下で入力してください",
    "Number must be between %(min)s and %(max)s.": "%(min)sから%(max)sまでの数で入力してください",
    "CSRF token missing.": "画面の有効期限が切れました。もう一度送信してください",
    "CSRF failed.": "画面の有効期限が切れました。もう一度送信してください",
    "CSRF token expired.": "画面の有効期限が切れました。もう一度送信してください",
    "The CSRF token is missing.": "画面の有効期限が切れました。もう一度送信してください",
    "The CSRF token is invalid.": "画面の有効期限が切れました。もう一度送信してください",
    "The CSRF tokens do not match.": "画面の有効期限が切れました。もう一度送信してください",
    "The CSRF session token is missing.": "画面の有効期限が切れました。もう一度送信してください",
}


class OwnWords:
    """Translations in the shape that WTForms asks for; Japanese has no plural, and English is the library's own."""

    def gettext(self, text: str) -> str:
        return text if is_english() else _WORDS.get(text, text)

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        if is_english():
            return singular if count == 1 else plural
        return _WORDS.get(plural, _WORDS.get(singular, plural))
