"""To which of several openings the page says; when that is lost on the way, nothing is sent to any (design 18)."""

import uuid
from datetime import timedelta

import pytest

from app.applications.late_models import LateAttempt
from app.applications.models import Application, Submission
from tests import factories
from tests.applications.applying import Person
from tests.applications.joint import Seeker, joint
from tests.applications.test_applying import rows


@pytest.fixture
def seeker(sqlite_app):
    both = joint()
    return (
        Seeker(sqlite_app, both.first, both.second).start().add(both.second).fill(questions={"answer_city": "街のDX"})
    )


WRONG = {
    "missing": lambda _ready: [],
    "empty": lambda _ready: [""],
    "garbage": lambda _ready: ["x-y"],
    "unknown": lambda _ready: [str(uuid.uuid4())],
    "one of them garbage": lambda ready: [ready[0], "?"],
    "one of them unknown": lambda ready: [ready[0], str(uuid.uuid4())],
}


@pytest.mark.parametrize("how", WRONG)
def test_a_page_that_does_not_say_to_whom_sends_to_nobody(seeker, how):
    ready = seeker.ready_to_send()

    refusal = seeker.send(ready | {"to": WRONG[how](ready["to"])}, status=409).get_data(as_text=True)

    assert "どの自治体にも、まだ送信していません" in refusal
    assert seeker.url("confirm") in refusal
    assert (rows(Application), rows(Submission), rows(LateAttempt)) == ([], [], [])
    seeker.send(ready)
    assert len(rows(Application)) == 2


def test_after_the_deadline_it_is_kept_for_nobody_either(seeker, time_machine):
    ready = seeker.ready_to_send()
    time_machine.move_to(seeker.opening.closes_at + timedelta(seconds=1))

    seeker.send(ready | {"to": []}, status=409)

    assert rows(LateAttempt) == []


def test_a_draft_of_one_opening_needs_no_name(sqlite_app):
    person = Person(sqlite_app, factories.opening(factories.organisation())).start().fill()

    person.send(person.ready_to_send() | {"to": []})

    assert len(rows(Application)) == 1


def test_a_retry_whose_names_were_lost_gives_back_what_its_key_sent(seeker):
    ready = seeker.ready_to_send()
    place = seeker.send(ready).headers["Location"]

    again = seeker.send(ready | {"to": ["x-y"]})

    assert again.headers["Location"] == place
    assert len(rows(Submission)) == 1
