"""A city's queue of messages: who waits for an answer, since when. A thread that joined another has no line."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select

from app.accounts.queries import staff_names
from app.applications.models import Application
from app.core.paging import Page
from app.correspondence.models import Message, MessageKind, MessageLook, MessageThread, Side
from app.correspondence.queries import look_of
from app.extensions import db
from app.openings.models import Opening

PER_PAGE = 50


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
            func.coalesce(func.min(MessageThread.waits_since), func.min(at).filter(waits)).label("since"),
            func.max(at).label("last_at"),
            func.max(at).filter(by_person).label("asked_at"),
        )
        .join(MessageThread, MessageThread.id == Message.thread_id)
        .outerjoin(last_city, last_city.c.thread_id == Message.thread_id)
        .where(Message.organisation_id == organisation_id, MessageThread.joined_to.is_(None))
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
        .outerjoin(MessageLook, look_of(Side.CITY))
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
