"""Files on messages, both ways: looked into, kept before the message is sent, opened by the two sides alone."""

import errno
import io
import os
import re
import time
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from app.accounts.models import ApplicantSession
from app.applications import room
from app.applications.scanning import sweep_files
from app.audit.models import AuditDetail, AuditEvent
from app.core import clock, storage
from app.core.access import Role
from app.core.context import SYSTEM, bind
from app.core.model import new_id
from app.correspondence import attaching
from app.correspondence.attachment_models import MOST, AttachedFile, Attachment
from app.correspondence.forms import CHOOSE_AGAIN
from app.correspondence.models import Message
from app.extensions import db
from app.files.kept import ScanState
from app.files.verdict import LOCKED
from app.organisations.file_rule import Unscanned, set_unscanned_files
from app.organisations.models import Organisation
from app.outbox.models import Mail
from tests import factories
from tests.applications.pdf import locked_pdf, pdf
from tests.at_once import at_once
from tests.browsing import Browser, apart
from tests.correspondence.arrange import Place, hidden, place, presses, somebody
from tests.files import zoo_docx, zoo_images
from tests.screening.arrange import looks, rows

WORDS, NAME = "書類をお送りします。", "漏洩見本の証明書.pdf"
KEPT = re.compile(r'name="kept" value="([^"]+)"')
LINK = re.compile(r'href="([^"]+/files/[0-9a-f-]{36})"')


@pytest.fixture
def here(sqlite_app: Flask) -> Place:
    return place(sqlite_app)


def chosen(*files: tuple[bytes, str]) -> dict[str, Any]:
    return {"files": [(io.BytesIO(content), name) for content, name in files]}


def write(here: Place, *files: tuple[bytes, str], who: Browser | None = None, status: int = 303, **more: Any) -> Any:
    """Send a message with files, as the person or as HR; what waits on the page is kept on it."""
    one, url = who or here.person, here.theirs if who else here.mine("messages")
    page = one.get(url)
    fields = {**hidden(page), "body": WORDS, "kept": KEPT.findall(page), **chosen(*files), **more}
    return one.post(url, fields, status=status)


def folder(app: Flask) -> set[str]:
    files: Path = app.extensions["koubo.settings"].files_dir
    return {path.name for path in files.rglob("*") if path.is_file()}


def own_folder(app: Flask) -> set[str]:
    """The keys of bytes on the disk, but those of applications."""
    from app.applications.models import StoredFile

    return folder(app) - {one.key for one in rows(StoredFile)}


def opened(browser: Browser, url: str) -> Any:
    answer = apart(browser.client.get, url)
    assert answer.status_code == 200
    return answer


def status(browser: Browser, url: str) -> int:
    return apart(browser.client.get, url).status_code


def as_system() -> None:
    db.session.remove()
    bind(db.session, SYSTEM)


def change(**values: Any) -> None:
    as_system()
    db.session.execute(update(AttachedFile).values(**values))
    db.session.commit()
    db.session.remove()


def test_files_go_both_ways_with_their_names_and_open_for_both(app: Flask) -> None:
    here = place(app)
    hr = here.staff(Role.HR)

    write(here, (pdf(2), NAME), (zoo_docx.honest(), "経歴.docx"))
    theirs = hr.get(here.theirs)
    write(here, (zoo_images.photo_with_place(), "地図.jpg"), who=hr)
    mine = here.person.get(here.mine("messages"))

    links = LINK.findall(theirs)
    assert (NAME in theirs, "経歴.docx" in theirs, "2ページ" in theirs, "未検査" in theirs) == (True,) * 4
    assert [opened(hr, url).data for url in links] == [pdf(2), zoo_docx.honest()]
    assert looks().count(("open.unscanned_attachment", f"attached_file:{links[0].rpartition('/')[2]}", 1)) == 1
    given = opened(here.person, LINK.findall(mine)[2])
    assert given.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "filename*=UTF-8''%E5%9C%B0%E5%9B%B3.jpg" in given.headers["Content-Disposition"]
    assert b"Exif" not in given.data
    assert {one.key for one in rows(AttachedFile)} == own_folder(app)
    assert sorted(one.seq for one in rows(Attachment)) == [1, 1, 2]


def test_neither_mails_nor_the_record_name_a_file(here: Place) -> None:
    write(here, (pdf(), NAME))
    write(here, (pdf(), NAME), who=here.staff(Role.HR))

    written = [str((one.subject, one.body)) for one in rows(Mail)] + [str(one.subject) for one in rows(AuditEvent)]
    written += [str(one.body) for one in rows(AuditDetail)]
    assert len([one for one in rows(Mail) if one.kind in {"message-news", "question-news"}]) == 2
    assert not [text for text in written if "漏洩見本" in text or WORDS in text]


