"""Release: page, my page and mail change at one instant, not a microsecond before; carried out once."""

from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from app.applications.models import Application, ApplicationState
from app.applications.screening_models import StageEntry
from app.audit.chain import verify
from app.audit.models import AuditEvent
from app.core.context import PUBLIC, bind
from app.extensions import db
from app.openings.models import OpeningOutcome
from app.outbox.models import Mail
from app.reviews import services as review_services
from app.reviews.queries import standing
from app.selection import release, services
from app.selection.models import ResultLine, ResultSet
from app.selection.queries import OwnOutcome, released_outcomes
from app.selection.release import carry_out_due
from tests.at_once import at_once
from tests.browsing import Browser
from tests.reviews.arrange import accepted_application, act_as_system, act_for, set_state
from tests.selection.arrange import FAIL, PASS, RESERVE, Meeting, meeting, soon

LEVELS = [{"value": n, "anchor": f"段階{n}"} for n in range(1, 6)]
MICROSECOND = timedelta(microseconds=1)


def url(made: Meeting, stage_key: str = "documents") -> str:
    return f"/openings/{made.scene.opening.id}/results/{stage_key}"


def carry_out(at: datetime) -> int:
    act_as_system()
    try:
        return carry_out_due(at=at)
    finally:
        db.session.remove()


def number(made: Meeting, n: int) -> str:
    return str(made.scene.applications[n].examinee_number)


def read_at(made: Meeting, anybody: Browser, at: datetime, *, status: int) -> tuple[str, list[OwnOutcome]]:
    """Read the page of numbers, and what my page knows of the first application."""
    first = made.scene.applications[0].id
    page = anybody.get(url(made), status=status)
    assert anybody.client.head(url(made)).status_code == status
    act_as_system()
    return page, released_outcomes([first], at=at)[first]


def test_page_my_page_and_mail_know_nothing_a_microsecond_before_and_all_at_the_instant(app: Flask) -> None:
    made = meeting()
    made.decided(PASS, RESERVE, FAIL)
    instant = made.approved().release_at
    anybody = Browser(app)

    with time_machine.travel(instant - MICROSECOND, tick=False):
        _page, outcomes = read_at(made, anybody, instant - MICROSECOND, status=404)
        assert outcomes == []
        assert carry_out(instant - MICROSECOND) == 0
    act_as_system()
    assert db.session.scalars(select(Mail)).all() == []
    db.session.remove()

    with time_machine.travel(instant, tick=False):
        page, outcomes = read_at(made, anybody, instant, status=200)
        assert outcomes == [OwnOutcome("documents", PASS, None, instant)]
        assert carry_out(instant) == 1
    assert number(made, 0) in page
    assert number(made, 2) not in page
    act_as_system()
    assert len(db.session.scalars(select(Mail)).all()) == 3


def test_the_page_of_the_opening_leads_to_the_numbers_once_they_are_released(app: Flask) -> None:
    made = meeting()
    made.decided(PASS, RESERVE, FAIL)
    instant, anybody = made.approved().release_at, Browser(app)
    opening, link = f"/openings/{made.scene.opening.id}", f'href="{url(made)}"'

    with time_machine.travel(instant - MICROSECOND, tick=False):
        carry_out(instant - MICROSECOND)
        assert link not in anybody.get(opening)
    with time_machine.travel(instant, tick=False):
        carry_out(instant)
        assert link in anybody.get(opening)
        anybody.get(url(made))


@pytest.mark.parametrize("state", ["undecided", "prepared", "void"])
def test_what_is_not_approved_is_never_shown_whatever_the_time(sqlite_app: Flask, state: str) -> None:
    made = meeting()
    if state != "undecided":
        made.decided(PASS, FAIL, FAIL)
        found = made.approved() if state == "void" else made.prepared()
        if state == "void":
            made.act(services.void_results, found)

    with time_machine.travel(soon() + timedelta(days=9), tick=False):
        Browser(sqlite_app).get(url(made), status=404)
        Browser(sqlite_app).get(url(made, "interview"), status=404)
        Browser(sqlite_app).get(url(made, "nothing"), status=404)
    assert carry_out(soon() + timedelta(days=9)) == 0


