"""The checker of I1-I8 sees what is broken by hand, on both databases."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from app.applications.models import StoredFile
from app.core import clock
from app.extensions import db
from tests import factories
from tests.applications.applying import Person
from tests.applications.test_applying import rows
from tests.invariant_files import orphans
from tests.invariants import Canary, Found, Outside, Seen, check_invariants, look, violations


def outside_of(app: Flask, **more: Any) -> Outside:
    """Where the installation of a test can be looked at; on PostgreSQL by the superuser."""
    settings = app.extensions["koubo.settings"]
    url = make_url(settings.sqlalchemy_url)
    if url.drivername.startswith("postgresql"):
        url = url.set(username="postgres")
    return Outside(url.render_as_string(hide_password=False), settings.files_dir, **more)


def by_hand(outside: Outside, statement: str) -> None:
    """Change rows as somebody with the database's own tools could, past triggers and foreign keys."""
    engine = create_engine(outside.url)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            connection.execute(text("PRAGMA foreign_keys = OFF"))
            for name in connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        assert connection.execute(text(statement)).rowcount == 1
    engine.dispose()


@pytest.fixture
def person(app: Flask) -> Person:
    person = Person(app, factories.opening(factories.organisation()))
    person.apply()
    return person


@pytest.fixture
def outside(app: Flask, person: Person) -> Outside:
    with app.app_context():
        db.session.remove()
    return outside_of(app)


def named(outside: Outside, **told: Any) -> set[str]:
    return {one.invariant for one in check_invariants(outside, now=clock.now(), **told)}


def test_a_whole_installation_breaks_nothing(outside: Outside) -> None:
    assert check_invariants(outside, now=clock.now()) == []


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("DELETE FROM application", {"I8"}),
        ("DELETE FROM application_version", {"I8", "I5", "I6"}),
        ("DELETE FROM stored_file", {"I3"}),
        ("UPDATE stored_file SET sha256 = '00'", {"I3"}),
        ("DELETE FROM mail", {"I6"}),
        ("UPDATE mail SET state = 'failed'", {"I6"}),
        ("DELETE FROM audit_event", {"I5"}),
        ("UPDATE audit_event SET actor = 'system'", {"I5"}),
        ("UPDATE audit_head SET hash = 'f'", {"I5"}),
        ("UPDATE application SET receipt_number = 'SHI-26-AAAA-AAAA-A'", {"I7"}),
    ],
)
def test_a_row_changed_by_hand_is_named(outside: Outside, statement: str, broken: set[str]) -> None:
    by_hand(outside, statement)

    found = named(outside)
    assert broken <= found, found
    assert found <= broken | {"I5", "I6", "I8"}


def test_a_file_that_is_gone_or_changed_is_named(outside: Outside) -> None:
    [row] = rows(StoredFile)
    path = outside.files / row.key[:2] / row.key

    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert named(outside) == {"I3"}
    path.unlink()
    assert named(outside) == {"I3"}


def test_a_file_without_a_row_may_stay_a_day(outside: Outside) -> None:
    stray = outside.files / "ab" / ("ab" + "0" * 62)
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"x")

    found = look(outside, now=clock.now())
    assert (orphans(found), violations(found)) == ([stray], [])
    old = (clock.now() - timedelta(hours=25)).timestamp()
    os.utime(stray, (old, old))
    assert named(outside) == {"I3"}


def doubled(table: str, **other: Any) -> Callable[[Found], Found]:
    """What would stand there if a row stood there twice: unique constraints keep such rows out of a real database."""

    def double(found: Found) -> Found:
        return replace(found, rows={**found.rows, table: [*found.rows[table], {**found.rows[table][0], **other}]})

    return double


@pytest.mark.parametrize(
    ("double", "broken"),
    [
        (doubled("application", id=None), {"I2", "I7", "I8"}),
        (doubled("application_version", id=None), {"I2", "I5", "I6"}),
        (doubled("submission", id=None), {"I2", "I8"}),
        (doubled("mail", id=None), {"I6"}),
        (doubled("audit_event", id=None), {"I5"}),
    ],
)
def test_what_stands_there_twice_is_named(outside: Outside, double: Callable[[Found], Found], broken: set[str]) -> None:
    found = double(look(outside, now=clock.now()))

    assert {one.invariant for one in violations(found)} == broken


def test_what_clients_saw_is_compared(outside: Outside) -> None:
    [application] = look(outside, now=clock.now()).rows["application"]
    [submission] = look(outside, now=clock.now()).rows["submission"]
    number = application["receipt_number"]
    page = Seen(number, person="a", opening="o", submission=str(submission["id"]))
    other = Seen("SHI-26-AAAA-AAAA-A", person="a", opening="o")

    assert named(outside, seen=[page, page]) == set()
    assert named(outside, seen=[other]) == {"I1"}
    assert named(outside, seen=[replace(page, submission="another")]) == {"I1"}
    assert named(outside, seen=[page, other]) == {"I1", "I2"}
    assert named(outside, lists={"the list of HR": [number]}) == set()
    assert named(outside, lists={"the list of HR": []}) == {"I8"}


def test_a_canary_in_the_wrong_place_is_named(outside: Outside) -> None:
    own = Canary("見本 春香", frozenset({"mihon@example.jp", "HR of shinagawa"}))

    assert named(outside, canaries=[own], pages=[("HR of shinagawa", "見本 春香".encode())]) == set()
    assert named(outside, canaries=[own], pages=[("HR of kobe", "見本 春香".encode())]) == {"I4"}
    assert named(outside, canaries=[Canary("応募された方へ", frozenset())]) == {
        "I4"
    }  # stands in the mail of the receipt
    log = outside.files / "log"
    log.write_text("error for 見本 春香")
    assert named(replace(outside, logs=[log]), canaries=[own]) == {"I4"}


def test_mails_are_followed_to_the_catcher(outside: Outside) -> None:
    maildir = outside.files.parent / "maildir"
    for folder in ("new", "cur", "tmp"):
        (maildir / folder).mkdir(parents=True, exist_ok=True)
    caught = replace(outside, maildir=maildir)
    assert named(caught) == set()
    assert named(caught, settled=True) == {"I6"}
    by_hand(outside, "UPDATE mail SET state = 'sent'")
    assert named(caught, settled=True) == {"I6"}

    [mail] = look(outside, now=clock.now()).rows["mail"]
    message = EmailMessage()
    message["Message-ID"], message["X-RcptTo"] = mail["message_id"], mail["recipient"]
    (maildir / "new" / "1").write_bytes(message.as_bytes())
    assert named(caught, settled=True) == set()
    message.replace_header("X-RcptTo", "another@example.jp")
    (maildir / "new" / "1").write_bytes(message.as_bytes())
    assert named(caught, settled=True) == {"I6"}
