"""Actions, subjects and details of the record in Japanese; what has no word stands for itself."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from app.core.access import ROLE_LABELS
from app.core.clock import JST

ROLES = {role.value: label for role, label in ROLE_LABELS.items()}

ACTIONS = {
    "begin.amendment": "訂正を書きはじめる",
    "edit.amendment": "訂正を編集",
    "ask.amendment": "訂正の承認を依頼",
    "return.amendment": "訂正を差戻し",
    "take_back.amendment": "訂正の承認の依頼を取下げ",
    "drop.amendment": "訂正を取りやめ",
    "amend.opening": "募集を訂正",
    "answer.erasure": "削除の請求に回答",
    "erase.application": "請求により応募のデータを削除",
    "ask.erasure": "削除の請求",
    "propose.erasure": "応募のデータの削除の承認を依頼",
    "decline.erasure": "応募のデータの削除を差し戻し",
    "take_back.erasure": "応募のデータの削除の依頼を取り下げ",
    "withdraw.erasure": "削除の請求の取り下げ",
    "change.ratings": "提出した評点を修正",
    "list.changed_ratings": "提出後に修正された評点（締切時に記載）",
    "change.contact": "連絡先を変更",
    "change.setting": "自治体の設定を変更",
    "answer.accommodation": "配慮の申し出に回答",
    "ask.accommodation": "配慮の申し出",
    "withdraw.accommodation": "配慮の申し出の取り下げ",
    "accept.application": "応募を受理",
    "add.reviewer": "採点者を追加",
    "approve.opening": "募集を承認",
    "approve.results": "結果の公開を承認",
    "archive.opening": "募集を保管",
    "assign.round": "採点を割り当て",
    "carry_out.results": "結果を公開",
    "rule_apart.duplicate": "重複の確認：別人として扱うと記録",
    "rule_same.duplicate": "重複の確認：同じ人として扱うと記録",
    "clear.mark": "自動送信の疑いの印を、内容を確かめて外す",
    "close.message": "返信不要を記録",
    "confirm.applicant": "メールアドレスを確認",
    "free.address": "何も書いていない利用者のメールアドレスを、応募した端末へ移す",
    "confirm.criterion": "応募資格を確認",
    "create.opening": "募集を作成",
    "decide.stage": "判定を入力",
    "declare.tie": "利益相反を申告",
    "edit.opening": "募集を編集",
    "change.address": "応募者のメールアドレスを変更",
    "resend.receipt": "控えのメールを応募者が再送",
    "give.application": "同じ本人の応募を、確認済みの利用者へ移す",
    "join.accommodation": "同じ本人の配慮の申し出をまとめる",
    "join.message_thread": "同じ本人のメッセージをまとめる",
    "join.application": "同じ本人の応募をまとめる",
    "merge.applicant": "同じ本人の応募と下書きをまとめる",
    "admit.late_attempt": "締切後の送信を受け付けると決定",
    "declined.proposal": "延長・中止の申し出を承認せず",
    "extend.opening": "締切を延長",
    "find.infected_file": "検査で安全でないファイルを発見",
    "propose.extension": "締切の延長を申し出",
    "propose.cancellation": "募集の中止を申し出",
    "propose_admit.late_attempt": "締切後の送信を受け付けると判断（1人目）",
    "propose_refuse.late_attempt": "締切後の送信を受け付けないと判断（1人目）",
    "refuse.late_attempt": "締切後の送信を受け付けないと決定",
    "taken_back.proposal": "延長・中止の申し出を取下げ",
    "keep.late_attempt": "締切後の送信を記録",
    "load.demo": "デモを読み込み",
    "lock.round": "採点期を締切",
    "membership.end": "所属を終了",
    "membership.invite": "職員を招待",
    "membership.resend_invitation": "招待を再送",
    "open.round": "採点を開始",
    "discard.round": "採点期の取りやめ",
    "organisation.found": "自治体を登録",
    "prepare.results": "結果を用意",
    "prepare.round": "採点期を用意",
    "record.attendance": "出欠を入力",
    "reinstate.application": "辞退を取消",
    "resend.mail": "メールを再送",
    "restore.opening": "募集を戻す",
    "return.opening": "募集を差戻し",
    "role.end": "役割を終了",
    "role.grant": "役割を付与",
    "name.organisation": "英語の名称を設定",
    "set.period": "保存期間・回答の期限を設定",
    "send.message": "メッセージを送信",
    "submit.application": "応募を送信",
    "submit.opening": "承認を依頼",
    "submit.ratings": "評点を提出",
    "void.results": "結果を取消",
    "withdraw.application": "応募を辞退",
    "withdraw.opening": "募集を中止",
}
LOOKS = {
    "list.late_attempts": "締切後に届いた送信の一覧",
    "read.late_attempt": "締切後に届いた送信",
    "list.erasures": "削除の請求の一覧を表示",
    "read.erasure": "削除の請求を表示",
    "list.accommodations": "配慮の申し出の一覧を表示",
    "read.accommodation": "配慮の申し出を表示",
    "list.applications": "応募者一覧を表示",
    "list.messages": "メッセージの一覧を表示",
    "list.mails": "メールの一覧を表示",
    "open.attachment": "メッセージの添付ファイルを開く",
    "open.unscanned_attachment": "メッセージの添付ファイルを開く（未検査）",
    "open.document": "提出書類を開く",
    "open.unscanned_document": "提出書類を開く（未検査）",
    "read.application": "応募の内容を表示",
    "read.version": "応募の以前の版を表示",
    "read.blind": "氏名を伏せた応募を表示",
    "read.board": "選考ボードを表示",
    "read.messages": "メッセージを表示",
    "read.mail": "メールを表示",
    "read.ratings": "評点を表示",
    "search.applications": "応募者を検索",
    "take.record": "記録をCSVで受け取る",
    "take.own_data": "本人が自分の情報を受け取る",
}
SUBJECTS = {
    "stage": "選考段階",
    "stored_file": "ファイル",
    "stage_entry": "選考段階",
    "applicant": "応募者",
    "amendment": "募集の訂正",
    "proposal": "延長・中止の申し出",
    "conflict": "利益相反",
    "erasure_request": "削除の請求",
    "accommodation": "配慮の申し出",
    "application": "応募",
    "application_document": "提出書類",
    "application_version": "応募の版",
    "assignment": "割当",
    "decision": "判定",
    "late_attempt": "締切後の送信",
    "mail": "メール",
    "message": "メッセージ",
    "message_thread": "メッセージのやりとり",
    "membership": "職員の所属",
    "opening": "募集",
    "organisation": "自治体",
    "result_set": "結果",
    "role_grant": "役割",
    "round": "採点期",
    "setting": "設定",
    "staff_user": "職員",
}
DETAILS = {
    "after": "変更後",
    "approval_voided": "承認の取り消し",
    "asked_by": "申し出た人",
    "assignments": "割当の数",
    "attendance": "出欠",
    "before": "変更前",
    "changed": "変えた数",
    "changes": "修正前と修正後",
    "closed_at": "前の締切",
    "closes_at": "締切",
    "comment_changed": "コメントの変更",
    "confirmed": "メールの確認",
    "copied_from": "複製元",
    "criterion": "要件",
    "decisions": "判定の数",
    "drafts": "下書きの数",
    "examinee_number": "受験番号",
    "fields": "項目",
    "files": "ファイルの数",
    "first_admin": "最初の管理者",
    "given": "応募の数",
    "input": "計算に使った内容のSHA-256",
    "joined": "まとめたもの",
    "kept": "審査する応募",
    "key": "設定",
    "kind": "種類",
    "label": "名称",
    "late": "締切後の送信の数",
    "late_attempt": "締切後の送信",
    "later": "あとの応募",
    "lines": "人数",
    "mails": "メールの数",
    "name_en": "英語の名称",
    "number": "番号",
    "opening": "募集",
    "other": "もう一方",
    "outcome": "判定",
    "overrides": "計算と違う判定",
    "reason": "理由",
    "release_at": "公開の日時",
    "revision": "版",
    "role": "役割",
    "seed": "割当の乱数",
    "sha256": "内容のSHA-256",
    "signs": "しるし",
    "staff_user": "職員",
    "stage": "段階",
    "tries": "試行",
    "until": "期限",
    "version": "版",
    "was_published": "公開していた",
}
THINGS = {  # of which table a detail that is an id names a row
    "asked_by": "staff_user",
    "copied_from": "opening",
    "first_admin": "staff_user",
    "kept": "application",
    "late_attempt": "late_attempt",
    "later": "application",
    "opening": "opening",
    "other": "application",
    "staff_user": "staff_user",
}
VALUES = {
    "erased": "削除しました",
    "kept": "保存します",
    "present": "出席",
    "opens": "開ける",
    "stays_shut": "開けない",
    "from_applicant": "応募者から",
    "from_city": "自治体から",
    "absent": "欠席",
    "documents": "書類",
    "interview": "面接",
    "check": "要確認",
    "does_not_meet": "満たさない",
    "fail": "不合格",
    "False": "いいえ",
    "meets": "満たす",
    "None": "なし",
    "pass": "合格",
    "reserve": "補欠",
    "True": "はい",
}


def action_word(action: str) -> str:
    """Name a change."""
    return ACTIONS.get(action, action)


def look_word(action: str) -> str:
    """Name a look."""
    return LOOKS.get(action, action)


def subject_word(subject: str, names: Mapping[str, str]) -> str:
    """Name a subject `table:id`: its kind, and its own name or the beginning of its id, enough to tell two apart."""
    table, _colon, key = subject.partition(":")
    return f"{SUBJECTS.get(table, table)} {names.get(subject) or key[:8]}"


def detail_words(detail: dict[str, object] | None, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Put a detail into pairs of words; what is long is cut, and a key whose label stands beside it left out."""
    said = detail or {}
    return [
        (DETAILS.get(name, name), _value(name, str(value), names))
        for name, value in said.items()
        if not (name == "criterion" and "label" in said) and value not in (None, "")
    ]


def _value(name: str, value: str, names: Mapping[str, str]) -> str:
    if name in THINGS:
        return names.get(f"{THINGS[name]}:{value}") or value[:8]
    if name.endswith("_at"):
        return _instant(value)
    return (ROLES.get(value, value) if name == "role" else VALUES.get(value, value))[:80]


def _instant(value: str) -> str:
    """Write an instant in Japan time."""
    try:
        return f"{datetime.fromisoformat(value).astimezone(JST):%Y/%m/%d %H:%M:%S}"
    except ValueError:
        return value


def things_in(subject: str, detail: dict[str, object] | None) -> Iterator[str]:
    """Give all things `table:id` that a line of the record speaks of."""
    yield subject
    yield from (f"{THINGS[name]}:{value}" for name, value in (detail or {}).items() if name in THINGS)


FAULTS = {
    "a link is missing before it": "この記録の前にあった記録がありません",
    "it does not follow the link before it": "ひとつ前の記録とつながっていません",
    "it was altered": "記録が書き換えられています",
    "its detail was altered": "記録の内容が書き換えられています",
    "the chain ends before its head": "最後の記録がありません",
}


def fault_word(what: str) -> str:
    """Say what is wrong with a link."""
    return FAULTS.get(what, what)
