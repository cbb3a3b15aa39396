"""Reads of the mails that an organisation owes or has sent. Secret bodies are never read here."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import defer

from app.core.errors import NotFound
from app.core.paging import Page
from app.extensions import db
from app.outbox.models import Mail, MailState

PER_PAGE = 50


@dataclass(frozen=True)
class MailPage:
    """One page of the log and how many mails there are in each state."""

    mails: Sequence[Mail]
    page: Page
    counts: dict[MailState, int]


def count_by_state(organisation_id: uuid.UUID) -> dict[MailState, int]:
    """Count an organisation's mails in each state; a state without any is 0."""
    query = select(Mail.state, func.count()).where(Mail.organisation_id == organisation_id).group_by(Mail.state)
    found = dict(db.session.execute(query).all())
    return {state: found.get(state, 0) for state in MailState}


def mails(organisation_id: uuid.UUID, state: MailState | None, number: int) -> MailPage:
    """List an organisation's mails without their bodies, the last made first."""
    counts = count_by_state(organisation_id)
    page = Page.of(number, counts[state] if state else sum(counts.values()), PER_PAGE)
    query = select(Mail).where(Mail.organisation_id == organisation_id).options(defer(Mail.body, raiseload=True))
    if state is not None:
        query = query.where(Mail.state == state)
    query = query.order_by(Mail.created_at.desc(), Mail.id).offset(page.offset).limit(PER_PAGE)
    return MailPage(db.session.scalars(query).all(), page, counts)


def get_mail(organisation_id: uuid.UUID, mail_id: uuid.UUID) -> Mail:
    """Get a mail of an organisation without its body. Raises: NotFound."""
    query = select(Mail).where(Mail.organisation_id == organisation_id, Mail.id == mail_id)
    found = db.session.scalar(query.options(defer(Mail.body, raiseload=True)))
    if found is None:
        raise NotFound
    return found


def find_body(organisation_id: uuid.UUID, mail_id: uuid.UUID) -> str | None:
    """Find what a mail says; None where it holds a code or token."""
    query = select(Mail.body).where(Mail.organisation_id == organisation_id, Mail.id == mail_id, Mail.secret.is_(False))
    return db.session.scalar(query)


def mails_about(organisation_id: uuid.UUID, subject_id: uuid.UUID) -> Sequence[Mail]:
    """List the mails about one application or account without their bodies, the last made first."""
    query = select(Mail).where(Mail.organisation_id == organisation_id, Mail.subject_id == subject_id)
    query = query.options(defer(Mail.body, raiseload=True)).order_by(Mail.created_at.desc(), Mail.id)
    return db.session.scalars(query).all()
