"""Reads of messages: a person's own, and a city's with who waits for an answer. Nobody else's are there."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select

from app.accounts.queries import staff_names
from app.applications.models import Application
from app.core.errors import NotFound
from app.core.paging import Page
from app.correspondence.conversation import Conversation
from app.correspondence.models import Message, MessageKind, MessageLook, MessageThread, Side
from app.extensions import db
from app.openings.models import Opening
from app.openings.queries import get_visible
from app.organisations.models import Organisation

PER_PAGE = 50


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
    """Give the messages of one application as its city reads them. Raises: NotFound."""
    row = db.session.execute(
        select(Application, Opening)
        .join(Opening, Opening.id == Application.opening_id)
        .where(
            Application.organisation_id == organisation_id,
            Application.opening_id == opening_id,
            Application.id == application_id,
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return _conversation(row[1], row[0].applicant_id, Side.CITY)


def conversation_in(organisation_id: uuid.UUID, thread_id: uuid.UUID) -> Conversation:
    """Give one thread as its city reads it. Raises: NotFound."""
    row = db.session.execute(
        select(MessageThread, Opening)
        .join(Opening, Opening.id == MessageThread.opening_id)
        .where(MessageThread.organisation_id == organisation_id, MessageThread.id == thread_id)
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
    mine, look = MessageThread.applicant_id == applicant_id, _look(Side.APPLICANT)
    query = (
        select(MessageThread.opening_id, func.count())
        .join(Message, and_(Message.thread_id == MessageThread.id, Message.kind == MessageKind.FROM_CITY))
        .outerjoin(MessageLook, look)
        .where(mine, or_(MessageLook.until.is_(None), Message.sent_at > MessageLook.until))
        .group_by(MessageThread.opening_id)
    )
    return {opening_id: count for opening_id, count in db.session.execute(query)}


def _look(side: Side) -> Any:
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


@dataclass(frozen=True)
class Line:
    """One thread in a city's queue; `since` is None once the city answered."""

    thread: MessageThread
    opening: Opening
    application: Application | None
    since: datetime | None
    last_at: datetime
    answered_by: str | None
    is_unread: bool


@dataclass(frozen=True)
class Queue:
    """One page of a city's threads."""

    lines: list[Line]
    page: Page
    waiting: int
    total: int


def _turns(organisation_id: uuid.UUID) -> Any:
    """When each side wrote last in each thread of a city, and since when the city's answer is waited for."""
    by_person, at = Message.kind == MessageKind.FROM_APPLICANT, Message.sent_at
    last_city = (
        select(Message.thread_id, func.max(at).label("city_at"))
        .where(Message.organisation_id == organisation_id, ~by_person)
        .group_by(Message.thread_id)
        .subquery()
    )
    waits = and_(by_person, or_(last_city.c.city_at.is_(None), at > last_city.c.city_at))
    return (
        select(
            Message.thread_id,
            func.min(at).filter(waits).label("since"),
            func.max(at).label("last_at"),
            func.max(at).filter(by_person).label("asked_at"),
        )
        .outerjoin(last_city, last_city.c.thread_id == Message.thread_id)
        .where(Message.organisation_id == organisation_id)
        .group_by(Message.thread_id)
        .subquery()
    )


def waiting_count(organisation_id: uuid.UUID) -> int:
    """Count the threads in which somebody waits for the city's answer."""
    turns = _turns(organisation_id)
    return db.session.scalar(select(func.count()).select_from(turns).where(turns.c.since.is_not(None))) or 0


def oldest_waiting(organisation_id: uuid.UUID) -> datetime | None:
    """Give since when somebody has waited the longest."""
    return db.session.scalar(select(func.min(_turns(organisation_id).c.since)))


def queue(organisation_id: uuid.UUID, number: int, *, waiting_only: bool) -> Queue:
    """List a city's threads: who waits the longest first; all of them the last written in first."""
    turns = _turns(organisation_id)
    counts = db.session.execute(select(func.count(turns.c.since), func.count()).select_from(turns)).one()
    waiting, total = int(counts[0]), int(counts[1])
    page = Page.of(number, waiting if waiting_only else total, PER_PAGE)
    query = (
        select(MessageThread, Opening, Application, turns.c.since, turns.c.last_at, turns.c.asked_at, MessageLook.until)
        .join(turns, turns.c.thread_id == MessageThread.id)
        .join(Opening, Opening.id == MessageThread.opening_id)
        .outerjoin(Application, _application_of_thread())
        .outerjoin(MessageLook, _look(Side.CITY))
        .where(MessageThread.organisation_id == organisation_id)
    )
    if waiting_only:
        query = query.where(turns.c.since.is_not(None)).order_by(turns.c.since, MessageThread.id)
    else:
        query = query.order_by(turns.c.last_at.desc(), MessageThread.id)
    rows = db.session.execute(query.limit(PER_PAGE).offset(page.offset)).all()
    answered = _answered_by(organisation_id, [row[0].id for row in rows])
    lines = [
        Line(t, o, a, since, last, answered.get(t.id), bool(asked and (until is None or asked > until)))
        for t, o, a, since, last, asked, until in rows
    ]
    return Queue(lines, page, waiting, total)


def _application_of_thread() -> Any:
    return and_(
        Application.opening_id == MessageThread.opening_id, Application.applicant_id == MessageThread.applicant_id
    )


def _answered_by(organisation_id: uuid.UUID, thread_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Name who wrote last for the city in each of these threads."""
    query = select(Message.thread_id, Message.staff_user_id).where(
        Message.organisation_id == organisation_id,
        Message.thread_id.in_(thread_ids),
        Message.kind == MessageKind.FROM_CITY,
    )
    last = {thread_id: user_id for thread_id, user_id in db.session.execute(query.order_by(Message.sent_at))}
    names = staff_names(last.values())
    return {thread_id: names[user_id] for thread_id, user_id in last.items() if user_id in names}


def waiting_among(organisation_id: uuid.UUID, application_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Name those of these applications whose person waits for an answer."""
    turns = _turns(organisation_id)
    query = (
        select(Application.id)
        .join(MessageThread, _application_of_thread())
        .join(turns, turns.c.thread_id == MessageThread.id)
        .where(
            Application.organisation_id == organisation_id,
            Application.id.in_(application_ids),
            turns.c.since.is_not(None),
        )
    )
    return set(db.session.scalars(query))
