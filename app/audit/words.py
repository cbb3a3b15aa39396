"""Actions, subjects and details of the record in Japanese; what has no word stands for itself."""

ACTIONS = {
    "answer.erasure": "削除の請求に回答",
    "ask.erasure": "削除の請求",
    "withdraw.erasure": "削除の請求の取り下げ",
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
    "take.own_data": "本人が自分の情報を受け取る",
}
SUBJECTS = {
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
    "fields": "項目",
    "criterion": "要件",
    "examinee_number": "受験番号",
    "kind": "種類",
    "label": "名称",
    "number": "番号",
    "outcome": "判定",
    "overrides": "計算と違う判定",
    "reason": "理由",
    "role": "役割",
    "stage": "段階",
    "tries": "試行",
    "version": "版",
}
VALUES = {
    "erased": "削除しました",
    "kept": "保存します",
    "partly": "一部を削除しました",
    "from_applicant": "応募者から",
    "from_city": "自治体から",
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


def subject_word(subject: str) -> str:
    """Name the kind of a subject `table:id` and the beginning of its id, enough to tell two apart."""
    table, _colon, key = subject.partition(":")
    return f"{SUBJECTS.get(table, table)} {key[:8]}"


def detail_words(detail: dict[str, object] | None) -> list[tuple[str, str]]:
    """Put a detail into pairs of words; what is long is cut."""
    return [
        (DETAILS.get(name, name), VALUES.get(str(value), str(value))[:80]) for name, value in (detail or {}).items()
    ]


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
