"""The mails of applying, each queued in the transaction that owes it (design 28): no answer, no file name."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications.addressee import addressee, name_for
from app.applications.answers import Answers
from app.applications.choice_queries import joint_campaign
from app.applications.late_models import LateAttempt, late_reference
from app.applications.models import Application, ApplicationVersion, Withdrawal
from app.applications.queries import Call
from app.applications.ranks import rank_before
from app.applications.words import next_news
from app.extensions import db
from app.openings.models import Opening
from app.openings.queries import ClosingState, closing_state
from app.organisations.models import Organisation
from app.outbox.holding import hold_back_beyond
from app.outbox.models import Mail
from app.outbox.queue import owe, write


@dataclass(frozen=True)
class FileLine:
    """What the mail says of one file."""

    label: str
    size: int
    sha256: str


def owe_receipt(
    call: Call,
    application: Application,
    version: ApplicationVersion,
    answers: Answers,
    *,
    missed: datetime | None = None,
    again: int = 0,
) -> None:
    """Queue the receipt of one version; `missed` is the deadline behind which it arrived and was admitted.

    `again`, from 1, is the number of a copy that the person asked for.
    """
    before = rank_before(version)
    db.session.add(receipt(call, application, version, answers, before=before, missed=missed, again=again))


def receipt(
    call: Call,
    application: Application,
    version: ApplicationVersion,
    answers: Answers,
    *,
    before: int | None,
    missed: datetime | None = None,
    again: int = 0,
) -> Mail:
    """Write the receipt of one version; `before` is the rank that the city was shown before it."""
    return write(
        "receipt-copy" if again else "application-received",
        to=application.mail,
        dedupe=f"{version.id}:{again}" if again else str(version.id),
        organisation=call.organisation,
        about=application.id,
        missed=missed,
        rank_before=before if before != version.rank else None,
        **_said_of(call, application, version, answers),
    )


def _said_of(call: Call, application: Application, version: ApplicationVersion, answers: Answers) -> dict[str, Any]:
    """Give what a receipt says of one version."""
    return {
        "name": addressee(application),
        "receipt_number": application.receipt_number,
        "received_at": version.received_at,
        "is_resent": version.number > 1,
        "rank": version.rank,
        "title": call.content.title,
        "files": _files(call, answers),
        "news": next_news(call.content),
        "is_confirmed": application.mail_confirmed_at is not None,
    }


def _files(call: Call, answers: Answers) -> list[FileLine]:
    """List the files that were sent, by what the opening calls them."""
    return [
        FileLine(kind.label, file.size, file.sha256[:16])
        for kind in call.content.documents
        if (file := answers.documents.get(kind.key)) is not None
    ]


def owe_late_kept(call: Call, attempt: LateAttempt, answers: Answers, *, is_confirmed: bool) -> None:
    """Queue the word that what came late is kept, without a word of what is in it; staff see no address."""
    person = answers.person
    if not person.mail:
        return
    mail = owe(
        db.session,
        "late-kept",
        to=person.mail,
        dedupe=str(attempt.id),
        name=name_for(person.family_name, person.given_name, is_confirmed=is_confirmed),
        reference=attempt.reference,
        organisation=call.organisation,
        title=call.content.title,
        closes_at=call.opening.closes_at,
        received_at=attempt.received_at,
    )
    mail.organisation_id = None
    if not is_confirmed:
        hold_back_beyond(db.session, [mail], at=attempt.received_at)


def owe_late_news(call: Call, attempt_id: uuid.UUID, answers: Answers) -> None:
    """Queue the word that a late attempt was ruled; what was ruled stands on my page, and staff see no address."""
    if not answers.person.mail:
        return
    mail = owe(
        db.session,
        "late-news",
        to=answers.person.mail,
        dedupe=str(attempt_id),
        reference=late_reference(attempt_id),
        organisation=call.organisation,
        title=call.content.title,
    )
    mail.organisation_id = None


def owe_withdrawn(application: Application, withdrawal: Withdrawal) -> None:
    """Queue the word that a withdrawal was received."""
    _owe_withdrawal("application-withdrawn", application, withdrawal, at=withdrawal.at)


def owe_reinstated(application: Application, withdrawal: Withdrawal, *, at: datetime) -> None:
    """Queue the word that a withdrawal was taken back."""
    _owe_withdrawal("application-reinstated", application, withdrawal, at=at)


def _owe_withdrawal(kind: str, application: Application, withdrawal: Withdrawal, *, at: datetime) -> None:
    organisation = db.session.scalar(select(Organisation).where(Organisation.id == application.organisation_id))
    opening = db.session.scalar(
        select(Opening).where(
            Opening.organisation_id == application.organisation_id, Opening.id == application.opening_id
        )
    )
    campaign = joint_campaign(opening) if opening else None
    mail = owe(
        db.session,
        kind,
        to=application.mail,
        dedupe=str(withdrawal.id),
        organisation=organisation,
        about=application.id,
        name=addressee(application),
        receipt_number=application.receipt_number,
        title=opening.title if opening else "",
        most=campaign.max_choices if campaign else None,
        at=at,
    )
    if application.mail_confirmed_at is None:
        hold_back_beyond(db.session, [mail], at=at)


def owe_examinee_number(application: Application, opening: Opening) -> None:
    """Queue the word that an examinee number stands on my page; the number itself is not in the mail (design 28)."""
    owe(
        db.session,
        "examinee-number",
        to=application.mail,
        dedupe=str(application.id),
        organisation=db.session.scalar(select(Organisation).where(Organisation.id == application.organisation_id)),
        about=application.id,
        name=addressee(application),
        receipt_number=application.receipt_number,
        title=opening.title,
    )


def owe_unsafe_file(application: Application, opening: Opening, file_id: uuid.UUID, *, at: datetime) -> None:
    """Queue the word that a file of what was sent was found infected; which one stands on my page."""
    mail = owe(
        db.session,
        "file-unsafe",
        to=application.mail,
        dedupe=f"{application.id}:{file_id}",
        organisation=db.session.scalar(select(Organisation).where(Organisation.id == application.organisation_id)),
        about=application.id,
        name=addressee(application),
        receipt_number=application.receipt_number,
        title=opening.title,
        is_open=closing_state(opening, at) is ClosingState.OPEN,
        closes_at=opening.closes_at,
    )
    if application.mail_confirmed_at is None:
        hold_back_beyond(db.session, [mail], at=at)


def owe_joined(session: Session, earlier: Application, later: Application, *, to: str) -> None:
    """Queue the word that two applications of one person to one opening are one, under the first receipt number."""
    own = earlier.organisation_id
    organisation = session.scalar(select(Organisation).where(Organisation.id == own))
    title = session.scalar(
        select(Opening.title).where(Opening.organisation_id == own, Opening.id == earlier.opening_id)
    )
    owe(
        session,
        "application-joined",
        to=to,
        dedupe=str(later.id),
        organisation=organisation,
        about=earlier.id,
        name=addressee(earlier),
        receipt_number=earlier.receipt_number,
        other_number=later.receipt_number,
        title=title or "",
    )
