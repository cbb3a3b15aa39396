"""Encryption of secrets at rest, with a key id and rotation (design 45). The first key is the current one.

A column that holds such values says so by `info=SEALED`, so that `core.resealing` finds it.
"""

from cryptography.fernet import Fernet, InvalidToken
from flask import current_app

from config import Settings

SEALED = {"sealed": True}


class UnknownKey(Exception):
    """A value was encrypted under a key that the settings no longer name."""


def new_key(key_id: str = "k1") -> str:
    """Make a key in the form of the setting: `id:key`."""
    return f"{key_id}:{Fernet.generate_key().decode()}"


def _keys() -> dict[str, Fernet]:
    settings: Settings = current_app.extensions["koubo.settings"]
    pairs = (key.get_secret_value().split(":", 1) for key in settings.encryption_keys)
    return {key_id: Fernet(secret) for key_id, secret in pairs}


def key_ids() -> list[str]:
    """Name the keys of the settings, the one under which is encrypted now first."""
    return list(_keys())


def key_id_of(value: str) -> str:
    """Name the key under which a value was encrypted; empty for what nobody encrypted."""
    key_id, colon, _token = value.partition(":")
    return key_id if colon else ""


def encrypt(text: str) -> str:
    """Encrypt under the current key: `id:token`."""
    key_id, key = next(iter(_keys().items()))
    return f"{key_id}:{key.encrypt(text.encode()).decode()}"


def decrypt(value: str) -> str:
    """Decrypt under whichever named key it was made with.

    Raises: UnknownKey.
    """
    key_id, _colon, token = value.partition(":")
    try:
        return _keys()[key_id].decrypt(token.encode()).decode()
    except (KeyError, InvalidToken) as error:
        raise UnknownKey(key_id) from error
