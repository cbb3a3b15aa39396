"""Erase what a city holds of an application, as the answer to the person who asked for it (notes 022, 034).

At once and in one transaction; bytes go after it, so that a crash in between leaves bytes without a row. What stays are
numbers, states, times, what was decided and scored, and the record, none of which says who the person is.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import delete, or_, select, tuple_, update
from sqlalchemy.orm.exc import StaleDataError

from app.accounts.models import StaffUser
from app.applications.answers import Answers
from app.applications.file_queries import still_named
from app.applications.late_models import LateAttempt
from app.applications.models import (
    Application,
    ApplicationDocument,
    ApplicationVersion,
    StoredFile,
    Withdrawal,
)
from app.applications.screening_models import Finding
from app.audit.chain import record
from app.core import storage
from app.core.context import SYSTEM
from app.core.database import changed_rows, own_transaction
from app.core.errors import StaleWrite
from app.correspondence import emails
from app.correspondence.attachment_models import AttachedFile, Attachment
from app.correspondence.erasing_consent import NotErasable, require_decidable
from app.correspondence.erasing_models import ErasureProposal, ErasureStep
from app.correspondence.erasing_queries import Erasable
from app.correspondence.models import (
    Accommodation,
    ErasureOutcome,
    ErasureRequest,
    Message,
    MessageLook,
    MessageThread,
)
from app.correspondence.request_services import NothingToAnswer, end_request
from app.extensions import db
from app.outbox.models import Mail, MailState

GONE = "（削除済み）"
NOTHING = Answers().model_dump(mode="json")


def erase(what: Erasable, *, seen: int, by: StaffUser, at: datetime) -> None:
    """Approve what another person prepared: erase and answer in one transaction, the person is told by a mail without
    the answer, whose text goes as well.

    Raises: NotErasable, NothingToAnswer, StaleWrite, StaleDataError when the application changed meanwhile.
    """
    prepared, request = _decidable(what, seen=seen, by=by)
    key = what.of.application.id
    before, actor, asked_id, prepared_id = what.of.application.version, by.actor, request.id, prepared.id
    people, approved = {"asked_by": f"staff:{prepared.asked_by}"}, {"decided_by": by.id, "decided_at": at}
    answer = {"outcome": ErasureOutcome.ERASED, "answer": prepared.words, "answered_at": at, "answered_by": by.id}
    news = emails.erasure_news(what.of, request)
    db.session.rollback()  # it has only read: what erases is a transaction of the system, in which everything is seen
    with own_transaction(current_app.extensions["koubo.engine"], SYSTEM) as session:
        one = _hold(session, key, before)
        if not end_request(session, session.get_one(ErasureRequest, asked_id), **answer):
            raise NothingToAnswer
        if not _approve(session, prepared_id, seen, approved):
            raise StaleWrite
        keys = _erase(session, one, at=at)
        session.add(news)
        record(session, "erase.application", one, by=actor, at=at, files=len(keys), **people)
    for one_key in keys:
        storage.drop(one_key)


def _decidable(what: Erasable, *, seen: int, by: StaffUser) -> tuple[ErasureProposal, ErasureRequest]:
    """Give what was prepared and the request that it answers, where this person may erase now."""
    prepared = require_decidable(what, seen=seen, by=by)
    if what.in_the_way is not None:
        raise NotErasable(what.in_the_way)
    if what.of.waiting is None:
        raise NothingToAnswer
    return prepared, what.of.waiting


def _hold(session: Any, key: uuid.UUID, before: int) -> Application:
    """Lock the application as it was read. Raises: StaleDataError."""
    one: Application = session.scalars(select(Application).where(Application.id == key).with_for_update()).one()
    if one.version != before:
        raise StaleDataError("changed since it was read")
    return one


def _approve(session: Any, prepared_id: uuid.UUID, seen: int, approved: dict[str, Any]) -> bool:
    """Take what was prepared as approved, unless it was taken back or declined meanwhile."""
    waits = ErasureProposal.id == prepared_id, ErasureProposal.version == seen
    as_it_was = *waits, ErasureProposal.state == ErasureStep.ASKED
    changed = update(ErasureProposal).where(*as_it_was).values(state=ErasureStep.APPROVED, version=seen + 1, **approved)
    return changed_rows(session, changed) == 1


def _erase(session: Any, one: Application, *, at: datetime) -> list[str]:
    """Blank and delete; give the keys of the bytes that nothing needs any more."""
    rows = session.scalars(select(Application).where(or_(Application.id == one.id, Application.duplicate_of == one.id)))
    applications = rows.all()
    for row in applications:
        _blank(row, at=at)
    session.flush()  # the marks first: without them the database keeps what was sent as it is
    ids = [row.id for row in applications]
    pairs = [(row.opening_id, row.applicant_id) for row in applications]
    versions = session.scalars(select(ApplicationVersion.id).where(ApplicationVersion.application_id.in_(ids))).all()
    _change(
        session, update(ApplicationVersion).where(ApplicationVersion.id.in_(versions)), answers=NOTHING, birth_date=None
    )
    _change(session, update(Finding).where(Finding.application_version_id.in_(versions)), working={"sentence": GONE})
    _change(session, update(Withdrawal).where(Withdrawal.application_id.in_(ids)), reason="")
    _change(session, update(ErasureRequest).where(ErasureRequest.application_id.in_(ids)), reason="")
    asked = select(ErasureRequest.id).where(ErasureRequest.application_id.in_(ids))
    prepared = update(ErasureProposal).where(ErasureProposal.erasure_request_id.in_(asked))
    _change(session, prepared, words="", note="")  # the answer stands with the request
    keys = _erase_letters(session, pairs)
    _erase_mails(session, [*ids, *_erase_late(session, pairs)])
    return keys + _erase_files(session, versions)


def _blank(row: Application, *, at: datetime) -> None:
    row.erased_at = at
    row.family_name, row.given_name, row.kana_key = GONE, "", ""
    row.mail, row.mail_key, row.mail_confirmed_at = "", f"erased:{row.id}", None
    row.phone = row.postal_code = row.address = ""
    row.check_reason = None


def _change(session: Any, statement: Any, **values: Any) -> None:
    session.execute(statement.values(**values).execution_options(synchronize_session=False))


def _delete(session: Any, table: Any, *which: Any) -> None:
    session.execute(delete(table).where(*which).execution_options(synchronize_session=False))


def _erase_letters(session: Any, pairs: Sequence[tuple[uuid.UUID, uuid.UUID]]) -> list[str]:
    """Delete what was written both ways, also by another browser that joined, and what was asked for (P-12).

    Give the keys of the files that went with it, and of those that were never sent.
    """
    own = tuple_(MessageThread.opening_id, MessageThread.applicant_id).in_(pairs)
    threads = session.scalars(select(MessageThread.id).where(own)).all()
    threads += session.scalars(select(MessageThread.id).where(MessageThread.joined_to.in_(threads), ~own)).all()
    messages = select(Message.id).where(Message.thread_id.in_(threads))
    _delete(session, Attachment, Attachment.message_id.in_(messages))
    _delete(session, Message, Message.thread_id.in_(threads))
    _delete(session, MessageLook, MessageLook.thread_id.in_(threads))
    _delete(session, MessageThread, MessageThread.id.in_(threads))
    _delete(session, Accommodation, tuple_(Accommodation.opening_id, Accommodation.applicant_id).in_(pairs))
    brought = tuple_(AttachedFile.opening_id, AttachedFile.applicant_id).in_(pairs)
    keys = session.scalars(select(AttachedFile.key).where(brought).order_by(AttachedFile.key)).all()
    _delete(session, AttachedFile, AttachedFile.key.in_(keys))
    return list(keys)


def _erase_late(session: Any, pairs: Sequence[tuple[uuid.UUID, uuid.UUID]]) -> Sequence[uuid.UUID]:
    """Blank what came late; give the ids."""
    own = tuple_(LateAttempt.opening_id, LateAttempt.applicant_id).in_(pairs)
    ids: Sequence[uuid.UUID] = session.scalars(select(LateAttempt.id).where(own)).all()
    _change(session, update(LateAttempt).where(LateAttempt.id.in_(ids)), answers=NOTHING)
    return ids


def _erase_mails(session: Any, about: Sequence[uuid.UUID]) -> None:
    """Blank what was written, and send none of it that still waits."""
    of = Mail.subject_id.in_(about)
    _change(session, update(Mail).where(of, Mail.state == MailState.QUEUED), state=MailState.CANCELLED)
    for mail in session.scalars(select(Mail).where(of).order_by(Mail.id)):
        mail.recipient, mail.subject, mail.body = f"erased:{mail.id}", GONE, ""


def _erase_files(session: Any, versions: Sequence[uuid.UUID]) -> list[str]:
    """Take the files out of the versions; delete those that stand in nothing else that the person wrote or sent."""
    of_these = ApplicationDocument.application_version_id.in_(versions)
    named = set(session.scalars(select(ApplicationDocument.stored_file_id).where(of_these)))
    _delete(session, ApplicationDocument, of_these)
    files = session.scalars(select(StoredFile).where(StoredFile.id.in_(named)).order_by(StoredFile.id)).all()
    needed = still_named(session, named, {file.applicant_id for file in files})
    going = [file for file in files if file.id not in needed]
    _delete(session, StoredFile, StoredFile.id.in_([file.id for file in going]))
    return [file.key for file in going]
