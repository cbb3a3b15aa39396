"""Lenient in, strict when stored: kana, digits, telephone, postal code, mail (J-01 to J-08).

Names are never normalised; everything that is only looked up gets a key of its own.
"""

import re
import unicodedata

from app.jp.invisible import readable_name

_DASHES = "-‐‑‒–—―−ー─━－ｰ﹣﹘⁃˗"
_SEPARATORS = re.compile(rf"[\s{re.escape(_DASHES)}()（）「」［］\[\]・.．]")
_KANA_RUN = re.compile("[\u3041-\u30ff\uff65-\uff9f\u3099\u309a]+")
_DASH_AFTER_KANA = re.compile(rf"(?<=[\u3041-\u3096\u30fc])[{re.escape(_DASHES)}]")
_HIRAGANA_NAME = re.compile("[\u3041-\u3096][\u3041-\u3096\u309d\u309eー・ ]*")
_SPACING_MARKS = str.maketrans({"\u309b": "\u3099", "\u309c": "\u309a"})
_TO_HIRAGANA = {code: code - 0x60 for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}


class PrivateUseCharacters(ValueError):
    """A name holds characters that only the sender's computer can show (外字)."""

    def __init__(self, characters: list[str]) -> None:
        self.characters = characters
        super().__init__(
            "外字（このパソコンだけで表示できる文字）は送れません。代わりの文字を入力し、"
            "正しい字形は「氏名の文字について」の欄でお知らせください。"
        )


def without_separators(text: str) -> str:
    """Drop white space, brackets, dots, and dashes of every kind."""
    return _SEPARATORS.sub("", text)


def clean_name(text: str) -> str:
    """Strip control characters and outer spaces, and keep every other character to the byte.

    What `readable_name` takes out counts as control characters. Raises PrivateUseCharacters.
    """
    refused = private_use_characters(text)
    if refused:
        raise PrivateUseCharacters(refused)
    return readable_name(text).strip()


def private_use_characters(text: str) -> list[str]:
    """Return the private-use characters in `text`, each once, in their order."""
    return list(dict.fromkeys(c for c in text if unicodedata.category(c) == "Co"))


def hiragana(text: str) -> str:
    """Turn kana of any width and kind into composed hiragana, and leave what is no kana.

    ー and ・ stay, a dash after kana becomes ー, outer spaces go and inner ones become one half-width space.
    """
    kana = _KANA_RUN.sub(lambda run: _composed(run[0]), text.translate(_SPACING_MARKS))
    return " ".join(_DASH_AFTER_KANA.sub("ー", kana.translate(_TO_HIRAGANA)).split())


def _composed(kana: str) -> str:
    return unicodedata.normalize("NFKC", kana)


def is_hiragana_name(text: str) -> bool:
    """Tell whether `text` is a name as stored: hiragana, ー, ・, iteration marks and inner half-width spaces."""
    return _HIRAGANA_NAME.fullmatch(text) is not None and not text.endswith(" ")


def digits(text: str) -> str:
    """Turn full-width and other styled decimal digits into ASCII and leave every other character."""
    return "".join(_ascii_digit(character) for character in text)


def _ascii_digit(character: str) -> str:
    plain = unicodedata.normalize("NFKC", character)
    return plain if character.isdecimal() and plain.isascii() else character


def phone(text: str) -> str | None:
    """Return a telephone number as 10 or 11 digits from 0, or `+` and country code for one abroad; None if it is none.

    +81 is written back to the domestic form.
    """
    typed = without_separators(digits(text)).replace("＋", "+")
    if typed.startswith("+81"):
        typed = "0" + typed[3:].removeprefix("0")
    if re.fullmatch(r"0[25-9]0[0-9]{8}|0(?![25-9]0)[1-9][0-9]{8}", typed):
        return typed
    if re.fullmatch(r"\+[1-9][0-9]{7,14}", typed):
        return typed
    return None


# how many digits each part has, by the beginning; an area code shared by longer ones (042 and 0422) is not here
_PHONE_PARTS = (
    (re.compile(r"0800[0-9]{7}"), (4, 3)),
    (re.compile(r"0[5-9]0[0-9]{8}"), (3, 4)),
    (re.compile(r"(?:0120|0570|0990)[0-9]{6}"), (4, 3)),
    (re.compile(r"0[36][0-9]{8}"), (2, 4)),
    (re.compile(r"(?:011|044|045|052|075|078)[0-9]{7}"), (3, 3)),
)


