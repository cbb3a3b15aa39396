"""A late attempt is kept once, read by nobody, and becomes an application only by two people's word (design 14, D4)."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy.exc import IntegrityError

from app.accounts.models import StaffUser
from app.applications import late, late_queries, late_services
from app.applications.late_models import LateAttempt, LateOutcome, LateRuling
from app.applications.late_services import LateRefused, admit_due
from app.applications.late_state import LateState
from app.applications.models import Application, ApplicationVersion, Draft, Submission
from app.applications.queries import get_call
from app.audit.models import AuditEvent
from app.core import clock
from app.core.access import Role
from app.core.context import SYSTEM, bind, staff_of
from app.core.errors import NotFound, StaleWrite
from app.extensions import db
from app.openings.deadline_models import Extension
from app.organisations.models import Organisation
from app.outbox.models import Mail
from tests import factories, planting
from tests.applications.telling import work
from tests.applications.test_applying import rows
from tests.applications.test_deadline import CLOSES, SECOND, ready, send_at
from tests.screening.arrange import browser

ADMIT, REFUSE = LateOutcome.ADMIT, LateOutcome.REFUSE
ARRIVED = CLOSES + timedelta(seconds=3, milliseconds=4)


class Late:
    """Somebody who sent three seconds late, and the city's people."""

    def __init__(self, app: Flask) -> None:
        self.person, self.fields = ready(app)
        send_at(self.person, self.fields, ARRIVED, status=409)
        [self.own] = rows(Organisation)
        self.hr = factories.staff(self.own, Role.HR, display_name="人事 一郎")
        self.second = factories.staff(self.own, Role.APPROVER, display_name="決裁 太郎")
        self.third = factories.staff(self.own, Role.HR)

    def rule(self, outcome: LateOutcome, by: StaffUser, *, seen: int | None = None) -> LateState:
        db.session.remove()
        bind(db.session, staff_of(self.own.id))
        call = get_call(self.person.opening.id, at=clock.now())
        [line] = late_queries.lines(call)
        attempt = late_queries.get_attempt(self.own.id, call.opening.id, line.id)
        count = len(line.rulings) if seen is None else seen
        return late_services.rule(attempt, call, outcome, "電車の事故", seen=count, by=by, at=clock.now())


@pytest.fixture
def someone(app: Flask) -> Any:
    with time_machine.travel(CLOSES + timedelta(hours=1), tick=False):
        yield Late(app)


@pytest.fixture
def on_sqlite(sqlite_app: Flask) -> Any:
    with time_machine.travel(CLOSES + timedelta(hours=1), tick=False):
        yield Late(sqlite_app)


def test_two_people_admit_it_and_it_is_an_application_as_it_was_sent_once(someone: Late) -> None:
    assert someone.rule(ADMIT, someone.hr) is LateState.PROPOSED
    work(admit_due)
    assert rows(Application) == []
    assert someone.rule(ADMIT, someone.second) is LateState.ADMITTING

    work(admit_due)
    work(admit_due)

    [application], [attempt], [version] = rows(Application), rows(LateAttempt), rows(ApplicationVersion)
    assert (application.received_at, version.received_at) == (ARRIVED, ARRIVED)
    assert version.answers == attempt.answers
    assert len(rows(Submission)) == 1
    [mail] = [one for one in rows(Mail) if one.kind == "application-received"]
    assert application.receipt_number in mail.body
    assert "締切（2026年11月30日（月）17:15）のあとに届きました" in mail.body
    done = [one.action for one in sorted(rows(AuditEvent), key=lambda one: one.seq) if "late" in one.action]
    assert done == ["keep.late_attempt", "propose_admit.late_attempt", "admit.late_attempt"]
    assert [one.action for one in rows(AuditEvent)].count("submit.application") == 1
    assert rows(Draft)[0].submitted_at == ARRIVED


def test_two_people_refuse_it_and_the_person_is_told_that_there_is_news(someone: Late) -> None:
    someone.rule(REFUSE, someone.hr)
    assert someone.rule(REFUSE, someone.second) is LateState.REFUSED

    work(admit_due)

    assert rows(Application) == []
    [_kept, mail] = sorted(rows(Mail), key=lambda one: one.kind)
    assert (mail.kind, mail.recipient, mail.organisation_id) == ("late-news", "mihon@example.jp", None)
    assert "受け付けられません" not in mail.body
    with pytest.raises(LateRefused):
        someone.rule(ADMIT, someone.third)


