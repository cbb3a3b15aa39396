"""Whether what somebody typed as a name reads like one. Pure; it decides what a mail repeats, never what is kept."""

import re
import unicodedata

WIDEST = 60  # in half-width characters; a longer one is kept and shown on pages, a mail greets without it
_JOINERS = frozenset("\u200c\u200d・･·゠=-‐‑–'’ʼ")
_INITIALS = re.compile(r"(?<![^\W\d_])[^\W\d_]{1,3}\.(?= |$)")  # J. R. R., St.
_SAID = re.compile("ください|下さい|します|しました|ません|でした")


def reads_as_name(text: str) -> bool:
    """Say whether a text holds nothing that reads like an address or a sentence: letters and their marks, spaces,
    joiners and the dots of initials, and no more of them than a name has."""
    plain = unicodedata.normalize("NFKC", text)
    rest = _INITIALS.sub("", plain)
    return 0 < _width(text) <= WIDEST and not _SAID.search(plain) and all(_is_of_a_name(one) for one in rest)


def _is_of_a_name(character: str) -> bool:
    kind = unicodedata.category(character)
    return kind[0] in "LM" or kind == "Nl" or character == " " or character in _JOINERS


def _width(text: str) -> int:
    seen = (one for one in text if unicodedata.category(one)[0] != "M")
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in seen)
