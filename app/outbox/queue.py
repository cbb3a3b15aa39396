"""Owe a mail: one row in the transaction of the act that owes it. Nothing is sent here."""

import uuid
from email.utils import make_msgid
from typing import Any

from flask import current_app

from app.core import clock
from app.outbox.models import Mail


def owe(session: Any, kind: str, **said: Any) -> Mail:
    """Queue one mail, as `write` writes it."""
    mail = write(kind, **said)
    session.add(mail)
    return mail


def write(
    kind: str,
    *,
    to: str,
    dedupe: str,
    organisation: Any = None,
    about: uuid.UUID | None = None,
    secret: bool = False,
    **values: Any,
) -> Mail:
    """Write one mail of a kind to one recipient; its texts are templates/email/<kind>-subject.txt and -body.txt.

    `dedupe` makes it at most one row; `secret` keeps the body from staff and has it blanked once sent. No outcome,
    score, answer, file name or attachment belongs into a mail (design 28).
    """
    subject, body = _texts(kind, {"organisation": organisation, "base_url": current_app.config["BASE_URL"], **values})
    at = clock.now()
    return Mail(
        organisation_id=organisation.id if organisation is not None else None,
        dedupe_key=f"{kind}:{dedupe}",
        kind=kind,
        subject_id=about,
        sender_name=organisation.name if organisation is not None else "",
        recipient=to,
        subject=subject,
        body=body,
        message_id=make_msgid(domain=current_app.config["MAIL_DOMAIN"]),
        created_at=at,
        due_at=at,
        secret=secret,
    )


def _texts(kind: str, names: dict[str, Any]) -> tuple[str, str]:
    """Fill in the texts of a kind; a mail says nothing of the page that owes it, so it gets none of a page's values."""
    subject, body = (
        current_app.jinja_env.get_template(f"email/{kind}-{part}.txt").render(names) for part in ("subject", "body")
    )
    return " ".join(subject.split())[:200], body
