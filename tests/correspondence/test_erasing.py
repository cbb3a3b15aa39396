"""「削除しました」 erases: what was sent goes from rows and disk, what names nobody stays (P-07, P-11)."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.applications.models import Application, ApplicationDocument, ApplicationVersion, StoredFile, Withdrawal
from app.audit.models import AuditEvent
from app.core import clock, storage
from app.core.access import Role
from app.core.context import SYSTEM, bind
from app.core.database import reading_beside
from app.core.model import Base, new_id
from app.correspondence.attachment_models import AttachedFile, Attachment
from app.correspondence.erasing_models import ErasureProposal
from app.correspondence.models import Accommodation, ErasureOutcome, ErasureRequest, Message, MessageThread
from app.extensions import db
from app.outbox.models import Mail
from tests import factories
from tests.applications.applying import Person
from tests.applications.pdf import pdf
from tests.applications.telling import put_off
from tests.correspondence.arrange import hidden, holding
from tests.screening.arrange import browser, city, rows

CANARY = "漏洩見本"
PARTS = "", "/erasure", "/messages", "/accommodation"
NAMED = {"application_version", "application_document", "message", "withdrawal", "erasure_request"}
KEEPS = {"draft", "stored_file", "applicant"}  # the person's own, of no city


class Sent:
    """Somebody who sent everything there is to a city, asked for its erasure, and withdrew."""

    def __init__(self, app: Any) -> None:
        self.app, self.city = app, city()
        person = Person(app, self.city.opening).start()
        person.fill(
            career={"file_resume": (io.BytesIO(pdf(2)), f"{CANARY}.pdf")},
            questions={"answer_motivation": f"{CANARY}の動機"},
        )
        person.send()
        [self.application] = rows(Application)
        self.mail = self.application.mail
        url = f"/my/applications/{self.application.id}"
        question = {**hidden(person.get(f"{url}/messages")), "body": f"{CANARY}の質問"}
        person.post(f"{url}/messages", {**question, "files": (io.BytesIO(pdf(3)), f"{CANARY}の添付.pdf")})
        person.get(f"{url}/messages")
        person.post(f"{url}/messages", {"body": "", "files": (io.BytesIO(pdf()), f"{CANARY}の残り.pdf")}, status=422)
        needs = f"{url}/accommodation"
        person.post(needs, {**hidden(person.get(needs)), "words": f"{CANARY}の配慮"})
        person.get(f"{url}/erasure")
        person.post(f"{url}/erasure", {"reason": f"{CANARY}の請求"})
        person.get(f"/my/applications/{self.application.id}/withdraw")
        person.post(f"/my/applications/{self.application.id}/withdraw", {"reason": f"{CANARY}の辞退"})
        self.person = person

    @property
    def url(self) -> str:
        return f"{self.city.url()}/{self.application.id}/erasure"

    def staff(self, *roles: Role) -> Any:
        return browser(self.app, factories.staff(self.city.organisation, *roles))


def held(app: Any) -> dict[str, str]:
    """By table, all that stands in it, read around every rule."""
    with reading_beside(app.extensions["koubo.engine"], SYSTEM) as session:
        tables = [table for table in Base.metadata.sorted_tables if table.name not in KEEPS]
        return {
            one.name: repr([tuple(row) for row in session.execute(text(f"SELECT * FROM {one.name}"))]) for one in tables
        }


def where(app: Any, words: str) -> list[str]:
    escaped = words.encode("unicode_escape").decode()
    return sorted(name for name, said in held(app).items() if words in said or escaped in said.replace("\\\\", "\\"))


def propose(sent: Sent, hr: Any, status: int = 303) -> str:
    hr.get(f"{sent.url}/erase")
    return str(hr.post(f"{sent.url}/erase", {"words": "消しました。"}, status=status).text)


def seen_on(page: str) -> str:
    """The version of what was prepared, as the page shows it; 1 where it offers nothing."""
    return next(iter(re.findall(r'name="seen" value="(\d+)"', page)), "1")


def decide(sent: Sent, one: Any, verb: str, status: int = 303, **typed: str) -> str:
    """Press what the page of the erasure offers about what was prepared, as the page showed it."""
    seen = seen_on(one.get(f"{sent.url}/erase"))
    return str(one.post(f"{sent.url}/erase/{verb}", {"seen": seen, **typed}, status=status).text)


def erase(sent: Sent, hr: Any) -> None:
    """Prepare as one person, approve as another."""
    propose(sent, hr)
    decide(sent, sent.staff(Role.HR), "approve")


@contextmanager
def erased(app: Any) -> Iterator[tuple[Sent, Any]]:
    """Somebody of whom all was erased forty days on, still within that day, and HR who did it."""
    sent = Sent(app)
    assert set(where(app, CANARY)) >= NAMED
    with time_machine.travel(clock.now() + timedelta(days=40)):
        hr = sent.staff(Role.HR)
        assert "応募の内容 1回分、書類 1件、メッセージ 1件（添付ファイル 1件）" in hr.get(f"{sent.url}/erase")
        erase(sent, hr)
        yield sent, hr


def test_everything_that_was_sent_goes_and_the_record_stays(app) -> None:
    with erased(app) as (sent, hr):
        assert where(app, CANARY) == []
        assert where(app, sent.application.family_name) == []
        [news] = [one for one in rows(Mail) if one.recipient == sent.mail]
        assert (news.kind, news.secret) == ("message-news", True)
        assert [rows(table) for table in (Message, MessageThread, Accommodation)] == [[], [], []]
        assert [rows(table) for table in (Attachment, AttachedFile)] == [[], []]
        [row] = rows(Application)
        assert (row.family_name, row.phone, row.address, row.mail) == ("（削除済み）", "", "", "")
        assert row.receipt_number == sent.application.receipt_number
        assert (len(rows(ApplicationVersion)), len(rows(Withdrawal))) == (1, 1)
        assert rows(ErasureRequest)[0].outcome is ErasureOutcome.ERASED
        assert [one.action for one in rows(AuditEvent)].count("erase.application") == 1
        assert "すでに回答" in hr.post(f"{sent.url}/erase", {"words": "もう一度"}, status=409).text


def test_every_page_about_what_was_erased_still_opens_for_hr_and_for_the_person(sqlite_app) -> None:
    with erased(sqlite_app) as (sent, hr):
        [row] = rows(Application)
        for url in (sent.city.url(), sent.city.url(row.id), sent.url, f"{sent.url}/erase", "/staff/shinagawa/erasures"):
            hr.get(url)
        person = holding(sqlite_app, row.applicant_id)
        pages = [person.get(f"/my/applications/{row.id}{part}") for part in PARTS]
        person.get("/my/data")
        person.get("/my/")

    assert [CANARY in page for page in pages] == [False] * len(PARTS)
    assert "自治体がこの応募のデータを消しました" in pages[0]
    assert "残したもの" in pages[1]


def forget_drafts() -> None:
    bind(db.session, SYSTEM)
    db.session.execute(text("UPDATE draft SET answers = '{}'"))
    db.session.commit()
    db.session.remove()


def test_bytes_go_once_the_draft_does_not_hold_them(sqlite_app) -> None:
    sent = Sent(sqlite_app)
    folder: Path = sqlite_app.extensions["koubo.settings"].files_dir
    forget_drafts()

    with time_machine.travel(clock.now() + timedelta(days=40)):
        erase(sent, sent.staff(Role.HR))

    assert rows(StoredFile) == []
    assert [file for file in folder.rglob("*") if file.is_file()] == []


@pytest.mark.parametrize(
    ("days", "withdraws", "said"), [(0, True, "受付期間中"), (400, False, "保存期間"), (40, True, "")]
)
def test_what_runs_or_is_kept_cannot_go(sqlite_app, days: int, withdraws: bool, said: str) -> None:
    sent = Sent(sqlite_app)
    if not withdraws:
        sent.person.post(f"/my/applications/{sent.application.id}/reinstate")

    with time_machine.travel(clock.now() + timedelta(days=days)):
        hr = sent.staff(Role.HR)
        page = propose(sent, hr, status=409 if said else 303)
        if not said:
            decide(sent, sent.staff(Role.APPROVER), "approve")

    assert said in page
    assert (where(sqlite_app, CANARY) == []) is not said


def test_without_the_mark_the_database_keeps_what_was_sent(app) -> None:
    Sent(app)
    bind(db.session, SYSTEM)
    for statement in (
        "UPDATE application_version SET answers = '{}'",
        "DELETE FROM application_document",
        "UPDATE finding SET working = '{}'",
        "UPDATE withdrawal SET reason = ''",
        "DELETE FROM message",
    ):
        with pytest.raises(DBAPIError, match="insert-only"):
            db.session.execute(text(statement))
        db.session.rollback()


def test_erasing_takes_another_person(sqlite_app) -> None:
    sent = Sent(sqlite_app)
    with time_machine.travel(clock.now() + timedelta(days=40)):
        hr, other = sent.staff(Role.HR, Role.APPROVER), sent.staff(Role.HR)
        propose(sent, hr)

        assert "別の職員" in decide(sent, hr, "approve", status=409)
        assert "別の職員" in decide(sent, hr, "decline", status=409, note="x")
        assert "承認を待っています" in propose(sent, other, status=409)
        assert "承認を待っています" in other.post(sent.url, {"words": "残します。"}, status=409).text
        assert "取り下げられるのは" in decide(sent, other, "take-back", status=409)
        assert "差し戻す理由を入力" in decide(sent, other, "decline", status=422)
        assert "承認待ち：応募のデータの削除" in other.get("/staff/shinagawa/")
        assert "承認待ち：応募のデータの削除" not in hr.get("/staff/shinagawa/")

    assert rows(Application)[0].erased_at is None


def test_what_was_declined_or_taken_back_erases_nothing_and_each_act_is_recorded(app) -> None:
    sent = Sent(app)
    with time_machine.travel(clock.now() + timedelta(days=40)):
        hr, other = sent.staff(Role.HR, Role.APPROVER), sent.staff(Role.HR)
        propose(sent, hr)
        decide(sent, other, "decline", note="不服申立てを確かめてください。")
        assert "不服申立てを確かめてください。" in hr.get(f"{sent.url}/erase")
        propose(sent, hr)
        decide(sent, hr, "take-back")
        assert CANARY in held(app)["message"]
        propose(sent, hr)
        late = seen_on(other.get(f"{sent.url}/erase"))
        decide(sent, other, "approve")
        other.post(f"{sent.url}/erase/approve", {"seen": late}, status=409)

    assert where(app, CANARY) == []
    assert sorted((one.state.value, one.words, one.note) for one in rows(ErasureProposal)) == [
        ("approved", "", ""), ("declined", "", ""), ("taken_back", "", "")
    ]  # fmt: skip
    assert acts_of_erasing() == [
        "ask.erasure", "propose.erasure", "decline.erasure", "propose.erasure", "take_back.erasure",
        "propose.erasure", "erase.application",
    ]  # fmt: skip
    assert rows(ErasureRequest)[0].answer == "消しました。"


def acts_of_erasing() -> list[str]:
    """What the record says was done about erasing, in order."""
    links = sorted((one for one in rows(AuditEvent) if one.organisation_id), key=lambda one: one.seq)
    return [one.action for one in links if one.action.endswith((".erasure", "erase.application"))]


def test_an_approver_learns_no_name_and_what_was_taken_back_is_not_approved(sqlite_app) -> None:
    sent = Sent(sqlite_app)
    with time_machine.travel(clock.now() + timedelta(days=40)):
        hr, approver = sent.staff(Role.HR), sent.staff(Role.APPROVER)
        propose(sent, hr)
        page = approver.get(f"{sent.url}/erase")
        decide(sent, hr, "take-back")
        approver.post(f"{sent.url}/erase/approve", {"seen": "1"}, status=409)

    assert (sent.application.receipt_number in page, sent.application.family_name in page) == (True, False)
    assert rows(Application)[0].erased_at is None


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.HR, Role.APPROVER)])
def test_nobody_but_hr_and_an_approver_erases(sqlite_app, role: Role) -> None:
    sent = Sent(sqlite_app)
    one = sent.staff(role)
    one.get("/staff/shinagawa/")

    one.get(f"{sent.url}/erase", status=404)
    one.post(f"{sent.url}/erase/approve", {"seen": "1"}, status=404)
    one.post(f"{sent.url}/erase", {"words": "x"}, status=404)

    assert rows(Application)[0].erased_at is None


def test_a_file_that_went_to_another_city_too_stays_with_its_bytes(app) -> None:
    sent, other = Sent(app), city("hamamatsu", "浜松市")
    theirs = other.application()
    theirs.applicant_id = sent.application.applicant_id
    factories.save(theirs)
    [file] = [one for one in rows(StoredFile) if one.applicant_id == sent.application.applicant_id]
    [version] = [one for one in rows(ApplicationVersion) if one.application_id == theirs.id]
    own = {"id": new_id(), "organisation_id": theirs.organisation_id, "application_version_id": version.id}
    factories.save(ApplicationDocument(**own, kind_key="copy", seq=9, stored_file_id=file.id, file_name="同じ.pdf"))
    forget_drafts()

    with time_machine.travel(clock.now() + timedelta(days=40)):
        erase(sent, sent.staff(Role.HR))

    assert file.id in {one.id for one in rows(StoredFile)}
    assert storage.has_size(file.key, file.size)


def test_what_the_same_person_sent_to_another_city_stays(app) -> None:
    sent, other = Sent(app), city("hamamatsu", "浜松市")
    theirs = other.application()
    theirs.applicant_id = sent.application.applicant_id
    factories.save(theirs)
    [before] = [one.answers for one in rows(ApplicationVersion) if one.application_id == theirs.id]

    with time_machine.travel(clock.now() + timedelta(days=40)):
        erase(sent, sent.staff(Role.HR))

    [kept] = [one for one in rows(Application) if one.id == theirs.id]
    assert (kept.family_name, kept.erased_at) == (theirs.family_name, None)
    assert [one.answers for one in rows(ApplicationVersion) if one.application_id == theirs.id] == [before]


def test_what_is_sent_after_an_erasure_is_received_and_what_was_erased_stays_erased(app) -> None:
    with erased(app) as (sent, hr):
        put_off(sent.city.organisation, sent.city.opening, clock.now() + timedelta(days=7), at=clock.now())
        person = Person(app, sent.city.opening)
        person.client, person.draft = holding(app, sent.application.applicant_id).client, sent.person.draft
        receipt = person.get(person.send().headers["Location"])
        own = f"/my/applications/{sent.application.id}"
        page, contact = person.get(own), person.get(f"{own}/contact")
        detail = hr.get(sent.city.url(sent.application.id))
        erasure = person.get(f"{own}/erasure")

    first, second = sorted(rows(ApplicationVersion), key=lambda one: one.number)
    assert (first.is_erased, second.is_erased) == (True, False)
    assert sent.application.receipt_number in receipt
    assert "自治体がこの応募のデータを消しました" not in page
    assert "1回目（請求により、内容を消しました）" in page
    assert [words in page for words in (f"{CANARY}.pdf", f"{CANARY}の動機", "m***@example.jp")] == [True] * 3
    assert [words in page + detail for words in (f"{CANARY}の質問", f"{CANARY}の配慮")] == [False, False]
    assert "090-0000-0001" in contact or "09000000001" in contact
    assert sent.application.family_name in detail
    assert "この内容で請求する" in erasure
