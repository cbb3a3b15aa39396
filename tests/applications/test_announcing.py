"""An announcement reaches everybody once, whatever kills the worker (design 48)."""

import itertools
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from app.applications import announcing
from app.applications.announcing import tell_due
from app.core import clock
from app.core.model import new_id
from app.outbox.announcing import announce
from app.outbox.models import Announcement, Mail
from tests import factories
from tests.applications.telling import draft, extended, told, work
from tests.applications.test_applying import rows

APPLICANT, DRAFT = "extended-application", "extended-draft"


def people(opening: Any, organisation: Any) -> list[tuple[str, str]]:
    """Three applicants and four holders of drafts; gives whom an extension must reach."""
    for n in range(3):
        factories.application(organisation, opening, mail=f"a{n}@example.jp")
    for n in range(4):
        draft(opening, f"d{n}@example.jp", confirmed=bool(n % 2))
    return sorted([(f"a{n}@example.jp", APPLICANT) for n in range(3)] + [(f"d{n}@example.jp", DRAFT) for n in range(4)])


def test_applicants_and_holders_of_drafts_are_told_once_and_each_by_a_mail_of_their_own(app: Flask) -> None:
    city = factories.organisation()
    opening = factories.opening(city)
    expected = people(opening, city)
    extended(opening)

    work(tell_due)
    work(tell_due)

    assert told() == expected
    [done] = rows(Announcement)
    assert (done.told, done.finished_at is None) == (7, False)


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("survives", range(9))
def test_killed_anywhere_and_run_again_nobody_is_told_twice_and_nobody_missed(
    app: Flask, survives: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    city = factories.organisation()
    opening = factories.opening(city)
    expected = people(opening, city)
    extended(opening)
    made, owe = itertools.count(), announcing._owe

    def killed(*arguments: Any) -> None:
        if next(made) == survives:
            raise Killed
        owe(*arguments)

    monkeypatch.setattr(announcing, "_owe", killed)
    if survives < len(expected):
        with pytest.raises(Killed):
            work(tell_due, batch=2)
        assert len(told()) < len(expected)
    monkeypatch.setattr(announcing, "_owe", owe)
    work(tell_due, batch=2)

    assert told() == expected


def test_the_database_refuses_a_second_mail_of_one_announcement_to_one_address(app: Flask) -> None:
    city = factories.organisation()
    opening = factories.opening(city)
    draft(opening, "d@example.jp")
    extended(opening)
    work(tell_due)
    [mail] = rows(Mail)

    copy = {"kind": mail.kind, "recipient": mail.recipient, "subject": "", "body": "", "message_id": "<1@x>"}
    again = Mail(
        id=new_id(),
        dedupe_key="other",
        announcement_id=mail.announcement_id,
        created_at=clock.now(),
        due_at=clock.now(),
        **copy,
    )
    with pytest.raises(IntegrityError):
        factories.save(again)


def test_one_address_in_two_drafts_gets_one_mail_and_a_person_who_applied_none_as_draft(sqlite_app: Flask) -> None:
    city = factories.organisation()
    opening, other = factories.opening(city), factories.opening(city)
    factories.application(city, opening, mail="a@example.jp")
    draft(opening, "a@example.jp")
    draft(opening, "d@example.jp")
    draft(opening, "d@example.jp")
    draft(other, "elsewhere@example.jp")
    draft(opening, "")
    draft(opening, "no address@x")
    draft(opening, "begun-later@example.jp", at=clock.now() + timedelta(hours=1))
    extended(opening)

    work(tell_due, batch=1)

    assert told() == [("a@example.jp", APPLICANT), ("d@example.jp", DRAFT)]


def test_an_unconfirmed_address_reads_only_what_is_public_and_staff_never_see_the_mail_to_a_draft(
    sqlite_app: Flask,
) -> None:
    city = factories.organisation()
    opening = factories.opening(city)
    draft(opening, "typed@example.jp")
    draft(opening, "own@example.jp", confirmed=True)
    factories.application(city, opening, mail="sent@example.jp")
    extended(opening)
    work(tell_due)

    mails = {one.recipient: one for one in rows(Mail)}
    assert f"/openings/{opening.id}" in mails["typed@example.jp"].body
    assert "/my/" not in mails["typed@example.jp"].body
    assert "心当たりのない方" in mails["typed@example.jp"].body
    assert "/my/" in mails["own@example.jp"].body
    assert "回線の障害のため" in mails["own@example.jp"].body
    assert "【品川区】" in mails["own@example.jp"].subject
    assert {name: mail.organisation_id for name, mail in mails.items()} == {
        "typed@example.jp": None,
        "own@example.jp": None,
        "sent@example.jp": city.id,
    }
    assert all(mail.announcement_id for mail in mails.values())


def test_a_withdrawn_application_is_told_nothing(sqlite_app: Flask) -> None:
    city = factories.organisation()
    opening = factories.opening(city)
    factories.withdrawn(factories.application(city, opening, mail="gone@example.jp"))
    extended(opening)
    work(tell_due)

    assert [kind for _to, kind in told() if kind != "application-withdrawn"] == []


def test_an_announcement_that_cannot_be_told_does_not_silence_the_next(app: Flask) -> None:
    city = factories.organisation()
    broken, sound = factories.opening(city), factories.opening(city)
    draft(broken, "b@example.jp")
    draft(sound, "s@example.jp")
    row = announce(
        "proposal:broken",
        organisation_id=city.id,
        about=("opening", broken.id),
        audience="drafts-and-applications",
        template="extended",
        said={"reason": "締切の時刻が欠けています"},
        at=clock.now() - timedelta(minutes=1),
    )
    factories.save(row)
    extended(sound)

    work(tell_due)
    work(tell_due)

    assert told() == [("s@example.jp", DRAFT)]
    assert [one.finished_at is None for one in rows(Announcement) if one.subject_id == broken.id] == [True]
