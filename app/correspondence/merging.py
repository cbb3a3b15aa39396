"""One person behind two applicants: what both wrote to cities stands in one place (design 16, notes 017 and 022).

Parts of a use case on a session of the system: the caller commits. What is about an application that the giver keeps
stays with it.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from app.accounts.models import Applicant
from app.applications.models import Application
from app.audit.chain import record
from app.core.crypto import UnknownKey
from app.core.model import new_id
from app.correspondence.attachment_models import AttachedFile, Attachment
from app.correspondence.conversation import waiting_since
from app.correspondence.models import Accommodation, Message, MessageKind, MessageLook, MessageThread, Side
from app.correspondence.needs_joined import join_needs

Written = MessageThread | Accommodation
WRITTEN: tuple[type[Written], ...] = (MessageThread, Accommodation)
WRITERS = {Side.CITY: MessageKind.FROM_APPLICANT, Side.APPLICANT: MessageKind.FROM_CITY}


def give_written(session: Session, giver: Applicant, owner: Applicant, *, at: datetime) -> None:
    """Give the owner the giver's messages and requests; where both have some about one opening, they become one."""
    kept = Application.applicant_id == giver.id, Application.duplicate_of.is_(None)
    stays = set(session.scalars(select(Application.opening_id).where(*kept)))
    for thread in _of(session, MessageThread, giver, MessageThread.joined_to.is_(None)):
        if thread.opening_id not in stays:
            _give_thread(session, thread, owner, at=at)
    for asked in _of(session, Accommodation, giver):
        if asked.opening_id not in stays:
            _give_accommodation(session, asked, owner, at=at)
    session.flush()


def has_written(session: Session, person: Applicant) -> bool:
    """Say whether an applicant still holds messages or requests."""
    return any(_of(session, table, person) for table in WRITTEN)


def _of(session: Session, table: type[Written], person: Applicant, *more: ColumnElement[bool]) -> Sequence[Any]:
    """Read what a person wrote, and hold it: who writes there at the same time waits."""
    query = select(table).where(table.applicant_id == person.id, *more).order_by(table.id)
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()


def _give_thread(session: Session, thread: MessageThread, owner: Applicant, *, at: datetime) -> None:
    own = _of(session, MessageThread, owner, MessageThread.opening_id == thread.opening_id)
    _give_files(session, thread, owner)
    if not own:
        thread.applicant_id = owner.id
        session.flush()
        return
    _join_thread(session, thread, own[0])
    nobody = Applicant(id=new_id(), created_at=at)  # a thread has a person; this one is reached through the other alone
    session.add(nobody)
    session.flush()
    thread.applicant_id, thread.joined_to = nobody.id, own[0].id
    session.flush()
    record(session, "join.message_thread", own[0], by=owner.actor, at=at, joined=str(thread.id))


def _give_files(session: Session, thread: MessageThread, owner: Applicant) -> None:
    """Give the owner the files of a thread, sent or not, either way."""
    of = AttachedFile.opening_id == thread.opening_id, AttachedFile.applicant_id == thread.applicant_id
    session.execute(update(AttachedFile).where(*of).values(applicant_id=owner.id))


def _join_thread(session: Session, given: MessageThread, own: MessageThread) -> None:
    """Write the messages of one thread once more into another, in the order of time; none is answered by that.

    Messages are never changed, so the rows of the given thread stay where they are, unseen.
    """
    theirs, mine = _messages(session, given), _messages(session, own)
    waits = [since for since in (_waits(given, theirs), _waits(own, mine)) if since is not None]
    _join_looks(session, (given, theirs), (own, mine))
    again = {one.id: _again(one, own) for one in theirs}
    session.add_all(again.values())
    session.flush()
    sent = select(Attachment).where(Attachment.message_id.in_(again))
    session.add_all(_attached_again(one, again[one.message_id]) for one in session.scalars(sent).all())
    session.flush()
    since = min(waits, default=None)
    own.waits_since = None if since == waiting_since(_messages(session, own)) else since
    own.mail = own.mail or given.mail


def _messages(session: Session, thread: MessageThread) -> Sequence[Message]:
    query = select(Message).where(Message.organisation_id == thread.organisation_id, Message.thread_id == thread.id)
    return session.scalars(query.order_by(Message.sent_at, Message.id)).all()


def _waits(thread: MessageThread, messages: Sequence[Message]) -> datetime | None:
    return thread.waits_since or waiting_since(messages)


def _again(one: Message, thread: MessageThread) -> Message:
    kept = ("organisation_id", "kind", "staff_user_id", "body", "sent_at")
    return Message(id=new_id(), thread_id=thread.id, dedupe=one.id.hex, **{name: getattr(one, name) for name in kept})


def _attached_again(one: Attachment, message: Message) -> Attachment:
    kept = ("organisation_id", "attached_file_id", "seq")
    return Attachment(id=new_id(), message_id=message.id, **{name: getattr(one, name) for name in kept})


def _join_looks(session: Session, *threads: tuple[MessageThread, Sequence[Message]]) -> None:
    """Each side has read the joined thread as far as the first message that it had not read anywhere."""
    _given, (own, _mine) = threads
    for side, writer in WRITERS.items():
        looks = [(_look(session, thread, side), written) for thread, written in threads]
        unread = [
            one.sent_at
            for until, written in looks
            for one in written
            if one.kind is writer and (until is None or one.sent_at > until)
        ]
        read = max((until for until, _written in looks if until is not None), default=None)
        if unread and read is not None:
            read = min(read, min(unread) - timedelta(microseconds=1))
        _set_look(session, own, side, read)


def _set_look(session: Session, thread: MessageThread, side: Side, until: datetime | None) -> None:
    own = MessageLook.organisation_id == thread.organisation_id, MessageLook.thread_id == thread.id
    session.execute(delete(MessageLook).where(*own, MessageLook.side == side))
    if until is not None:
        look = MessageLook(organisation_id=thread.organisation_id, thread_id=thread.id, side=side, until=until)
        session.add(look)
    session.flush()


def _look(session: Session, thread: MessageThread, side: Side) -> datetime | None:
    query = select(MessageLook.until).where(
        MessageLook.organisation_id == thread.organisation_id,
        MessageLook.thread_id == thread.id,
        MessageLook.side == side,
    )
    return session.scalar(query)


def _give_accommodation(session: Session, given: Accommodation, owner: Applicant, *, at: datetime) -> None:
    """Both stand as one request; what no key opens stays with the giver."""
    own = _of(session, Accommodation, owner, Accommodation.opening_id == given.opening_id)
    if not own:
        given.applicant_id = owner.id
        session.flush()
        return
    try:
        join_needs(given, own[0])
    except UnknownKey:
        return
    session.delete(given)
    session.flush()
    if _has_applied(session, own[0].opening_id, owner.id):  # beside a draft it is no audited change (design 47)
        record(session, "join.accommodation", own[0], by="applicant", at=at)  # and names nobody, as when it was asked


def _has_applied(session: Session, opening_id: uuid.UUID, person_id: uuid.UUID) -> bool:
    query = select(Application.id).where(Application.opening_id == opening_id, Application.applicant_id == person_id)
    return session.scalar(query) is not None
