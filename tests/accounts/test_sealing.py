"""What a browser carries for us is bound to its purpose and its time (reliability B11)."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from app.accounts.sealing import seal, unseal

AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_a_sealed_text_comes_back_for_its_purpose_within_its_time(sqlite_app: Flask) -> None:
    sealed = seal("invitation", "token", at=AT)

    assert "token" not in sealed
    assert unseal("invitation", sealed, at=AT + HOUR, within=HOUR) == "token"
    assert unseal("password_reset", sealed, at=AT, within=HOUR) is None
    assert unseal("invitation", sealed, at=AT + HOUR + timedelta(seconds=1), within=HOUR) is None
    assert unseal("invitation", sealed, at=AT - timedelta(seconds=1), within=HOUR) is None


@pytest.mark.parametrize("sealed", [None, "", "x", "k1:", "k1:x", "k9:x", ":", "k1:\ud800"])
def test_what_we_did_not_seal_is_nothing(sqlite_app: Flask, sealed: str | None) -> None:
    assert unseal("invitation", sealed, at=AT, within=HOUR) is None


def test_an_altered_text_is_nothing(sqlite_app: Flask) -> None:
    sealed = seal("invitation", "token", at=AT)

    assert unseal("invitation", sealed[:-3] + "AAA", at=AT, within=HOUR) is None
