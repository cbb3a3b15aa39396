"""The log of mails: what went to whom and what failed; no code, no other city's mail; send again."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from app.audit.models import AccessEvent, AuditEvent
from app.core.access import Role
from app.core.model import new_id
from app.outbox.models import Mail, MailState
from tests import factories
from tests.browsing import Browser
from tests.screening.arrange import browser, rows

CANARY = "kanaria-4711"
AT = datetime(2026, 11, 20, 1, 2, tzinfo=UTC)


@pytest.fixture
def city(sqlite_app: Flask) -> Any:
    return factories.organisation()


def mail(organisation: Any, **values: Any) -> Mail:
    key = new_id()
    common = {
        "kind": "application-received",
        "recipient": "taro@applicant.example.jp",
        "subject": "【品川区】応募を受け付けました",
        "body": "見本 太郎 様",
        "state": MailState.QUEUED,
        "created_at": AT,
        "due_at": AT,
    }
    own = organisation.id if organisation else None
    made: Mail = factories.save(
        Mail(id=key, organisation_id=own, dedupe_key=str(key), message_id=f"<{key}@x>", **(common | values))
    )
    return made


def failed(organisation: Any, **values: Any) -> Mail:
    common = {"state": MailState.FAILED, "attempts": 9, "last_error": "SMTPRecipientsRefused 550"}
    return mail(organisation, **(common | values))


def person(app: Flask, organisation: Any, role: Role = Role.HR) -> Browser:
    return browser(app, factories.staff(organisation, role))


def words(page: str) -> list[str]:
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in body.split("<tr>")[1:]]


def test_the_log_says_what_went_to_whom_and_why_it_failed(sqlite_app: Flask, city: Any) -> None:
    failed(city)

    [row] = words(person(sqlite_app, city).get("/staff/shinagawa/mails"))

    assert row == (
        "【品川区】応募を受け付けました 応募の受付 taro@applicant.example.jp 送信できず"
        " 宛先のメールアドレスが、相手のサーバーに受け取られませんでした（SMTPRecipientsRefused 550）"
        " 11月20日（金）10:02 なし 9 もう一度送る ：taro@applicant.example.jp"
    )


def test_each_state_has_its_list_and_its_count(sqlite_app: Flask, city: Any) -> None:
    for number, state in enumerate(MailState, 1):
        for _ in range(number):
            mail(city, state=state)
    hr = person(sqlite_app, city)

    found = {state: len(words(hr.get(f"/staff/shinagawa/mails?state={state}"))) for state in MailState}
    page = hr.get("/staff/shinagawa/mails")

    assert list(found.values()) == [1, 2, 3, 4, 5]
    assert len(words(page)) == 15
    assert re.findall(r'&nbsp;<span class="num">(\d+)</span>', page) == ["15", "1", "2", "3", "4", "5"]
    assert len(words(hr.get("/staff/shinagawa/mails?state=nonsense"))) == 15


def test_a_code_or_link_is_shown_to_no_staff(sqlite_app: Flask, city: Any) -> None:
    one = failed(city, secret=True, body=CANARY)
    hr = person(sqlite_app, city)

    for url in ("/staff/shinagawa/mails", f"/staff/shinagawa/mails/{one.id}"):
        page = hr.get(url)
        assert CANARY not in page
        assert "もう一度送る" not in page
    assert "本文は表示しません" in hr.get(f"/staff/shinagawa/mails/{one.id}")
    hr.post(f"/staff/shinagawa/mails/{one.id}/resend", status=409)
    assert rows(Mail)[0].state is MailState.FAILED


def test_a_mail_without_a_secret_can_be_read_and_the_look_is_recorded(sqlite_app: Flask, city: Any) -> None:
    one = mail(city, body=f"見本 太郎 様\n{CANARY}\n<b>太字ではない</b>")

    page = person(sqlite_app, city).get(f"/staff/shinagawa/mails/{one.id}")

    assert f"見本 太郎 様\n{CANARY}\n&lt;b&gt;" in page
    assert [(look.action, look.subject) for look in rows(AccessEvent)] == [("read.mail", f"mail:{one.id}")]


def test_a_failed_mail_is_queued_again_once_and_that_is_recorded(sqlite_app: Flask, city: Any) -> None:
    one = failed(city)
    hr = person(sqlite_app, city)
    hr.get(f"/staff/shinagawa/mails/{one.id}")

    hr.post(f"/staff/shinagawa/mails/{one.id}/resend")
    assert "もう一度送信待ちに入れました" in hr.get(f"/staff/shinagawa/mails/{one.id}")
    hr.post(f"/staff/shinagawa/mails/{one.id}/resend", status=409)

    [again] = rows(Mail)
    assert (again.state, again.attempts, again.message_id) == (MailState.QUEUED, 0, one.message_id)
    assert again.due_at > AT
    assert [event.action for event in rows(AuditEvent)] == ["resend.mail"]


@pytest.mark.parametrize("state", [state for state in MailState if state is not MailState.FAILED])
def test_only_a_failed_mail_is_sent_again(sqlite_app: Flask, city: Any, state: MailState) -> None:
    one = mail(city, state=state)
    hr = person(sqlite_app, city)
    hr.get(f"/staff/shinagawa/mails/{one.id}")

    hr.post(f"/staff/shinagawa/mails/{one.id}/resend", status=409)

    assert rows(Mail)[0].state is state


def test_another_citys_and_the_platforms_mails_are_not_there(sqlite_app: Flask, city: Any) -> None:
    other = factories.organisation("hamamatsu", "浜松市")
    ours = failed(city, subject=CANARY, recipient=f"{CANARY}@example.jp")
    platform = mail(None, subject=CANARY, recipient=f"{CANARY}@example.jp")
    hr = person(sqlite_app, other)

    assert CANARY not in hr.get("/staff/hamamatsu/mails")
    for one in (ours, platform):
        assert CANARY not in hr.get(f"/staff/hamamatsu/mails/{one.id}", status=404)
        hr.post(f"/staff/hamamatsu/mails/{one.id}/resend", status=404)
    hr.get("/staff/shinagawa/mails", status=404)
    assert rows(Mail)[0].state is MailState.FAILED


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.HR, Role.ADMIN}])
def test_mails_are_for_hr_and_admin(sqlite_app: Flask, city: Any, role: Role) -> None:
    one = failed(city)
    other = person(sqlite_app, city, role)

    other.get("/staff/shinagawa/mails", status=403)
    other.get(f"/staff/shinagawa/mails/{one.id}", status=404)
    other.get("/staff/shinagawa/")
    other.post(f"/staff/shinagawa/mails/{one.id}/resend", status=404)
