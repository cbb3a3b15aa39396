"""The deadline and the mail with the real thing: our server, real clocks, held locks, a silent SMTP server (D2, M1)."""

import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import Context
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.applications.late_models import LateAttempt
from app.applications.models import Application, Draft
from app.core import clock
from app.core import mail as core_mail
from app.core.context import SYSTEM
from app.core.database import own_transaction
from app.core.server import ARRIVED
from app.extensions import db
from app.openings.models import Opening
from app.outbox.delivery import deliver_due
from app.outbox.models import Mail, MailState
from tests import factories
from tests.applications.telling import work
from tests.applications.test_applying import rows
from tests.outbox.post_office import PostOffice, opened, use_port
from tests.postgres import free_port
from tests.serving import served
from tests.wire import Applicant, hung_up

NAMES = "in time", "in time, in line", "late"
BEFORE, AFTER, HELD = 0.6, 0.4, 1.5  # seconds around the deadline; the lock goes HELD behind it


@contextmanager
def write_lock(app: Flask) -> Iterator[None]:
    """Hold what a submit must have: the database's one writer on SQLite, the rows of the drafts on PostgreSQL."""
    with own_transaction(app.extensions["koubo.engine"], SYSTEM) as session:
        session.scalars(select(Draft).with_for_update()).all()
        yield


def close_at(opening_id: Any, closes_at: datetime) -> None:
    [opening] = rows(Opening)
    opening.closes_at = closes_at
    factories.save(opening)


def wait_until(at: datetime) -> None:
    time.sleep(max(0.0, (at - clock.now()).total_seconds()))


class Sends:
    """Each of several people presses 送信 at an instant of their own."""

    def __init__(self, people: Sequence[Applicant]) -> None:
        self.answers: dict[str, int] = {}
        self.threads = [threading.Thread(target=self._send, args=(one, one.ready())) for one in people]

    def _send(self, person: Applicant, pairs: Any) -> None:
        self.answers[person.name] = person.post(f"/apply/drafts/{person.draft}/confirm", pairs).status

    def press_at(self, moments: Sequence[datetime]) -> None:
        for thread, at in zip(self.threads, moments, strict=True):
            wait_until(at)
            thread.start()

    def wait(self) -> None:
        for thread in self.threads:
            thread.join(timeout=30)


@contextmanager
def on_confirm(port: int, opening: Any, *names: str) -> Iterator[list[Applicant]]:
    """People who have filled in all that is asked."""
    people = [Applicant(port, name, opening=str(opening.id), timeout=30) for name in names]
    with hung_up(*people):
        for person in people:
            person.fill(person.start())
        yield people


def test_a_send_that_arrived_in_time_is_accepted_with_its_arrival_though_the_lock_was_held_across_the_deadline(
    app: Flask,
) -> None:
    """One waits for the lock; the others wait for the only thread, which the first one holds."""
    opening = factories.opening(factories.organisation())
    db.session.remove()
    assert ARRIVED == "koubo.received_at"
    with served(app, threads=1) as port, on_confirm(port, opening, *NAMES) as people:
        sends = Sends(people)
        closes_at = clock.now().replace(microsecond=0) + timedelta(seconds=3)
        close_at(opening.id, closes_at)
        moments = [closes_at + timedelta(seconds=after) for after in (-BEFORE, -BEFORE / 2, AFTER)]
        with write_lock(app):
            sends.press_at(moments)
            wait_until(closes_at + timedelta(seconds=HELD))
            assert sends.answers == {}
        sends.wait()

    assert sends.answers == dict(zip(NAMES, (303, 303, 409), strict=True))
    accepted, [attempt] = sorted(one.received_at for one in rows(Application)), rows(LateAttempt)
    assert [a <= at < closes_at for a, at in zip(moments[:2], accepted, strict=True)] == [True, True]
    assert moments[2] <= attempt.received_at < closes_at + timedelta(seconds=HELD)


@contextmanager
def silent_server() -> Iterator[int]:
    """A mail server that takes the connection and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as line:
        yield line.getsockname()[1]


def sweep(app: Flask) -> None:
    """Let the worker look for due mail."""
    with app.app_context():
        work(deliver_due)


def sent_in(port: int, opening: Any, name: str) -> float:
    """Apply, and say how long the send took."""
    person = Applicant(port, name, opening=str(opening.id), timeout=30, typed={"mail": f"{name}@example.jp"})
    with hung_up(person):
        person.fill(person.start())
        pairs, began = person.ready(), time.monotonic()
        assert person.press(pairs)
        return time.monotonic() - began


def send_while_mail_fails(app: Flask, opening: Any, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Apply while nobody listens, and while a mail server says nothing; give how long each send took."""
    took = []
    with served(app) as port, silent_server() as hangs:
        for n, server_port in enumerate((free_port(), hangs)):
            use_port(app, monkeypatch, server_port)
            worker = threading.Thread(target=Context().run, args=(sweep, app))
            worker.start()
            took.append(sent_in(port, opening, f"person{n}"))
            worker.join(timeout=30)
            sweep(app)
    return took


def test_a_mail_server_that_is_down_or_hangs_holds_up_no_send_and_the_mail_goes_out_once_it_is_back(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(core_mail, "TIMEOUT_SECONDS", 1)
    opening = factories.opening(factories.organisation())
    db.session.remove()

    took = send_while_mail_fails(app, opening, monkeypatch)

    assert max(took) < 5
    waiting = [(one.state, one.attempts > 0, one.last_error != "") for one in rows(Mail)]
    assert waiting == [(MailState.QUEUED, True, True)] * 2
    assert len(rows(Application)) == 2
    back = use_port(app, monkeypatch)
    with opened(PostOffice(), back) as office:
        work(deliver_due, at=clock.now() + timedelta(hours=1))
        work(deliver_due, at=clock.now() + timedelta(hours=2))

    assert sorted(one.recipients[0] for one in office.caught) == ["person0@example.jp", "person1@example.jp"]
    assert {one.state for one in rows(Mail)} == {MailState.SENT}
