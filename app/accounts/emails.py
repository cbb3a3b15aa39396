"""Mails to staff about their accounts. Those with a token are secret: staff never read them in the record of mails."""

from datetime import datetime

from app.accounts.models import StaffToken, StaffUser
from app.core.model import new_id
from app.extensions import db
from app.organisations.models import Organisation
from app.outbox.models import Mail, MailState
from app.outbox.queue import owe


def invitation(user: StaffUser, organisation: Organisation, row: StaffToken, token: str) -> None:
    """Queue the invitation with its one-time link."""
    owe(
        db.session,
        "staff-invitation",
        to=user.mail,
        dedupe=str(row.id),
        organisation=organisation,
        about=user.id,
        secret=True,
        user=user,
        token=token,
        expires_at=row.expires_at,
    )


def joined(user: StaffUser, organisation: Organisation, *, at: datetime) -> None:
    """Queue the news that an existing account now also works for this organisation."""
    dedupe = f"{user.id}:{organisation.id}:{at.isoformat()}"
    owe(db.session, "staff-joined", to=user.mail, dedupe=dedupe, organisation=organisation, about=user.id, user=user)


def password_reset(user: StaffUser, row: StaffToken, token: str) -> None:
    """Queue the one-time link to a new password."""
    owe(
        db.session,
        "staff-password-reset",
        to=user.mail,
        dedupe=str(row.id),
        about=user.id,
        secret=True,
        user=user,
        token=token,
        expires_at=row.expires_at,
    )


def no_password_reset(row: StaffToken, *, at: datetime) -> None:
    """Write a row that is never sent, so that an unknown address costs the same statements as a known one (B8)."""
    db.session.add(
        Mail(
            id=new_id(),
            dedupe_key=f"staff-password-reset:{row.id}",
            kind="staff-password-reset",
            recipient="",
            subject="",
            body="",
            message_id="",
            state=MailState.CANCELLED,
            created_at=at,
            due_at=at,
            secret=True,
        )
    )


def changed(user: StaffUser, what: str, *, at: datetime) -> None:
    """Queue the news of a change that concerns the security of the account; `what` is the sentence that says it."""
    dedupe = f"{user.id}:{new_id()}"
    owe(db.session, "staff-changed", to=user.mail, dedupe=dedupe, about=user.id, user=user, what=what, at=at)
