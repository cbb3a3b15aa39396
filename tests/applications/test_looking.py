"""Files that take much of the processor's time are looked into last, and nobody is refused for them (V7, V3)."""

from datetime import timedelta

import pytest
from flask import Flask

from app.applications.looking import (
    COUNTS_FROM_SECONDS,
    SECONDS_OF_ADDRESS,
    SECONDS_OF_PERSON,
    _count,
    _is_used_up,
    look_into,
)
from app.core import clock
from app.files.inspection import BUSY, PLACES
from app.files.kinds import PDF
from app.files.verdict import Caps, RefusedFile
from tests.applications.pdf import pdf

CAPS = Caps(bytes=1024 * 1024, pages=50)
SHARES = [(SECONDS_OF_PERSON, "one"), (SECONDS_OF_ADDRESS, "192.0.2.1")]


def test_seconds_are_counted_for_a_person_and_an_address_until_the_hour_is_over(app: Flask) -> None:
    at = clock.now().replace(minute=5)
    with app.app_context():
        _count(SHARES, COUNTS_FROM_SECONDS - 0.1, at=at)
        for _file in range(4):
            assert not _is_used_up(SHARES, at=at)
            _count(SHARES, 4.1, at=at)

        assert _is_used_up(SHARES[:1], at=at)
        assert not _is_used_up(SHARES[1:], at=at)
        _count(SHARES[1:], 80, at=at)
        assert _is_used_up(SHARES[1:], at=at)
        assert not _is_used_up(SHARES, at=at + timedelta(hours=1))


def test_who_used_up_a_share_waits_for_the_last_place_and_others_do_not(sqlite_app: Flask) -> None:
    at = clock.now()
    with sqlite_app.app_context():
        _count(SHARES[:1], 30, at=at)

        with PLACES.last():
            assert look_into("a.pdf", pdf(), (PDF,), CAPS, person="two", address="192.0.2.1", at=at).pages == 1
            with pytest.raises(RefusedFile) as refused:
                look_into("a.pdf", pdf(), (PDF,), CAPS, person="one", address="192.0.2.1", at=at)

        assert refused.value.message == BUSY
        assert look_into("a.pdf", pdf(), (PDF,), CAPS, person="one", address="192.0.2.1", at=at).pages == 1