def test_the_page_shows_numbers_in_order_counts_reserves_and_no_names(sqlite_app: Flask) -> None:
    made = meeting(applications=2)
    made.scene.applications[0].examinee_number, numbers = "x", ["900", "1000"]
    act_as_system()
    for application, new in zip(made.scene.applications, numbers, strict=True):
        db.session.execute(update(Application).where(Application.id == application.id).values(examinee_number=new))
    db.session.commit()
    made.decided(PASS, PASS)
    instant = made.approved().release_at

    with time_machine.travel(instant, tick=False):
        answer = sqlite_app.test_client().get(url(made))
        page = Browser(sqlite_app).get(url(made))

    assert page.index("<li>900</li>") < page.index("<li>1000</li>")
    assert "合格者　2名" in page
    assert "次は<b>面接</b>です。" in page
    assert made.scene.applications[0].family_name not in page.replace("姓・名", "")
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in page


def test_who_passed_enters_the_next_stage_who_failed_leaves_and_a_reserve_stays(app: Flask) -> None:
    made = meeting()
    made.decided(PASS, RESERVE, FAIL)
    instant = made.approved().release_at

    carry_out(instant)

    act_as_system()
    rows = db.session.scalars(select(StageEntry)).all()
    ids = [application.id for application in made.scene.applications]
    here = {(ids.index(e.application_id), e.stage_key): e.left_at is not None for e in rows}
    assert here == {(0, "documents"): True, (0, "interview"): False, (1, "documents"): False, (2, "documents"): True}
    counts = db.session.execute(select(OpeningOutcome.stage_key, OpeningOutcome.applied, OpeningOutcome.passed)).all()
    assert [tuple(row) for row in counts] == [("documents", 3, 1)]
    assert db.session.scalars(select(AuditEvent.actor).where(AuditEvent.action == "carry_out.results")).all() == [
        "system"
    ]
    assert verify(db.session)[1] is None


def test_done_twice_or_by_two_workers_at_once_everybody_gets_one_mail(app: Flask) -> None:
    made = meeting()
    made.decided(PASS, FAIL, FAIL)
    instant = made.approved().release_at

    done = at_once(app, *[lambda: carry_out(instant)] * 2)
    done.append(carry_out(instant + timedelta(seconds=1)))

    assert sum(done) == 1
    act_as_system()
    mails = db.session.scalars(select(Mail)).all()
    lines = db.session.scalars(select(ResultLine)).all()
    assert sorted(str(mail.subject_id) for mail in mails) == sorted(str(line.application_id) for line in lines)
    assert sorted(mail.recipient for mail in mails) == sorted(a.mail for a in made.scene.applications)


def test_a_worker_whose_list_is_older_than_anothers_work_does_nothing(app: Flask) -> None:
    made = meeting()
    made.decided(PASS, RESERVE, FAIL)
    found = made.approved()

    carried_out = []
    for _worker in range(2):
        act_as_system()
        carried_out.append(release._carry_out(found.id, at=found.release_at))
        db.session.remove()

    assert carried_out == [1, 0]


def test_the_mail_says_that_there_is_news_and_nothing_else(sqlite_app: Flask) -> None:
    made = meeting()
    made.decided(PASS, RESERVE, FAIL)
    carry_out(made.approved().release_at)

    act_as_system()
    mails = db.session.scalars(select(Mail).order_by(Mail.recipient)).all()
    subjects = {mail.subject.partition("（")[0] for mail in mails}
    words = ("合格", "不合格", "補欠", "選考", "判定", "点", *(number(made, n) for n in range(3)))
    assert subjects == {"【品川区】新しいお知らせがあります"}
    assert [word for mail in mails for word in words if word in mail.subject + mail.body] == []
    assert {mail.kind for mail in mails} == {"result-news"}


def test_a_set_whose_lines_were_altered_is_neither_shown_nor_carried_out_and_stops_no_other(app: Flask) -> None:
    made, other = meeting(), meeting(slug="kobe", name="神戸市")
    for one in (made, other):
        one.decided(PASS, FAIL, FAIL)
    found, instant = made.approved(), other.approved().release_at
    act_as_system()
    db.session.execute(update(ResultSet).where(ResultSet.id == found.id).values(applied_count=4))
    db.session.commit()

    assert carry_out(instant) == 1

    with time_machine.travel(instant, tick=False):
        Browser(app).get(url(made), status=404)
        Browser(app).get(url(other))
    act_as_system()
    assert {mail.organisation_id for mail in db.session.scalars(select(Mail))} == {other.scene.city.id}


