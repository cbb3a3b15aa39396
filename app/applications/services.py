"""Sending an application, withdrawing it and taking that back: each one transaction (design 13-18, S1-S5)."""

import secrets
import uuid
from collections.abc import Collection, Sequence, Set
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from app.applications import emails, late, queries
from app.applications.answers import Answers
from app.applications.choice_queries import get_calls
from app.applications.choice_rows import leave, rejoin
from app.applications.choices import Calls, named
from app.applications.file_queries import UNSAFE_WORDS, files_named
from app.applications.models import (
    Application,
    ApplicationState,
    Draft,
    ScanState,
    Submission,
    Withdrawal,
)
from app.applications.outlook import is_sent, outlook_of, outlooks
from app.applications.policy import can_reinstate
from app.applications.queries import Call
from app.applications.receiving import (
    Parcel,
    body_digest,
    confirmed_since,
    document_rows,
    finding_rows,
    new_application,
    new_version,
    next_number,
    parcel_of,
    set_contact,
)
from app.applications.steps import missing_answers
from app.applications.suspicion import signs
from app.applications.workflow import move
from app.audit.chain import record
from app.core import storage
from app.core.database import insert_in_order
from app.core.errors import DomainError
from app.core.model import new_id
from app.extensions import db
from app.jp.numbers import new_receipt_number
from app.openings.models import OpeningState

_DRAWS = 5


NOTHING_SENT = "どの自治体にも、まだ送信していません。確認の画面を開き直すと、ほかの募集への応募を送信できます。"


class Late(DomainError):
    """The submit arrived after the deadline of `calls`; nothing was sent, what was late is kept as a late attempt.

    Of those `full` so many were kept that this one is not.
    """

    def __init__(self, calls: Sequence[Call], full: Sequence[Call]) -> None:
        super().__init__("締切後に届いたため、扱いを確認しています。")
        self.calls, self.full = calls, full


class OthersLeft(Late):
    """Of several openings one was late; the others can still be sent to."""


class NotReady(DomainError):
    """Something that must be there is missing, changed or gone."""


class NotTakingApplications(DomainError):
    """The opening was withdrawn or has not opened."""


def submit(
    draft: Draft, *, idempotency_key: str, seen: int, at: datetime, by: str, to: Collection[uuid.UUID] = ()
) -> Submission:
    """Send a draft to all openings in one commit, or to none: of each an application, version, documents, findings,
    receipt mail and audit row.

    `at` is the instant of arrival; `seen` the draft's version on the page that was sent, `to` the openings that it
    named (none: all of the draft). Whatever was sent before with this key, or of this draft without a change since,
    is given back instead. An opening that would receive what it has already gets no new version.

    Raises: Late, NotReady, NotTakingApplications.
    """
    draft_id, applicant_id = draft.id, draft.applicant_id
    for _draw in range(_DRAWS):
        try:
            return _submit_once(draft_id, applicant_id, idempotency_key, seen, to=frozenset(to), at=at, by=by)
        except IntegrityError:  # another request was first, or a receipt number was taken: look again
            db.session.rollback()
    raise NotReady("混み合っているため送信できませんでした。入力した内容は保存されています。もう一度送信してください。")


def _submit_once(
    draft_id: uuid.UUID, applicant_id: uuid.UUID, key: str, seen: int, *, to: Set[uuid.UUID], at: datetime, by: str
) -> Submission:
    draft = queries.hold_draft(applicant_id, draft_id)
    sent = queries.find_submission(applicant_id, key)
    if sent is None:
        calls = get_calls(draft, at=at).sent_to(to)
        sent = _sent_unchanged(draft, calls) or _send(draft, calls, key, seen, at=at, by=by)
    db.session.commit()
    return sent


def _send(draft: Draft, calls: Calls, key: str, seen: int, *, at: datetime, by: str) -> Submission:
    _require_taking(calls, draft, at=at, by=by)
    answers = queries.answers_of(draft)
    _require_ready(draft, calls, answers, seen)
    return _receive(draft, calls, answers, key, at=at, by=by)


def _sent_unchanged(draft: Draft, calls: Calls) -> Submission | None:
    return queries.last_submission(draft) if is_sent(draft, outlooks(draft, calls)) else None


def _require_taking(calls: Calls, draft: Draft, *, at: datetime, by: str) -> None:
    if withdrawn := [call for call in calls.calls if call.opening.state is not OpeningState.APPROVED]:
        raise NotTakingApplications(
            f"{named(calls, withdrawn)}この募集は中止されました。くわしくは募集のページを確かめてください。"
        )
    if closed := [call for call in calls.calls if call.is_over(at)]:
        full = [call for call in closed if not late.keep(calls, call, draft, at=at, by=by)]
        db.session.commit()
        raise OthersLeft(closed, full) if len(closed) < len(calls.calls) else Late(closed, full)
    if early := [call for call in calls.calls if not call.is_open(at)]:
        raise NotTakingApplications(
            f"{named(calls, early)}この募集の受付は、まだ始まっていません。募集のページで受付期間を確かめてください。"
        )


