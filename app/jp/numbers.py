"""受付番号, 受験番号 and 再開コード: random, readable aloud, and safe against one slip of the finger (J-16).

The alphabet leaves out what looks alike (0 O, 1 I L, 2 Z, 5 S, 6 G, 8 B, U V) and the vowels, so that no
word can appear. The receipt number's check character makes a weighted sum divisible by 37: the 36 digits
and letters are all different modulo that prime and so are the weights, hence every single substitution
and every exchange of two different characters, neighbours or not, is found.
"""

import re
import unicodedata
from collections.abc import Callable

from app.jp.text import without_separators

Random = Callable[[int], int]
"""Gives a whole number from 0 up to, but not including, its argument: `secrets.randbelow`."""

ALPHABET = "23456789CDFHJKMNPQRTWXY"
_ALL = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_PRIME = 37
_LOOK_ALIKE = str.maketrans("BGSZ", "8652")
_RECEIPT = re.compile(rf"([A-Z]{{2,5}})([0-9]{{2}})([{ALPHABET}]{{9}})")
_RESUME = re.compile(rf"[{ALPHABET}]{{12}}")
_DAMM = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)


def _drawn(count: int, random: Random) -> str:
    return "".join(ALPHABET[random(len(ALPHABET))] for _ in range(count))


def _weighted_sum(characters: str) -> int:
    """Sum value times weight, the rightmost character having the weight 1."""
    return sum(weight * _ALL.index(character) for weight, character in enumerate(reversed(characters), start=1))


def receipt_check_character(characters: str) -> str | None:
    """Return the check character for what stands before it, or None when it would not be in the alphabet."""
    value = -_weighted_sum(characters + "0") % _PRIME
    return _ALL[value] if value < len(_ALL) and _ALL[value] in ALPHABET else None


def new_receipt_number(short_name: str, fiscal_year: int, random: Random) -> str:
    """Draw a receipt number such as `SNG-26-7K3M-P9QX-4`; the caller draws again when it is taken.

    `short_name` is two to five letters A to Z, `fiscal_year` four digits. Draws are repeated until the
    check character is one of the alphabet.
    """
    if not re.fullmatch(r"[A-Z]{2,5}", short_name):
        raise ValueError("受付番号の略称は半角大文字2〜5字です。")
    year = f"{fiscal_year % 100:02d}"
    while True:
        body = _drawn(8, random)
        check = receipt_check_character(short_name + year + body)
        if check is not None:
            return f"{short_name}-{year}-{body[:4]}-{body[4:]}-{check}"


def parse_receipt_number(text: str) -> str | None:
    """Return the receipt number as it was issued, however it was typed; None when it cannot be one.

    Width, case, spaces, hyphens and dashes of any kind do not matter, and a letter outside the alphabet
    is read as the digit it looks like (B for 8, G 6, S 5, Z 2).
    """
    typed = _typed(text)
    prefix, body = typed[:-9], typed[-9:].translate(_LOOK_ALIKE)
    match = _RECEIPT.fullmatch(prefix + body)
    if match is None or _weighted_sum(prefix + body) % _PRIME:
        return None
    return f"{match[1]}-{match[2]}-{body[:4]}-{body[4:8]}-{body[8]}"


def new_resume_code(random: Random) -> str:
    """Draw the 12-character 再開コード in three groups of four (about 54 bits); a secret, kept only as a hash."""
    characters = _drawn(12, random)
    return "-".join(characters[start : start + 4] for start in (0, 4, 8))


def parse_resume_code(text: str) -> str | None:
    """Return the 再開コード as it was issued, however it was typed; None when it cannot be one."""
    characters = _typed(text).translate(_LOOK_ALIKE)
    if not _RESUME.fullmatch(characters):
        return None
    return "-".join(characters[start : start + 4] for start in (0, 4, 8))


def damm_digit(digits: str) -> str:
    """Return Damm's check digit; "0" for digits that already end in theirs."""
    interim = 0
    for digit in digits:
        interim = int(_DAMM[interim][int(digit)])
    return str(interim)


def new_examinee_number(random: Random) -> str:
    """Draw a six-digit examinee number that tells nothing about order; its last digit is Damm's.

    It never begins with 0, so no spreadsheet shortens it. Unique per opening: the caller draws again.
    """
    digits = str(10000 + random(90000))
    return digits + damm_digit(digits)


def is_valid_examinee_number(text: str) -> bool:
    """Tell whether `text` is six ASCII digits with the right check digit."""
    return re.fullmatch(r"[1-9][0-9]{5}", text) is not None and damm_digit(text) == "0"


def _typed(text: str) -> str:
    return without_separators(unicodedata.normalize("NFKC", text)).upper()