def test_a_refused_file_keeps_the_words_and_the_other_file(here: Place) -> None:
    page = write(here, (locked_pdf(), "鍵.pdf"), (pdf(), NAME), status=422).text

    assert f"「鍵.pdf」：{LOCKED}" in page
    assert WORDS in page
    assert "次のファイルは受け取りました" in page
    assert rows(Message) == []
    fields = {**hidden(page), "body": WORDS, "kept": KEPT.findall(page)}
    here.person.post(here.mine("messages"), fields)
    [file], [message], [sent] = rows(AttachedFile), rows(Message), rows(Attachment)
    assert (file.file_name, sent.message_id) == (NAME, message.id)
    assert "次のファイルは受け取りました" not in here.person.get(here.mine("messages"))


def test_a_file_is_kept_when_the_words_are_wrong_and_found_again_by_its_sender_alone(here: Place) -> None:
    one, other = here.staff(Role.HR), here.staff(Role.HR)
    write(here, (pdf(), NAME), body="長" * 2001, status=422)
    write(here, (pdf(), "区.pdf"), who=one, body=" ", status=422)

    assert NAME in here.person.get(here.mine("messages"))
    assert "区.pdf" in one.get(here.theirs)
    seen = other.get(here.theirs) + one.get(here.theirs).replace("区.pdf", "")
    assert (NAME in seen, "区.pdf" in seen) == (False, False)
    here.write(WORDS)
    [thread] = re.findall(r"/messages/([0-9a-f-]{36})", one.get("/staff/shinagawa/messages"))[:1]
    for file in rows(AttachedFile):
        assert status(here.person, f"/my/messages/files/{file.id}") == (404 if file.staff_user_id else 200)
        other.get(f"/staff/shinagawa/messages/{thread}/files/{file.id}", status=404)


def test_pressing_twice_sends_the_words_and_the_file_once(app: Flask) -> None:
    here = place(app)
    fields = {**hidden(here.person.get(here.mine("messages"))), "body": WORDS}

    for _press in range(2):
        here.person.post(here.mine("messages"), {**fields, **chosen((pdf(), NAME))})
    here.person.post(here.mine("messages"), {**fields, **chosen((pdf(2), "忘れたもの.pdf"))})

    assert (len(rows(Message)), len(rows(Attachment)), len(rows(AttachedFile))) == (2, 2, 2)
    assert {one.key for one in rows(AttachedFile)} == own_folder(app)


def test_four_presses_at_once_send_one_message_with_one_file(app: Flask) -> None:
    here = place(app)
    fields = {**hidden(here.person.get(here.mine("messages"))), "body": WORDS, "csrf_token": here.person.token}

    statuses = at_once(
        app, *presses(here.person, here.mine("messages"), 4, lambda: {**fields, **chosen((pdf(), NAME))})
    )

    assert statuses == [303] * 4
    assert (len(rows(Message)), len(rows(Attachment)), len(rows(AttachedFile))) == (1, 1, 1)


def test_what_is_not_to_go_goes_for_good_and_no_more_than_three_go(here: Place) -> None:
    page = write(here, (pdf(), "一.pdf"), (pdf(2), "二.pdf"), body=" ", status=422).text
    first = KEPT.findall(page)[0]

    four = write(here, (pdf(3), "三.pdf"), (pdf(4), "四.pdf"), status=422).text
    assert attaching.TOO_MANY in four
    assert WORDS in four
    write(here, (pdf(3), "三.pdf"), (pdf(4), "四.pdf"), dropped=first)

    assert sorted(one.file_name for one in rows(AttachedFile)) == sorted(["二.pdf", "三.pdf", "四.pdf"])
    assert len(rows(Attachment)) == MOST


def test_nobody_sends_the_file_of_somebody_else(here: Place) -> None:
    other = Place(here.app, here.city, here.city.application(mail="hokano@example.jp"), here.person)
    write(here, (pdf(), NAME), body=" ", status=422)
    [file] = rows(AttachedFile)
    hr = here.staff(Role.HR)

    assert attaching.GONE in write(here, who=hr, kept=str(file.id), status=422).text
    url = other.theirs
    page = hr.post(url, {**hidden(hr.get(url)), "body": WORDS, "dropped": str(file.id)})
    assert page.status_code == 303
    assert (len(rows(AttachedFile)), rows(Attachment)) == (1, [])


