"""Reads of files that go with messages: those of a thread, those that wait to be sent, one to be opened."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select

from app.accounts.models import Applicant, StaffUser
from app.core.errors import NotFound
from app.correspondence.attachment_models import AttachedFile, Attachment
from app.correspondence.conversation import Conversation
from app.correspondence.models import Message, MessageThread
from app.extensions import db

Sender = Applicant | StaffUser


def files_of(thread: MessageThread) -> dict[uuid.UUID, list[AttachedFile]]:
    """Give the files of a thread's messages, by message, each in its place."""
    query = (
        select(Attachment.message_id, AttachedFile)
        .join(AttachedFile, AttachedFile.id == Attachment.attached_file_id)
        .join(Message, Message.id == Attachment.message_id)
        .where(Attachment.organisation_id == thread.organisation_id, Message.thread_id == thread.id)
        .order_by(Attachment.message_id, Attachment.seq)
    )
    found: dict[uuid.UUID, list[AttachedFile]] = defaultdict(list)
    for message_id, file in db.session.execute(query):
        found[message_id].append(file)
    return dict(found)


def is_sent() -> ColumnElement[bool]:
    """The condition that a message has the file."""
    return exists().where(Attachment.attached_file_id == AttachedFile.id)


def owned(about: Conversation, by: Sender) -> tuple[ColumnElement[bool], ...]:
    """The conditions that a file was brought into a conversation by this sender."""
    staff = by.id if isinstance(by, StaffUser) else None
    return (
        AttachedFile.organisation_id == about.opening.organisation_id,
        AttachedFile.opening_id == about.opening.id,
        AttachedFile.applicant_id == about.applicant_id,
        AttachedFile.staff_user_id.is_(None) if staff is None else AttachedFile.staff_user_id == staff,
    )


def waiting(about: Conversation, by: Sender) -> Sequence[AttachedFile]:
    """List what a sender brought and has not sent, the first brought first."""
    return _listed(*owned(about, by), ~is_sent())


def brought(about: Conversation, ids: Sequence[uuid.UUID], by: Sender) -> Sequence[AttachedFile]:
    """List what a sender brought, of these and in their order, sent or not."""
    found = _listed(*owned(about, by), AttachedFile.id.in_(ids)) if ids else []
    return sorted(found, key=lambda one: ids.index(one.id))


def _listed(*conditions: Any) -> Sequence[AttachedFile]:
    query = select(AttachedFile).where(*conditions).order_by(AttachedFile.stored_at, AttachedFile.id)
    return db.session.scalars(query).all()


def brought_unsent(applicant_id: uuid.UUID) -> Sequence[AttachedFile]:
    """List all that a person brought and has not sent, of every opening."""
    return _listed(AttachedFile.applicant_id == applicant_id, AttachedFile.staff_user_id.is_(None), ~is_sent())


def attached_bytes(applicant_id: uuid.UUID) -> int:
    """Add up what a person brought."""
    own = AttachedFile.applicant_id == applicant_id, AttachedFile.staff_user_id.is_(None)
    return int(db.session.scalar(select(func.coalesce(func.sum(AttachedFile.size), 0)).where(*own)) or 0)


def get_file(about: Conversation, file_id: uuid.UUID, by: Sender) -> AttachedFile:
    """Get a file that was sent in a conversation, or that this sender brought into it. Raises: NotFound."""
    organisation_id, opening_id, applicant_id, own = owned(about, by)
    found = db.session.scalar(
        select(AttachedFile).where(
            organisation_id, opening_id, applicant_id, AttachedFile.id == file_id, or_(own, is_sent())
        )
    )
    if found is None:
        raise NotFound
    return found


def get_own_file(by: Applicant, file_id: uuid.UUID) -> AttachedFile:
    """Get a file that a person sent, brought, or was sent. Raises: NotFound, also where it is not safe to open.

    What a person brought opens at once; what a city sent, once no scan is owed.
    """
    own = AttachedFile.staff_user_id.is_(None)
    found = db.session.scalar(
        select(AttachedFile).where(AttachedFile.applicant_id == by.id, AttachedFile.id == file_id, or_(own, is_sent()))
    )
    if found is None or not opens_for_person(found):
        raise NotFound
    return found


def opens_for_person(file: AttachedFile) -> bool:
    """Say whether the person of a conversation opens a file."""
    return not file.is_unsafe and (file.staff_user_id is None or not file.is_pending)
