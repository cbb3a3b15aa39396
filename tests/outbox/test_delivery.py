"""Mail leaves at least once, to one recipient each, never lost or silent (M1-M3, M5, M6, F15-F17, F32)."""

import json
import logging
import re
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.core import mail as core_mail
from app.core.context import SYSTEM, bind
from app.core.model import new_id
from app.core.request_id import JsonLines
from app.extensions import db
from app.organisations.models import Organisation
from app.outbox import delivery
from app.outbox.delivery import LEASE, WAITS, deliver_due, is_one_address
from app.outbox.models import Mail, MailState
from tests import factories
from tests.at_once import at_once
from tests.outbox.post_office import PostOffice, opened, use_port

AT = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
HANAKO, TARO = "hanako@example.jp", "taro@example.jp"


def queued(to: str = HANAKO, *, city: Organisation | None = None, **values: Any) -> Mail:
    """A mail that is due at AT."""
    number = new_id()
    common: dict[str, Any] = {
        "id": number,
        "organisation_id": city.id if city else None,
        "dedupe_key": str(number),
        "kind": "receipt",
        "sender_name": city.name if city else "",
        "recipient": to,
        "subject": "【品川区】応募を受け付けました",
        "body": "髙橋 花子 様\n\n応募を受け付けました。\n",
        "message_id": f"<{number}@koubo.example.jp>",
        "created_at": AT,
        "due_at": AT,
    }
    row: Mail = factories.save(Mail(**(common | values)))
    return row


def now_says(mail: Mail) -> Mail:
    db.session.remove()
    bind(db.session, SYSTEM)
    found = db.session.scalars(select(Mail).where(Mail.id == mail.id)).one()
    db.session.remove()
    return found


