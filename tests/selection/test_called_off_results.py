"""A calling-off stops results that were approved for later; what was out stays out. The staff's pages say so."""

from datetime import datetime, timedelta

import time_machine
from flask import Flask
from sqlalchemy import select

from app.core.context import SYSTEM, bind
from app.extensions import db
from app.openings.models import Opening, OpeningState
from app.openings.workflow import move
from app.outbox.models import Mail
from app.selection.queries import released_outcomes
from tests import factories
from tests.browsing import Browser
from tests.reviews.arrange import act_as_system
from tests.selection.arrange import FAIL, PASS, RESERVE, Meeting, meeting
from tests.selection.test_release import carry_out, url


def call_off(made: Meeting, at: datetime) -> None:
    db.session.remove()
    bind(db.session, SYSTEM)
    opening = db.session.get_one(Opening, made.scene.opening.id)
    move(opening, OpeningState.WITHDRAWN)
    opening.withdrawn_reason, opening.withdrawn_at = "予算が成立しなかったため", at
    db.session.commit()
    db.session.remove()


def test_results_approved_before_the_calling_off_never_come_out(app: Flask) -> None:
    made = meeting()
    made.decided(PASS, RESERVE, FAIL)
    instant, first = made.approved().release_at, made.scene.applications[0].id
    call_off(made, instant - timedelta(minutes=1))

    with time_machine.travel(instant + timedelta(hours=1), tick=False):
        assert carry_out(instant + timedelta(hours=1)) == 0
        Browser(app).get(url(made), status=404)
        act_as_system()
        assert released_outcomes([first], at=instant + timedelta(hours=1)) == {first: []}
        assert db.session.scalars(select(Mail)).all() == []


def test_what_was_out_before_stays_out_and_is_carried_out(app: Flask) -> None:
    made = meeting()
    made.decided(PASS, RESERVE, FAIL)
    instant = made.approved().release_at
    call_off(made, instant + timedelta(seconds=1))

    with time_machine.travel(instant + timedelta(seconds=2), tick=False):
        assert carry_out(instant + timedelta(seconds=2)) == 1
        Browser(app).get(url(made))


def test_board_result_rounds_and_queue_of_a_called_off_opening_offer_no_act(sqlite_app: Flask) -> None:
    made = meeting()
    made.decided(PASS, RESERVE, FAIL)
    found = made.approved()
    call_off(made, found.prepared_at)
    hr = Browser(sqlite_app)
    factories.sign_in(hr.client, made.scene.hr)
    base = f"/staff/{made.scene.city.slug}/openings/{made.scene.opening.id}"

    pages = [hr.get(f"{base}/{tail}") for tail in ("selection", f"selection/results/{found.id}", "rounds", "late")]
    for page in pages:
        main = page.partition("<main")[2]
        assert "この募集は中止しました" in main
        assert main.count('method="post"') == 0
    assert "公開しません（募集の中止）" in pages[0]
    reviewer = Browser(sqlite_app)
    factories.sign_in(reviewer.client, made.scene.reviewers[0])
    queue = reviewer.get(f"/staff/{made.scene.city.slug}/scoring")
    assert ["採点は要りません" in queue, "採点を始める" in queue] == [True, False]
