"""The deadline is one instant, inclusive; what comes later is kept and told plainly (D1-D4, design 13, 14)."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.applications.late_models import LateAttempt
from app.applications.models import Application
from app.applications.words import milliseconds
from app.openings.models import Opening, OpeningState
from app.outbox.models import Mail
from tests import factories
from tests.applications.applying import Person
from tests.applications.test_applying import rows

CLOSES = datetime(2026, 11, 30, 8, 15, tzinfo=UTC)  # 17:15 in Japan
MICROSECOND, SECOND = timedelta(microseconds=1), timedelta(seconds=1)


def ready(app, **values):
    """A person at 確認 five minutes before the deadline, with all filled in."""
    with time_machine.travel(CLOSES - timedelta(minutes=5), tick=False):
        opening = factories.opening(
            factories.organisation(), opens_at=CLOSES - timedelta(days=7), closes_at=CLOSES, **values
        )
        person = Person(app, opening).start().fill()
        return person, person.ready_to_send()


def send_at(person, fields, at, *, status):
    """Send with the server's stamp of arrival at one instant, worked on a minute later."""
    with time_machine.travel(at + timedelta(minutes=1), tick=False):
        return person.send(fields, status=status, environ_overrides={"koubo.received_at": at})


@pytest.mark.parametrize("before", [timedelta(0), MICROSECOND, SECOND])
def test_what_arrives_at_the_deadline_or_before_is_in_time_however_long_our_own_work_takes(sqlite_app, before):
    person, fields = ready(sqlite_app)

    send_at(person, fields, CLOSES - before, status=303)

    [application] = rows(Application)
    assert application.received_at == CLOSES - before
    assert rows(LateAttempt) == []


@pytest.mark.parametrize("after", [MICROSECOND, SECOND])
def test_what_arrives_later_is_kept_as_a_late_attempt_and_told_plainly(app, after):
    person, fields = ready(app)

    page = send_at(person, fields, CLOSES + after, status=409).text

    assert rows(Application) == []
    assert [attempt.received_at for attempt in rows(LateAttempt)] == [CLOSES + after]
    assert "<h1>締切後に届いたため、扱いを確認しています</h1>" in page
    assert "締切は 2026年11月30日（月）17:15" in page
    assert "保管しています。まだ応募にはなっていません" in page
    assert 'href="/my/">マイページで確かめる' in page
    assert "読み込み直し" not in page
    [mail] = rows(Mail)
    assert (mail.kind, mail.recipient, mail.organisation_id) == ("late-kept", "mihon@example.jp", None)
    assert "見本" not in mail.subject + mail.body
    [reference] = [attempt.reference for attempt in rows(LateAttempt)]
    assert [reference in text for text in (mail.body, page)] == [True, True]
    with time_machine.travel(CLOSES + timedelta(hours=1), tick=False):
        home = person.get("/my/")
    assert page.partition("<p>締切は")[2].partition("</section>")[0] in home
    assert "サイトの側に原因があったときは、職員2人が確認して受け付けることがあります" in home
    story = ("まだ応募は完了していません", "続きを書く", "締切後に送信しました。扱いは")
    assert [words in home for words in story] == [False, False, True]
    assert ("17:15:00.001" if after == MICROSECOND else "17:15:01.000") in page
    assert "人事課" in page


def test_a_grace_is_in_time_to_its_last_microsecond(sqlite_app):
    person, fields = ready(sqlite_app, grace_seconds=60)

    send_at(person, fields, CLOSES + timedelta(seconds=60, microseconds=1), status=409)
    send_at(person, fields, CLOSES + timedelta(seconds=60), status=303)

    assert len(rows(Application)) == 1


def test_a_repeated_send_after_the_deadline_shows_the_receipt_of_the_one_in_time(sqlite_app):
    person, fields = ready(sqlite_app)
    first = send_at(person, fields, CLOSES, status=303)

    again = send_at(person, fields, CLOSES + SECOND, status=303)

    assert again.headers["Location"] == first.headers["Location"]
    assert rows(LateAttempt) == []


def test_a_client_cannot_say_when_its_request_arrived(sqlite_app):
    person, fields = ready(sqlite_app)

    with time_machine.travel(CLOSES + SECOND, tick=False):
        person.send(
            {**fields, "received_at": "2026-11-30T08:00:00Z"},
            status=409,
            headers={"koubo.received_at": "2026-11-30T08:00:00Z", "Date": "Mon, 30 Nov 2026 08:00:00 GMT"},
        )

    assert rows(Application) == []


def test_after_the_deadline_the_draft_is_readable_and_the_button_is_gone(sqlite_app):
    person, _fields = ready(sqlite_app)

    with time_machine.travel(CLOSES + SECOND, tick=False):
        page = person.get(person.url("confirm"))
        person.get(person.url("career"))

    assert "受付は終了しました" in page
    assert "見本システム株式会社" in page
    assert "応募を送信する</button>" not in page


def test_nobody_begins_before_the_opening_opens_or_after_it_closed(sqlite_app):
    with time_machine.travel(CLOSES, tick=False):
        opening = factories.opening(
            factories.organisation(), opens_at=CLOSES + SECOND, closes_at=CLOSES + timedelta(days=1)
        )
        person = Person(sqlite_app, opening)
        person.get("/my/sign-in")
        person.post(f"/apply/openings/{opening.id}", status=409)
    with time_machine.travel(CLOSES + timedelta(days=1, microseconds=1), tick=False):
        person.post(f"/apply/openings/{opening.id}", status=409)


def test_milliseconds_of_what_is_late_never_read_as_the_deadline():
    assert milliseconds(CLOSES) == "17:15:00.000"
    assert milliseconds(CLOSES + MICROSECOND) == "17:15:00.001"
    assert milliseconds(CLOSES + timedelta(milliseconds=250)) == "17:15:00.250"
    assert milliseconds(CLOSES + timedelta(microseconds=999_999)) == "17:15:01.000"


@pytest.mark.parametrize(("before", "status"), [(timedelta(0), 303), (MICROSECOND, 409)])
def test_receiving_begins_at_its_very_instant(sqlite_app, before, status):
    person, fields = ready(sqlite_app)
    [opening] = rows(Opening)
    opening.opens_at = CLOSES - SECOND
    factories.save(opening)

    answer = send_at(person, fields, opening.opens_at - before, status=status)

    assert ("まだ始まっていません" in answer.text) == (status == 409)
    assert len(rows(Application)) == (status == 303)
    assert rows(LateAttempt) == []


def test_a_call_that_was_called_off_keeps_no_late_attempt(sqlite_app):
    person, fields = ready(sqlite_app)
    [opening] = rows(Opening)
    opening.state = OpeningState.WITHDRAWN
    factories.save(opening)

    page = send_at(person, fields, CLOSES + SECOND, status=409).text

    assert "この募集は中止されました" in page
    assert rows(Application) == rows(LateAttempt) == []