def test_who_withdraws_after_the_approval_stands_in_the_next_stage_again_once_it_is_undone(sqlite_app: Flask) -> None:
    made = meeting()
    made.decided(PASS, PASS, FAIL)
    instant = made.approved().release_at
    gone, other, _failed = (one.id for one in made.scene.applications)
    city, opening = made.scene.city.id, made.scene.opening.id
    set_state(gone, ApplicationState.WITHDRAWN)

    carry_out(instant)

    act_as_system()
    assert [one.id for one in standing(city, opening, "interview")] == [other]
    set_state(gone, ApplicationState.ACCEPTED)
    act_as_system()
    assert {one.id for one in standing(city, opening, "interview")} == {gone, other}


def test_who_undoes_a_withdrawal_after_the_next_round_was_opened_is_assigned_and_scored(sqlite_app: Flask) -> None:
    made = meeting()
    made.decided(PASS, PASS, FAIL)
    gone = made.scene.applications[0].id
    instant = made.approved().release_at
    set_state(gone, ApplicationState.WITHDRAWN)
    carry_out(instant)
    round_ = made.scene.opened("interview")
    set_state(gone, ApplicationState.ACCEPTED)

    assert number(made, 0) in [row.examinee_number for row in made.board("interview").unready]
    assert made.scene.run(review_services.catch_up, round_) == 2
    for application, reviewer in ((0, 0), (0, 1), (1, 0), (1, 1)):
        made.scene.submit(round_, application, reviewer, (4, 4), stage_key="interview")
    made.scene.run(review_services.lock_round, round_)

    assert made.board("interview").unready == ()


def test_result_lines_cannot_be_changed(app: Flask) -> None:
    made = meeting()
    made.decided(PASS, FAIL, FAIL)
    made.approved()

    for statement in ("UPDATE result_line SET outcome = 'pass'", "DELETE FROM result_line"):
        act_for(made.scene.city)
        with pytest.raises(DBAPIError):
            db.session.execute(text(statement))
        db.session.rollback()


def test_the_public_cannot_read_what_is_only_prepared(postgresql_app: Flask) -> None:
    made = meeting()
    made.decided(PASS, FAIL, FAIL)
    made.prepared()
    db.session.remove()
    bind(db.session, PUBLIC)

    for table in ("result_set", "result_line", "decision", "score_run", "rating", "assignment"):
        assert db.session.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0


def test_the_next_stage_can_be_scored_after_the_release(sqlite_app: Flask) -> None:
    made = meeting()
    made.decided(PASS, PASS, FAIL)
    carry_out(made.approved().release_at)
    made.scene.applications = made.scene.applications[:2]

    made.scene.locked({(0, 0): (1, 1)}, "interview")

    board = made.board("interview")
    assert [str(row.total) for row in board.rows] == ["60.00", "40.00"]
    accepted_application(made.scene.opening, stage_key="interview")
    assert len(made.board("interview").unready) == 1


def test_a_stage_that_adds_totals_up_ranks_by_the_sum(sqlite_app: Flask) -> None:
    rubric = [{"key": key, "label": key, "weight": 50, "levels": LEVELS} for key in ("expertise", "reform")]
    stage = {"name": "段階", "rubric": rubric, "carry": "carry"}
    stages = [
        stage | {"key": "documents", "kind": "documents"},
        stage | {"key": "interview", "kind": "interview", "blind": False},
    ]
    made = meeting(stages=stages)
    made.decided(PASS, PASS, FAIL)
    carry_out(made.approved().release_at)
    made.scene.applications = made.scene.applications[:2]

    made.scene.locked({(0, 0): (2, 3), (0, 1): (2, 3)}, "interview")

    rows = made.board("interview").rows
    assert [(row.examinee_number, row.rank, str(row.total)) for row in rows] == [
        (number(made, 0), 1, "150.00"),
        (number(made, 1), 2, "140.00"),
    ]
