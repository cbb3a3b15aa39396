"""Reads of messages: a person's own, and one thread as its city reads it. Nobody else's are there."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from app.accounts.queries import staff_names
from app.applications.models import Application
from app.core.errors import NotFound
from app.correspondence.attachment_queries import files_of
from app.correspondence.conversation import Conversation
from app.correspondence.models import Message, MessageKind, MessageLook, MessageThread, Side
from app.extensions import db
from app.openings.models import Opening
from app.openings.queries import get_visible
from app.organisations.models import Organisation


def conversation_about(opening_id: uuid.UUID, applicant_id: uuid.UUID, *, at: datetime) -> Conversation:
    """Give a person's messages about a published opening. Raises: NotFound."""
    opening = get_visible(opening_id, at)
    return _of_applicant(opening, applicant_id)


def conversation_of(applicant_id: uuid.UUID, application_id: uuid.UUID) -> Conversation:
    """Give the messages that belong to a person's own application. Raises: NotFound."""
    row = db.session.execute(
        select(Application, Opening)
        .join(Opening, Opening.id == Application.opening_id)
        .where(Application.applicant_id == applicant_id, Application.id == application_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return _of_applicant(row[1], applicant_id)


def _of_applicant(opening: Opening, applicant_id: uuid.UUID) -> Conversation:
    return _conversation(opening, applicant_id, Side.APPLICANT)


def conversation_at(organisation_id: uuid.UUID, opening_id: uuid.UUID, application_id: uuid.UUID) -> Conversation:
    """Give the messages of one application as its city reads them; of one that was joined, those of the other.

    Raises: NotFound.
    """
    asked = aliased(Application)
    row = db.session.execute(
        select(Application, Opening)
        .join(asked, Application.id == func.coalesce(asked.duplicate_of, asked.id))
        .join(Opening, Opening.id == Application.opening_id)
        .where(
            asked.organisation_id == organisation_id,
            asked.opening_id == opening_id,
            asked.id == application_id,
            Application.organisation_id == organisation_id,
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return _conversation(row[1], row[0].applicant_id, Side.CITY)


def conversation_in(organisation_id: uuid.UUID, thread_id: uuid.UUID) -> Conversation:
    """Give one thread as its city reads it; of one that joined another, that one. Raises: NotFound."""
    asked = aliased(MessageThread)
    row = db.session.execute(
        select(MessageThread, Opening)
        .join(asked, MessageThread.id == func.coalesce(asked.joined_to, asked.id))
        .join(Opening, Opening.id == MessageThread.opening_id)
        .where(
            asked.organisation_id == organisation_id,
            asked.id == thread_id,
            MessageThread.organisation_id == organisation_id,
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return _conversation(row[1], row[0].applicant_id, Side.CITY)


def _conversation(opening: Opening, applicant_id: uuid.UUID, side: Side) -> Conversation:
    own = opening.organisation_id
    organisation = db.session.scalar(select(Organisation).where(Organisation.id == own))
    if organisation is None:
        raise NotFound
    thread = find_thread(opening.id, applicant_id)
    application = db.session.scalar(
        select(Application).where(
            Application.organisation_id == own,
            Application.opening_id == opening.id,
            Application.applicant_id == applicant_id,
        )
    )
    messages = messages_of(thread) if thread else []
    return Conversation(
        organisation,
        opening,
        applicant_id,
        application,
        thread,
        tuple(messages),
        _read_until(thread, side) if thread else None,
        staff_names(one.staff_user_id for one in messages) if side is Side.CITY else {},
        files_of(thread) if thread else {},
    )


def find_thread(opening_id: uuid.UUID, applicant_id: uuid.UUID) -> MessageThread | None:
    """Find the one thread of a person about an opening."""
    return db.session.scalar(
        select(MessageThread).where(MessageThread.opening_id == opening_id, MessageThread.applicant_id == applicant_id)
    )


def messages_of(thread: MessageThread) -> Sequence[Message]:
    """List the messages of a thread, the first sent first."""
    query = select(Message).where(Message.organisation_id == thread.organisation_id, Message.thread_id == thread.id)
    return db.session.scalars(query.order_by(Message.sent_at, Message.id)).all()


def messages_about(application: Application) -> list[Message]:
    """List what a person and a city wrote to each other about an application, for the person's own copy of the data."""
    thread = find_thread(application.opening_id, application.applicant_id)
    shown = messages_of(thread) if thread else []
    return [one for one in shown if one.kind is not MessageKind.NO_ANSWER]


def _read_until(thread: MessageThread, side: Side) -> datetime | None:
    query = select(MessageLook.until).where(
        MessageLook.organisation_id == thread.organisation_id,
        MessageLook.thread_id == thread.id,
        MessageLook.side == side,
    )
    return db.session.scalar(query)


def unread_by(applicant_id: uuid.UUID) -> dict[uuid.UUID, int]:
    """Count the messages of cities that a person has not read, by opening; openings without one are not there."""
    mine, look = MessageThread.applicant_id == applicant_id, look_of(Side.APPLICANT)
    query = (
        select(MessageThread.opening_id, func.count())
        .join(Message, and_(Message.thread_id == MessageThread.id, Message.kind == MessageKind.FROM_CITY))
        .outerjoin(MessageLook, look)
        .where(mine, or_(MessageLook.until.is_(None), Message.sent_at > MessageLook.until))
        .group_by(MessageThread.opening_id)
    )
    return {opening_id: count for opening_id, count in db.session.execute(query)}


def look_of(side: Side) -> Any:
    """The condition under which a row says until when a side has read a thread."""
    return and_(MessageLook.thread_id == MessageThread.id, MessageLook.side == side)


@dataclass(frozen=True)
class Question:
    """A thread before an application, as its person finds it again on my page."""

    opening: Opening
    organisation: Organisation
    last_at: datetime
    unread: int


def questions_of(applicant_id: uuid.UUID) -> list[Question]:
    """List a person's threads about openings to which no application was sent, the last written in first."""
    sent = select(Application.opening_id).where(Application.applicant_id == applicant_id)
    query = (
        select(Opening, Organisation, func.max(Message.sent_at))
        .join(MessageThread, MessageThread.opening_id == Opening.id)
        .join(Message, and_(Message.thread_id == MessageThread.id, Message.kind != MessageKind.NO_ANSWER))
        .join(Organisation, Organisation.id == Opening.organisation_id)
        .where(MessageThread.applicant_id == applicant_id, Opening.id.not_in(sent))
        .group_by(Opening.id, Organisation.id)
        .order_by(func.max(Message.sent_at).desc(), Opening.id)
    )
    unread = unread_by(applicant_id)
    return [Question(opening, city, at, unread.get(opening.id, 0)) for opening, city, at in db.session.execute(query)]
