"""Sending an application, withdrawing it and taking that back: each one transaction (design 13-18, S1-S5)."""

import secrets
import uuid
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.accounts.applicants import resume_code, resume_hash
from app.accounts.models import Applicant
from app.applications import emails, late, queries
from app.applications.answers import Answers
from app.applications.file_queries import UNSAFE_WORDS
from app.applications.models import (
    Application,
    ApplicationState,
    ApplicationVersion,
    Draft,
    ScanState,
    Submission,
    Withdrawal,
)
from app.applications.policy import can_reinstate
from app.applications.queries import Call
from app.applications.receiving import (
    digest,
    document_rows,
    finding_rows,
    frozen,
    new_application,
    new_version,
    set_contact,
)
from app.applications.steps import missing_answers
from app.applications.suspicion import signs
from app.applications.words import late_words
from app.applications.workflow import move
from app.audit.chain import record
from app.core import storage
from app.core.database import add_in_order
from app.core.errors import DomainError, NotFound
from app.core.model import new_id
from app.extensions import db
from app.jp.numbers import new_receipt_number
from app.jp.text import mail_key
from app.openings.models import OpeningState

_DRAWS = 5


class Late(DomainError):
    """The submit arrived after the deadline; it is kept as a late attempt."""


class NotReady(DomainError):
    """Something that must be there is missing, changed or gone."""


class NotTakingApplications(DomainError):
    """The opening was withdrawn or has not opened."""


def submit(draft: Draft, *, idempotency_key: str, seen: int, at: datetime, by: str) -> Submission:
    """Send a draft: application, version, documents, findings, receipt mail and audit in one commit, no payload.

    `at` is the instant of arrival; `seen` the draft's version on the page that was sent. Whatever was sent before with
    this key, or of this draft without a change since, is given back instead.

    Raises: Late, NotReady, NotTakingApplications.
    """
    draft_id, applicant_id = draft.id, draft.applicant_id
    for _draw in range(_DRAWS):
        try:
            return _submit_once(draft_id, applicant_id, idempotency_key, seen, at=at, by=by)
        except IntegrityError:  # another request was first, or a receipt number was taken: look again
            db.session.rollback()
    raise NotReady("混み合っているため送信できませんでした。入力した内容は保存されています。もう一度送信してください。")


def _submit_once(
    draft_id: uuid.UUID, applicant_id: uuid.UUID, key: str, seen: int, *, at: datetime, by: str
) -> Submission:
    draft = _locked(draft_id, applicant_id)
    sent = queries.find_submission(applicant_id, key) or _sent_unchanged(draft)
    if sent is not None:
        db.session.commit()
        return sent
    call = queries.get_call(draft.opening_id, at=at) if draft.opening_id else None
    if call is None:
        raise NotFound
    _require_taking(call, draft, at=at, by=by)
    answers = queries.answers_of(draft)
    _require_ready(draft, call, answers, seen)
    submission = _receive(draft, call, answers, key, at=at, by=by)
    db.session.commit()
    return submission


def _locked(draft_id: uuid.UUID, applicant_id: uuid.UUID) -> Draft:
    """Read the draft afresh and hold it: of several submits one goes on, the others then see what it made."""
    query = select(Draft).where(Draft.applicant_id == applicant_id, Draft.id == draft_id).with_for_update()
    draft = db.session.scalar(query.execution_options(populate_existing=True))
    if draft is None:
        raise NotFound
    return draft


def _sent_unchanged(draft: Draft) -> Submission | None:
    if draft.submitted_at is None or draft.saved_at > draft.submitted_at:
        return None
    return queries.last_submission(draft)


def _require_taking(call: Call, draft: Draft, *, at: datetime, by: str) -> None:
    if call.opening.state is not OpeningState.APPROVED:
        raise NotTakingApplications("この募集は中止されました。くわしくは募集のページを確かめてください。")
    if call.is_over(at):
        _keep_late_attempt(call, draft, at=at, by=by)
        raise Late(late_words(call, at))
    if not call.is_open(at):
        raise NotTakingApplications(
            "この募集の受付は、まだ始まっていません。募集のページで受付期間を確かめてください。"
        )


def _keep_late_attempt(call: Call, draft: Draft, *, at: datetime, by: str) -> None:
    late.keep(call, draft, frozen(queries.answers_of(draft), call), at=at, by=by)
    db.session.commit()


