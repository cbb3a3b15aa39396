"""What comes late for another deadline, or in the words of an earlier revision (design 14, 18, 32, note 023)."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.applications import late
from app.applications.late_models import LateAttempt
from app.applications.late_services import admit_due
from app.applications.models import ApplicationVersion, Draft
from app.applications.screening_models import Finding
from app.core.model import new_id
from app.extensions import db
from app.openings.models import Opening
from app.openings.revision_models import Revision
from app.outbox.models import Mail
from tests import factories
from tests.applications.telling import work
from tests.applications.test_applying import rows
from tests.applications.test_deadline import CLOSES, send_at
from tests.applications.test_late import ADMIT, ARRIVED, REFUSE, Late, extend
from tests.browsing import Browser

AGAIN = CLOSES + timedelta(days=1, seconds=5)  # late for the extended deadline too


def staff_page(app: Flask, someone: Late, more: str = "") -> str:
    browser = Browser(app)
    factories.sign_in(browser.client, someone.third)
    db.session.remove()
    return browser.get(f"/staff/{someone.own.slug}/openings/{someone.person.opening.id}/late{more}")


def test_the_same_content_late_for_an_extended_deadline_is_an_attempt_of_its_own(app: Flask) -> None:
    with time_machine.travel(CLOSES + timedelta(hours=1), tick=False):
        someone = Late(app)
        someone.rule(REFUSE, someone.hr)
        extend(someone.person.opening, someone)
    for seconds in (0, 7):
        send_at(someone.person, someone.fields, AGAIN + timedelta(seconds=seconds), status=409)
    with time_machine.travel(AGAIN + timedelta(hours=1), tick=False):
        attempts = sorted(rows(LateAttempt), key=lambda one: one.received_at)
        mine, page = someone.person.get("/my/"), staff_page(app, someone)
        [mail] = [one for one in rows(Mail) if one.kind == "late-kept" and "12月1日" in one.body]

    assert [(one.received_at, one.closes_at) for one in attempts] == [
        (ARRIVED, CLOSES),
        (AGAIN, CLOSES + timedelta(days=1)),
    ]
    assert len({one.sha256 for one in attempts}) == 1
    assert "締切後に届いたため、扱いを確認しています" in mine
    assert "17:15:05.000" in mine
    assert mail.recipient == "mihon@example.jp"
    assert [word in page for word in ("3.004秒", "5.000秒", "延長により再送信のお願い", "未決", "（延長の前）")] == [
        True
    ] * 5


def test_so_much_is_kept_for_one_deadline_and_who_sends_more_is_told_that_it_is_not(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(late, "MOST", 1)
    with time_machine.travel(CLOSES + timedelta(hours=1), tick=False):
        someone = Late(sqlite_app)
        send_at(someone.person, someone.fields, CLOSES + timedelta(minutes=1), status=409)
        [draft] = rows(Draft)
        draft.answers = {**draft.answers, "statements": {"motivation": "別の文"}}
        factories.save(draft)
        page = send_at(someone.person, someone.fields, CLOSES + timedelta(minutes=2), status=409).text

    assert len(rows(LateAttempt)) == 1
    assert "今回の内容は保管していません" in page
    assert "保管しています。まだ応募にはなっていません" not in page


def amend(opening: Any, content: Any, *, at: Any) -> None:
    """Put another revision in force, as an amendment does."""
    [old] = [one for one in rows(Revision) if one.opening_id == opening.id]
    kept = {column.key: getattr(old, column.key) for column in Revision.__table__.columns}
    new = Revision(**(kept | {"id": new_id(), "number": 2, "approved_at": at, "content": content.as_json()}))
    [row] = rows(Opening)
    row.revision_id = new.id
    factories.save(new, row)


def test_a_late_attempt_is_judged_by_the_revision_in_force_when_it_came(app: Flask) -> None:
    said = factories.content()
    asked = [*said.questions, said.questions[0].model_copy(update={"key": "plan", "label": "最初の100日"})]
    amended = said.model_copy(update={"questions": tuple(asked), "criteria": said.criteria[1:]})
    with time_machine.travel(CLOSES + timedelta(hours=1), tick=False):
        someone = Late(app)
        amend(someone.person.opening, amended, at=CLOSES + timedelta(minutes=10))
        [attempt] = rows(LateAttempt)
        page = staff_page(app, someone, f"/{attempt.id}")
        for person in (someone.hr, someone.second):
            someone.rule(ADMIT, person)
        work(admit_due)
    [version] = rows(ApplicationVersion)
    [first, _second] = sorted(rows(Revision), key=lambda one: one.number)

    assert version.revision_id == first.id
    assert sorted(one.criterion_key for one in rows(Finding)) == ["article16", "knowledge", "regular_years"]
    assert "届いたときの第1版で確かめます" in page
    assert "いまの版で求める項目は、1件足りません" in page
    assert "そろっています" in page
