"""Further results of a stage: reserves called up, and those whom the first results left over (note 042)."""

import hashlib
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.applications.models import ApplicationState
from app.applications.screening_models import StageEntry
from app.core import clock
from app.extensions import db
from app.openings.models import OpeningOutcome
from app.outbox.models import Mail
from app.selection import services
from app.selection.models import ResultSet
from app.selection.services import DecisionRefused
from app.selection.workflow import WrongMove
from tests.browsing import Browser
from tests.correspondence.arrange import holding
from tests.reviews.arrange import act_as_system, set_state
from tests.selection.arrange import FAIL, PASS, RESERVE, Meeting, meeting, soon
from tests.selection.test_left_over import board_url, browsers, withdrawn
from tests.selection.test_release import carry_out, number, url


def reserved() -> Meeting:
    """First results that are out and carried out: one passed, then the first and the second reserve."""
    made = meeting()
    reserves = [made.choice(n, RESERVE, place=n) for n in (1, 2)]
    made.act(services.decide, [made.choice(0, PASS), *reserves])
    return out(made)


def out(made: Meeting, first: ResultSet | None = None) -> Meeting:
    first = first or made.approved()
    made.out_at = first.release_at + timedelta(minutes=1)
    with time_machine.travel(made.out_at, tick=False):
        assert carry_out(made.out_at) == 1
    return made


def at_out(made: Meeting) -> time_machine.travel:
    return time_machine.travel(made.out_at, tick=False)


def further(made: Meeting) -> ResultSet:
    made.approved(soon())
    with time_machine.travel(soon(), tick=False):
        assert carry_out(clock.now()) == 1
    act_as_system()
    found = db.session.scalars(select(ResultSet).order_by(ResultSet.number.desc())).first()
    assert found is not None
    return found


def call_up(made: Meeting, n: int, **values: str) -> None:
    made.act(services.decide, [made.choice(n, PASS, seen=1, **values)])


def entries(made: Meeting, n: int) -> dict[str, bool]:
    """The stages that an application has entered, and whether it has left them."""
    act_as_system()
    found = db.session.scalars(select(StageEntry).where(StageEntry.application_id == made.scene.applications[n].id))
    return {entry.stage_key: entry.left_at is not None for entry in found}


def mails(made: Meeting, n: int) -> int:
    act_as_system()
    kind = Mail.kind == "result-news"
    return len(db.session.scalars(select(Mail).where(kind, Mail.subject_id == made.scene.applications[n].id)).all())


def test_a_reserve_is_called_up_by_two_people_and_page_my_page_and_mail_change_together(app: Flask) -> None:
    made = reserved()
    person = made.scene.applications[1].applicant_id
    with at_out(made):
        before = Browser(app).get(url(made))
        call_up(made, 1)
        pending = Browser(app).get(url(made)), holding(app, person).get("/my/")
        found = further(made)

    with time_machine.travel(found.release_at, tick=False):
        page = Browser(app).get(url(made))
        mine = holding(app, person).get(f"/my/applications/{made.scene.applications[1].id}")

    assert (found.number, found.applied_count, found.examined_count) == (2, 3, 3)
    assert "繰上合格" not in before + pending[0] + pending[1]
    assert "書類選考の結果、補欠となりました" in pending[1]
    called, still = page.split('<h2 id="addition-1">')[1].split('<h2 id="reserves">')
    assert "繰上合格" in called
    assert number(made, 1) in called
    assert number(made, 2) in still
    assert number(made, 1) not in still
    assert "繰上合格" in mine
    assert "書類選考に合格しました" in mine
    followed_by_entries_mails_and_counts(made)


def followed_by_entries_mails_and_counts(made: Meeting) -> None:
    assert entries(made, 1) == {"documents": True, "interview": False}
    assert entries(made, 2) == {"documents": False}
    assert [mails(made, n) for n in range(3)] == [1, 2, 1]
    act_as_system()
    assert [one.passed for one in db.session.scalars(select(OpeningOutcome))] == [2]


def test_a_later_place_is_called_up_first_only_with_a_reason(sqlite_app: Flask) -> None:
    made = reserved()
    with at_out(made):
        call_up(made, 2)
        with pytest.raises(DecisionRefused, match="理由"):
            made.prepared(soon())
        made.act(services.decide, [made.choice(2, PASS, seen=2, reason="1位の方が辞退の意向")])
        further(made)


def test_the_order_of_places_is_asked_for_where_the_totals_agree(sqlite_app: Flask) -> None:
    made = meeting(locked=False)
    made.scene.locked({(n, r): (4, 4) for n in range(3) for r in range(2)})
    reserves = [made.choice(n, RESERVE, place=n) for n in (1, 2)]
    made.act(services.decide, [made.choice(0, PASS), *reserves])
    with at_out(out(made)):
        call_up(made, 2)
        with pytest.raises(DecisionRefused, match="補欠順位の順と異なる繰上げ"):
            made.prepared(soon())


