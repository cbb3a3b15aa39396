"""What was typed into the pre-check, sealed into the address of its result: nothing is kept, Back and reload show it.

Only the browser that sent it can open it: the seal names that browser by its own form token.
"""

import hashlib
import json
import zlib
from base64 import b85decode, b85encode

from app.core.crypto import UnknownKey, decrypt, encrypt

Pairs = list[tuple[str, str]]
LONGEST = 4_000  # characters that any server in front of ours takes in an address


def seal(typed: Pairs, browser: str) -> str | None:
    """Seal what a browser sent; None when it is too much for an address."""
    text = json.dumps([_name(browser), typed], ensure_ascii=False)
    sealed = encrypt(b85encode(zlib.compress(text.encode(), 9)).decode())
    return sealed if len(sealed) <= LONGEST else None


def unseal(sealed: str, browser: str) -> Pairs | None:
    """Open what the same browser sent; None for anything else."""
    try:
        owner, typed = json.loads(zlib.decompress(b85decode(decrypt(sealed))))
    except (UnknownKey, ValueError, zlib.error):
        return None
    return [(name, value) for name, value in typed] if owner == _name(browser) else None


def _name(browser: str) -> str:
    return hashlib.sha256(browser.encode()).hexdigest()
