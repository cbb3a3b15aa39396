"""A called-off opening: its applications are read, and neither confirmed nor accepted, scored or decided."""

import pytest
from flask import Flask

from app.applications.models import Application, ApplicationState
from app.applications.screening_models import Confirmation
from app.core import clock
from app.core.access import Role
from app.core.context import SYSTEM, bind
from app.extensions import db
from app.openings.models import Opening, OpeningState
from app.openings.queries import stages_of
from app.openings.workflow import CalledOff, move
from app.outbox.models import Mail
from app.reviews import services as reviews
from app.selection import services as selection
from tests.screening.arrange import MET, City, accept, act_for, browser, city, confirm, rows


def call_off(place: City) -> None:
    db.session.remove()
    bind(db.session, SYSTEM)
    opening = db.session.get_one(Opening, place.opening.id)
    move(opening, OpeningState.WITHDRAWN)
    opening.withdrawn_reason, opening.withdrawn_at = "予算が成立しなかったため", clock.now()
    db.session.commit()
    db.session.remove()


def test_nobody_is_confirmed_or_accepted_after_the_calling_off(sqlite_app: Flask) -> None:
    place = city()
    ready, waiting = place.application(), place.application()
    person = place.staff(Role.HR)
    confirm(place, ready, person, **MET)
    said, mails = len(rows(Confirmation)), len(rows(Mail))
    call_off(place)

    with pytest.raises(CalledOff):
        confirm(place, waiting, person, **MET)
    with pytest.raises(CalledOff):
        accept(place, ready, person)

    assert {one.state for one in rows(Application)} == {ApplicationState.SUBMITTED}
    assert (len(rows(Confirmation)), len(rows(Mail))) == (said, mails)


def test_no_round_and_no_result_is_made_of_it(sqlite_app: Flask) -> None:
    place = city()
    person = place.staff(Role.HR)
    call_off(place)
    act_for(place)
    opening = db.session.get_one(Opening, place.opening.id)
    [first, *_rest] = stages_of(opening)
    how = {"by": person, "at": clock.now()}

    with pytest.raises(CalledOff):
        reviews.prepare_round(opening, first, set(), due_on=None, **how)
    with pytest.raises(CalledOff):
        selection.decide(opening, first, [], **how)
    with pytest.raises(CalledOff):
        selection.prepare_results(opening, first, release_at=clock.now(), **how)


def test_pages_say_that_it_was_called_off_and_ask_for_nothing(sqlite_app: Flask) -> None:
    place = city()
    someone = place.application()
    hr = browser(sqlite_app, place.staff(Role.HR))
    assert "資格の確認を待つ応募" in hr.get("/staff/shinagawa/")
    call_off(place)

    dashboard, listing, page = hr.get("/staff/shinagawa/"), hr.get(place.url()), hr.get(place.url(someone.id))

    assert "資格の確認を待つ応募" not in dashboard
    assert "中止</span>" in dashboard
    assert ["この募集は中止しました" in one for one in (listing, page)] == [True, True]
    assert "確認を記録する" not in page
    refused = hr.post(place.url(someone.id, "accept"), {"seen": "x"}, status=409).text
    assert "手続きを進められませんでした" in refused
