"""One press of 応募を送信する (design 13-18, S1-S5): look, make, write.

It looks and makes its rows without holding anybody up; then one short transaction holds the draft, requires that what
was read still stands, and writes. What changed meanwhile is looked at again.
"""

import secrets
import uuid
from collections.abc import Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from app.accounts.models import Applicant
from app.applications import emails, late, queries
from app.applications.answers import Answers
from app.applications.choice_queries import Standing, applications_to, get_calls, standing
from app.applications.choices import Calls
from app.applications.models import Application, ApplicationVersion, Draft, Submission
from app.applications.outlook import Outlook, is_sent, outlooks
from app.applications.queries import Call
from app.applications.receiving import (
    body_digest,
    document_rows,
    finding_rows,
    give_resume_code,
    new_application,
    new_version,
    owned_since,
    set_contact,
)
from app.applications.sending_rules import (
    Late,
    NotReady,
    OthersLeft,
    require_named,
    require_not_joined,
    require_read,
    require_ready,
    require_taking,
)
from app.applications.suspicion import signs
from app.applications.using_limits import count_send
from app.applications.workflow import move, state_before
from app.audit.chain import record
from app.core.database import insert_in_order, looking
from app.core.model import new_id
from app.extensions import db
from app.jp.numbers import new_receipt_number
from app.outbox.holding import hold_back_beyond
from app.outbox.models import Mail

_TRIES = 5


@dataclass(frozen=True)
class Press:
    """What the button showed and when its request arrived.

    `seen` is the draft's version on the page that was sent, `to` the openings that it named (of several, never none),
    `read` the revisions whose words it showed,
    `address` the network address that counts it (none: not counted).
    """

    key: str
    seen: int
    at: datetime
    to: Set[uuid.UUID] = frozenset()
    read: Set[uuid.UUID] = frozenset()
    address: str | None = None


@dataclass(frozen=True)
class Look:
    """What a press read; `standing` must still be so when it writes, `late` are the openings whose deadline passed."""

    applicant: Applicant
    draft: Draft
    calls: Calls
    answers: Answers
    outlooks: list[Outlook]
    standing: Set[Standing]
    late: list[Call] = field(default_factory=list)


@dataclass(frozen=True)
class Delivery:
    """What one city receives: its application or the next version of it, and the receipt mail."""

    application: Application
    version: ApplicationVersion
    rows: list[Any]
    mail: Mail


class Moved(Exception):
    """What was read is no longer so."""


def submit(applicant_id: uuid.UUID, draft_id: uuid.UUID, press: Press) -> Submission:
    """Send a draft to all openings in one commit, or to none: of each an application, version, documents, findings,
    receipt mail and audit row.

    Whatever was sent before with this key, or of this draft without a change since, is given back instead. An opening
    that would receive what it has already gets no new version.

    Raises: Late, NotReady, NotTakingApplications, NotFound, TooManyTries.
    """
    for _try in range(_TRIES):
        try:
            return _submit_once(applicant_id, draft_id, press)
        except (IntegrityError, StaleDataError, Moved):  # another request was first, or a receipt number was taken
            db.session.rollback()
    raise NotReady("混み合っているため送信できませんでした。入力した内容は保存されています。もう一度送信してください。")


def _submit_once(applicant_id: uuid.UUID, draft_id: uuid.UUID, press: Press) -> Submission:
    with looking(db.session):
        found = _look(applicant_id, draft_id, press)
    if isinstance(found, Submission):
        return found
    if found.late:
        _keep_late(found, press)
    return _write(found, press)


def _look(applicant_id: uuid.UUID, draft_id: uuid.UUID, press: Press) -> Submission | Look:
    draft = queries.get_draft(applicant_id, draft_id)
    chosen = get_calls(draft, at=press.at)
    calls = chosen.sent_to(press.to)
    stands, answers = standing(draft, calls, press.key), queries.answers_of(draft)
    if any(one.sent_id for one in stands) and (sent := queries.find_submission(applicant_id, press.key)):
        return sent
    require_named(chosen, press.to)
    applied = applications_to(applicant_id, calls) if any(one.application_id for one in stands) else {}
    found = outlooks(calls, answers, applied)
    if is_sent(answers, found) and (sent := queries.last_submission(draft)):
        return sent
    late_ones = require_taking(calls, press.at)
    if not late_ones:
        require_read(calls, press.read)
        require_ready(draft, calls, answers, press.seen)
        require_not_joined(stands)
    applicant = db.session.get_one(Applicant, applicant_id)
    return Look(applicant, draft, calls, answers, found, stands, late_ones)


