"""What was typed as a name or an address and is probably a slip: it is saved, asked about once, never refused. Pure."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from app.applications.answers import Person
from app.applications.steps import Step
from app.jp.names import reads_as_name

_PREFECTURE = re.compile("東京都|北海道|京都府|大阪府|...?県")
_POSTAL_CODE = re.compile(r"〒?[0-9]{3}-?[0-9]{4}")
_KANJI_OR_KANA = re.compile(r"[\u3041-\u30fa\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_REPEATED = re.compile(r"(.)\1{2,}|([a-z])\2+")
_NAMES = {"family_name": "姓", "given_name": "名", "family_kana": "せい", "given_kana": "めい"}


@dataclass(frozen=True)
class Oddity:
    """What to look at again, and the id of the box."""

    box: str
    message: str


def oddities(step: Step, person: Person) -> list[Oddity]:
    """List what a person may want to look at again in a step that was saved."""
    if step is Step.CONTACT:
        return list(_of_names(person))
    if step is Step.PROFILE and person.address and not _names_prefecture(person.address):
        return [Oddity("address", "住所に都道府県がないようです。抜けているときは、都道府県から入力してください")]
    return []


def _of_names(person: Person) -> Iterator[Oddity]:
    for box, label in _NAMES.items():
        typed = getattr(person, box)
        if said := _odd_name(typed):
            yield Oddity(box, f"{label}の「{typed}」は、{said}。間違いがあれば直してください")


def _odd_name(typed: str) -> str | None:
    """Say what is unusual about a name; what people are called is more than any list knows."""
    if typed and not reads_as_name(typed):
        return "数字や記号が入っているか、名前としては長いようです"
    if _REPEATED.fullmatch(unicodedata.normalize("NFKC", typed).casefold()):
        return "同じ文字の繰り返しです"
    if any(_is_mixed(word) for word in re.split(r"[\s・･]", typed)):
        return "英字と漢字やかなが混ざっています"
    return None


def _is_mixed(word: str) -> bool:
    """Say whether one word has both Latin letters and kanji or kana: 花Co; 花子 Marie is two words."""
    has_latin = any(unicodedata.name(one, "").startswith(("LATIN", "FULLWIDTH LATIN")) for one in word)
    return has_latin and _KANJI_OR_KANA.search(word) is not None


def _names_prefecture(address: str) -> bool:
    plain = unicodedata.normalize("NFKC", address).strip()
    return _PREFECTURE.match(_POSTAL_CODE.sub("", plain, count=1).strip()) is not None
