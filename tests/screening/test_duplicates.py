"""Two applications with one address: side by side, a recorded word, and nothing accepted or merged before it."""

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from app.applications import duplicate_services, screening
from app.applications.duplicates import get_double, pair_of
from app.applications.models import Application, ApplicationState
from app.applications.screening_detail import find_next
from app.applications.screening_models import DuplicateOutcome, DuplicateRuling
from app.applications.screening_queries import openings_with_counts
from app.applications.standing import Standing
from app.audit.models import AuditEvent
from app.core import clock
from app.core.access import Role
from app.core.errors import StaleWrite
from app.core.model import new_id
from app.extensions import db
from app.outbox.models import Mail
from app.selection.board import applied_count
from tests import factories
from tests.screening.arrange import MET, City, accept, act_for, browser, city, confirm, looks, rows, view_of

ADDRESS = "one@applicant.example.jp"


def two(place: City) -> tuple[Application, Application]:
    """The person's own application, and one that somebody else sent under their address."""
    own = place.application(family_name="本人", mail=ADDRESS)
    return own, place.application(family_name="他人", mail=ADDRESS, confirmed=False)


def settle(place: City, one, other, kept, *, by, seen: int = 0):
    act_for(place)
    view = screening.get_view(place.organisation.id, place.opening.id, one.id)
    kept_id = kept.id if kept else None
    how = {"seen": seen, "by": by, "at": clock.now()}
    made = duplicate_services.settle(view.application, other.id, kept_id, "電話で確かめた", **how)
    db.session.expunge_all()
    db.session.remove()
    return made


def states() -> dict[str, ApplicationState]:
    return {one.family_name: one.state for one in rows(Application)}


def test_neither_is_accepted_before_somebody_said_which_is_screened(app: Flask) -> None:
    place = city()
    own, strange = two(place)
    hr = place.staff(Role.HR)
    for one in (own, strange):
        confirm(place, one, hr, **MET)
    mails = len(rows(Mail))

    for one in (own, strange):
        with pytest.raises(screening.NotAcceptable) as refused:
            accept(place, one, hr)
        assert refused.value.message == screening.UNSETTLED
    settle(place, strange, own, own, by=hr)
    with pytest.raises(screening.NotAcceptable) as refused:
        accept(place, strange, hr)
    assert refused.value.message == screening.SET_ASIDE
    assert len(rows(Mail)) == mails  # nothing is hinted to either
    accept(place, own, hr)

    assert states() == {"本人": ApplicationState.ACCEPTED, "他人": ApplicationState.SUBMITTED}
    said = [(one.number, one.outcome, one.kept_id, one.ruled_by) for one in rows(DuplicateRuling)]
    assert said == [(1, DuplicateOutcome.SAME, own.id, hr.id)]
    assert [one.action for one in rows(AuditEvent) if "duplicate" in one.action] == ["rule_same.duplicate"]


def test_two_people_are_both_accepted_once_that_is_said(app: Flask) -> None:
    place = city()
    own, strange = two(place)
    hr = place.staff(Role.HR)
    settle(place, own, strange, None, by=hr)

    for one in (own, strange):
        confirm(place, one, hr, **MET)
        accept(place, one, hr)

    assert set(states().values()) == {ApplicationState.ACCEPTED}


def test_the_last_word_counts_and_an_older_page_says_none(app: Flask) -> None:
    place = city()
    own, strange = two(place)
    hr = place.staff(Role.HR)
    settle(place, own, strange, own, by=hr)

    with pytest.raises(StaleWrite):
        settle(place, strange, own, strange, by=hr, seen=0)
    settle(place, strange, own, strange, by=hr, seen=1)

    assert (view_of(place, own.id).duplicate, view_of(place, strange.id).duplicate) == ("set_aside", "kept")
    double = get_double(view_of(place, own.id).application, strange.id)
    assert [one.number for one in double.rulings] == [2, 1]
    factories.withdrawn(strange)
    assert view_of(place, own.id).duplicate is None