def _keep_late(look: Look, press: Press) -> None:
    """Keep what came late. Raises: Late, always; Moved."""
    _begin(look, press)
    by = look.applicant.actor
    full = [call for call in look.late if not late.keep(look.calls, call, look.draft, at=press.at, by=by)]
    db.session.commit()
    raise OthersLeft(look.late, full) if len(look.late) < len(look.calls.calls) else Late(look.late, full)


def _begin(look: Look, press: Press) -> None:
    """Count the press, hold the draft and require that what was read still stands. Raises: TooManyTries, Moved."""
    with db.session.no_autoflush:  # the draft is held before an application is changed, as `withdraw` does
        if press.address is not None:
            count_send(press.address, at=press.at)
        if standing(look.draft, look.calls, press.key, hold=True) != look.standing:
            raise Moved


_SENT = (
    update(Draft.__table__)  # type: ignore[arg-type]  # a table: the unit of work takes twice as long
    .where(Draft.id == bindparam("draft"))
    .values(version=Draft.version + 1, submitted_at=bindparam("at"), check_reason=None)
)


def _mark_sent(draft: Draft, *, at: datetime) -> None:
    """Note in a held draft that it was sent; the object keeps what was read."""
    db.session.connection().execute(_SENT, {"draft": draft.id, "at": at})


def _make(look: Look, press: Press) -> tuple[Submission, list[Delivery]]:
    """Make what a press writes: the act of sending and what each city receives of it."""
    parcels = [one.parcel for one in look.outlooks]
    submission = Submission(
        id=new_id(),
        applicant_id=look.applicant.id,
        draft_id=look.draft.id,
        idempotency_key=press.key,
        received_at=press.at,
        body_sha256=body_digest(parcels),
    )
    return submission, [_delivery(one, submission, look) for one in look.outlooks if not one.has_arrived]


def _delivery(outlook: Outlook, submission: Submission, look: Look) -> Delivery:
    """Make what one city receives.

    Staff are asked to look where there are signs of a program; the mark of an earlier send stays until they did.
    """
    parcel, call, at = outlook.parcel, outlook.call, submission.received_at
    application, number = _application(outlook, submission)
    set_contact(application, parcel.answers, confirmed_at=owned_since(look.applicant, parcel.answers))
    found = signs(is_trapped=bool(look.draft.check_reason), started_at=look.draft.created_at, at=at)
    application.check_reason = found or application.check_reason
    version = new_version(application, submission, call, parcel.kept, number=number, rank=parcel.rank)
    before = outlook.last.rank if outlook.last else None
    rows = [*document_rows(version, parcel.kept), *finding_rows(version, call, parcel.answers)]
    mail = emails.receipt(call, application, version, parcel.answers, before=before)
    return Delivery(application, version, rows, mail)


def _application(outlook: Outlook, submission: Submission) -> tuple[Application, int]:
    """The one application of this person to this opening, new or as it stands, and the number of its next version."""
    call, found, last = outlook.call, outlook.application, outlook.last
    if found is None or last is None:
        number = new_receipt_number(call.organisation.short_name, call.opening.fiscal_year, secrets.randbelow)
        return new_application(call, submission.applicant_id, number, at=submission.received_at), 1
    if outlook.is_back:
        move(found, state_before(found))
    return found, last.number + 1


def _write(look: Look, press: Press) -> Submission:
    submission, deliveries = _make(look, press)
    _begin(look, press)
    _mark_sent(look.draft, at=max(press.at, look.draft.saved_at))
    if not deliveries and (last := queries.last_submission(look.draft)):
        db.session.commit()
        return last
    give_resume_code(look.applicant)
    db.session.flush()  # what a resend changes of its application
    unconfirmed = [one.mail for one in deliveries if one.application.mail_confirmed_at is None]
    hold_back_beyond(db.session, unconfirmed, at=press.at)
    new = [one.application for one in deliveries if one.version.number == 1]
    received = (row for one in deliveries for row in (one.version, *one.rows, one.mail))
    insert_in_order(db.session, [submission, *new, *received])
    for one in deliveries:
        said = {"version": one.version.number, "sha256": one.version.sha256}
        record(db.session, "submit.application", one.application, by=look.applicant.actor, at=press.at, **said)
    db.session.commit()
    return submission