def spaced_phone(number: str) -> str:
    """Write a kept telephone number as people read it where its parts are known: 090-0000-0001, 03-0000-0001."""
    for pattern, (first, second) in _PHONE_PARTS:
        if pattern.fullmatch(number):
            return f"{number[:first]}-{number[first : first + second]}-{number[first + second :]}"
    return number


def dialled(text: str) -> str:
    """Return what a telephone dials of a number as a city writes it: 03-0000-0000 内線 12 gives 0300000000, or ""."""
    found = re.search(r"\+?[0-9][0-9() -]{7,}", unicodedata.normalize("NFKC", text))
    return re.sub(r"[() -]", "", found[0]) if found else ""


def postal_code(text: str) -> str | None:
    """Return the seven digits of a postal code typed with or without 〒 and hyphen, or None."""
    typed = without_separators(digits(text)).removeprefix("〒").removeprefix("〶")
    return typed if re.fullmatch(r"[0-9]{7}", typed) else None


def mail_key(address: str) -> str:
    """Return the key under which a mail address is looked up: NFC, outer spaces gone, all lower case.

    Mail itself goes to the address as typed.
    """
    return unicodedata.normalize("NFC", address.strip()).lower()


_SMALL = dict(zip("ぁぃぅぇぉっゃゅょゎゕゖ", "あいうえおつやゆよわかけ", strict=True))
_VOWEL_ROWS = {
    "あ": "あかさたなはまやらわ",
    "い": "いきしちにひみりゐ",
    "う": "うくすつぬふむゆる",
    "え": "えけせてねへめれゑ",
    "お": "おこそとのほもよろを",
}
_VOWEL = {kana: vowel for vowel, row in _VOWEL_ROWS.items() for kana in row}
_MARKS = {"": "0", "\u3099": "1", "\u309a": "2"}


def kana_key(sei: str, mei: str) -> str:
    """Return the key that sorts names in the order of the 五十音 when compared byte by byte.

    The same order comes from SQLite's BINARY and PostgreSQL's C collation. 姓 decides before 名. Letters are
    compared first with everything folded: small kana as large, は ば ぱ as は, ー as the vowel before it, ゝ as the
    kana before it, ・ and spaces left out. Only then, in a last part, plain stands before ゛ before ゜, and a full
    letter before a small one before ー or ゝ.
    """
    parts = [_folded(hiragana(name)) for name in (sei, mei)]
    return " ".join([*(letters for letters, _ in parts), "", *(marks for _, marks in parts)])


def _folded(kana: str) -> tuple[str, str]:
    letters, marks = "", ""
    for character in unicodedata.normalize("NFC", kana):
        if character in "・ ":
            continue
        letter, mark = _letter_and_mark(character, letters[-1:])
        letters, marks = letters + letter, marks + mark
    return letters, marks


def _letter_and_mark(character: str, before: str) -> tuple[str, str]:
    if character == "ー" and before:
        return _VOWEL.get(before, before), "6"
    base, sound = character, ""
    if "\u3041" <= character <= "\u309e":
        decomposed = unicodedata.normalize("NFD", character)
        base, sound = decomposed[0], decomposed[1:]
    if base == "ゝ" and before:
        return before, str(6 + int(_MARKS.get(sound, "0")))
    if base in _SMALL:
        return _SMALL[base], "3"
    return base, _MARKS.get(sound, "0")


_VARIANTS = str.maketrans(
    "髙﨑碕嵜𠮷德濵濱邉邊澤櫻國廣嶋嶌眞惠齋齊槗栁龍瀧條佛淺萬榮圓與豐藏學會當體關驒冨",
    "高崎崎崎吉徳浜浜辺辺沢桜国広島島真恵斎斉橋柳竜滝条仏浅万栄円与豊蔵学会当体関騨富",
)


def search_key(text: str) -> str:
    """Return the form in which text is searched: NFKC, casefold, no variation selectors, variant kanji as one."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in plain if not _is_variation_selector(c)).translate(_VARIANTS)


def _is_variation_selector(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
