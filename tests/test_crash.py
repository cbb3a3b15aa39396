"""Killed in the middle of an upload, of a submit and of a message with a file.

At every sync, rename, commit and answer that Python sees;
bench/crash_walk.py does the same at every system call.
"""

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

import pytest
from flask import Flask

from app.core import clock, storage
from app.core.limits import Limit
from app.correspondence import routes
from app.correspondence.attachment_models import AttachedFile, Attachment
from app.correspondence.models import Message
from app.extensions import db
from tests import factories
from tests.applications.pdf import pdf
from tests.crash import Server, die_at, serving, wait, write_row_before_file
from tests.forms_read import form_with
from tests.invariant_files import orphans
from tests.invariants import check_invariants, look
from tests.screening.arrange import rows
from tests.serving import served
from tests.test_invariants import outside_of
from tests.wire import Answer, Applicant, Lost

MOST_POINTS = 40


@pytest.fixture
def server(sqlite_app: Flask) -> Iterator[Server]:
    db.session.remove()
    with serving(sqlite_app) as made:
        yield made


@dataclass
class Walk:
    """One person whose server is killed later and later in one request, and who goes on as a browser would."""

    server: Server
    person: Applicant
    broken: list[str] = field(default_factory=list)
    killed: int = 0
    since: str = ""
    sent: Callable[[], Answer] | None = None

    def through(self, act: Callable[["Walk"], None]) -> "Walk":
        for point in range(1, MOST_POINTS + 1):
            self.server.start(die_at(point, self.since))
            if self.broken or not self.dies(act):
                self.server.end()
                return self
            self.look(f"{act.__name__} killed at {point}")
            self.server.start()
            self.go_on()
            self.look(f"{act.__name__} killed at {point}, after all")
            self.server.end()
        raise AssertionError(f"still killed at point {MOST_POINTS}")

    def go_on(self) -> None:
        """Do what a browser does that got no answer: send a message again, or the application to its end."""
        if self.sent:
            assert self.sent().status == 303
            return
        self.person.fill(f"/apply/drafts/{self.person.draft}/career")
        self.person.finish()

    def dies(self, act: Callable[["Walk"], None]) -> bool:
        try:
            act(self)
        except Lost:
            assert wait(self.server.child) == -signal.SIGKILL
            self.server.child, self.killed = 0, self.killed + 1
            return True
        self.server.end()
        return False

    def look(self, when: str) -> None:
        outside = outside_of(self.server.app)
        self.person.hang_up()
        assert len(orphans(look(outside, now=clock.now()))) <= self.killed
        self.broken += [f"{when}: {one}" for one in check_invariants(outside, now=clock.now(), seen=self.person.seen)]

    def arm(self) -> None:
        os.kill(self.server.child, signal.SIGUSR1)


def upload(walk: Walk) -> None:
    form = walk.person.open_step(f"/apply/drafts/{walk.person.draft}/career")
    walk.arm()
    walk.person.send_step(form)


def submit(walk: Walk) -> None:
    form = walk.person.open_step(f"/apply/drafts/{walk.person.draft}/questions")
    next(one for one in form.fields if one.kind == "textarea").value = f"{walk.killed}回目"
    walk.person.send_step(form)
    pairs = walk.person.ready()
    walk.arm()
    walk.person.press(pairs)


def message(walk: Walk) -> None:
    walk.sent = writing(walk.person, f"{walk.killed}通め")
    assert walk.sent().status == 303


def writing(person: Applicant, words: str) -> Callable[[], Answer]:
    """Open the page of messages and choose a file; give what sends it, once or again."""
    form = form_with(person.get(person.messages).text, "key")
    form.put("body", words)
    return partial(person.post, form.action, form.pairs(), {"files": ("証明書.pdf", person.document)})


@pytest.fixture
def walk(sqlite_app: Flask, server: Server) -> Walk:
    """A person who has sent once; that also loads in this process what each life of the server would load anew."""
    opening = str(factories.opening(factories.organisation()).id)
    db.session.remove()
    with served(sqlite_app) as port:
        person = Applicant(port, "somebody", opening=opening, document=pdf(1))
        person.apply()
        assert writing(person, "はじめに")().status == 303
        person.hang_up()
    person.port = server.port
    return Walk(server, person)


@pytest.mark.parametrize("act", [upload, submit])
def test_a_server_killed_at_any_step_loses_nothing_and_doubles_nothing(walk: Walk, act: Callable[[Walk], None]) -> None:
    walk.through(act)

    assert walk.broken == []
    assert walk.killed >= 4


def test_a_message_with_a_file_is_sent_once_wherever_the_server_is_killed(
    walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "A_DAY", Limit("message.ask", 100, 86_400))

    walk.since = "fsync"  # of the file: what is counted before it leaves nothing behind
    walk.through(message)

    assert walk.broken == []
    assert walk.killed >= 4
    said = rows(Message)
    assert sorted(one.body for one in said) == sorted(
        ["はじめに", *(f"{number}通め" for number in range(walk.killed + 1))]
    )
    assert sorted(one.message_id for one in rows(Attachment)) == sorted(one.id for one in said)
    assert len(rows(AttachedFile)) == len(said)


@pytest.mark.parametrize("act", [upload, message])
def test_a_row_before_its_file_is_caught(
    walk: Walk, monkeypatch: pytest.MonkeyPatch, act: Callable[[Walk], None]
) -> None:
    monkeypatch.setattr(routes, "A_DAY", Limit("message.ask", 100, 86_400))
    monkeypatch.setattr(storage, "keep", write_row_before_file(storage))

    walk.since = "fsync" if act is message else ""
    walk.through(act)

    assert any("I3" in one for one in walk.broken), walk.broken