def _require_ready(draft: Draft, calls: Calls, answers: Answers, seen: int) -> None:
    if draft.version != seen:
        raise NotReady("確認の画面を開いたあとに内容が変わりました。確認の画面を開き直してから送信してください。")
    if missing := missing_answers(calls.content, answers):
        raise NotReady("まだ送信できません。" + "。".join(one.message for one in missing[:3]) + "。")
    rows = files_named(draft.applicant_id, answers)
    for file in answers.documents.values():
        row = rows.get(uuid.UUID(file.stored_file_id))
        if row is None or not storage.has_size(row.key, file.size):
            raise NotReady(
                f"「{file.file_name}」を読み出せませんでした。「経歴・書類」で、もう一度ファイルを選んでください。"
            )
        if row.scan_state is ScanState.INFECTED:
            raise NotReady(f"「{file.file_name}」は、{UNSAFE_WORDS}。")


def _receive(draft: Draft, calls: Calls, answers: Answers, key: str, *, at: datetime, by: str) -> Submission:
    parcels = [parcel_of(calls, call, answers) for call in calls.calls]
    changed = [one for one in parcels if not outlook_of(one, draft.applicant_id).has_arrived]
    draft.submitted_at = max(at, draft.saved_at)
    if not changed and (last := queries.last_submission(draft)):
        return last
    submission = Submission(
        id=new_id(),
        applicant_id=draft.applicant_id,
        draft_id=draft.id,
        idempotency_key=key,
        received_at=at,
        body_sha256=body_digest(parcels),
    )
    db.session.add(submission)
    db.session.flush()
    confirmed_at = confirmed_since(draft.applicant_id, answers)
    found, draft.check_reason = signs(is_trapped=bool(draft.check_reason), started_at=draft.created_at, at=at), None
    for parcel in changed:
        _deliver(parcel, submission, confirmed_at, found, by=by)
    return submission


def _deliver(
    parcel: Parcel, submission: Submission, confirmed_at: datetime | None, check_reason: str | None, *, by: str
) -> None:
    """Make what one city receives: its application or the next version of it, the receipt mail and the audit row.

    Staff are asked to look where there are signs of a program; the mark of an earlier send stays until they did.
    """
    call, at = parcel.call, submission.received_at
    application, number = _application(submission.applicant_id, call, at=at)
    set_contact(application, parcel.answers, confirmed_at=confirmed_at)
    application.check_reason = check_reason or application.check_reason
    version = new_version(application, submission, call, parcel.kept, number=number, rank=parcel.rank)
    rows = [version, *document_rows(version, parcel.kept), *finding_rows(version, call, parcel.answers)]
    insert_in_order(db.session, [application, *rows] if number == 1 else rows)
    record(db.session, "submit.application", application, by=by, at=at, version=number, sha256=version.sha256)
    emails.owe_receipt(call, application, version, parcel.answers)


def _application(applicant_id: uuid.UUID, call: Call, *, at: datetime) -> tuple[Application, int]:
    """The one application of this person to this opening, new or as it stands, and the number of its next version."""
    found = queries.find_application(applicant_id, call.opening.id)
    if found is None:
        number = new_receipt_number(call.organisation.short_name, call.opening.fiscal_year, secrets.randbelow)
        return new_application(call, applicant_id, number, at=at), 1
    if found.duplicate_of is not None:
        raise NotReady(
            "この募集への応募は、同じメールアドレスのもう一つの応募にまとめました。"
            "マイページにメールアドレスで入り、その応募から直してください。"
        )
    if found.state is ApplicationState.WITHDRAWN:
        move(found, _state_before(found))
    return found, next_number(found)


def _state_before(application: Application) -> ApplicationState:
    return ApplicationState.ACCEPTED if application.examinee_number else ApplicationState.SUBMITTED


def withdraw(application: Application, *, reason: str, at: datetime, by: str) -> None:
    """Withdraw an application (辞退) in the person's own words; it can be taken back for 24 hours.

    Raises: NoSuchStep when it is withdrawn already.
    """
    leave(application.applicant_id, application.opening_id, at=at)  # the draft first, as `submit` locks them
    move(application, ApplicationState.WITHDRAWN)
    row = Withdrawal(
        id=new_id(), organisation_id=application.organisation_id, application_id=application.id, reason=reason, at=at
    )
    db.session.add(row)
    record(db.session, "withdraw.application", application, by=by, at=at)
    emails.owe_withdrawn(application, row)
    db.session.commit()


def reinstate(application: Application, *, at: datetime, by: str) -> None:
    """Take a withdrawal back. Raises: NotReady after 24 hours, NoSuchStep when nothing was withdrawn, CannotChoose."""
    withdrawal = queries.last_withdrawal(application)
    if application.state is ApplicationState.WITHDRAWN and not can_reinstate(
        withdrawal.at if withdrawal else None, at=at
    ):
        raise NotReady("辞退から24時間を過ぎたため、取り消せません。お問い合わせ先へご連絡ください。")
    rejoin(application.applicant_id, application.opening_id, at=at)
    move(application, _state_before(application))
    if withdrawal is not None:
        emails.owe_reinstated(application, withdrawal, at=at)
    record(db.session, "reinstate.application", application, by=by, at=at)
    db.session.commit()
