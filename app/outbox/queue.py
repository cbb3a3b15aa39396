"""Owe a mail: one row in the transaction of the act that owes it. Nothing is sent here."""

import uuid
from datetime import datetime
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
    due_at: datetime | None = None,
    secret: bool = False,
    **values: Any,
) -> Mail:
    """Queue one mail of a kind to one recipient; its texts are templates/email/<kind>-subject.txt and -body.txt.

    `dedupe` makes it at most one row; `secret` keeps the body from staff and has it blanked once sent. No outcome,
    score, answer, file name or attachment belongs into a mail (design 28).
    """
    base = current_app.config["BASE_URL"]
    names = {"organisation": organisation, "base_url": base, **values}
    subject = " ".join(render_template(f"email/{kind}-subject.txt", **names).split())
    mail = Mail(
        organisation_id=organisation.id if organisation is not None else None,
        dedupe_key=f"{kind}:{dedupe}",
        kind=kind,
        subject_id=about,
        sender_name=organisation.name if organisation is not None else "",
        recipient=to,
        subject=subject[:200],
        body=render_template(f"email/{kind}-body.txt", **names),
        message_id=make_msgid(domain=current_app.config["MAIL_DOMAIN"]),
        created_at=clock.now(),
        due_at=due_at or clock.now(),
        secret=secret,
    )
    session.add(mail)
    return mail
