"""Decisions, frozen sets, four eyes; on both databases."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.applications.models import Application, ApplicationState
from app.applications.screening_models import Attendance, StageEntry
from app.core import clock
from app.core.errors import StaleWrite
from app.extensions import db
from app.reviews.models import Round
from app.selection import services
from app.selection.lines import places_are_whole
from app.selection.models import Decision, ResultSet, ResultSetState
from app.selection.services import DecisionRefused
from app.selection.workflow import MOVES, WrongMove
from tests import factories
from tests.at_once import at_once
from tests.reviews.arrange import accepted_application, act_as_system, act_for, close_in, confirm_last_version
from tests.selection.arrange import FAIL, PASS, RESERVE, Meeting, meeting, soon


def outcomes(made: Meeting) -> list[str | None]:
    return [row.outcome.value if row.outcome else None for row in made.board().rows]


def test_decisions_are_rows_and_the_last_one_counts(app: Flask) -> None:
    made = meeting()
    made.decided(PASS, PASS, FAIL)

    made.act(services.decide, [made.choice(1, FAIL, seen=1), made.choice(0, PASS, seen=1)])
    made.act(services.decide, [made.choice(2, None, seen=1)])

    assert outcomes(made) == ["pass", "fail", None]
    act_for(made.scene.city)
    assert len(db.session.scalars(select(Decision)).all()) == 5
    for statement in ("UPDATE decision SET outcome = 'pass'", "DELETE FROM decision"):
        act_for(made.scene.city)
        with pytest.raises(DBAPIError):
            db.session.execute(text(statement))
        db.session.rollback()


def test_a_decision_made_on_an_old_page_is_refused(app: Flask) -> None:
    made = meeting()
    made.decided(PASS, FAIL, FAIL)

    with pytest.raises(StaleWrite):
        made.act(services.decide, [made.choice(0, FAIL, seen=0)])

    assert outcomes(made) == ["pass", "fail", "fail"]


def test_nobody_is_decided_on_while_a_score_is_missing(app: Flask) -> None:
    made = meeting(locked=False)
    round_ = made.scene.opened()
    made.scene.submit(round_, 0, 0, (5, 5))

    with pytest.raises(DecisionRefused, match="3件"):
        made.act(services.decide, [made.choice(0, PASS)])

    assert outcomes(made) == [None, None, None]


def test_who_came_after_the_lock_blocks_the_stage_until_a_person_enters_an_absence_or_a_withdrawal(app: Flask) -> None:
    made = meeting()
    made.scene.applications.append(accepted_application(made.scene.opening))
    with pytest.raises(DecisionRefused, match="1件"):
        made.act(services.decide, [made.choice(0, PASS)])

    late = made.scene.applications[3].id
    made.act(services.record_attendance, {late: Attendance.ABSENT})
    made.decided(PASS, PASS, FAIL, FAIL)

    assert outcomes(made) == ["pass", "pass", "fail", "fail"]


def test_a_stage_without_a_round_waits_for_everybodys_attendance(app: Flask) -> None:
    made = meeting(locked=False)
    ids = [application.id for application in made.scene.applications]
    made.act(services.record_attendance, {ids[0]: Attendance.PRESENT, ids[1]: Attendance.ABSENT})
    with pytest.raises(DecisionRefused, match="1件"):
        made.act(services.decide, [made.choice(0, PASS)])

    made.act(services.record_attendance, {ids[2]: Attendance.PRESENT})

    with pytest.raises(DecisionRefused, match="欠席"):
        made.act(services.decide, [made.choice(1, PASS)])
    made.decided(PASS, FAIL, FAIL)


def test_an_application_without_a_total_needs_a_reason(sqlite_app: Flask) -> None:
    made = meeting(locked=False)
    made.scene.locked({(2, 0): (None, 3)})

    with pytest.raises(DecisionRefused, match="総合点がありません"):
        made.act(services.decide, [made.choice(2, FAIL)])

    made.act(services.decide, [made.choice(2, FAIL, reason="書類が読めない")])


def test_a_set_freezes_everybody_and_waits_while_one_is_undecided(app: Flask) -> None:
    made = meeting()
    made.act(services.decide, [made.choice(0, PASS)])

    with pytest.raises(DecisionRefused, match="2件"):
        made.prepared()

    made.act(services.decide, [made.choice(1, RESERVE, place=1), made.choice(2, FAIL)])
    found = made.prepared()
    assert (found.state, found.applied_count, found.examined_count) == (ResultSetState.PREPARED, 3, 3)
    with pytest.raises(DecisionRefused, match="すでに用意"):
        made.prepared()


def test_passing_before_a_higher_total_needs_a_reason(sqlite_app: Flask) -> None:
    made = meeting()
    made.decided(FAIL, PASS, FAIL)

    with pytest.raises(DecisionRefused, match=str(made.scene.applications[1].examinee_number)):
        made.prepared()

    made.act(services.decide, [made.choice(1, PASS, seen=1, reason="同種の実務が3年長い")])
    made.prepared()


@pytest.mark.parametrize(
    ("places", "whole"),
    [([], True), ([None, None], True), ([2, 1], True), ([1, 1], False), ([1, None], False), ([2, 3], False)],
)
def test_places_of_reserves_are_all_or_none(places: list[int | None], whole: bool) -> None:
    assert places_are_whole(places) is whole


def test_the_instant_is_to_come_and_a_whole_minute(sqlite_app: Flask) -> None:
    made = meeting()
    made.decided(PASS, FAIL, FAIL)

    for instant in (clock.now(), soon() + timedelta(seconds=1), soon() + timedelta(microseconds=1)):
        with pytest.raises(DecisionRefused, match="分単位"):
            made.prepared(instant)


def test_the_second_person_is_another_account(app: Flask) -> None:
    made = meeting()
    made.decided(PASS, FAIL, FAIL)
    found = made.prepared()

    with pytest.raises(DecisionRefused, match="本人は承認できません"):
        made.act(services.approve_results, found, by=made.scene.hr)
    act_for(made.scene.city)
    with pytest.raises(IntegrityError):
        db.session.execute(update(ResultSet).values(state="approved", approver_id=made.scene.hr.id))
    db.session.rollback()

    made.act(services.approve_results, found, by=made.approver)
    act_for(made.scene.city)
    row = db.session.scalars(select(ResultSet)).one()
    assert (row.state, row.approver_id) == (ResultSetState.APPROVED, made.approver.id)


def test_a_decision_changed_after_freezing_stops_the_approval(app: Flask) -> None:
    made = meeting()
    made.decided(PASS, FAIL, FAIL)
    found = made.prepared()
    made.act(services.decide, [made.choice(1, PASS, seen=1)])

    with pytest.raises(DecisionRefused, match="判定が変わっています"):
        made.act(services.approve_results, found, by=made.approver)


def test_lines_that_are_not_those_prepared_stop_the_approval(app: Flask) -> None:
    made = meeting()
    made.decided(PASS, FAIL, FAIL)
    found = made.prepared()
    act_as_system()
    db.session.execute(update(ResultSet).values(release_at=found.release_at + timedelta(minutes=1)))
    db.session.commit()

    with pytest.raises(DecisionRefused, match="判定が変わっています"):
        made.act(services.approve_results, found, by=made.approver)


def test_after_approval_neither_decision_nor_attendance_changes_until_it_is_taken_back(app: Flask) -> None:
    made = meeting()
    made.decided(PASS, FAIL, FAIL)
    found = made.approved()

    with pytest.raises(DecisionRefused, match="承認済み"):
        made.act(services.decide, [made.choice(1, PASS, seen=1)])
    with pytest.raises(DecisionRefused, match="承認済み"):
        made.act(services.record_attendance, {made.scene.applications[0].id: Attendance.ABSENT})

    made.act(services.void_results, found)
    made.act(services.decide, [made.choice(1, PASS, seen=1)])
    made.prepared()


def test_what_is_released_cannot_be_taken_back_nor_approved_late(app: Flask) -> None:
    made = meeting()
    made.decided(PASS, FAIL, FAIL)
    found = made.prepared()
    with pytest.raises(DecisionRefused, match="過ぎています"):
        made.act(services.approve_results, found, by=made.approver, at=found.release_at)
    made.act(services.approve_results, found, by=made.approver)

    with pytest.raises(DecisionRefused, match="取り消せません"):
        made.act(services.void_results, found, at=found.release_at)
    with pytest.raises(WrongMove):
        made.act(services.approve_results, found, by=made.approver)


def test_who_withdrew_has_no_line(app: Flask) -> None:
    made = meeting()
    act_as_system()
    gone = made.scene.applications[2].id
    db.session.execute(update(Application).where(Application.id == gone).values(state=ApplicationState.WITHDRAWN))
    db.session.commit()
    made.decided(PASS, FAIL)

    found = made.prepared()

    assert (found.applied_count, found.examined_count) == (3, 2)
    with pytest.raises(StaleWrite):
        made.act(services.decide, [made.choice(2, PASS)])


def test_two_who_decide_at_once_lose_nothing(app: Flask) -> None:
    made = meeting()

    said = at_once(
        app,
        lambda: made.act(services.decide, [made.choice(0, PASS)]),
        lambda: made.act(services.decide, [made.choice(0, FAIL)]),
    )

    assert [type(one) for one in said].count(StaleWrite) == 1
    act_for(made.scene.city)
    assert len(db.session.scalars(select(Decision)).all()) == 1


def test_the_database_holds_one_live_set_of_a_stage(app: Flask) -> None:
    made = meeting()
    made.decided(PASS, RESERVE, FAIL)
    made.act(services.void_results, made.prepared())
    found = made.prepared()
    kept = ("organisation_id", "opening_id", "stage_key", "release_at", "prepared_by", "prepared_at", "sha256")
    twin = ResultSet(**{name: getattr(found, name) for name in kept}, applied_count=3, examined_count=3)

    act_as_system()
    db.session.add(twin)

    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_the_table_of_moves() -> None:
    assert {(old.value, new.value) for old, found in MOVES.items() for new in found} == {
        ("prepared", "approved"),
        ("prepared", "void"),
        ("approved", "void"),
    }


def test_nobody_enters_the_next_stage_by_a_decision(app: Flask) -> None:
    made = meeting()
    made.decided(PASS, FAIL, FAIL)
    made.approved()

    act_for(made.scene.city)
    assert {entry.stage_key for entry in db.session.scalars(select(StageEntry))} == {"documents"}


def test_no_results_are_prepared_while_an_application_is_to_be_confirmed_again(sqlite_app: Flask) -> None:
    made = meeting()
    made.decided(PASS, FAIL, FAIL)
    changed = made.scene.applications[0]
    factories.another_version(changed)

    with pytest.raises(DecisionRefused, match=f"再確認待ち.*受験番号 {changed.examinee_number}）"):
        made.prepared()
    confirm_last_version(made.scene.opening, changed)

    assert made.prepared().state is ResultSetState.PREPARED


def test_the_first_stage_is_not_released_while_applications_come_in_unless_it_began_early(sqlite_app: Flask) -> None:
    made = meeting()
    made.decided(PASS, FAIL, FAIL)
    close_in(made.scene, timedelta(days=1))

    with pytest.raises(DecisionRefused, match="受付が続いている"):
        made.prepared()
    act_as_system()
    db.session.execute(update(Round).values(early_reason="早く始めるため"))
    db.session.commit()

    assert made.prepared().state is ResultSetState.PREPARED
