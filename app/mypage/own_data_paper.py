"""A person's own data laid out for reading: headings and lines, never one table in another. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.core.templating import filesize, jst_seconds

Data = Mapping[str, Any]
SENDERS = {"from_applicant": "あなた", "from_city": "自治体"}


@dataclass(frozen=True)
class Line:
    """One thing that is held; `is_hash` asks for small letters."""

    label: str
    value: str
    is_hash: bool = False


@dataclass(frozen=True)
class Part:
    title: str
    lines: list[Line]


@dataclass(frozen=True)
class Chapter:
    title: str
    parts: list[Part]


def chapters(data: Data) -> list[Chapter]:
    """Put all of `own_data` in order for print."""
    found = [Chapter("本人", [_part("登録", _person(data["person"]))])]
    found += [Chapter(f"応募　{_name(one)}", list(_application(one))) for one in data["applications"]]
    found += [Chapter(f"自治体とのやりとり　{_name(one)}", list(_letters(one))) for one in data["letters"]]
    found += _many("下書き", [one for one in data["drafts"] if one["is_unsent"]], _draft)
    found += _many("送信した応募の、手もとの内容", [one for one in data["drafts"] if not one["is_unsent"]], _draft)
    found += _many("締切後に届いた送信", data["late_attempts"], _late)
    return found + _many("マイページを開いた記録", data["sessions"], _session)


def _many(title: str, rows: list[Data], lines: Any) -> list[Chapter]:
    parts = [_part(f"{title} {number}", lines(row)) for number, row in enumerate(rows, 1)]
    return [Chapter(title, parts)] if parts else []


def _part(title: str, lines: Iterable[tuple[str, Any]]) -> Part:
    """Leave out what holds nothing."""
    return Part(title, [Line(label, str(value), "SHA-256" in label) for label, value in lines if value])


def _name(row: Data) -> str:
    """Name the opening of a row, as far as it is known."""
    return "　".join(row[key] for key in ("city", "opening") if row.get(key)) or "募集が公開されていないもの"


def at(value: str | None) -> str:
    """Write an instant of the data as everywhere: in Japan time with the Japanese year."""
    return jst_seconds(datetime.fromisoformat(value)) if value else ""


Lines = Iterator[tuple[str, Any]]


def _person(row: Data) -> Lines:
    yield "メールアドレス", row["mail"]
    yield "メールアドレスを確認した日時", at(row["mail_confirmed_at"])
    yield "はじめて保存した日時", at(row["since"])


def _application(row: Data) -> Iterator[Part]:
    yield _part("受付", _receipt(row))
    yield _part("いまの連絡先", _contact(row["contact"]))
    yield _part("経過", ((one["title"], _when(one)) for one in row["timeline"]))
    for version in row["versions"]:
        yield _part(f"{version['number']}回目に送った内容", _version(version))
    for one in row["withdrawals"]:
        yield _part("辞退の申し出", _withdrawal(one))
    for one in row["erasure_requests"]:
        yield _part("削除の請求", _erasure(one))


def _when(milestone: Data) -> str:
    return "　".join(filter(None, (at(milestone["at"]), milestone["text"]))) or "これから"


def _receipt(row: Data) -> Lines:
    yield "受付番号", row["receipt_number"]
    yield "まとめた応募の受付番号", "、".join(row["other_receipt_numbers"])
    yield "受験番号", row["examinee_number"]
    yield "氏名", f"{row['family_name']} {row['given_name']}".strip()
    yield "受付日時", at(row["received_at"])
    yield "希望の順番", f"第{row['rank']}希望" if row["rank"] else None
    yield "状況", f"{row['status']}　{row['status_sentence']}"


def _contact(row: Data) -> Lines:
    yield "メールアドレス", row["mail"]
    yield "メールアドレスを確認した日時", at(row["mail_confirmed_at"])
    yield "電話番号", row["phone"]
    yield "郵便番号", row["postal_code"]
    yield "住所", row["address"]


def _version(row: Data) -> Lines:
    yield "受付日時", at(row["received_at"])
    yield from _answers(row)
    yield "受け取った内容のSHA-256", row["sha256"]


def _answers(row: Data) -> Lines:
    """Each answer under the words in which it was asked, then the files and what was typed halfway."""
    yield from ((one["asked"], one["answer"]) for one in row["read"])
    answers = row["answers"]
    for file in answers.get("documents", {}).values():
        if not row["read"]:
            yield "書類", f"{file['file_name']}（{filesize(file['size'])}）"
        yield f"「{file['file_name']}」のSHA-256", file["sha256"]
    typed = [text for step in answers.get("typed", {}).values() for _box, text in step.get("fields", []) if text]
    yield "書きかけの入力", "\n".join(typed)


def _withdrawal(row: Data) -> Lines:
    yield "申し出の日時", at(row["at"])
    yield "理由", row["reason"]
    yield "取り消した日時", at(row.get("undone_at"))


def _erasure(row: Data) -> Lines:
    yield "請求の日時", at(row["asked_at"])
    yield "理由", row["reason"]
    yield "取り下げた日時", at(row["withdrawn_at"])
    yield "結果", row["outcome"]
    yield "自治体の回答", row["answer"]
    yield "回答の日時", at(row["answered_at"])


def _letters(row: Data) -> Iterator[Part]:
    if row["messages"]:
        yield _part("メッセージ", (line for one in row["messages"] for line in _message(one)))
    if row["unsent_files"]:
        yield _part("送っていない添付ファイル", (line for file in row["unsent_files"] for line in _attached(file)))
    if row["accommodation"]:
        yield _part("選考での配慮の申し出", _accommodation(row["accommodation"]))


def _message(row: Data) -> Lines:
    yield f"{SENDERS.get(row['from'], '')}　{at(row['sent_at'])}", row["body"]
    for file in row["files"]:
        yield from _attached(file)


def _attached(file: Data) -> Lines:
    yield "添付ファイル", f"{file['file_name']}（{filesize(file['size'])}）"
    yield f"「{file['file_name']}」のSHA-256", file["sha256"]


def _accommodation(row: Data) -> Lines:
    yield "状態", row["state"]
    yield "希望する配慮", "\n".join(row["needs"])
    yield "くわしい内容", row["words"]
    yield "連絡の方法", row["reach"]
    yield "申し出の日時", at(row["asked_at"])
    yield "自治体の回答", row["answer"]
    yield "回答の日時", at(row["answered_at"])


def _draft(row: Data) -> Lines:
    yield "募集", "\n".join(_name(one) for one in row["openings"])
    yield "書きはじめた日時", at(row["created_at"])
    yield "保存した日時", at(row["saved_at"])
    yield "送信した日時", at(row["sent_at"])
    yield from _answers(row)


def _late(row: Data) -> Lines:
    yield "募集", _name(row)
    yield "届いた日時", at(row["received_at"])
    yield from _answers(row)


def _session(row: Data) -> Lines:
    yield "開いた日時", at(row["created_at"])
    yield "最後に開いた日時", at(row["seen_at"])
    yield "終わりの日時", at(row["ended_at"])