@pytest.mark.parametrize("call", ["fsync", "rename"])
def test_a_full_disk_leaves_no_row_and_no_file_and_loses_no_text(
    here: Place, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    before = folder(here.app)

    def full(*_given: Any) -> Any:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as during:
        during.setattr(storage.os, call, full)
        page = write(here, (pdf(), NAME), status=422).text

    assert page.count(room.NO_ROOM) == 2
    assert WORDS in page
    assert (rows(AttachedFile), rows(Message), folder(here.app)) == ([], [], before)
    write(here, (pdf(), NAME))
    assert len(rows(Attachment)) == 1


def test_only_the_two_sides_open_a_file(here: Place) -> None:
    write(here, (pdf(), NAME))
    [file], hr = rows(AttachedFile), here.staff(Role.HR)
    [url] = LINK.findall(hr.get(here.theirs))
    elsewhere = place(here.app, "meguro", "目黒区")

    for who in (here.staff(Role.REVIEWER), here.staff(Role.AUDITOR), elsewhere.staff(Role.HR), somebody(here.app)):
        assert status(who, url) in {302, 404}
        assert status(who, f"/my/messages/files/{file.id}") in {302, 404}
    stranger = url.replace("/shinagawa/", "/meguro/")
    assert status(elsewhere.staff(Role.HR), stranger) == 404
    assert status(elsewhere.person, f"/my/messages/files/{file.id}") == 404
    assert NAME not in elsewhere.staff(Role.HR).get("/staff/meguro/messages?show=all")


def test_what_the_scanner_has_not_cleared_stays_shut(here: Place) -> None:
    hr = here.staff(Role.HR)
    write(here, (pdf(), NAME))
    write(here, (pdf(2), "区.pdf"), who=hr)
    mine, theirs = LINK.findall(here.person.get(here.mine("messages"))), LINK.findall(hr.get(here.theirs))

    as_system()
    organisation = db.session.get_one(Organisation, here.city.organisation.id)
    set_unscanned_files(organisation, Unscanned.STAYS_SHUT, by="system", at=clock.now())
    db.session.remove()
    assert "ファイルを開かない設定です" in hr.get(here.theirs)
    assert [status(hr, url) for url in theirs] == [404, 404]
    change(scan_due_at=clock.now())
    assert "ウイルス検査が終わると開けます" in hr.get(here.theirs)
    assert [status(here.person, url) for url in mine] == [200, 404]
    change(scan_state=ScanState.INFECTED, scan_due_at=None)
    assert here.person.get(here.mine("messages")).count("安全でないため開けません") == 2
    assert [status(here.person, url) for url in mine] == [404, 404]
    change(scan_state=ScanState.CLEAN)
    assert [status(hr, url) for url in theirs] == [200, 200]


def test_what_a_message_has_is_never_swept_and_what_nobody_sent_goes_after_a_day(app: Flask) -> None:
    here = place(app)
    write(here, (pdf(), NAME))
    write(here, (pdf(2), "忘れたもの.pdf"), body=" ", status=422)
    stray = storage.keep(io.BytesIO(b"x"), limit=9).key
    for path in app.extensions["koubo.settings"].files_dir.glob("*/*"):
        os.utime(path, (time.time() - 90_000,) * 2)

    as_system()
    assert sweep_files(at=clock.now()) == 1
    attaching.forget_unsent(at=clock.now())
    assert len(rows(AttachedFile)) == 2
    assert stray not in folder(app)
    with time_machine.travel(clock.now() + attaching.WAITS + attaching.WAITS / 24):
        as_system()
        attaching.forget_unsent(at=clock.now())

    assert [(one.file_name, one.key) for one in rows(AttachedFile)] == [(NAME, *own_folder(app))]


def test_somebody_whose_time_ran_out_is_told_to_choose_again(here: Place) -> None:
    url = here.mine("messages")
    fields = {**hidden(here.person.get(url)), "body": WORDS}
    as_system()
    db.session.execute(update(ApplicantSession).values(seen_at=clock.now() - factories.minutes(180)))
    db.session.commit()
    db.session.remove()

    page = here.person.post(url, {**fields, **chosen((pdf(), NAME))}, status=422).text

    assert WORDS in page
    assert CHOOSE_AGAIN in page
    assert rows(AttachedFile) == []


def test_a_form_without_its_token_hands_on_the_words_and_asks_for_the_file_again(here: Place) -> None:
    here.app.config["WTF_CSRF_ENABLED"] = True
    url = here.mine("messages")
    fields = {**hidden(here.person.get(url)), "body": WORDS, "csrf_token": "x", **chosen((pdf(), NAME))}

    lost = here.person.post(url, fields, status=400, headers={"Sec-Fetch-Site": "same-origin"}).text
    assert 'name="lost" value="1"' in lost
    page = here.person.post(url, {**hidden(lost), "body": WORDS, "lost": "1"}, status=422).text

    assert CHOOSE_AGAIN in page
    here.person.post(url, {**hidden(page), "body": WORDS})
    assert len(rows(Message)) == 1


def test_the_database_keeps_what_was_sent_and_no_fourth_file(app: Flask) -> None:
    here = place(app)
    write(here, (pdf(), NAME))
    [sent] = rows(Attachment)
    own = {"organisation_id": sent.organisation_id, "message_id": sent.message_id}

    for change_it in (
        lambda: db.session.execute(update(Attachment).values(seq=2)),
        lambda: db.session.delete(db.session.get_one(Attachment, sent.id)) or db.session.flush(),
        lambda: db.session.delete(db.session.get_one(AttachedFile, sent.attached_file_id)) or db.session.flush(),
        lambda: (
            db.session.add(Attachment(id=new_id(), attached_file_id=sent.attached_file_id, seq=4, **own))
            or db.session.flush()
        ),
    ):
        as_system()
        with pytest.raises(DBAPIError):
            change_it()
        db.session.rollback()
    assert len(rows(Attachment)) == 1
