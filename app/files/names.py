"""The name that a person gave a file, kept as it is but for what could harm (reliability U8, U9)."""

import re
import unicodedata

_NAME_BYTES = 255
_COMPOSED = re.compile("[^\uf900-\ufaff\U0002f800-\U0002fa1f]+")  # NFC would turn 神 of this block into the common one
_KEPT_JOINERS = "\u200c\u200d"  # stand inside real names and emoji


def clean_file_name(name: str) -> str:
    """Keep a file's own name: composed, without folders, control and direction characters, at most 255 bytes."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    composed = _COMPOSED.sub(lambda part: unicodedata.normalize("NFC", part[0]), last)
    kept = "".join(c for c in composed if _may_stand(c)).strip().rstrip(".").strip()
    stem, dot, ending = kept.rpartition(".")
    if not dot or not stem:
        stem, dot, ending = kept.lstrip("."), "", ""
    room = _NAME_BYTES - len(f"{dot}{ending}".encode())
    if room < 1:
        stem, dot, ending, room = kept, "", "", _NAME_BYTES
    cut = stem.encode()[:room].decode(errors="ignore") or "書類"
    return cut + dot + ending


def _may_stand(character: str) -> bool:
    category = unicodedata.category(character)
    return character in _KEPT_JOINERS or category not in {"Cc", "Cf", "Cs", "Zl", "Zp"}
