"""Secrets at rest: under the current key, readable after rotation, never in clear (design 45)."""

import pytest
from flask import Flask
from pydantic import SecretStr

from app.core.crypto import UnknownKey, decrypt, encrypt, new_key
from config import Settings


@pytest.fixture
def settings(sqlite_app: Flask) -> Settings:
    found: Settings = sqlite_app.extensions["koubo.settings"]
    return found


def use_keys(settings: Settings, monkeypatch: pytest.MonkeyPatch, *keys: str) -> None:
    monkeypatch.setattr(settings, "encryption_keys", [SecretStr(key) for key in keys])


def test_what_is_encrypted_is_read_again_and_shows_nothing(settings: Settings) -> None:
    value = encrypt("合理的配慮：手話通訳")

    assert decrypt(value) == "合理的配慮：手話通訳"
    assert "手話" not in value
    assert value.startswith("k1:")
    assert encrypt("x") != encrypt("x")


def test_after_a_rotation_old_values_are_read_and_new_ones_use_the_new_key(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = new_key("k1"), new_key("k2")
    use_keys(settings, monkeypatch, first)
    old = encrypt("secret")

    use_keys(settings, monkeypatch, second, first)

    assert decrypt(old) == "secret"
    assert encrypt("secret").startswith("k2:")


def test_a_key_that_is_gone_or_wrong_is_named_and_nothing_is_shown(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_keys(settings, monkeypatch, new_key("k1"))
    value = encrypt("secret")

    for keys in ([new_key("k2")], [new_key("k1")]):
        use_keys(settings, monkeypatch, *keys)
        with pytest.raises(UnknownKey, match="k1"):
            decrypt(value)


def test_a_changed_value_is_refused(settings: Settings) -> None:
    value = encrypt("secret")

    with pytest.raises(UnknownKey):
        decrypt(value[:-2] + ("A" if value[-2] != "A" else "B") + value[-1])


def test_the_command_prints_a_key_that_the_settings_take(
    sqlite_app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed = sqlite_app.test_cli_runner().invoke(args=["new-encryption-key", "k7"]).output.strip()
    use_keys(settings, monkeypatch, printed)

    assert decrypt(encrypt("secret")) == "secret"
    assert printed.startswith("k7:")
