"""公募 close at 正午, 17:15 and 18:00: each to the very instant, whatever the machine's time zone (D1, D3)."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.applications.late_models import LateAttempt
from app.applications.models import Application
from app.core.context import PUBLIC, bind
from app.extensions import db
from app.openings import queries
from app.openings.models import Opening
from app.openings.queries import ClosingState
from tests import factories
from tests.applications.applying import Person
from tests.applications.test_applying import rows
from tests.applications.test_deadline import send_at

MILLISECOND, SECOND = timedelta(milliseconds=1), timedelta(seconds=1)
OFFSETS = {-SECOND: True, -MILLISECOND: True, timedelta(0): True, MILLISECOND: False, SECOND: False}
CLOSINGS = {
    "12:00（正午）": datetime(2026, 11, 30, 3, 0, tzinfo=UTC),
    "17:15": datetime(2026, 11, 30, 8, 15, tzinfo=UTC),
    "18:00": datetime(2026, 11, 30, 9, 0, tzinfo=UTC),
}


@pytest.fixture(params=["UTC", "Asia/Tokyo", "America/New_York"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The machine's own time zone, which decides nothing."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


def closing_at(closes_at: datetime, **values: Any) -> Opening:
    with time_machine.travel(closes_at - timedelta(days=3), tick=False):
        made: Opening = factories.opening(
            factories.organisation(), opens_at=closes_at - timedelta(days=7), closes_at=closes_at, **values
        )
        return made


def confirm_page(person: Person, at: datetime) -> str:
    with time_machine.travel(at, tick=False):
        return str(person.get(person.url("confirm")))


@pytest.mark.parametrize("words", CLOSINGS)
def test_the_deadline_is_one_instant_on_every_page_and_in_the_database(app: Flask, zone: str, words: str) -> None:
    closes_at = CLOSINGS[words]
    opening = closing_at(closes_at)
    db.session.remove()
    bind(db.session, PUBLIC)

    for offset, in_time in OFFSETS.items():
        at = closes_at + offset
        found = db.session.scalars(select(Opening.id).where(queries.is_open(at))).all()
        state = ClosingState.OPEN if in_time else ClosingState.CLOSED
        assert (found == [opening.id]) is in_time
        assert queries.closing_state(opening, at) is state
        assert queries.takes_applications(opening, at) is in_time


@pytest.mark.parametrize("words", CLOSINGS)
def test_what_is_sent_a_thousandth_late_reads_later_than_the_deadline_and_in_time_is_taken(
    sqlite_app: Flask, zone: str, words: str
) -> None:
    closes_at = CLOSINGS[words]
    opening = closing_at(closes_at)
    with time_machine.travel(closes_at - timedelta(minutes=20), tick=False):
        person = Person(sqlite_app, opening)
        assert f"11月30日（月）{words}" in person.get(f"/openings/{opening.id}")
        person.start().fill()
        page = person.get(person.url("confirm"))
        assert f"11月30日（月）{words}" in page
        assert "締切まで30分を切りました" in page
        fields = person.ready_to_send()
    assert "締切まで5分を切りました" in confirm_page(person, closes_at - timedelta(minutes=4))

    late = send_at(person, fields, closes_at + MILLISECOND, status=409).text
    assert f"{closes_at + timedelta(hours=9):%H:%M}:00.001" in late
    send_at(person, fields, closes_at, status=303)
    page = confirm_page(person, closes_at + timedelta(minutes=2))
    assert [word in page for word in ("締切を過ぎました", "人事課")] == [True, True]

    assert [one.received_at for one in rows(Application)] == [closes_at]
    assert [one.received_at for one in rows(LateAttempt)] == [closes_at + MILLISECOND]


def test_in_a_grace_nobody_begins_and_who_began_may_send(sqlite_app: Flask) -> None:
    closes_at = CLOSINGS["17:15"]
    opening = closing_at(closes_at, grace_seconds=60)
    with time_machine.travel(closes_at - timedelta(minutes=20), tick=False):
        person = Person(sqlite_app, opening).start().fill()
        fields = person.ready_to_send()
        other = Person(sqlite_app, opening)
        other.get("/my/sign-in")

    with time_machine.travel(closes_at + SECOND, tick=False):
        assert "受付は終了しました" in other.get(f"/openings/{opening.id}")
        other.post(f"/apply/openings/{opening.id}", status=409)
    send_at(person, fields, closes_at + SECOND, status=303)
