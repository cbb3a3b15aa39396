"""What a person asks about their data: drop a draft, mend the contact, have a record erased; the answer of a city."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists
from sqlalchemy.exc import IntegrityError

from app.accounts.models import StaffUser
from app.applications import queries as own
from app.applications.models import Application, DraftChoice, StoredFile
from app.audit.chain import record
from app.core import storage
from app.core.errors import DomainError
from app.core.model import new_id
from app.correspondence import emails
from app.correspondence.models import Accommodation, ErasureOutcome, ErasureRequest
from app.correspondence.request_queries import Droppable, Erasure
from app.extensions import db


class NotDroppable(DomainError):
    def __init__(self) -> None:
        super().__init__(
            "この下書きは送信したことがあるため、この画面では消せません。応募の画面から削除を請求してください。"
        )


class AlreadyAnswered(DomainError):
    def __init__(self) -> None:
        super().__init__("この請求には、すでに回答があります。画面を読み込み直してください。")


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
    """Ask a city to erase what it keeps of an application. Does nothing while a request waits for its answer."""
    if of.waiting is not None:
        return
    row = ErasureRequest(
        id=new_id(),
        organisation_id=of.application.organisation_id,
        application_id=of.application.id,
        reason=reason,
        asked_at=at,
    )
    db.session.add(row)
    record(db.session, "ask.erasure", row, by=by, at=at)
    try:
        db.session.commit()
    except IntegrityError:  # asked in another window at the same time
        db.session.rollback()


def answer_erasure(of: Erasure, outcome: ErasureOutcome, words: str, *, by: StaffUser, at: datetime) -> None:
    """Answer a request; nothing is erased by it. The person is told by a mail without the answer.

    Raises: AlreadyAnswered.
    """
    row = of.waiting
    if row is None:
        raise AlreadyAnswered
    row.outcome, row.answer, row.answered_at, row.answered_by = outcome, words, at, by.id
    record(db.session, "answer.erasure", row, by=by.actor, at=at, outcome=outcome.value)
    emails.owe_answer(of, row)
    db.session.commit()
