"""The address that a person is written to: mended before it is confirmed, changed with a code after (design 16, 20)."""

import uuid
from datetime import datetime

from flask import current_app
from sqlalchemy import func, or_, select, update
from sqlalchemy.exc import IntegrityError

from app.accounts import applicants
from app.accounts.models import Applicant
from app.applications import emails
from app.applications import queries as own
from app.applications.answers import Answers
from app.applications.late_queries import missed_deadline
from app.applications.models import Application, Draft
from app.audit.chain import record
from app.core.context import SYSTEM
from app.core.database import reading_beside
from app.core.errors import DomainError
from app.extensions import db
from app.jp.text import mail_key
from app.outbox.holding import may_go
from app.outbox.models import Mail
from app.outbox.queue import owe

COPIES = 5  # of one version's receipt, beside the first mail
NOT_TODAY = (
    "このメールアドレスには、きょうはもう控えを送れません。メールアドレスを確認すると送れます。"
    "控えはこの画面とPDFで残せます。"
)
NO_MORE_COPIES = "この控えのメールは、もう再送できません。控えはこの画面とPDFで残せます。"


class NotToBeMended(DomainError):
    """The address was confirmed: it is changed with a code."""

    def __init__(self) -> None:
        super().__init__(
            "このメールアドレスは確認済みです。変えるときは、マイページの「メールアドレスを変える」を使ってください。"
        )


class TooManyCopies(DomainError):
    """The receipt was sent often enough, or too many mails went today where nobody has confirmed the address."""

    def __init__(self, message: str = NO_MORE_COPIES) -> None:
        super().__init__(message)


class AddressTaken(DomainError):
    """The address is another person's, or the same person's other my page."""

    def __init__(self) -> None:
        super().__init__(
            "このメールアドレスは、ほかのマイページで使われています。そのアドレスで入ると、そちらを開けます。"
        )


def resend_receipt(application: Application, *, by: str, at: datetime) -> None:
    """Queue the receipt of the last version again, to the address that the application has. Raises: TooManyCopies."""
    _hold(application)
    _copy(application, at=at)
    record(db.session, "resend.receipt", application, by=by, at=at)
    db.session.commit()


def _hold(application: Application) -> None:
    """Of two presses at once, the second counts what the first made."""
    db.session.refresh(application, with_for_update=True)


def _copy(application: Application, *, at: datetime) -> None:
    """Queue one more copy of the receipt. Raises: TooManyCopies."""
    version = own.versions_of(application)[0]
    times = _copies(version.id)
    if times >= COPIES:
        raise TooManyCopies
    if application.mail_confirmed_at is None and not may_go(db.session, application.mail, at=at):
        raise TooManyCopies(NOT_TODAY)
    call, answers = own.call_of(application, version), Answers.model_validate(version.answers)
    missed = missed_deadline(call.opening, version.received_at)
    emails.owe_receipt(call, application, version, answers, missed=missed, again=times + 1)


def _copied(application: Application, *, at: datetime) -> bool:
    try:
        _copy(application, at=at)
    except TooManyCopies:
        return False
    return True


def _copies(version_id: uuid.UUID) -> int:
    """Count the copies of a version's receipt, beside the person's context: mails are staff's to read."""
    with reading_beside(current_app.extensions["koubo.engine"], SYSTEM) as session:
        query = select(func.count()).where(Mail.dedupe_key.like(f"receipt-copy:{version_id}:%"))
        return session.scalar(query) or 0


def mend_address(application: Application, mail: str, *, applicant: Applicant, at: datetime) -> int:
    """Put another address in the place of a mistyped one, in all of this person's applications and drafts that name it.

    Each application's receipt is queued to the new address, as long as it was not sent too often already.
    Returns how many were queued. Raises: NotToBeMended.
    """
    if application.mail_confirmed_at is not None:
        raise NotToBeMended
    old, key = application.mail_key, mail_key(mail)
    queued = 0
    mine = [one for one in own.applications_of(applicant.id) if one.mail_key == old]
    for one in mine:
        _hold(one)
    for one in (held for held in mine if held.mail_key == old and held.mail_confirmed_at is None):
        one.mail, one.mail_key = mail, key
        one.mail_confirmed_at = applicant.confirmed_at if applicant.mail_key == key else None
        queued += _copied(one, at=at)
        record(db.session, "change.address", one, by=applicant.actor, at=at, confirmed=bool(one.mail_confirmed_at))
    _mend_drafts(applicant.id, old, mail, at=at)
    db.session.commit()
    return queued


def _mend_drafts(applicant_id: uuid.UUID, old: str, mail: str, *, at: datetime) -> None:
    """Write the new address into the drafts, so that what is sent next has it; they count as unchanged."""
    for draft in db.session.scalars(select(Draft).where(Draft.applicant_id == applicant_id)):
        answers = own.answers_of(draft)
        if draft.answers and mail_key(answers.person.mail) == old:
            person = answers.person.model_copy(update={"mail": mail})
            draft.answers = answers.model_copy(update={"person": person}).model_dump(mode="json")
            applicants.note_written(applicant_id, mail, at=at)


def change_address(applicant: Applicant, mail: str, code: str, browser: str, *, address: str, at: datetime) -> None:
    """Change a confirmed person's address to one whose code they typed; the old one is told by mail.

    Raises: WrongCode, TooManyTries, AddressTaken.
    """
    applicants.count_try(mail, browser, address=address, at=at)
    applicants.use_code(mail, code, browser, at=at)
    old, old_key = applicant.mail, applicant.mail_key
    actor, applicant_id = applicant.actor, applicant.id
    try:
        kept = db.session.get_one(Applicant, applicant_id)
        kept.mail, kept.mail_key, kept.confirmed_at = mail, mail_key(mail), at
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        raise AddressTaken from None
    _change_applications(kept, old_key, by=actor, at=at)
    _mend_drafts(applicant_id, old_key or "", mail, at=at)
    record(db.session, "change.address", kept, by=actor, at=at)
    if old and old_key != kept.mail_key:
        owe(db.session, "address-changed", to=old, dedupe=f"{applicant_id}:{at.isoformat()}")
    db.session.commit()


def _change_applications(person: Applicant, old_key: str | None, *, by: str, at: datetime) -> None:
    """Write a person's new address into their applications that name the old one, or the new one unconfirmed."""
    mine = (
        Application.applicant_id == person.id,
        or_(Application.mail_key == old_key, Application.mail_key == person.mail_key),
    )
    live = {"mail": person.mail, "mail_key": person.mail_key, "mail_confirmed_at": at}
    ids = db.session.scalars(select(Application.id).where(*mine)).all()
    changed = update(Application).where(Application.id.in_(ids)).values(**live, version=Application.version + 1)
    db.session.execute(changed.execution_options(synchronize_session=False))
    for application in own.applications_of(person.id):
        if application.id in ids:
            record(db.session, "change.address", application, by=by, at=at, confirmed=True)
