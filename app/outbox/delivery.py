"""Send the mails that are due, each to exactly one recipient; at least once, never lost (reliability M1-M3, M6).

A mail is leased in one short transaction, sent outside any, and marked in another. When the process dies between the
server's 250 and the mark, the lease runs out and the mail goes once more with the same Message-ID.
"""

import logging
import re
import smtplib
import time
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import quote
from typing import Any

from flask import current_app
from flask_mail import BadHeaderError, Message
from sqlalchemy import and_, or_, select, update

from app.core import clock
from app.core.context import SYSTEM
from app.core.database import own_transaction
from app.extensions import mail as flask_mail
from app.outbox.models import Mail, MailState

BATCH = 20
BATCH_SECONDS = 60  # then the rest of a batch goes back; shorter than the connection may last
LEASE = timedelta(minutes=5)  # longer than a connection may last
BACK_OFF_MINUTES = (1, 2, 5, 10)  # after the first failures; then LATER_MINUTES until the mail is given up
LATER_MINUTES = 30
GIVE_UP_MINUTES = 48 * 60

ONE_ADDRESS = re.compile(r"[!-~]+@[!-~]+")
NOT_IN_ONE = frozenset(',;:<>()[]"\\')

log = logging.getLogger("koubo.mail")


@dataclass(frozen=True)
class Leased:
    """What is sent of a row that this process has leased."""

    id: uuid.UUID
    attempts: int
    sender_name: str
    recipient: str
    subject: str
    body: str
    message_id: str
    created_at: datetime
    is_secret: bool


def waits() -> tuple[timedelta, ...]:
    """How long to wait after the first, second … failed try; the mail has failed when they are used up."""
    later = range(0, GIVE_UP_MINUTES - sum(BACK_OFF_MINUTES), LATER_MINUTES)
    return tuple(timedelta(minutes=n) for n in (*BACK_OFF_MINUTES, *(LATER_MINUTES for _ in later)))


WAITS = waits()


def deliver_due(*, at: datetime, limit: int = BATCH) -> int:
    """Send the mails that are due at an instant, oldest first; return how many were sent.

    A connection that fails puts its whole batch off; a mail that fails puts off only itself.
    """
    leased, began, sent = _lease(at, limit), time.monotonic(), 0
    try:
        if leased:
            with flask_mail.connect() as connection:
                while leased and time.monotonic() - began < BATCH_SECONDS:
                    sent += _send(connection, leased[0], at)
                    leased.pop(0)
    except OSError as error:  # SMTPException is one
        log.warning("mail server: %s", _reason(error))
        for item in leased:
            _put_off(item, _reason(error), at)
    else:
        _give_back(leased)
    return sent


def _lease(at: datetime, limit: int) -> list[Leased]:
    waiting = and_(Mail.state == MailState.QUEUED, Mail.due_at <= at)
    abandoned = and_(Mail.state == MailState.SENDING, Mail.leased_until < at)
    query = select(Mail).where(or_(waiting, abandoned)).order_by(Mail.due_at, Mail.id).limit(limit)
    with own_transaction(current_app.extensions["koubo.engine"], SYSTEM) as session:
        rows = session.scalars(query.with_for_update(skip_locked=True)).all()
        for row in rows:
            row.state, row.leased_until = MailState.SENDING, at + LEASE
        return [_leased(row) for row in rows]


def _leased(row: Mail) -> Leased:
    return Leased(
        id=row.id,
        attempts=row.attempts,
        sender_name=row.sender_name,
        recipient=row.recipient,
        subject=row.subject,
        body=row.body,
        message_id=row.message_id,
        created_at=row.created_at,
        is_secret=row.secret,
    )


def _send(connection: Any, item: Leased, at: datetime) -> bool:
    """Send one mail and mark what became of it.

    Raises: OSError when the connection, not this mail, is at fault; nothing is marked then.
    """
    try:
        connection.send(_message(item))
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as error:
        if _code(error) >= 500:
            _give_up(item, _reason(error))
        else:
            _put_off(item, _reason(error), at)
        return False
    except (smtplib.SMTPNotSupportedError, BadHeaderError, ValueError) as error:
        _give_up(item, _reason(error))  # no server will take such an address
        return False
    values = {"body": ""} if item.is_secret else {}
    _mark(item, state=MailState.SENT, sent_at=clock.now(), attempts=item.attempts + 1, last_error="", **values)
    return True


def is_one_address(text: str) -> bool:
    """Say whether a text is exactly one bare address; dots where a phone company allowed them are no fault."""
    return bool(ONE_ADDRESS.fullmatch(text)) and text.count("@") == 1 and not NOT_IN_ONE.intersection(text)


def quoted(address: str) -> str:
    """Quote dots that only old phone addresses have, as RFC 5321 asks: "a..b."@docomo.ne.jp."""
    local, _, domain = address.rpartition("@")
    return address if all(local.split(".")) else f'"{local}"@{domain}'


def _message(item: Leased) -> Message:
    """Write the mail for its one recipient.

    Raises: ValueError when the recipient is not exactly one address.
    """
    if not is_one_address(item.recipient):
        raise ValueError("not one address")
    message = Message(
        subject=item.subject,
        sender=f'"{quote(item.sender_name or "Koubo")}" <{current_app.config["MAIL_DEFAULT_SENDER"]}>',
        recipients=[quoted(item.recipient)],
        body=item.body,
        date=item.created_at.timestamp(),
        extra_headers={"Auto-Submitted": "auto-generated"},
    )
    message.msgId = item.message_id
    return message


def _put_off(item: Leased, reason: str, at: datetime) -> None:
    if item.attempts >= len(WAITS):
        _give_up(item, reason)
        return
    due_at = at + WAITS[item.attempts]
    _mark(item, state=MailState.QUEUED, due_at=due_at, attempts=item.attempts + 1, last_error=reason)


def _give_up(item: Leased, reason: str) -> None:
    log.error("mail %s has failed: %s", item.id, reason)
    _mark(item, state=MailState.FAILED, attempts=item.attempts + 1, last_error=reason)


def _give_back(leased: list[Leased]) -> None:
    for item in leased:
        _mark(item, state=MailState.QUEUED)


def _mark(item: Leased, **values: Any) -> None:
    with own_transaction(current_app.extensions["koubo.engine"], SYSTEM) as session:
        session.execute(update(Mail).where(Mail.id == item.id).values(leased_until=None, **values))


def _code(error: OSError) -> int:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next((code for code, _text in error.recipients.values()), 0)
    return int(getattr(error, "smtp_code", 0) or 0)


def _reason(error: Exception) -> str:
    """The class and the server's code only: what a server says may repeat the address."""
    code = _code(error) if isinstance(error, OSError) else 0
    return f"{type(error).__name__} {code}" if code else type(error).__name__