@pytest.fixture
def office(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    with opened(PostOffice(), use_port(app, monkeypatch)) as office:
        yield office


def test_a_due_mail_is_sent_and_marked(office: PostOffice) -> None:
    mail = queued()

    assert deliver_due(at=AT) == 1

    after = now_says(mail)
    assert (after.state, after.attempts, after.leased_until, after.last_error) == (MailState.SENT, 1, None, "")
    assert after.sent_at is not None
    assert len(office.to(HANAKO)) == 1
    assert deliver_due(at=AT + timedelta(hours=1)) == 0


def test_a_mail_of_later_is_left(office: PostOffice) -> None:
    mail = queued(due_at=AT + timedelta(seconds=1))

    assert deliver_due(at=AT) == 0
    assert now_says(mail).state is MailState.QUEUED
    assert deliver_due(at=AT + timedelta(seconds=1)) == 1


@pytest.mark.parametrize("state", [MailState.SENT, MailState.FAILED, MailState.CANCELLED])
def test_what_is_done_with_is_not_sent(office: PostOffice, state: MailState) -> None:
    queued(state=state)

    assert deliver_due(at=AT) == 0
    assert office.caught == []


def test_the_message_says_who_sends_what_to_whom(office: PostOffice) -> None:
    mail = queued(city=factories.organisation())

    deliver_due(at=AT)

    (message,) = office.to(HANAKO)
    assert message["From"] == "品川区 <koubo@koubo.example.jp>"
    assert message["To"] == HANAKO
    assert message["Subject"] == mail.subject
    assert message["Message-ID"] == mail.message_id
    assert message["Date"].datetime == AT
    assert message["Auto-Submitted"] == "auto-generated"
    assert (message.get_content_type(), message.get_content_charset()) == ("text/plain", "utf-8")
    assert message.get_content() == mail.body
    assert {"Cc", "Bcc", "Reply-To"}.isdisjoint(message.keys())


def test_the_wire_carries_seven_bits_only(office: PostOffice) -> None:
    queued(city=factories.organisation())

    deliver_due(at=AT)

    office.caught[0].message.as_bytes().decode("ascii")


def test_each_envelope_has_one_recipient_and_a_bare_sender(office: PostOffice) -> None:
    for number in range(3):
        queued(f"a{number}@example.jp", city=None if number else factories.organisation())

    assert deliver_due(at=AT) == 3

    assert sorted(caught.recipients for caught in office.caught) == [[f"a{number}@example.jp"] for number in range(3)]
    assert {caught.sender for caught in office.caught} == {"koubo@koubo.example.jp"}


def test_the_body_of_a_secret_is_blanked_once_it_is_sent(office: PostOffice) -> None:
    code = queued(secret=True, body="確認コード：123456\n")
    other = queued(TARO)

    deliver_due(at=AT)

    assert now_says(code).body == ""
    assert now_says(other).body == other.body
    assert "123456" in office.to(HANAKO)[0].get_content()


def test_a_batch_takes_the_oldest_first_and_no_more_than_asked(office: PostOffice) -> None:
    mails = [queued(f"a{number}@example.jp", due_at=AT - timedelta(minutes=number)) for number in range(4)]

    assert deliver_due(at=AT, limit=2) == 2
    assert [now_says(mail).state for mail in mails] == [MailState.QUEUED] * 2 + [MailState.SENT] * 2


@pytest.mark.parametrize("answer", ["550 5.1.1 no such user hanako@example.jp", "553 not allowed"])
def test_a_recipient_refused_for_good_fails_at_once_and_the_others_go(office: PostOffice, answer: str) -> None:
    office.answers[HANAKO] = answer
    refused, other = queued(), queued(TARO, due_at=AT + timedelta(microseconds=1))

    assert deliver_due(at=AT + timedelta(seconds=1)) == 1

    after = now_says(refused)
    assert (after.state, after.attempts) == (MailState.FAILED, 1)
    assert after.last_error == f"SMTPRecipientsRefused {answer[:3]}"
    assert now_says(other).state is MailState.SENT


def test_a_message_refused_for_good_fails_at_once(office: PostOffice) -> None:
    office.at_data[HANAKO] = "552 too big"
    mail = queued()

    assert deliver_due(at=AT) == 0
    assert (now_says(mail).state, now_says(mail).last_error) == (MailState.FAILED, "SMTPDataError 552")


@pytest.mark.parametrize("where", ["answers", "at_data"])
def test_a_refusal_for_now_backs_off_and_goes_later(office: PostOffice, where: str) -> None:
    getattr(office, where)[HANAKO] = "451 greylisted"
    mail = queued()

    for wait, minutes in zip(WAITS[:6], (1, 2, 5, 10, 30, 30), strict=True):
        before = now_says(mail).due_at
        assert deliver_due(at=before) == 0
        assert wait == timedelta(minutes=minutes)
        assert (now_says(mail).state, now_says(mail).due_at) == (MailState.QUEUED, before + wait)
    getattr(office, where).clear()

    assert deliver_due(at=now_says(mail).due_at) == 1
    assert (now_says(mail).state, now_says(mail).attempts, len(office.caught)) == (MailState.SENT, 7, 1)


def test_after_two_days_of_refusals_a_mail_has_failed_for_staff_to_see(office: PostOffice) -> None:
    office.answers[HANAKO] = "451 greylisted"
    mail = queued(attempts=len(WAITS) - 1)

    deliver_due(at=AT)
    assert now_says(mail).state is MailState.QUEUED
    deliver_due(at=now_says(mail).due_at)

    assert timedelta(hours=48) <= sum(WAITS, timedelta()) < timedelta(hours=49)
    assert (now_says(mail).state, now_says(mail).last_error) == (MailState.FAILED, "SMTPRecipientsRefused 451")


def test_nothing_is_lost_while_the_mail_server_is_down(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    office, port = PostOffice(), use_port(app, monkeypatch)
    mails = [queued(f"a{number}@example.jp") for number in range(3)]
    with opened(office, port):
        pass  # it was there, and is stopped

    assert deliver_due(at=AT) == 0
    assert {(now_says(mail).state, now_says(mail).last_error) for mail in mails} == {
        (MailState.QUEUED, "ConnectionRefusedError")
    }
    mails.append(queued("late@example.jp"))
    assert deliver_due(at=AT) == 0
    with opened(office, port):
        assert deliver_due(at=AT + timedelta(minutes=1)) == 4

    assert {now_says(mail).state for mail in mails} == {MailState.SENT}
    assert len(office.caught) == 4


def test_a_mail_whose_sender_died_goes_again_with_the_same_message_id(office: PostOffice) -> None:
    mail = queued(state=MailState.SENDING, leased_until=AT + LEASE)

    assert deliver_due(at=AT + LEASE) == 0
    assert deliver_due(at=AT + LEASE + timedelta(seconds=1)) == 1
    assert office.caught[0].message["Message-ID"] == mail.message_id


def test_a_crash_between_sending_and_marking_sends_once_more_at_most(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = queued()

    def die(*_arguments: object, **_values: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(delivery, "_mark", die)
        with pytest.raises(SystemExit):
            deliver_due(at=AT)
    deliver_due(at=AT + timedelta(minutes=1))
    deliver_due(at=AT + timedelta(minutes=6))
    deliver_due(at=AT + timedelta(minutes=12))

    assert [message["Message-ID"] for message in office.to(HANAKO)] == [mail.message_id] * 2
    assert now_says(mail).state is MailState.SENT


def test_workers_at_once_send_nothing_twice(app: Flask, office: PostOffice) -> None:
    mails = [queued(f"a{number:02}@example.jp") for number in range(24)]

    counts = at_once(app, *[lambda: sum(deliver_due(at=AT, limit=4) for _ in range(6))] * 3)

    assert sum(counts) == 24
    assert sorted(caught.recipients for caught in office.caught) == sorted([mail.recipient] for mail in mails)


def server_that(says: bytes, port: int, *, slowly: bool = False) -> threading.Event:
    """Accept connections, say the bytes (one each 50 ms when slowly), and then nothing more, until the event is set."""
    ends, listener = threading.Event(), socket.create_server(("127.0.0.1", port))

    def talk() -> None:
        listener.settimeout(5)
        connection, _ = listener.accept()
        with listener, connection:
            for byte in says if slowly else [says]:
                try:
                    connection.sendall(bytes([byte]) if isinstance(byte, int) else byte)
                except OSError:
                    return
                if slowly and ends.wait(0.05):
                    return
            ends.wait(5)

    threading.Thread(target=talk, daemon=True).start()
    return ends


def test_a_server_that_hangs_does_not_hold_the_worker(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core_mail, "TIMEOUT_SECONDS", 0.2)
    ends, mail = server_that(b"", use_port(app, monkeypatch)), queued()

    assert deliver_due(at=AT) == 0
    ends.set()

    assert (now_says(mail).state, now_says(mail).last_error) == (MailState.QUEUED, "SMTPServerDisconnected")


def test_a_server_that_trickles_is_cut_off(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core_mail, "TOTAL_SECONDS", 0.3)
    ends, mail = server_that(b"220-" * 1000, use_port(app, monkeypatch), slowly=True), queued()

    assert deliver_due(at=AT) == 0
    ends.set()

    assert (now_says(mail).state, now_says(mail).attempts) == (MailState.QUEUED, 1)


def test_a_batch_that_takes_too_long_gives_the_rest_back(office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "BATCH_SECONDS", 0)
    mail = queued()

    assert deliver_due(at=AT) == 0

    assert (now_says(mail).state, now_says(mail).due_at, now_says(mail).attempts) == (MailState.QUEUED, AT, 0)


@pytest.mark.parametrize(
    "address",
    [
        "a@example.jp, b@example.jp",
        "a@example.jp\nBcc: b@example.jp",
        "花子 <a@example.jp>",
        "花子@example.jp",
        "a@b@example.jp",
        "@example.jp",
        "a b@example.jp",
        "",
    ],
)
def test_what_is_not_one_address_fails_without_leaving(office: PostOffice, address: str) -> None:
    mail, other = queued(address), queued(TARO)

    assert deliver_due(at=AT) == 1

    assert (now_says(mail).state, now_says(other).state) == (MailState.FAILED, MailState.SENT)
    assert [caught.recipients for caught in office.caught] == [[TARO]]


@pytest.mark.parametrize(
    ("address", "sent_to"),
    [
        ("a..b.@docomo.example.jp", '"a..b."@docomo.example.jp'),
        ("a..b@ezweb.example.jp", '"a..b"@ezweb.example.jp'),
        ("a.b@example.jp", "a.b@example.jp"),
        ("a+b@example.jp", "a+b@example.jp"),
        ("o'neil@example.jp", "o'neil@example.jp"),
        ("-x-@example.jp", "-x-@example.jp"),
    ],
)
def test_odd_addresses_that_exist_are_sent_to_as_the_standard_writes_them(
    office: PostOffice, address: str, sent_to: str
) -> None:
    assert is_one_address(address)
    queued(address)

    assert deliver_due(at=AT) == 1
    assert [caught.recipients for caught in office.caught] == [[address]]  # the catcher takes the quotes off
    assert [dict(caught.message.raw_items())["To"] for caught in office.caught] == [sent_to]


def test_a_line_break_in_a_subject_or_name_adds_no_header(office: PostOffice) -> None:
    queued(subject="件名\r\nBcc: eve@example.jp")
    queued(TARO, sender_name="品川区\r\nBcc: eve@example.jp")

    deliver_due(at=AT)

    assert all("Bcc" not in caught.message for caught in office.caught)
    assert all(caught.recipients in ([HANAKO], [TARO]) for caught in office.caught)


def test_no_log_line_tells_an_address(
    app: Flask, office: PostOffice, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    office.answers |= {HANAKO: f"550 <{HANAKO}> unknown", TARO: f"451 <{TARO}> later"}
    for address in (HANAKO, TARO, "花子@example.jp", "fine@example.jp"):
        queued(address)
    with caplog.at_level(logging.DEBUG, "koubo"):
        deliver_due(at=AT)
        use_port(app, monkeypatch)
        deliver_due(at=AT + timedelta(hours=1))

    lines = [json.loads(JsonLines().format(record)) for record in caplog.records if record.name.startswith("koubo")]
    assert len(lines) == 3
    assert "example.jp" not in json.dumps(lines, ensure_ascii=False)
    bind(db.session, SYSTEM)
    assert all("@" not in error for error in db.session.scalars(select(Mail.last_error)))


def test_only_the_delivery_sends_and_only_to_one() -> None:
    sources = {path: path.read_text(encoding="utf-8") for path in Path("app").rglob("*.py")}
    sending = [
        path.name
        for path, source in sources.items()
        if re.search(r"from flask_mail import .*\bMessage\b|\bsendmail\(|smtplib\.SMTP\b\(", source)
    ]

    assert sending == ["delivery.py"]
    assert sources[Path("app/outbox/delivery.py")].count("recipients=[quoted(item.recipient)],") == 1
    assert not [path for path, source in sources.items() if re.search(r"\b(cc|bcc)=", source)]
