"""What a person wrote to cities and was answered, beside their applications: a part of their own data."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.core import clock
from app.core.crypto import decrypt
from app.correspondence.attachment_models import AttachedFile
from app.correspondence.attachment_queries import brought_unsent, files_of
from app.correspondence.models import Accommodation, ErasureRequest, Message, MessageKind, MessageThread
from app.correspondence.needs import LABELS, Needs
from app.correspondence.queries import messages_of
from app.extensions import db

Row = dict[str, Any]


def time_in_japan(at: datetime | None) -> str | None:
    """Write an instant as ISO 8601 in Japan time, to the second."""
    return at.astimezone(clock.JST).isoformat(timespec="seconds") if at else None


def message(one: Message, files: Sequence[AttachedFile] = ()) -> Row:
    """Write one message with its files."""
    said = {"from": one.kind.value, "body": one.body, "sent_at": time_in_japan(one.sent_at)}
    return said | {"files": [_file(file) for file in files]}


def _file(file: AttachedFile) -> Row:
    names = ("file_name", "size", "pages", "sha256")
    return {name: getattr(file, name) for name in names} | {"stored_at": time_in_japan(file.stored_at)}


def threads_of(applicant_id: uuid.UUID) -> dict[uuid.UUID, list[Row]]:
    """Write all messages of a person and cities, by opening; staff's own notes are not the person's."""
    rows = db.session.scalars(select(MessageThread).where(MessageThread.applicant_id == applicant_id)).all()
    return {row.opening_id: _messages(row) for row in rows}


def _messages(thread: MessageThread) -> list[Row]:
    files = files_of(thread)
    shown = [one for one in messages_of(thread) if one.kind is not MessageKind.NO_ANSWER]
    return [message(one, files.get(one.id, ())) for one in shown]


def unsent_files_of(applicant_id: uuid.UUID) -> dict[uuid.UUID, list[Row]]:
    """Write the files that a person brought and has not sent, by opening."""
    found: dict[uuid.UUID, list[Row]] = defaultdict(list)
    for file in brought_unsent(applicant_id):
        found[file.opening_id].append(_file(file))
    return dict(found)


def accommodations_of(applicant_id: uuid.UUID) -> dict[uuid.UUID, Row]:
    """Write what a person asked for (合理的配慮) and what was answered, by opening."""
    rows = db.session.scalars(select(Accommodation).where(Accommodation.applicant_id == applicant_id)).all()
    return {row.opening_id: _accommodation(row) for row in rows}


def _accommodation(row: Accommodation) -> Row:
    needs = Needs.of_text(decrypt(row.sealed)) if row.sealed else Needs()
    return {
        "state": row.state.label,
        "needs": [LABELS[one] for one in needs.chosen],
        "words": needs.words,
        "reach": needs.contact,
        "answer": decrypt(row.answer_sealed) if row.answer_sealed else "",
        "asked_at": time_in_japan(row.asked_at),
        "answered_at": time_in_japan(row.answered_at),
    }


def erasures_of(organisation_id: uuid.UUID, application_id: uuid.UUID) -> list[Row]:
    """Write what a person asked about the erasure of an application."""
    query = select(ErasureRequest).where(
        ErasureRequest.organisation_id == organisation_id, ErasureRequest.application_id == application_id
    )
    return [
        {
            "reason": row.reason,
            "asked_at": time_in_japan(row.asked_at),
            "answer_by": row.answer_by.isoformat() if row.answer_by else None,
            "withdrawn_at": time_in_japan(row.withdrawn_at),
            "outcome": row.outcome.label if row.outcome else None,
            "answer": row.answer,
            "answered_at": time_in_japan(row.answered_at),
        }
        for row in db.session.scalars(query.order_by(ErasureRequest.asked_at, ErasureRequest.id))
    ]
