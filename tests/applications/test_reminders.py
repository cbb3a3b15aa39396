"""Reminders 72 and 24 hours before the deadline to drafts that were not sent, once each (design 30)."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.applications.announcing import tell_due
from app.applications.reminding import remind_due
from app.openings.models import OpeningState
from app.outbox.models import Announcement, Mail, MailState
from tests import factories
from tests.applications.telling import draft, put_off, told, work
from tests.applications.test_applying import rows
from tests.applications.test_deadline import CLOSES, SECOND

REMINDER = "draft-reminder"


def days(n: float) -> timedelta:
    return timedelta(days=n)


def scene() -> Any:
    with time_machine.travel(CLOSES - days(10), tick=False):
        city = factories.organisation()
        return city, factories.opening(city, opens_at=CLOSES - days(9), closes_at=CLOSES)


def sweep(at: Any) -> None:
    with time_machine.travel(at, tick=False):
        work(remind_due, at=at)
        work(tell_due, at=at)


def test_who_holds_a_draft_is_reminded_twice_and_never_more(app: Flask) -> None:
    _city, opening = scene()
    draft(opening, "d@example.jp", at=CLOSES - days(5))

    seen = []
    for before in (days(3) + SECOND, days(3), days(2), days(1) + SECOND, days(1), days(0.5), SECOND, -SECOND):
        sweep(CLOSES - before)
        seen.append(len(told()))

    assert seen == [0, 1, 1, 1, 2, 2, 2, 2]
    assert told() == [("d@example.jp", REMINDER)] * 2
    mail = rows(Mail)[0]
    assert "まだ応募は完了していません" in mail.subject
    assert "2026年11月30日（月）17:15" in mail.body
    assert mail.organisation_id is None


def test_nobody_is_reminded_who_sent_or_began_within_the_time(app: Flask) -> None:
    city, opening = scene()
    factories.application(city, opening, mail="sent@example.jp", at=CLOSES - days(5))
    draft(opening, "just-begun@example.jp", at=CLOSES - days(2))
    draft(opening, "", at=CLOSES - days(5))

    sweep(CLOSES - days(2))
    assert told() == []
    sweep(CLOSES - days(1))

    assert told() == [("just-begun@example.jp", REMINDER)]


def test_after_a_day_without_a_worker_the_nearer_reminder_alone_goes_out(sqlite_app: Flask) -> None:
    _city, opening = scene()
    draft(opening, "d@example.jp", at=CLOSES - days(5))

    sweep(CLOSES - timedelta(hours=20))
    sweep(CLOSES - timedelta(hours=19))

    assert told() == [("d@example.jp", REMINDER)]


@pytest.mark.parametrize("state", [OpeningState.WITHDRAWN, OpeningState.DRAFT])
def test_a_call_that_is_not_open_reminds_nobody(sqlite_app: Flask, state: OpeningState) -> None:
    _city, opening = scene()
    draft(opening, "d@example.jp", at=CLOSES - days(5))
    opening.state = state
    factories.save(opening)

    sweep(CLOSES - days(1))

    assert rows(Announcement) == []


def test_a_deadline_that_was_put_off_has_reminders_of_its_own(sqlite_app: Flask) -> None:
    city, opening = scene()
    draft(opening, "d@example.jp", at=CLOSES - days(5))
    sweep(CLOSES - days(3))
    sweep(CLOSES - days(1))
    put_off(city, opening, CLOSES + days(7), at=CLOSES - days(0.5))

    seen = []
    for after in (-days(0.4), days(4) - SECOND, days(4), days(5), days(6), days(7)):
        sweep(CLOSES + after)
        seen.append(len(told()))

    assert seen == [2, 2, 3, 3, 4, 4]
    assert sum("12月7日（月）17:15" in mail.body for mail in rows(Mail)) == 2


def test_what_the_mail_of_an_extension_said_just_now_is_not_said_again(sqlite_app: Flask) -> None:
    city, opening = scene()
    draft(opening, "d@example.jp", at=CLOSES - days(5))
    put_off(city, opening, CLOSES + days(1) - 2 * SECOND, at=CLOSES - SECOND)

    sweep(CLOSES)
    assert told() == []
    sweep(CLOSES + SECOND)

    assert told() == []


@pytest.mark.parametrize("what", ["sent", "over"])
def test_a_reminder_that_waits_in_the_queue_is_taken_back_once_it_is_no_longer_true(app: Flask, what: str) -> None:
    city, opening = scene()
    row = draft(opening, "d@example.jp", at=CLOSES - days(5))
    sweep(CLOSES - days(1))
    assert [one.state for one in rows(Mail)] == [MailState.QUEUED]
    if what == "sent":
        made = factories.application(city, opening, at=CLOSES - days(0.5))
        made.applicant_id = row.applicant_id
        factories.save(made)

    sweep(CLOSES - days(0.5) if what == "sent" else CLOSES + SECOND)

    assert [one.state for one in rows(Mail)] == [MailState.CANCELLED]


def test_sending_to_one_opening_takes_back_the_reminder_of_no_other(app: Flask) -> None:
    city, opening = scene()
    with time_machine.travel(CLOSES - days(10), tick=False):
        other = factories.opening(city, opens_at=CLOSES - days(9), closes_at=CLOSES)
    row = draft(opening, "d@example.jp", at=CLOSES - days(5))
    second = draft(other, "d@example.jp", at=CLOSES - days(5))
    second.applicant_id = row.applicant_id
    factories.save(second)
    sweep(CLOSES - days(1))
    made = factories.application(city, opening, at=CLOSES - days(0.5))
    made.applicant_id = row.applicant_id
    factories.save(made)

    sweep(CLOSES - days(0.5))

    states = {one.subject_id: one.state for one in rows(Mail) if one.kind == REMINDER}
    assert states == {row.id: MailState.CANCELLED, second.id: MailState.QUEUED}
