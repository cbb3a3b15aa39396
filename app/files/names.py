"""The name that a person gave a file, kept as it is but for what could harm (reliability U8, U9)."""

import re
import unicodedata

from app.jp.invisible import readable_name

_NAME_BYTES = 255
_COMPOSED = re.compile("[^\uf900-\ufaff\U0002f800-\U0002fa1f]+")  # NFC would turn 神 of this block into the common one


def clean_file_name(name: str) -> str:
    """Keep a file's own name: composed, without folders, what shows nothing, at most 255 bytes."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    composed = _COMPOSED.sub(lambda part: unicodedata.normalize("NFC", part[0]), last)
    kept = readable_name(composed).strip().rstrip(".").strip()
    stem, dot, ending = kept.rpartition(".")
    if not dot or not stem:
        stem, dot, ending = kept.lstrip("."), "", ""
    room = _NAME_BYTES - len(f"{dot}{ending}".encode())
    if room < 1:
        stem, dot, ending, room = kept, "", "", _NAME_BYTES
    cut = stem.encode()[:room].decode(errors="ignore") or "書類"
    return cut + dot + ending
