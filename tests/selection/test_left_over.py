"""Who a result set leaves over is named before it is prepared and approved, and afterwards is told the truth."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import update

from app.applications.models import Application, ApplicationState, Withdrawal
from app.core import clock
from app.core.model import new_id
from app.extensions import db
from app.selection import services
from app.selection.left_over import LeftOver
from app.selection.models import ResultSet
from app.selection.services import DecisionRefused
from tests import factories, planting
from tests.browsing import Browser
from tests.correspondence.arrange import holding
from tests.reviews.arrange import accepted_application, act_as_system, set_state
from tests.selection.arrange import FAIL, PASS, Meeting, meeting, soon

WHEN = {"on-year": "令和9", "on-month": "12", "on-day": "11", "at": "9:00"}
NOBODY = LeftOver(0, 0, 0, 0)


def withdrawn(made: Meeting, application: Application, *, at: datetime) -> None:
    own = {"organisation_id": made.scene.city.id, "application_id": application.id}
    factories.save(Withdrawal(id=new_id(), **own, reason="", at=at))
    set_state(application.id, ApplicationState.WITHDRAWN)


def board_url(made: Meeting) -> str:
    return made.scene.url(f"/openings/{made.scene.opening.id}/selection")


def browsers(app: Flask, made: Meeting) -> tuple[Browser, Browser]:
    return made.scene.browser(app, made.scene.hr), made.scene.browser(app, made.approver)


def test_who_waits_came_late_or_may_undo_a_withdrawal_is_counted_and_who_may_not_is_not(app: Flask) -> None:
    made = meeting(applications=4)
    assert made.left() == NOBODY
    now = clock.now()
    withdrawn(made, made.scene.applications[2], at=now - timedelta(hours=23))
    withdrawn(made, made.scene.applications[3], at=now - timedelta(hours=25))
    factories.application(made.scene.city, made.scene.opening)
    planting.late_attempt(made.scene.opening, planting.Words("見本", "みほん", "mihon"))

    assert made.left() == LeftOver(waiting=1, late=1, withdrawn=1, newcomers=0)
    assert made.left(stage_key="interview") == NOBODY


def test_who_came_after_the_set_was_prepared_is_counted_and_who_withdrew_with_a_line_is_not(app: Flask) -> None:
    made = meeting()
    made.decided(PASS, FAIL, FAIL)
    found = made.prepared()
    withdrawn(made, made.scene.applications[0], at=clock.now())
    accepted_application(made.scene.opening)

    assert made.left(found) == replace(NOBODY, newcomers=1)


def test_hr_prepares_and_another_approves_only_with_a_word_that_each_has_seen_who_is_left(sqlite_app: Flask) -> None:
    made = meeting()
    made.decided(PASS, FAIL, FAIL)
    factories.application(made.scene.city, made.scene.opening)
    hr, approver = browsers(sqlite_app, made)
    page, token = hr.get(board_url(made)), made.left().token
    url = board_url(made) + "/documents/results"

    refused = hr.post(url, WHEN, status=422).text
    older = hr.post(url, WHEN | {"seen": "y", "left": "0-1-0-0"}, status=422).text
    set_url = hr.post(url, WHEN | {"seen": "y", "left": token}).location
    shown = approver.get(set_url)
    unread = approver.post(set_url + "/approve", status=422).text
    approver.post(set_url + "/approve", {"seen": "y", "left": token})

    for text in (page, refused, older, shown, unread):
        assert "応募資格の確認か受理が済んでいない応募が1件あります" in text
    for text in (refused, older, unread):
        assert "残る応募を確かめて、印を付けてください" in text
    assert "承認済み" in approver.get(set_url)


def test_a_use_case_refuses_what_nobody_saw(app: Flask) -> None:
    made = meeting()
    made.decided(PASS, FAIL, FAIL)
    found = made.act(services.prepare_results, release_at=soon())
    accepted_application(made.scene.opening)

    with pytest.raises(DecisionRefused, match="残る応募"):
        made.act(services.approve_results, found, by=made.approver)
    made.act(services.void_results, found)
    factories.application(made.scene.city, made.scene.opening)
    with pytest.raises(DecisionRefused):
        made.act(services.prepare_results, release_at=soon())


def test_nothing_is_asked_where_nobody_is_left(sqlite_app: Flask) -> None:
    made = meeting()
    made.decided(PASS, FAIL, FAIL)
    hr, approver = browsers(sqlite_app, made)
    page = hr.get(board_url(made))
    set_url = hr.post(board_url(made) + "/documents/results", WHEN).location

    assert "印を付け" not in page + approver.get(set_url)
    approver.post(set_url + "/approve")


def test_who_was_decided_on_and_withdrew_before_the_set_was_prepared_stops_no_approval(sqlite_app: Flask) -> None:
    made = meeting()
    made.decided(PASS, FAIL, FAIL)
    withdrawn(made, made.scene.applications[2], at=clock.now() - timedelta(hours=25))

    made.approved()

    assert made.left() == NOBODY


def test_who_undoes_a_withdrawal_before_the_release_is_told_of_on_the_board_with_what_can_be_done(
    sqlite_app: Flask,
) -> None:
    made = meeting()
    made.decided(PASS, FAIL, FAIL)
    gone = made.scene.applications[2]
    withdrawn(made, gone, at=clock.now())
    found = made.approved()
    set_state(gone.id, ApplicationState.ACCEPTED)
    hr, _approver = browsers(sqlite_app, made)

    page = hr.get(board_url(made))

    assert "承認した結果に入っていない応募があります" in page
    assert str(gone.examinee_number) in page
    assert "結果を取り消し、判定を入れて用意し直せます" in page
    made.act(services.void_results, found)
    made.approved()


def test_after_the_release_nobody_left_is_promised_a_form_or_a_result(sqlite_app: Flask) -> None:
    made = meeting()
    made.decided(PASS, FAIL, FAIL)
    gone = made.scene.applications[2]
    withdrawn(made, gone, at=clock.now())
    instant = made.approved().release_at
    set_state(gone.id, ApplicationState.ACCEPTED)
    accepted = accepted_application(made.scene.opening)

    with time_machine.travel(instant - timedelta(seconds=1), tick=False):
        before = [holding(sqlite_app, one.applicant_id).get("/my/") for one in (gone, accepted)]
    with time_machine.travel(instant + timedelta(minutes=1), tick=False):
        hr, _approver = browsers(sqlite_app, made)
        board = hr.get(board_url(made) + "?stage=documents")
        after = [holding(sqlite_app, one.applicant_id).get("/my/") for one in (gone, accepted)]
        detail = holding(sqlite_app, gone.applicant_id).get(f"/my/applications/{gone.id}")
        own = holding(sqlite_app, made.scene.applications[0].applicant_id).get("/my/")
        with pytest.raises(DecisionRefused, match="手続きの途中"):
            made.act(services.decide, [made.choice(2, FAIL, seen=1)])
        with pytest.raises(DecisionRefused, match="手続きの途中"):
            made.act(services.prepare_results, release_at=instant + timedelta(days=1))

    assert "の予定" not in detail
    assert "判定はまだ入れられません" not in board
    assert "公開した結果に入っていない応募が2件あります" in board
    assert board.count("公開済：") == 2
    assert ["この応募の結果はまだ決まっていません" in page for page in (*before, *after, own)] == [
        False,
        False,
        True,
        True,
        False,
    ]


def test_a_set_that_is_not_what_was_approved_tells_nobody_that_results_are_out(sqlite_app: Flask) -> None:
    made = meeting()
    made.decided(PASS, FAIL, FAIL)
    found = made.approved()
    act_as_system()
    db.session.execute(update(ResultSet).where(ResultSet.id == found.id).values(applied_count=4))
    db.session.commit()

    with time_machine.travel(found.release_at, tick=False):
        page = holding(sqlite_app, made.scene.applications[0].applicant_id).get("/my/")

    assert "結果が発表されました" not in page
