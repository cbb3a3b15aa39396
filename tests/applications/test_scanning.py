"""With a scanner named a file waits for its answer; the answer decides who may open it (U7, P10)."""

import errno
import io
import os
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy.exc import OperationalError

from app.applications import drafting, looking, room
from app.applications.models import Application, StoredFile
from app.applications.scanning import WAIT_MINUTES, scan_due, sweep_files
from app.audit.models import AuditEvent
from app.core import clock, storage
from app.core.access import Role
from app.core.context import SYSTEM, bind
from app.extensions import db
from app.files.kept import ScanState
from app.outbox.models import Mail, MailState
from tests import factories
from tests.applications.applying import ANSWERS, Person
from tests.applications.pdf import pdf
from tests.applications.test_applying import rows
from tests.applications.test_deadline import CLOSES, SECOND, ready, send_at
from tests.browsing import Browser
from tests.files.fake_scanner import Scanner, scanner


@pytest.fixture
def fake() -> Iterator[Scanner]:
    with scanner() as made:
        yield made


@pytest.fixture
def scanned(app: Flask, fake: Scanner, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setattr(app.extensions["koubo.settings"], "clamav", fake.where)
    return app


def sweep(minutes: float = 0) -> int:
    db.session.remove()
    bind(db.session, SYSTEM)
    count = scan_due(at=clock.now() + timedelta(minutes=minutes))
    db.session.remove()
    return count


def test_a_scanner_that_gives_no_answer_keeps_the_worker_from_nothing_else(
    scanned: Flask, fake: Scanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.files import scanner as client

    monkeypatch.setattr(client.scan, "__kwdefaults__", {"seconds": 0.3})
    fake.mode = "hang"
    opening = factories.opening(factories.organisation())
    for _person in range(3):
        Person(scanned, opening).apply()

    seen = []
    for minutes in (0, 0.5, 1.5):
        assert sweep(minutes) == 0
        seen.append(sum(one.scan_tries for one in rows(StoredFile)))

    assert seen == [1, 1, 2]
    fake.mode = "clean"
    assert sweep(60) == 3


def the_file() -> StoredFile:
    [found] = rows(StoredFile)
    return found


def chosen(content: bytes, name: str = "a.pdf") -> dict[str, Any]:
    return {**ANSWERS["career"], "file_resume": (io.BytesIO(content), name)}


def send(person: Person, content: bytes, name: str = "a.pdf", status: int = 303) -> Any:
    return person.save("career", chosen(content, name), status=status)


def test_a_file_waits_is_scanned_and_opens(scanned: Flask, fake: Scanner) -> None:
    organisation = factories.organisation()
    opening = factories.opening(organisation)
    person = Person(scanned, opening)
    person.apply()
    hr = Browser(scanned)
    factories.sign_in(hr.client, factories.staff(organisation, Role.HR))
    page = f"/staff/shinagawa/openings/{opening.id}/applications"
    one = rows(Application)[0].id

    shown = hr.get(f"{page}/{one}")
    assert "検査待ち" in shown
    assert "ウイルス検査が終わると開けます" in shown
    assert "/documents/" not in shown
    assert sweep() == 1
    assert fake.seen == [pdf(2)]

    shown = hr.get(f"{page}/{one}")
    assert "検査済み" in shown
    url = shown.split('href="')[1:]
    [document] = [link.partition('"')[0] for link in url if "/documents/" in link]
    assert hr.client.get(document).data == pdf(2)


def test_without_a_plain_answer_a_file_waits_and_is_tried_again(
    scanned: Flask, fake: Scanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.files import scanner as client

    monkeypatch.setattr(client.scan, "__kwdefaults__", {"seconds": 0.1})
    Person(scanned, factories.opening(factories.organisation())).apply()
    modes = cycle(["hang", "close", "garbage", "size"])

    for tries, minutes in enumerate((0, *WAIT_MINUTES), 1):
        fake.mode = next(modes)
        assert sweep(sum(WAIT_MINUTES[: tries - 1]) + tries) == 0
        assert (the_file().scan_tries, the_file().is_pending, the_file().scan_words) == (tries, True, "検査待ち"), (
            fake.mode,
            minutes,
        )

    fake.mode = "clean"
    assert sweep(60 * 24) == 1
    assert (the_file().scan_state, the_file().scan_due_at) == (ScanState.CLEAN, None)


def test_an_infected_file_is_said_on_the_draft_and_cannot_be_sent(scanned: Flask, fake: Scanner) -> None:
    fake.mode = "infected"
    person = Person(scanned, factories.opening(factories.organisation())).start().fill()
    words = "安全でないファイルのため受け取れません。別のファイルを選んでください"
    ready = person.ready_to_send()
    assert sweep() == 1

    assert words in person.get(person.url("career"))
    assert f"「職務経歴書」は、{words}" in person.get(person.url("confirm"))
    assert words in person.send(ready, status=409).text
    person.get(person.url("files/resume"), status=404)
    assert [one.action for one in rows(AuditEvent) if one.action == "find.infected_file"] == ["find.infected_file"]

    fake.mode = "clean"
    send(person, pdf(3))
    sweep()
    person.send()


def test_an_infected_file_found_after_sending_is_said_on_my_page(scanned: Flask, fake: Scanner) -> None:
    fake.mode = "infected"
    person = Person(scanned, factories.opening(factories.organisation()))
    done = person.apply()
    sweep()
    url = done.split('href="/my/applications/')[1].partition("/")[0].partition('"')[0]

    page = person.get(f"/my/applications/{url}")
    [mail] = [one for one in rows(Mail) if one.kind == "file-unsafe"]
    assert (mail.recipient, mail.subject_id, mail.state) == ("mihon@example.jp", uuid.UUID(url), MailState.QUEUED)
    assert "職務経歴書" not in mail.subject + mail.body
    assert "締切までに別のファイルを選び、送り直してください。" in mail.body
    assert "別のファイルが必要です" in page
    assert "安全でないファイルのため受け取れません。" in page
    assert "/files/" not in page


def test_of_an_infected_file_that_was_replaced_or_withdrawn_nobody_is_told(scanned: Flask, fake: Scanner) -> None:
    fake.mode = "infected"
    city = factories.organisation()
    replaced = Person(scanned, factories.opening(city)).start().fill()
    replaced.send()
    send(replaced, pdf(3))
    replaced.send()
    gone = Person(scanned, factories.opening(city))
    gone.apply(contact={"mail": "gone@example.jp"})
    [application] = [one for one in rows(Application) if one.mail == "gone@example.jp"]
    gone.get(f"/my/applications/{application.id}/withdraw")
    gone.post(f"/my/applications/{application.id}/withdraw", {"reason": ""})

    assert sweep() == 3
    assert [one.recipient for one in rows(Mail) if one.kind == "file-unsafe"] == ["mihon@example.jp"]


def test_a_scanner_that_comes_later_gets_the_files_before_it_and_one_that_goes_leaves_none_waiting(
    sqlite_app: Flask, fake: Scanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    Person(sqlite_app, factories.opening(factories.organisation())).apply()
    assert (the_file().scan_words, the_file().is_pending) == ("未検査", False)
    assert sweep() == 0

    settings = sqlite_app.extensions["koubo.settings"]
    fake.mode = "close"
    monkeypatch.setattr(settings, "clamav", fake.where)
    sweep()
    assert the_file().scan_words == "検査待ち"
    monkeypatch.setattr(settings, "clamav", "")
    sweep()
    assert the_file().scan_words == "未検査"


def test_a_person_opens_again_what_they_sent_under_its_own_name(sqlite_app: Flask) -> None:
    person = Person(sqlite_app, factories.opening(factories.organisation())).start()
    send(person, pdf(2), "履歴書（髙﨑𠮷）.pdf")
    url = person.url("files/resume")
    assert f'href="{url}"' in person.get(person.url("career"))

    answer = person.client.get(url)

    assert answer.data == pdf(2)
    assert "filename*=UTF-8''%E5%B1%A5" in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="document.pdf"')
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    db.session.remove()
    head = person.client.head(url)
    assert (head.status_code, head.data) == (200, b"")
    db.session.remove()
    assert person.client.get(url, headers={"Range": "bytes=0-4"}).data == pdf(2)
    db.session.remove()
    person.get(person.url("files/nothing"), status=404)


def kept(app: Flask) -> list[Path]:
    folder = app.extensions["koubo.settings"].files_dir
    return [path for path in folder.rglob("*") if path.is_file()]


def test_files_are_refused_before_the_disk_is_full_and_what_was_typed_is_kept(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_app.extensions["koubo.settings"], "min_free_bytes", 2**60)
    person = Person(sqlite_app, factories.opening(factories.organisation())).start()

    page = person.refused("career", chosen(pdf()))

    assert page.count(room.NO_ROOM) == 2
    assert "見本システム株式会社" in person.get(person.url("career"))
    assert (rows(StoredFile), kept(sqlite_app)) == ([], [])


@pytest.mark.parametrize("call", ["open", "fsync", "rename"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_leaves_no_row_and_no_file_and_loses_no_text(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    person = Person(sqlite_app, factories.opening(factories.organisation())).start()
    real = getattr(os, call)

    def full(path: Any, *rest: Any) -> Any:
        if call != "open" or str(path).endswith(".part"):
            raise OSError(number, os.strerror(number))
        return real(path, *rest)

    with monkeypatch.context() as during:
        during.setattr(storage.os, call, full)
        page = person.refused("career", chosen(pdf()))

    assert page.count(room.NO_ROOM) == 2
    assert "見本システム株式会社" in person.get(person.url("career"))
    assert (rows(StoredFile), kept(sqlite_app)) == ([], [])
    send(person, pdf())
    assert len(kept(sqlite_app)) == 1


def test_too_many_uploads_and_too_many_bytes_of_one_person_are_refused_beside_the_slot(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = Person(sqlite_app, factories.opening(factories.organisation())).start()
    send(person, pdf())
    settings = sqlite_app.extensions["koubo.settings"]
    with monkeypatch.context() as during:
        during.setattr(settings, "max_applicant_bytes", 1000)
        assert "お一人の書類は全部で0MBまでです" in person.refused("career", chosen(pdf(2)))

    monkeypatch.setattr(room, "UPLOADS_PER_PERSON", room.Limit("upload.person", 1, 3600))
    assert "回数が多いため" in person.refused("career", chosen(pdf()))


def test_bytes_that_no_row_names_go_after_a_day_and_no_others(sqlite_app: Flask) -> None:
    person = Person(sqlite_app, factories.opening(factories.organisation())).start()
    send(person, pdf())
    [owned] = kept(sqlite_app)
    fresh, old = (storage.keep(io.BytesIO(b"x"), limit=9) for _ in range(2))
    part = owned.parent / f"{old.key}.part"
    part.write_bytes(b"x")
    for path in [part, *(path for path in kept(sqlite_app) if path.name != fresh.key)]:
        os.utime(path, (time.time() - 90_000,) * 2)
    db.session.remove()
    bind(db.session, SYSTEM)

    assert sweep_files(at=clock.now()) == 2
    assert {path.name for path in kept(sqlite_app)} == {owned.name, fresh.key}


def test_a_file_sent_too_late_stays_when_the_draft_lets_it_go(app: Flask) -> None:
    person, fields = ready(app)
    send_at(person, fields, CLOSES + SECOND, status=409)

    with time_machine.travel(CLOSES + 2 * SECOND, tick=False):
        person.save("career", ANSWERS["career"], **{"remove-file": "resume"})

    assert len(rows(StoredFile)) == len(kept(app)) == 1


def test_nobody_waits_for_the_database_while_a_file_is_looked_into(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    person, held, real = Person(app, factories.opening(factories.organisation())).start(), [], looking.inspect

    def watched(*given: Any, **named: Any) -> Any:
        held.append(db.session.registry().in_transaction())
        return real(*given, **named)

    monkeypatch.setattr(looking, "inspect", watched)
    send(person, pdf())

    assert held == [False]


def test_bytes_whose_row_cannot_be_written_do_not_stay(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    person = Person(sqlite_app, factories.opening(factories.organisation())).start()

    def full(*_given: Any, **_more: Any) -> None:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    with monkeypatch.context() as during:
        during.setattr(drafting, "_note", full)
        send(person, pdf(), status=503)

    assert (rows(StoredFile), kept(sqlite_app)) == ([], [])
