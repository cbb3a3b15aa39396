"""What staff read of a mail: its kind, what a failure means."""

from app.outbox.holding import HELD_BACK

KINDS = {
    "applicant-code": "確認コード",
    "application-received": "応募の受付",
    "application-joined": "応募のまとめ",
    "application-withdrawn": "辞退の受付",
    "application-reinstated": "辞退の取消し",
    "amended-application": "募集の訂正",
    "called-off-application": "募集の中止",
    "address-changed": "メールアドレスの変更",
    "receipt-copy": "応募の受付（再送）",
    "examinee-number": "受験番号のお知らせ",
    "extended-application": "締切の延長",
    "file-unsafe": "安全でないファイルのお知らせ",
    "message-news": "メッセージのお知らせ",
    "question-news": "質問が届いたお知らせ（自治体あて）",
    "result-news": "結果のお知らせ",
    "staff-changed": "アカウントの変更",
    "grant-missing": "権限を持つ職員がいないお知らせ",
    "staff-news": "確認を待つもののお知らせ（職員あて）",
    "staff-invitation": "職員の招待",
    "staff-joined": "職員の登録",
    "staff-password-reset": "パスワードの再設定",
}
ADDRESS_REFUSED = "宛先のメールアドレスが、相手のサーバーに受け取られませんでした"
HELD = "だれも確認していない宛先に1日に何通も送らないよう、送りませんでした"
NO_SERVER = "メールサーバーにつながりませんでした"
NOT_ONE_ADDRESS = "宛先がメールアドレスの形になっていません"


def kind_word(kind: str) -> str:
    """Name a kind of mail; one without a word stands for itself."""
    return KINDS.get(kind, kind)


def error_word(last_error: str) -> str | None:
    """Say in Japanese what the last failure means; the technical word follows it on the page."""
    if not last_error:
        return None
    name = last_error.split()[0]
    if name == HELD_BACK:
        return HELD
    if name in {"SMTPRecipientsRefused", "SMTPDataError"}:
        return ADDRESS_REFUSED
    if name in {"ValueError", "BadHeaderError", "SMTPNotSupportedError"}:
        return NOT_ONE_ADDRESS
    return NO_SERVER
