"""Whether an application is the one that a member of staff is looking for. Pure."""

from dataclasses import dataclass

from app.jp.numbers import is_valid_examinee_number, parse_receipt_number
from app.jp.text import digits, hiragana, is_hiragana_name, kana_key, mail_key, phone, search_key


@dataclass(frozen=True)
class Known:
    """What is looked at of one application."""

    names: str  # family and given name as typed
    kana_key: str
    mail_key: str
    phone: str
    receipt_number: str
    examinee_number: str | None


def matches(typed: str, known: Known) -> bool:
    """Say whether what was typed is a number of the application, its mail or phone, or part of its name or kana."""
    typed = typed.strip()
    if not typed:
        return False
    if known.receipt_number == parse_receipt_number(typed):
        return True
    if is_valid_examinee_number(digits(typed)) and digits(typed) == known.examinee_number:
        return True
    if "@" in typed:
        return mail_key(typed) in known.mail_key
    return phone(typed) == known.phone or _in_name(typed, known)


def _in_name(typed: str, known: Known) -> bool:
    if _closed(search_key(typed)) in _closed(search_key(known.names)):
        return True
    kana = hiragana(typed)
    return is_hiragana_name(kana) and _letters(kana_key(kana, "")) in _letters(known.kana_key)


def _closed(text: str) -> str:
    return "".join(text.split())


def _letters(key: str) -> str:
    """The letters of a kana key, both names together, without the part that holds the marks."""
    return _closed(key.partition("  ")[0])
