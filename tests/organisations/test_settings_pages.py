"""A city may forbid that files which no scanner looked at are opened (design 26): at every door, and only its own."""

import pytest
from flask import Flask

from app.audit.models import AuditEvent
from app.core.access import Role
from app.organisations.models import Organisation, Setting
from tests import factories
from tests.applications.test_applying import rows
from tests.browsing import Browser
from tests.reviews.arrange import scene
from tests.screening.arrange import browser, city
from tests.screening.test_pages import document_of

SHUT = {"unscanned": "stays_shut"}


def admin_of(app: Flask, organisation: Organisation) -> Browser:
    """An admin with the page open."""
    admin = browser(app, factories.staff(organisation, Role.ADMIN))
    admin.get("/staff/shinagawa/settings")
    return admin


def test_no_staff_opens_an_unscanned_file_once_the_city_forbids_it_and_no_other_city_is_bound(app: Flask) -> None:
    here, there = city(), city("hamamatsu", "浜松市")
    mine, theirs = here.application(), there.application()
    hr, other = browser(app, here.staff(Role.HR)), browser(app, there.staff(Role.HR))
    hr.client.get(here.url(mine.id, "documents", document_of(mine).id)).close()

    admin_of(app, here.organisation).post("/staff/shinagawa/settings", SHUT)

    hr.get(here.url(mine.id, "documents", document_of(mine).id), status=404)
    page = hr.get(here.url(mine.id))
    assert "この自治体では、ウイルス検査をしていない書類を開かない設定です" in page
    assert f"documents/{document_of(mine).id}" not in page
    assert other.client.get(there.url(theirs.id, "documents", document_of(theirs).id)).status_code == 200


def test_reviewers_read_no_text_of_it(sqlite_app: Flask) -> None:
    made = scene(applications=1)
    round_ = made.opened()
    desk = made.url(f"/scoring/{made.assignment_id(round_, 0, 0)}")
    reviewer = made.browser(sqlite_app, made.reviewers[0])
    before = reviewer.get(desk)
    admin_of(sqlite_app, made.city).post("/staff/shinagawa/settings", SHUT)
    after = reviewer.get(desk)

    assert ["職務経歴書の文章" in page for page in (before, after)] == [True, False]
    assert "検査が済むまで、待ってください" in after


def test_it_is_said_in_words_noted_once_and_taken_back(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    here = city()
    mine = here.application()
    admin, hr = admin_of(sqlite_app, here.organisation), browser(sqlite_app, here.staff(Role.HR))
    page = admin.get("/staff/shinagawa/settings")
    assert "検査のプログラムをつなぐまで、人事担当も採点者も、応募の書類を読めません" in page
    assert "どちらかを選んでください" in admin.post("/staff/shinagawa/settings", {}, status=422).text
    for _press in range(2):
        admin.post("/staff/shinagawa/settings", SHUT)
    admin.post("/staff/shinagawa/settings", {"unscanned": "opens"})

    noted = [one for one in sorted(rows(AuditEvent), key=lambda one: one.seq) if one.action == "change.setting"]
    assert [one.actor.startswith("staff:") for one in noted] == [True, True]
    said = sorted((one.valid_from, one.key, one.value) for one in rows(Setting))
    assert [one[1:] for one in said] == [("files.unscanned", "stays_shut"), ("files.unscanned", "opens")]
    assert "開く" in hr.get(here.url(mine.id))
    monkeypatch.setattr(sqlite_app.extensions["koubo.settings"], "clamav", "unix:/nowhere")
    assert "届いた書類をウイルス検査のプログラムが調べます" in admin.get("/staff/shinagawa/settings")
