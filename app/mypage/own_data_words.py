"""The keys of a person's own data in Japanese, for the PDF. Pure."""

WORDS = {
    "schema": "形式", "made_at": "作成日時", "person": "本人", "mail": "メールアドレス",
    "mail_confirmed_at": "メールアドレスを確認した日時", "since": "はじめて保存した日時",
    "applications": "応募", "drafts": "下書き", "late_attempts": "締切後の送信", "sessions": "マイページを開いた端末",
    "city": "自治体", "opening": "募集", "receipt_number": "受付番号",
    "other_receipt_numbers": "まとめた応募の受付番号",
    "examinee_number": "受験番号", "family_name": "姓", "given_name": "名", "family_kana": "せい", "given_kana": "めい",
    "name_note": "氏名の文字について", "received_at": "受付日時", "status": "状況", "status_sentence": "お知らせ",
    "contact": "連絡先", "phone": "電話番号", "postal_code": "郵便番号", "address": "住所", "birth_date": "生年月日",
    "timeline": "経過", "title": "題", "at": "日時", "text": "内容", "versions": "送った内容", "number": "番号",
    "answers": "回答", "history": "職歴", "no_history": "職歴はない", "employer": "勤務先", "kind": "種類",
    "fields": "分野", "weekly_hours": "週の時間", "student": "学生の間", "start": "はじめ", "end": "おわり",
    "leaves": "休業", "description": "仕事の内容", "declarations": "申告", "statements": "設問への回答",
    "documents": "書類", "file_name": "ファイル名", "size": "大きさ（バイト）", "pages": "ページ",
    "withdrawals": "辞退の申し出", "reason": "理由", "messages": "メッセージ", "from": "送り手", "body": "本文",
    "sent_at": "送信日時", "created_at": "作成日時", "saved_at": "保存日時", "seen_at": "最後に開いた日時",
    "letters": "自治体とのやりとり", "accommodation": "配慮の申し出", "needs": "希望する配慮", "words": "くわしい内容",
    "reach": "連絡の方法", "answer": "自治体の回答", "asked_at": "申し出の日時", "answered_at": "回答の日時",
    "erasure_requests": "削除の請求", "outcome": "結果", "state": "状態",
    "ended_at": "終わりの日時", "steps_done": "終えた手順", "typed": "書きかけの入力", "sha256": "SHA-256",
}  # fmt: skip