def test_the_one_that_is_not_screened_waits_for_nobody_and_is_not_counted_twice(app: Flask) -> None:
    place = city()
    own, strange = two(place)
    hr = place.staff(Role.HR)
    settle(place, strange, own, own, by=hr)

    def standings() -> dict[str, int]:
        act_for(place)
        [found] = openings_with_counts(place.organisation.id, at=clock.now())
        return {standing.value: count for standing, count in found.counts.items() if count}

    assert standings() == {"waiting": 1, "set_aside": 1}
    assert view_of(place, strange.id).standing is Standing.SET_ASIDE
    assert find_next(view_of(place, own.id)) is None
    assert applied_count(place.opening) == 1
    settle(place, strange, own, None, by=hr, seen=1)
    assert (standings(), applied_count(place.opening)) == ({"waiting": 2}, 2)
    settle(place, strange, own, own, by=hr, seen=2)
    factories.withdrawn(own)
    assert standings() == {"waiting": 1, "withdrawn": 1}


def test_what_is_accepted_is_kept_when_both_are_one_persons(app: Flask) -> None:
    place = city()
    own = place.application(family_name="本人", mail=ADDRESS)
    hr = place.staff(Role.HR)
    confirm(place, own, hr, **MET)
    accept(place, own, hr)
    strange = place.application(family_name="他人", mail=ADDRESS, confirmed=False)

    with pytest.raises(duplicate_services.DuplicateRefused):
        settle(place, own, strange, strange, by=hr)
    other = place.application(mail="two@applicant.example.jp")
    with pytest.raises(duplicate_services.DuplicateRefused):
        settle(place, own, strange, other, by=hr)

    assert rows(DuplicateRuling) == []


@pytest.mark.parametrize(("outcome", "keeps"), [("same", False), ("apart", True), ("same", None)])
def test_the_database_holds_what_a_word_is(app: Flask, outcome: str, keeps: bool | None) -> None:
    place = city()
    own, strange = two(place)
    first, second = pair_of(own.id, strange.id)
    kept = {False: None, True: own.id, None: place.application().id}[keeps]
    by = place.staff(Role.HR).id
    act_for(place)
    row = DuplicateRuling(
        id=new_id(), organisation_id=place.organisation.id, first_id=first, second_id=second, number=1,
        outcome=DuplicateOutcome(outcome), kept_id=kept, reason="理由", ruled_by=by, at=clock.now(),
    )  # fmt: skip

    db.session.add(row)
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_hr_sees_both_side_by_side_and_settles_it(sqlite_app: Flask) -> None:
    place = city()
    own, strange = two(place)
    third = place.application()
    hr = browser(sqlite_app, place.staff(Role.HR))
    url = place.url(own.id, "duplicates", strange.id)

    assert url in hr.get(place.url(own.id))
    page = hr.get(url)
    assert [word in page for word in (own.receipt_number, strange.receipt_number)] == [True, True]
    assert (page.count("メール確認済み"), page.count("メール未確認")) == (1, 1)
    assert [subject for _action, subject, _rows in looks()][-2:] == [
        f"application:{own.id}",
        f"application:{strange.id}",
    ]
    hr.get(place.url(own.id, "duplicates", third.id), status=404)
    hr.post(url, {"which": str(own.id), "duplicate_reason": "本人に電話した", "seen": "0"}, status=303)

    listing = hr.get(place.url())
    words = ("同じ人：こちらを審査", "審査しない（重複）", "重複確認中")
    assert [word in listing for word in words] == [True, True, False]
    assert "本人に電話した" in hr.get(url)


def test_settling_asks_for_a_reason_and_for_one_of_the_two(sqlite_app: Flask) -> None:
    place = city()
    own, strange = two(place)
    third = place.application()
    hr, url = browser(sqlite_app, place.staff(Role.HR)), place.url(own.id, "duplicates", strange.id)
    hr.get(url)

    refused = hr.post(url, {"which": str(own.id), "duplicate_reason": " ", "seen": "0"}, status=422).text
    hr.post(url, {"which": str(third.id), "duplicate_reason": "理由", "seen": "0"}, status=422)

    assert "理由を入力してください" in refused
    assert rows(DuplicateRuling) == []


def test_accepting_by_an_older_page_says_the_way(sqlite_app: Flask) -> None:
    place = city()
    own, _strange = two(place)
    person = place.staff(Role.HR)
    confirm(place, own, person, **MET)
    hr, seen = browser(sqlite_app, person), view_of(place, own.id).seen
    db.session.remove()

    hr.get(place.url(own.id))
    page = hr.post(place.url(own.id, "accept"), {"seen": seen}, status=409).text

    assert "「重複の確認」" in page
    assert f'href="{place.url(own.id)}"' in page
    assert "受理する</button>" not in hr.get(place.url(own.id))
