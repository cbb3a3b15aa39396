"""Owe a mail: one row in the transaction of the act that owes it. Nothing is sent here."""

import uuid
from email.utils import make_msgid
from typing import Any

from flask import current_app, render_template

from app.core import clock
from app.outbox.models import Mail


def owe(
    session: Any,
    kind: str,
    *,
    to: str,
    dedupe: str,
    organisation: Any = None,
    about: uuid.UUID | None = None,
    secret: bool = False,
    **values: Any,
) -> Mail:
    """Queue one mail of a kind to one recipient; its texts are templates/email/<kind>-subject.txt and -body.txt.

    `dedupe` makes it at most one row; `secret` keeps the body from staff and has it blanked once sent. No outcome,
    score, answer, file name or attachment belongs into a mail (design 28).
    """
    mail = _written(kind, organisation, values)
    mail.recipient, mail.dedupe_key, mail.subject_id, mail.secret = to, f"{kind}:{dedupe}", about, secret
    session.add(mail)
    return mail


def _written(kind: str, organisation: Any, values: dict[str, Any]) -> Mail:
    names = {"organisation": organisation, "base_url": current_app.config["BASE_URL"], **values}
    subject, at = render_template(f"email/{kind}-subject.txt", **names), clock.now()
    return Mail(
        organisation_id=organisation.id if organisation is not None else None,
        kind=kind,
        sender_name=organisation.name if organisation is not None else "",
        subject=" ".join(subject.split())[:200],
        body=render_template(f"email/{kind}-body.txt", **names),
        message_id=make_msgid(domain=current_app.config["MAIL_DOMAIN"]),
        created_at=at,
        due_at=at,
    )