def test_one_person_is_never_two(someone: Late) -> None:
    someone.rule(ADMIT, someone.hr)
    with pytest.raises(LateRefused):
        someone.rule(ADMIT, someone.hr)
    [first] = rows(LateRuling)
    again = {"organisation_id": someone.own.id, "late_attempt_id": first.late_attempt_id, "reason": "", "at": ARRIVED}
    with pytest.raises(IntegrityError):
        factories.save(LateRuling(number=2, outcome=ADMIT, ruled_by=someone.hr.id, **again))

    assert len(rows(LateRuling)) == 1


def test_who_disagrees_is_heard_and_a_third_decides(someone: Late) -> None:
    someone.rule(ADMIT, someone.hr)
    assert someone.rule(REFUSE, someone.second) is LateState.PROPOSED
    assert someone.rule(ADMIT, someone.third) is LateState.ADMITTING

    work(admit_due)

    assert len(rows(Application)) == 1


def test_a_word_on_what_was_ruled_meanwhile_is_stale(someone: Late) -> None:
    someone.rule(ADMIT, someone.hr)

    with pytest.raises(StaleWrite):
        someone.rule(ADMIT, someone.second, seen=0)


def test_the_same_sent_again_is_the_same_attempt_and_other_contents_are_bounded(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(late, "MOST", 2)
    with time_machine.travel(CLOSES + timedelta(hours=1), tick=False):
        someone = Late(sqlite_app)
        for _n in range(3):
            send_at(someone.person, someone.fields, CLOSES + timedelta(minutes=2), status=409)
        assert [one.received_at for one in rows(LateAttempt)] == [ARRIVED]
        for n in range(3):
            [draft] = rows(Draft)
            draft.answers = {**draft.answers, "statements": {"motivation": f"別の文{n}"}}
            factories.save(draft)
            send_at(someone.person, someone.fields, CLOSES + timedelta(minutes=3 + n), status=409)

    assert len(rows(LateAttempt)) == 2
    assert [one.action for one in rows(AuditEvent)].count("keep.late_attempt") == 2


def test_what_was_sent_again_in_an_extended_time_overtakes_it(someone: Late) -> None:
    someone.rule(ADMIT, someone.hr)
    row = someone.person.opening
    row.closes_at = CLOSES + timedelta(days=1)
    factories.save(row)
    assert "もう一度送信してください" in someone.person.get("/my/")
    send_at(someone.person, someone.fields, CLOSES + timedelta(hours=2), status=303)

    with pytest.raises(LateRefused):
        someone.rule(ADMIT, someone.second)
    work(admit_due)

    [version] = rows(ApplicationVersion)
    assert version.received_at == CLOSES + timedelta(hours=2)
    assert "締切後に届いた" not in someone.person.get("/my/")


def test_an_incomplete_attempt_is_never_admitted(on_sqlite: Late) -> None:
    [attempt] = rows(LateAttempt)
    other = {**attempt.answers, "statements": {}}
    values = {"organisation_id": attempt.organisation_id, "opening_id": attempt.opening_id, "sha256": "0" * 64}
    people = {"applicant_id": attempt.applicant_id, "draft_id": attempt.draft_id}
    factories.save(LateAttempt(received_at=ARRIVED + SECOND, answers=other, **values, **people))
    db.session.remove()
    bind(db.session, staff_of(on_sqlite.own.id))
    call = get_call(attempt.opening_id, at=clock.now())
    first, second = late_queries.lines(call)

    assert (first.is_complete, second.is_complete, first.person, second.person) == (True, False, 1, 1)
    row = late_queries.get_attempt(on_sqlite.own.id, call.opening.id, second.id)
    with pytest.raises(LateRefused):
        late_services.rule(row, call, ADMIT, "x", seen=0, by=on_sqlite.hr, at=clock.now())


def test_staff_see_when_it_came_and_nothing_of_it(sqlite_app: Flask, on_sqlite: Late) -> None:
    base, hr = f"/staff/{on_sqlite.own.slug}/openings/{on_sqlite.person.opening.id}", browser(sqlite_app, on_sqlite.hr)
    [attempt] = rows(LateAttempt)
    db.session.remove()

    for shown in (hr.get(f"{base}/late"), hr.get(f"{base}/late/{attempt.id}")):
        assert "2026/11/30 17:15:03.004" in shown
        assert "3.004秒" in shown
        assert [word for word in ("見本", "春香", "mihon", "090") if word in shown] == []
    assert "扱いを確認しています" in on_sqlite.person.get("/my/")
    assert "応募はまだありません" in hr.get(f"{base}/applications")


def test_two_admit_it_by_the_page_and_the_person_reads_each_state(sqlite_app: Flask, on_sqlite: Late) -> None:
    base = f"/staff/{on_sqlite.own.slug}/openings/{on_sqlite.person.opening.id}"
    hr, second = browser(sqlite_app, on_sqlite.hr), browser(sqlite_app, on_sqlite.second)
    [attempt] = rows(LateAttempt)
    db.session.remove()
    one, typed = f"{base}/late/{attempt.id}", {"outcome": "admit", "late_reason": "電車の事故", "seen": "0"}
    hr.get(one)

    hr.post(one, {**typed, "late_reason": ""}, status=422)
    hr.post(one, typed)
    hr.post(one, typed, status=409)
    assert "人事 一郎" in second.get(one)
    second.post(one, {**typed, "seen": "1"})
    assert "受付の処理中" in second.get(f"{base}/late")
    work(admit_due)

    [application] = rows(Application)
    db.session.remove()
    mine = on_sqlite.person.get("/my/")
    assert "締切後に届きましたが、受け付けました" in mine
    assert application.receipt_number in mine
    assert f"/applications/{application.id}" in hr.get(f"{base}/late")
    assert "見本" in hr.get(f"{base}/applications")


def test_a_refused_person_reads_it_in_plain_words(sqlite_app: Flask, on_sqlite: Late) -> None:
    on_sqlite.rule(REFUSE, on_sqlite.hr)
    on_sqlite.rule(REFUSE, on_sqlite.second)

    page = on_sqlite.person.get("/my/")

    assert "締切後に届いたため、受け付けられませんでした" in page
    assert "電車の事故" not in page


def now_stands(attempt: LateAttempt) -> LateState:
    bind(db.session, SYSTEM)
    found = late_queries.state_now(attempt)
    db.session.remove()
    return found


def test_where_the_person_has_withdrawn_both_sides_read_so_until_it_is_taken_back(app: Flask) -> None:
    with time_machine.travel(CLOSES - timedelta(minutes=2), tick=False):
        person = ready(app)[0]
        person.send()
        person.save("questions", {"answer_motivation": "締切後に直した内容です。"})
        fields = person.ready_to_send()
    send_at(person, fields, ARRIVED, status=409)
    [application], [attempt] = rows(Application), rows(LateAttempt)
    own = f"/my/applications/{application.id}"

    with time_machine.travel(ARRIVED + timedelta(minutes=1), tick=False):
        person.get(f"{own}/withdraw")
        person.post(f"{own}/withdraw", {"reason": ""})
        page, gone = person.get("/my/"), now_stands(attempt)
        person.get(own)
        person.post(f"{own}/reinstate")
        back = now_stands(attempt)

    assert "応募を辞退しているため、締切後に届いた送信は応募になっていません" in page
    assert "扱いを確認しています" not in page
    assert (gone, back) == (LateState.WITHDRAWN, LateState.WAITING)


def test_one_that_cannot_be_admitted_holds_up_nobody(someone: Late, monkeypatch: pytest.MonkeyPatch) -> None:
    someone.rule(ADMIT, someone.hr)
    someone.rule(ADMIT, someone.second)

    def gone(*_arguments: Any, **_more: Any) -> None:
        raise NotFound

    monkeypatch.setattr(late_services, "get_call", gone)
    work(admit_due)
    monkeypatch.undo()

    assert rows(Application) == []
    work(admit_due)
    assert len(rows(Application)) == 1


def extend(row: Any, someone: Late, *, by: timedelta = timedelta(days=1)) -> None:
    """Extend the deadline as two people do, an hour after it."""
    two = {"requested_by": someone.hr.id, "approved_by": someone.second.id, "reason": "回線の障害", "at": clock.now()}
    own = {"organisation_id": row.organisation_id, "opening_id": row.id}
    factories.save(Extension(closed_at=CLOSES, closes_at=CLOSES + by, **own, **two))
    row.closes_at = CLOSES + by
    factories.save(row)


def test_an_extension_that_covers_it_leaves_nothing_to_decide(sqlite_app: Flask, on_sqlite: Late) -> None:
    on_sqlite.rule(REFUSE, on_sqlite.hr)
    extend(on_sqlite.person.opening, on_sqlite)

    with pytest.raises(LateRefused, match="延長"):
        on_sqlite.rule(REFUSE, on_sqlite.second)
    staff = browser(sqlite_app, on_sqlite.second)
    base = f"/staff/{on_sqlite.own.slug}/openings/{on_sqlite.person.opening.id}/late"
    [attempt] = rows(LateAttempt)
    page = staff.get(base)
    answer = staff.post(f"{base}/{attempt.id}", {"outcome": "refuse", "late_reason": "x", "seen": "1"}, status=409)
    assert "もう一度送信するようお願いしています" in answer.text
    assert "延長により再送信のお願い" in page
    assert "3.004秒" in page


def test_whom_an_extension_covers_is_asked_to_send_again_until_it_came(on_sqlite: Late) -> None:
    on_sqlite.rule(REFUSE, on_sqlite.hr)
    extend(on_sqlite.person.opening, on_sqlite)

    mine = on_sqlite.person.get("/my/")
    assert "締切が延長されました。もう一度送信してください" in mine
    assert "締切は 2026年11月30日（月）17:15、" in mine
    assert "2026年12月1日（火）17:15" in mine
    assert "受け付けられませんでした" not in mine

    send_at(on_sqlite.person, on_sqlite.fields, CLOSES + timedelta(hours=2), status=303)
    after = on_sqlite.person.get("/my/")
    assert [word for word in ("もう一度送信してください", "締切後に届いた") if word in after] == []


def test_a_refused_person_whom_an_extension_lets_in_is_rid_of_the_red_card_once_received(on_sqlite: Late) -> None:
    on_sqlite.rule(REFUSE, on_sqlite.hr)
    on_sqlite.rule(REFUSE, on_sqlite.second)
    extend(on_sqlite.person.opening, on_sqlite)
    assert "もう一度送信してください" in on_sqlite.person.get("/my/")

    send_at(on_sqlite.person, on_sqlite.fields, CLOSES + timedelta(hours=2), status=303)

    assert "受け付けられませんでした" not in on_sqlite.person.get("/my/")


def test_what_was_admitted_before_an_extension_names_the_deadline_that_it_missed(on_sqlite: Late) -> None:
    on_sqlite.rule(ADMIT, on_sqlite.hr)
    on_sqlite.rule(ADMIT, on_sqlite.second)
    extend(on_sqlite.person.opening, on_sqlite)
    work(admit_due)

    [mail] = [one for one in rows(Mail) if one.kind == "application-received"]
    assert "締切（2026年11月30日（月）17:15）のあとに届きました" in mail.body
    mine = on_sqlite.person.get("/my/")
    assert "締切後に届きましたが、受け付けました" in mine
    assert "締切は 2026年11月30日（月）17:15、" in mine


def test_the_mail_of_an_admitted_one_names_no_code_that_its_person_never_saw(on_sqlite: Late) -> None:
    on_sqlite.rule(ADMIT, on_sqlite.hr)
    on_sqlite.rule(ADMIT, on_sqlite.second)
    work(admit_due)

    [mail] = [one for one in rows(Mail) if one.kind == "application-received"]
    assert "再開コード" not in mail.body
    assert "応募を送信した端末" in mail.body
    [application] = rows(Application)
    page = on_sqlite.person.get(f"/my/applications/{application.id}")
    receipt = page.split("/apply/submissions/")[1].split('"')[0]
    assert application.receipt_number in on_sqlite.person.get(f"/apply/submissions/{receipt}")


def test_the_dashboard_names_what_waits_and_one_that_lacks_something_is_only_refused(sqlite_app: Flask) -> None:
    own = factories.organisation()
    opening = factories.opening(own, closes_at=clock.now().replace(microsecond=0) - timedelta(minutes=5))
    attempt = planting.late_attempt(opening, planting.Words("見本", "みほん", "mihon"))
    hr = browser(sqlite_app, factories.staff(own, Role.HR))

    dashboard = hr.get(f"/staff/{own.slug}/")
    page = hr.get(f"/staff/{own.slug}/openings/{opening.id}/late/{attempt}")

    assert "締切後に届き、扱いの決まっていない送信" in dashboard
    assert ['value="refuse"' in page, 'value="admit"' in page] == [True, False]