def _require_ready(draft: Draft, call: Call, answers: Answers, seen: int) -> None:
    if draft.version != seen:
        raise NotReady("確認の画面を開いたあとに内容が変わりました。確認の画面を開き直してから送信してください。")
    if missing := missing_answers(call.content, answers):
        raise NotReady("まだ送信できません。" + "。".join(one.message for one in missing[:3]) + "。")
    for file in answers.documents.values():
        row = queries.find_stored_file(draft.applicant_id, uuid.UUID(file.stored_file_id))
        if row is None or not storage.has_size(row.key, file.size):
            raise NotReady(
                f"「{file.file_name}」を読み出せませんでした。「経歴・書類」で、もう一度ファイルを選んでください。"
            )
        if row.scan_state is ScanState.INFECTED:
            raise NotReady(f"「{file.file_name}」は、{UNSAFE_WORDS}。")


def _receive(draft: Draft, call: Call, answers: Answers, key: str, *, at: datetime, by: str) -> Submission:
    kept = frozen(answers, call)
    submission = Submission(
        id=new_id(),
        applicant_id=draft.applicant_id,
        draft_id=draft.id,
        idempotency_key=key,
        received_at=at,
        body_sha256=digest(kept),
    )
    application, number = _application(draft, call, at=at)
    set_contact(application, answers, confirmed_at=_mail_confirmed_at(draft.applicant_id, answers))
    _mark(application, draft, at=at)
    version = new_version(application, submission, call, kept, number=number)
    documents = document_rows(version, kept)
    add_in_order(db.session, [submission, application, version, *documents, *finding_rows(version, call, answers)])
    draft.submitted_at = max(at, draft.saved_at)
    record(db.session, "submit.application", application, by=by, at=at, version=number, sha256=version.sha256)
    emails.owe_receipt(call, application, version, answers)
    return submission


def _mark(application: Application, draft: Draft, *, at: datetime) -> None:
    """Ask staff to look where there are signs of a program; the mark of an earlier send stays until they did."""
    found = signs(is_trapped=bool(draft.check_reason), started_at=draft.created_at, at=at)
    application.check_reason, draft.check_reason = found or application.check_reason, None


def _application(draft: Draft, call: Call, *, at: datetime) -> tuple[Application, int]:
    """The one application of this person to this opening, new or as it stands, and the number of its next version."""
    found = queries.find_application(draft.applicant_id, call.opening.id)
    if found is None:
        number = new_receipt_number(call.organisation.short_name, call.opening.fiscal_year, secrets.randbelow)
        return new_application(call, draft.applicant_id, number, at=at), 1
    if found.duplicate_of is not None:
        raise NotReady(
            "この募集への応募は、同じメールアドレスのもう一つの応募にまとめました。"
            "マイページにメールアドレスで入り、その応募から直してください。"
        )
    if found.state is ApplicationState.WITHDRAWN:
        move(found, _state_before(found))
    last = select(func.max(ApplicationVersion.number)).where(
        ApplicationVersion.organisation_id == found.organisation_id, ApplicationVersion.application_id == found.id
    )
    return found, (db.session.scalar(last) or 0) + 1


def _mail_confirmed_at(applicant_id: uuid.UUID, answers: Answers) -> datetime | None:
    """Say since when the address is this person's own; give one who has none yet their 再開コード."""
    applicant = db.session.scalar(select(Applicant).where(Applicant.id == applicant_id))
    if applicant is None:
        raise NotFound
    if applicant.confirmed_at is None:
        applicant.resume_code_hash = resume_hash(resume_code(applicant.id))
    return applicant.confirmed_at if applicant.mail_key == mail_key(answers.person.mail) else None


def _state_before(application: Application) -> ApplicationState:
    return ApplicationState.ACCEPTED if application.examinee_number else ApplicationState.SUBMITTED


def withdraw(application: Application, *, reason: str, at: datetime, by: str) -> None:
    """Withdraw an application (辞退) in the person's own words; it can be taken back for 24 hours.

    Raises: NoSuchStep when it is withdrawn already.
    """
    move(application, ApplicationState.WITHDRAWN)
    row = Withdrawal(
        id=new_id(), organisation_id=application.organisation_id, application_id=application.id, reason=reason, at=at
    )
    db.session.add(row)
    record(db.session, "withdraw.application", application, by=by, at=at)
    emails.owe_withdrawn(application, row)
    db.session.commit()


def reinstate(application: Application, *, at: datetime, by: str) -> None:
    """Take a withdrawal back. Raises: NotReady after 24 hours, NoSuchStep when nothing was withdrawn."""
    withdrawal = queries.last_withdrawal(application)
    if application.state is ApplicationState.WITHDRAWN and not can_reinstate(
        withdrawal.at if withdrawal else None, at=at
    ):
        raise NotReady("辞退から24時間を過ぎたため、取り消せません。お問い合わせ先へご連絡ください。")
    move(application, _state_before(application))
    record(db.session, "reinstate.application", application, by=by, at=at)
    db.session.commit()
