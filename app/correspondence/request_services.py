"""What a person asks about their data: drop a draft, mend the contact, have a record erased; the answer of a city."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, update
from sqlalchemy.exc import IntegrityError

from app.accounts.models import StaffUser
from app.applications import queries as own
from app.applications.models import Application, DraftChoice, StoredFile
from app.audit.chain import record
from app.core import clock, storage
from app.core.database import changed_rows
from app.core.errors import DomainError, NotFound
from app.core.model import new_id
from app.correspondence import emails
from app.correspondence.models import Accommodation, ErasureOutcome, ErasureRequest
from app.correspondence.request_queries import Droppable, Erasure
from app.extensions import db
from app.organisations.periods import answer_by
from app.organisations.queries import settings_of


class NotDroppable(DomainError):
    def __init__(self) -> None:
        super().__init__(
            "この下書きは送信したことがあるため、この画面では消せません。応募の画面から削除を請求してください。"
        )


class AlreadyAnswered(DomainError):
    def __init__(self) -> None:
        super().__init__("この請求には、すでに回答があります。画面を読み込み直してください。")


class NothingToAnswer(DomainError):
    def __init__(self) -> None:
        super().__init__("この請求は、取り下げられたか、すでに回答があります。画面を読み込み直してください。")


class WaitsForConsent(DomainError):
    def __init__(self) -> None:
        super().__init__(
            "この応募の削除が、別の職員の承認を待っています。消さずに回答するときは、先に依頼を取り下げるか、差し戻してもらってください。"
        )


def drop_draft(found: Droppable) -> None:
    """Erase a draft that was never sent: what was written, its files, what was asked beside it. Final.

    Raises: NotDroppable.
    """
    if not found.may_drop:
        raise NotDroppable
    draft, keys = found.draft, [file.key for file in found.files]
    _drop_accommodation(found)
    ids = [file.id for file in found.files]
    of_draft = StoredFile.applicant_id == draft.applicant_id, StoredFile.id.in_(ids)
    db.session.execute(delete(DraftChoice).where(DraftChoice.draft_id == draft.id))
    db.session.delete(draft)
    db.session.flush()
    db.session.execute(delete(StoredFile).where(*of_draft).execution_options(synchronize_session=False))
    db.session.commit()
    for key in keys:
        storage.drop(key)  # after the commit: a crash in between leaves bytes without a row, never the reverse


def _drop_accommodation(found: Droppable) -> None:
    """Erase what was asked beside the draft, where no city has received an application of the person."""
    person, openings = found.draft.applicant_id, [opening.id for opening in found.openings]
    received = exists().where(Application.applicant_id == person, Application.opening_id == Accommodation.opening_id)
    asked = Accommodation.applicant_id == person, Accommodation.opening_id.in_(openings), ~received
    db.session.execute(delete(Accommodation).where(*asked).execution_options(synchronize_session=False))


@dataclass(frozen=True)
class Contact:
    """The live contact data of an application that a person may change (design 20)."""

    phone: str
    postal_code: str
    address: str


def change_contact(application: Application, contact: Contact, *, at: datetime, by: str) -> bool:
    """Change the contact data of one application; the record names what changed, not the values.

    Say whether anything changed. Raises: StaleDataError on a lost update.
    """
    labels = {"phone": "電話番号", "postal_code": "郵便番号", "address": "住所"}
    if own.is_erased(application):
        raise NotFound
    new = {"phone": contact.phone, "postal_code": contact.postal_code, "address": contact.address}
    changed = sorted(name for name, value in new.items() if getattr(application, name) != value)
    if not changed:
        return False
    _mend_draft(application, {name: new[name] for name in changed})
    for name in changed:
        setattr(application, name, new[name])
    record(db.session, "change.contact", application, by=by, at=at, fields="、".join(labels[name] for name in changed))
    db.session.commit()
    return True


def _mend_draft(application: Application, new: dict[str, str]) -> None:
    """Change the same in the draft, where it says what was live until now: sending again must not bring that back.

    The draft is not marked as changed by it: nothing is there that has not arrived.
    """
    draft = own.find_draft(application.applicant_id, application.opening_id)
    if draft is None:
        return
    answers = own.answers_of(draft)
    same = {name: value for name, value in new.items() if getattr(answers.person, name) == getattr(application, name)}
    draft.answers = answers.model_copy(update={"person": answers.person.model_copy(update=same)}).model_dump(
        mode="json"
    )


def ask_erasure(of: Erasure, reason: str, *, at: datetime, by: str) -> None:
    """Ask a city to erase what it keeps of an application; the day by which it answers is kept with the request.

    Does nothing while a request waits for its answer.
    """
    if of.waiting is not None:
        return
    values = settings_of(of.application.organisation_id, at=at)
    row = ErasureRequest(
        id=new_id(),
        organisation_id=of.application.organisation_id,
        application_id=of.application.id,
        reason=reason,
        asked_at=at,
        answer_by=answer_by(at.astimezone(clock.JST).date(), values),
    )
    db.session.add(row)
    record(db.session, "ask.erasure", row, by=by, at=at)
    try:
        db.session.commit()
    except IntegrityError:  # asked in another window at the same time
        db.session.rollback()


def withdraw_erasure(of: Erasure, *, at: datetime, by: str) -> None:
    """Take back what waits for its answer; once more does nothing. Raises: AlreadyAnswered, NotFound."""
    if not of.requests:
        raise NotFound
    if of.requests[0].withdrawn_at is not None:
        return
    row = of.waiting
    if row is None or not end_request(db.session, row, withdrawn_at=at):
        raise AlreadyAnswered
    record(db.session, "withdraw.erasure", row, by=by, at=at)
    db.session.commit()


def keep_all(of: Erasure, words: str, *, by: StaffUser, at: datetime) -> None:
    """Answer that everything is kept, and why. The person is told by a mail without the answer.

    Raises: NothingToAnswer; WaitsForConsent while an erasure was prepared.
    """
    if of.is_prepared:
        raise WaitsForConsent
    row, kept = of.waiting, ErasureOutcome.KEPT
    answer = {"outcome": kept, "answer": words, "answered_at": at, "answered_by": by.id}
    if row is None or not end_request(db.session, row, **answer):
        raise NothingToAnswer
    record(db.session, "answer.erasure", row, by=by.actor, at=at, outcome=kept.value)
    emails.owe_answer(of, row)
    db.session.commit()


def end_request(session: Any, row: ErasureRequest, **values: Any) -> bool:
    """End a request while it waits: of an answer and a withdrawal at the same time, the first one stands."""
    waits = ErasureRequest.answered_at.is_(None), ErasureRequest.withdrawn_at.is_(None)
    own = ErasureRequest.organisation_id == row.organisation_id, ErasureRequest.id == row.id
    return changed_rows(session, update(ErasureRequest).where(*own, *waits).values(**values)) == 1
