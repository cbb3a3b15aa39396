"""A text that a browser carries for us, encrypted and bound to one purpose and a time (reliability B11)."""

import json
from datetime import datetime, timedelta

from app.core.crypto import UnknownKey, decrypt, encrypt


def seal(purpose: str, text: str, *, at: datetime) -> str:
    """Encrypt a text for one purpose."""
    return encrypt(json.dumps([purpose, at.timestamp(), text]))


def unseal(purpose: str, sealed: str | None, *, at: datetime, within: timedelta) -> str | None:
    """Give the text back if it was sealed for this purpose and is not older than `within`, else None."""
    try:
        sealed_for, sealed_at, text = json.loads(decrypt(sealed or ""))
    except (UnknownKey, ValueError):
        return None
    age = at.timestamp() - sealed_at
    return str(text) if sealed_for == purpose and 0 <= age <= within.total_seconds() else None
