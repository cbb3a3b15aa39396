"""From 応募する to the receipt through the pages, as a person without scripts (F2, P6-P8)."""

import pytest

from app.applications.models import Application, ApplicationVersion, Draft
from app.applications.screening_models import Finding
from app.core.context import SYSTEM, bind
from app.extensions import db
from app.outbox.models import Mail
from tests import factories
from tests.applications.applying import Person


def rows(table):
    db.session.remove()
    bind(db.session, SYSTEM)
    found = list(db.session.query(table).order_by(table.id))
    db.session.remove()
    return found


@pytest.fixture
def opening(sqlite_app):
    return factories.opening(factories.organisation())


def test_a_person_applies_without_an_account_and_gets_a_receipt(app):
    opening = factories.opening(factories.organisation())

    receipt = Person(app, opening).apply()

    [application] = rows(Application)
    [version] = rows(ApplicationVersion)
    assert application.receipt_number.replace("-", "-<wbr>") in receipt
    assert "職務経歴書.pdf" in receipt
    assert version.answers["history"][0]["employer"] == "見本システム株式会社"
    assert version.answers["person"]["phone"] == "09000000001"
    assert sorted((f.criterion_key, f.outcome.value) for f in rows(Finding)) == [
        ("article16", "meets"),
        ("knowledge", "check"),
        ("regular_years", "meets"),
    ]
    assert [(mail.kind, mail.recipient) for mail in rows(Mail)] == [("application-received", "mihon@example.jp")]


def test_what_to_have_ready_and_in_what_size_is_said_before_the_start(sqlite_app, opening):
    page = Person(sqlite_app, opening).get(f"/apply/openings/{opening.id}")

    ready = page[page.index("用意するもの") : page.index("進め方")]
    for said in (
        "連絡のとれるメールアドレスと電話番号、住所", "勤務先ごとの、働き始めと終わりの年月", "職務経歴書",
        "PDF、Word（docx）。10MBまで、50ページまで。", "志望動機", "1000文字まで",
    ):  # fmt: skip
        assert said in ready, ready


def test_nothing_is_made_before_the_person_begins(sqlite_app, opening):
    Person(sqlite_app, opening).get(f"/apply/openings/{opening.id}")

    assert rows(Draft) == []
