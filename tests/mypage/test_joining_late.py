"""What one person sent late from another browser joins what the address owns, and is admitted once (design 14, 16)."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.accounts.models import Applicant
from app.applications import late_queries, late_services, merging
from app.applications.late_models import LateAttempt, LateOutcome, LateRuling
from app.applications.late_services import LateRefused, admit_due
from app.applications.late_state import LateState
from app.applications.models import Application, ApplicationState, ApplicationVersion, Draft, StoredFile
from app.applications.queries import get_call
from app.audit.models import AuditEvent
from app.core.access import Role
from app.core.context import SYSTEM, bind, staff_of
from app.core.context import applicant as context_of
from app.extensions import db
from app.openings.deadline_models import Extension
from app.organisations.models import Organisation
from tests import factories
from tests.applications.applying import ANSWERS, Person
from tests.applications.joint import Seeker, joint
from tests.applications.telling import work
from tests.applications.test_applying import rows
from tests.applications.test_deadline import CLOSES, SECOND, send_at
from tests.mypage.test_joining import owner_of
from tests.mypage.test_left_behind import confirm

LATER = CLOSES + timedelta(hours=1)
ARRIVED = CLOSES + 3 * SECOND


class Scene:
    """A city with a call that closes; one person with two browsers, the first of which owns the address."""

    def __init__(self, app: Flask, *, applies_first: bool = False, **contact: Any) -> None:
        with time_machine.travel(CLOSES - timedelta(minutes=5), tick=False):
            self.city = factories.organisation()
            self.opening = factories.opening(self.city, opens_at=CLOSES - timedelta(days=7), closes_at=CLOSES)
            elsewhere = factories.opening(self.city)
            self.first = Person(app, self.opening if applies_first else elsewhere)
            self.first.apply()
            confirm(self.first)
            self.second = Person(app, self.opening).start()
            self.second.fill(contact=contact) if contact else self.second.fill()
            fields = self.second.ready_to_send()
        send_at(self.second, fields, ARRIVED, status=409)
        self.staff = [factories.staff(self.city, role) for role in (Role.HR, Role.APPROVER)]

    def join(self) -> None:
        with time_machine.travel(LATER, tick=False):
            confirm(self.second)

    def state(self) -> LateState:
        self.as_staff()
        [line] = late_queries.lines(get_call(self.opening.id, at=LATER))
        return line.state

    def as_staff(self) -> None:
        db.session.remove()
        bind(db.session, staff_of(self.city.id))

    def rule(self) -> None:
        for seen, person in enumerate(self.staff):
            self.as_staff()
            call = get_call(self.opening.id, at=LATER)
            [line] = late_queries.lines(call)
            attempt = late_queries.get_attempt(self.city.id, call.opening.id, line.id)
            late_services.rule(attempt, call, LateOutcome.ADMIT, "電車の事故", seen=seen, by=person, at=LATER)

    def admit(self) -> None:
        self.rule()
        work(admit_due, at=LATER)

    def sent(self) -> list[Application]:
        return [one for one in rows(Application) if one.opening_id == self.opening.id]


def test_what_was_sent_late_goes_over_with_its_files_and_is_admitted_to_the_owner_once(app: Flask) -> None:
    scene = Scene(app)

    scene.join()

    [attempt] = rows(LateAttempt)
    assert attempt.applicant_id == owner_of().id
    assert {one.applicant_id for one in rows(StoredFile)} == {owner_of().id}
    with time_machine.travel(LATER, tick=False):
        assert "締切後に届いた" in scene.first.get("/my/")
    scene.admit()
    work(admit_due, at=LATER)
    [application] = scene.sent()
    assert (application.applicant_id, application.mail_confirmed_at is not None) == (owner_of().id, True)
    assert scene.state() is LateState.ADMITTED
    with time_machine.travel(LATER, tick=False):
        assert application.receipt_number in scene.first.get("/my/")
    assert [one.action for one in rows(AuditEvent)].count("merge.applicant") == 1


def test_what_was_admitted_before_the_browsers_joined_stays_admitted(app: Flask) -> None:
    scene = Scene(app)
    scene.admit()

    scene.join()
    work(admit_due, at=LATER)

    [application] = scene.sent()
    assert application.applicant_id == owner_of().id
    assert (scene.state(), len(rows(ApplicationVersion))) == (LateState.ADMITTED, 2)


@pytest.mark.parametrize("when", ["before", "after"])
def test_of_one_who_had_applied_in_time_it_becomes_a_version_and_never_a_second_application(
    app: Flask, when: str
) -> None:
    scene = Scene(app, applies_first=True)

    steps = [scene.join, scene.admit] if when == "before" else [scene.admit, scene.join]
    for step in steps:
        step()
    work(admit_due, at=LATER)

    [standing] = [one for one in scene.sent() if one.duplicate_of is None]
    numbers = [one.number for one in rows(ApplicationVersion) if one.application_id == standing.id]
    assert (standing.applicant_id, sorted(numbers)) == (owner_of().id, [1, 2])
    assert standing.received_at < CLOSES
    assert scene.state() is LateState.ADMITTED


def test_a_file_of_a_late_attempt_outlives_the_draft_it_came_from(app: Flask) -> None:
    scene = Scene(app)
    scene.join()

    with time_machine.travel(LATER, tick=False):
        scene.first.draft = scene.second.draft
        scene.first.save("career", ANSWERS["career"], **{"remove-file": "resume"})
    scene.admit()

    assert len(scene.sent()) == 1


def test_a_file_that_only_the_late_attempt_names_goes_over_too(app: Flask) -> None:
    scene = Scene(app)
    with time_machine.travel(LATER, tick=False):
        scene.second.save("career", ANSWERS["career"], **{"remove-file": "resume"})

    scene.join()

    assert {one.applicant_id for one in rows(StoredFile)} == {owner_of().id}


def test_who_holds_a_late_attempt_alone_keeps_the_code_to_it(app: Flask) -> None:
    Scene(app)
    [attempt] = rows(LateAttempt)
    bind(db.session, SYSTEM)
    giver = db.session.get_one(Applicant, attempt.applicant_id)
    assert db.session.get_one(Draft, attempt.draft_id).submitted_at is None
    db.session.get_one(Draft, attempt.draft_id).answers = {}

    assert merging.has_left(db.session, giver) is True


def test_what_names_another_address_stays_with_its_browser_and_code(app: Flask) -> None:
    scene = Scene(app, mail="hoka@example.jp")

    scene.join()

    [attempt] = rows(LateAttempt)
    assert attempt.applicant_id != owner_of().id
    scene.admit()
    [application] = scene.sent()
    assert (application.applicant_id, application.mail_confirmed_at) == (attempt.applicant_id, None)


def test_who_withdrew_before_the_worker_came_is_not_applied_for(app: Flask) -> None:
    scene = Scene(app, applies_first=True)
    scene.join()
    scene.rule()
    [application] = scene.sent()
    with time_machine.travel(LATER, tick=False):
        scene.first.get(f"/my/applications/{application.id}/withdraw")
        scene.first.post(f"/my/applications/{application.id}/withdraw", {"reason": ""})

    work(admit_due, at=LATER)

    assert [(one.state, one.version > 1) for one in scene.sent()] == [(ApplicationState.WITHDRAWN, True)]
    assert len(rows(ApplicationVersion)) == 1
    with time_machine.travel(LATER, tick=False):
        scene.first.post(f"/my/applications/{application.id}/reinstate")
    work(admit_due, at=LATER)
    assert sorted(one.number for one in rows(ApplicationVersion)) == [1, 2]


def test_staff_rule_nothing_about_one_who_withdrew(app: Flask) -> None:
    scene = Scene(app, applies_first=True)
    scene.join()
    [application] = scene.sent()
    with time_machine.travel(LATER, tick=False):
        scene.first.get(f"/my/applications/{application.id}/withdraw")
        scene.first.post(f"/my/applications/{application.id}/withdraw", {"reason": ""})

    with pytest.raises(LateRefused, match="辞退している"):
        scene.rule()

    assert rows(LateRuling) == []


def test_of_a_draft_that_stayed_in_another_browser_it_is_said_how_to_get_there(sqlite_app: Flask) -> None:
    scene = Scene(sqlite_app)
    with time_machine.travel(LATER, tick=False):
        scene.second.save("contact", {**ANSWERS["contact"], "mail": "hoka@example.jp"}, pause="1")
    scene.join()
    [attempt], opening = rows(LateAttempt), scene.opening
    two = {"requested_by": scene.staff[0].id, "approved_by": scene.staff[1].id, "reason": "回線の障害", "at": LATER}
    own = {"organisation_id": opening.organisation_id, "opening_id": opening.id, "closed_at": CLOSES}
    opening.closes_at = CLOSES + timedelta(days=1)
    factories.save(Extension(closes_at=opening.closes_at, **own, **two))
    factories.save(opening)

    with time_machine.travel(LATER, tick=False):
        page = scene.first.get("/my/")

    assert "締切が延長されました。もう一度送信してください" in page
    assert str(attempt.draft_id) not in page
    assert "この端末では開けません" in page
    assert f'href="/apply/openings/{opening.id}"' in page


def test_a_city_that_is_shown_the_order_reads_it_of_a_late_one_too(app: Flask) -> None:
    with time_machine.travel(CLOSES - timedelta(minutes=5), tick=False):
        times = {"opens_at": CLOSES - timedelta(days=7), "closes_at": CLOSES}
        calls = joint(first=times, second=times, rank_visible=True)
        person = Seeker(app, calls.first, calls.second).start().add(calls.second)
        person.fill(questions={"answer_city": "窓口を減らすこと"})
        fields = person.ready_to_send()
    send_at(person, fields, ARRIVED, status=409)
    scene = object.__new__(Scene)
    scene.opening, scene.city = calls.second, next(one for one in rows(Organisation) if one.slug == "osaka")
    scene.staff = [factories.staff(scene.city, role) for role in (Role.HR, Role.APPROVER)]

    scene.admit()

    [version] = rows(ApplicationVersion)
    assert version.rank == 2


def test_of_a_late_attempt_nothing_but_its_applicant_changes_and_not_by_the_applicant(app: Flask) -> None:
    scene = Scene(app)
    [attempt] = rows(LateAttempt)
    for statement in ("UPDATE late_attempt SET answers = '{}'", "UPDATE late_attempt SET draft_id = id"):
        db.session.remove()
        bind(db.session, SYSTEM)
        with pytest.raises(DBAPIError, match="insert-only|permission denied"):
            db.session.execute(text(statement))
    db.session.remove()
    if db.engine.dialect.name == "postgresql":
        bind(db.session, context_of(attempt.applicant_id))
        changed = db.session.execute(text("UPDATE late_attempt SET applicant_id = applicant_id"))
        assert changed.rowcount == 0
    db.session.remove()
    assert scene.sent() == []
