"""Drafts end 30 days after their last deadline, with what was never sent; what was sent stays (design 21)."""

from datetime import timedelta
from typing import Any

import time_machine
from flask import Flask

from app.accounts.models import Applicant, ApplicantSession, SignInCode
from app.applications.expiry import let_go
from app.applications.late_models import LateAttempt
from app.applications.models import Application, Draft, DraftChoice, StoredFile
from app.core import storage
from app.core.model import new_id
from tests import factories
from tests.applications.telling import draft, work
from tests.applications.test_applying import rows
from tests.applications.test_deadline import CLOSES, SECOND, ready, send_at

OVER = CLOSES + timedelta(days=30)


def test_a_draft_lives_thirty_days_behind_its_deadline_and_goes_with_its_files(app: Flask) -> None:
    ready(app)
    [file] = rows(StoredFile)

    work(let_go, at=OVER)
    assert (len(rows(Draft)), len(rows(StoredFile))) == (1, 1)
    work(let_go, at=OVER + SECOND)
    work(let_go, at=OVER + SECOND)

    assert rows(Draft) == rows(StoredFile) == []
    assert not storage.has_size(file.key, file.size)
    assert rows(Applicant) == []  # nothing is left of whoever wrote it


def test_what_was_sent_stays_with_its_files_and_the_draft_is_emptied(app: Flask) -> None:
    person, fields = ready(app)
    send_at(person, fields, CLOSES, status=303)
    [file] = rows(StoredFile)

    work(let_go, at=OVER + SECOND)

    [kept] = rows(Draft)
    assert kept.answers["person"]["family_name"] == ""
    assert kept.answers["documents"] == {}
    assert len(rows(Application)) == 1
    assert storage.has_size(file.key, file.size)
    with time_machine.travel(OVER + timedelta(days=1), tick=False):
        assert len(rows(StoredFile)) == 1


def test_what_came_late_keeps_its_frozen_answers_and_files(app: Flask) -> None:
    person, fields = ready(app)
    send_at(person, fields, CLOSES + SECOND, status=409)
    [file], [attempt] = rows(StoredFile), rows(LateAttempt)

    work(let_go, at=OVER + SECOND)

    assert rows(LateAttempt)[0].answers == attempt.answers
    assert rows(Draft)[0].answers["person"]["family_name"] == ""
    assert storage.has_size(file.key, file.size)


def test_a_file_that_another_draft_holds_stays_with_it(app: Flask) -> None:
    ready(app)
    [first], [file] = rows(Draft), rows(StoredFile)
    with time_machine.travel(CLOSES - timedelta(days=1), tick=False):
        later = factories.opening(factories.organisation(slug="minato"), closes_at=CLOSES + timedelta(days=9))
        second = draft(later, "d@example.jp")
    second.applicant_id, second.answers = first.applicant_id, first.answers
    factories.save(second)

    work(let_go, at=OVER + SECOND)

    assert [one.id for one in rows(Draft)] == [second.id]
    assert storage.has_size(file.key, file.size)
    work(let_go, at=OVER + timedelta(days=9, seconds=1))
    assert rows(Draft) == rows(StoredFile) == []


def test_the_last_of_several_deadlines_counts_and_an_extension_moves_it(app: Flask) -> None:
    with time_machine.travel(CLOSES - timedelta(days=5), tick=False):
        city = factories.organisation()
        first, later = (
            factories.opening(city, opens_at=CLOSES - timedelta(days=6), closes_at=CLOSES + timedelta(days=n))
            for n in (0, 9)
        )
        row = draft(first, "d@example.jp")
        factories.save(DraftChoice(id=new_id(), draft_id=row.id, opening_id=later.id))

    work(let_go, at=OVER + SECOND)
    assert len(rows(Draft)) == 1
    work(let_go, at=OVER + timedelta(days=9, seconds=1))

    assert rows(Draft) == rows(DraftChoice) == []


def test_spent_codes_and_those_who_left_nothing_go_and_nobody_else(app: Flask) -> None:
    with time_machine.travel(CLOSES, tick=False):
        city = factories.organisation()
        opening = factories.opening(city, closes_at=CLOSES + timedelta(days=60))
        kept = {factories.application(city, opening).applicant_id, draft(opening, "d@example.jp").applicant_id}
    people: dict[str, Any] = {name: Applicant(id=new_id(), created_at=CLOSES) for name in ("gone", "still here")}
    for name, seen in (("gone", CLOSES), ("still here", OVER)):
        token = {"token_hash": name, "created_at": CLOSES, "seen_at": seen}
        factories.save(people[name], ApplicantSession(applicant_id=people[name].id, **token))
    code = {"mail_key": "d@example.jp", "browser_hash": "b", "code_hash": "c", "created_at": CLOSES}
    for ends in (OVER - timedelta(days=1), OVER - timedelta(days=2)):
        factories.save(SignInCode(expires_at=ends, **code))

    work(let_go, at=OVER + SECOND)

    assert {one.id for one in rows(Applicant)} == kept | {people["still here"].id}
    assert [one.token_hash for one in rows(ApplicantSession)] == ["still here"]
    assert [one.expires_at for one in rows(SignInCode)] == []