def test_a_published_place_is_neither_changed_nor_taken_back(sqlite_app: Flask) -> None:
    made = reserved()
    with at_out(made):
        for choice in (made.choice(1, RESERVE, place=2, seen=1), made.choice(1, None, seen=1)):
            with pytest.raises(DecisionRefused, match="補欠は公開済み"):
                made.act(services.decide, [choice])
        call_up(made, 1)
        made.act(services.decide, [made.choice(1, RESERVE, place=1, seen=2)])
        with pytest.raises(DecisionRefused, match="お知らせする判定がありません"):
            made.prepared(soon())


def test_who_undid_a_withdrawal_gets_the_result_that_the_first_ones_left_over(sqlite_app: Flask) -> None:
    made = meeting()
    made.decided(PASS, FAIL, FAIL)
    gone = made.scene.applications[2]
    withdrawn(made, gone, at=clock.now())
    first = made.approved()
    set_state(gone.id, ApplicationState.ACCEPTED)
    with at_out(out(made, first)):
        before = holding(sqlite_app, gone.applicant_id).get("/my/")
        found = further(made)
    with time_machine.travel(found.release_at, tick=False):
        after = holding(sqlite_app, gone.applicant_id).get("/my/")

    assert found.examined_count == 3
    assert "この応募の結果はまだ決まっていません" in before
    assert "今回はご希望に沿えませんでした" in after
    assert [mails(made, n) for n in range(3)] == [1, 1, 1]


def test_a_decision_changed_after_a_further_set_was_prepared_stops_its_approval(sqlite_app: Flask) -> None:
    made = reserved()
    with at_out(made):
        call_up(made, 1)
        found = made.prepared(soon())
        made.act(services.decide, [made.choice(2, FAIL, seen=1)])
        with pytest.raises(DecisionRefused, match="判定が変わっています"):
            made.act(services.approve_results, found, by=made.approver)
        made.act(services.void_results, found)
        further(made)


def test_one_person_is_never_two_and_a_second_further_set_waits_for_the_first(sqlite_app: Flask) -> None:
    made = reserved()
    with at_out(made):
        call_up(made, 1)
        found = made.prepared(soon())
        with pytest.raises(DecisionRefused, match="すでに用意されています"):
            made.prepared(soon())
        with pytest.raises(DecisionRefused, match="用意した本人"):
            made.act(services.approve_results, found)
        made.act(services.approve_results, found, by=made.approver)
        with pytest.raises(DecisionRefused, match="承認済み"):
            made.act(services.decide, [made.choice(2, PASS, seen=1)])
        with pytest.raises(WrongMove):
            made.act(services.approve_results, found, by=made.approver)


def test_between_the_instant_and_its_carrying_out_nobody_decides(sqlite_app: Flask) -> None:
    made = meeting()
    made.decided(PASS, FAIL, FAIL)
    with time_machine.travel(made.approved().release_at, tick=False):
        with pytest.raises(DecisionRefused, match="手続きの途中"):
            made.act(services.decide, [made.choice(1, PASS, seen=1)])
        with pytest.raises(DecisionRefused, match="手続きの途中"):
            made.prepared(soon())


def test_the_board_says_how_a_reserve_is_called_up_and_what_a_further_set_adds(sqlite_app: Flask) -> None:
    made = reserved()
    with at_out(made):
        hr, _approver = browsers(sqlite_app, made)
        page = hr.get(board_url(made) + "?stage=documents")
        ids = [str(made.scene.applications[n].id) for n in (1, 2)]
        rows = {f"id_{n}": one for n, one in enumerate(ids)} | {"seen_0": "1", "seen_1": "1"}
        typed = {"outcome_0": "pass", "place_0": "1", "outcome_1": "reserve", "place_1": "2"}
        hr.post(board_url(made) + "/documents/decisions", rows | typed)
        saved = hr.get(board_url(made) + "?stage=documents")

    assert "公開した補欠が2名います" in page
    assert "追加の結果を用意する" not in page
    assert "次の1件だけを加えます" in saved
    assert f"受験番号 {number(made, 1)}　繰上合格" in saved


def test_first_sets_keep_the_digest_that_they_had_before_there_were_further_ones(sqlite_app: Flask) -> None:
    made = reserved()
    with at_out(made):
        call_up(made, 1)
        found = further(made)
    act_as_system()
    sets = db.session.scalars(select(ResultSet).order_by(ResultSet.number)).all()

    assert [one.number for one in sets] == [1, 2]
    assert len({one.sha256 for one in sets} | {hashlib.sha256().hexdigest()}) == 3
    assert found.carried_out_at is not None
