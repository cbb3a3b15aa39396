"""Rows for tests, made in the context of the system and committed. Arrange with these, act through services."""

import itertools
import secrets
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient

from app.accounts.guard import STAFF_COOKIE, token_hash
from app.accounts.models import Applicant, Membership, RoleGrant, StaffSession, StaffState, StaffUser
from app.core import clock
from app.core.access import Role
from app.core.context import SYSTEM, bind
from app.core.crypto import encrypt
from app.core.database import add_in_order
from app.core.model import new_id
from app.extensions import db
from app.jp.numbers import new_receipt_number
from app.organisations.models import Organisation, OrganisationKind

_numbers = itertools.count(1)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def save(*rows: Any) -> Any:
    """Add rows as the system and commit; give back the first. The session is fresh afterwards, without a context."""
    db.session.remove()
    bind(db.session, SYSTEM)
    add_in_order(db.session, rows)
    db.session.commit()
    for row in rows:
        db.session.refresh(row)
        db.session.expunge(row)
    db.session.remove()
    return rows[0] if rows else None


def organisation(slug: str = "shinagawa", name: str = "品川区", **values: Any) -> Organisation:
    short = values.pop("short_name", slug[:3].upper() + ("" if len(slug) > 2 else "X"))
    common = {"kind": OrganisationKind.CITY, "prefecture": "東京都", "mark": name[0], "hue": "hue-cyan"}
    contact = {"contact_department": "人事課", "contact_phone": "03-0000-0000", "contact_hours": "平日 8:30–17:15"}
    contact["contact_email"] = f"jinji@{slug}.example.jp"
    row: Organisation = save(
        Organisation(id=new_id(), slug=slug, name=name, short_name=short, **(common | contact | values))
    )
    return row


def staff(organisation: Organisation, *roles: Role, opening_id: Any = None, **values: Any) -> StaffUser:
    """An active member of staff with these roles; reviewer and chair for `opening_id` where given."""
    n = next(_numbers)
    user = StaffUser(
        id=new_id(),
        mail=values.pop("mail", f"staff{n}@{organisation.slug}.example.jp"),
        mail_key=values.pop("mail_key", f"staff{n}@{organisation.slug}.example.jp"),
        display_name=values.pop("display_name", f"職員{n}"),
        state=values.pop("state", StaffState.ACTIVE),
        created_at=LONG_AGO,
        **values,
    )
    member = Membership(id=new_id(), organisation_id=organisation.id, staff_user_id=user.id)
    grants = [
        RoleGrant(
            organisation_id=organisation.id,
            membership_id=member.id,
            role=role,
            since=LONG_AGO,
            opening_id=opening_id if role in {Role.REVIEWER, Role.CHAIR} else None,
        )
        for role in roles
    ]
    save(user, member, *grants)
    return user


def sign_in(client: FlaskClient, user: StaffUser, *, at: datetime | None = None) -> FlaskClient:
    """Give the client a signed-in staff cookie, second factor done, and nothing else."""
    at, token = at or clock.now(), secrets.token_urlsafe(32)
    save(
        StaffSession(
            staff_user_id=user.id, token_hash=token_hash(token), second_factor_at=at, created_at=at, seen_at=at
        )
    )
    client.set_cookie(STAFF_COOKIE, token)
    return client


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


LEVELS = [{"value": n, "anchor": f"段階{n}の姿"} for n in range(1, 6)]
RUBRIC = [
    {"key": "expertise", "label": "デジタルの専門性", "weight": 60, "levels": LEVELS},
    {"key": "reform", "label": "業務改革の実績", "weight": 40, "levels": LEVELS},
]
TERMS = {
    "form_key": "general_fixed_term",
    "headcount": "1名",
    "term": "3年",
    "term_months": 36,
    "renewal": "採用から5年を超えない範囲",
    "days": "週5日",
    "days_min": 50,
    "days_max": 50,
    "hours": "8:30–17:15（週38時間45分）",
    "pay": {"kind": "monthly", "text": "月額 530,000円（例）", "min_yen": 530000, "max_yen": 530000},
    "allowances": "地域手当・通勤手当・期末勤勉手当",
    "insurance": "共済組合",
    "work_place": "区役所",
    "smoking": "敷地内禁煙",
    "trial": "条件付採用6か月",
    "side_job_rule": "許可制",
}
FIVE_YEARS = {"rule": {"threshold_months": 60, "as_of": "2026-11-30", "kinds": ["regular"]}}
CRITERIA = [
    {"key": "regular_years", "kind": "experience", "label": "正規職務経験5年以上", "params": FIVE_YEARS},
    {
        "key": "article16",
        "kind": "declaration",
        "label": "欠格条項に当たらないこと",
        "params": {"text": "地方公務員法第16条の欠格条項に当たりません"},
    },
    {"key": "knowledge", "kind": "person", "label": "デジタルに関する知識"},
]
DOCUMENTS_STAGE = {
    "key": "documents",
    "kind": "documents",
    "name": "書類選考",
    "method": "2名が別々に採点します。",
    "result_on": "2026-12-11",
    "rubric": RUBRIC,
}
INTERVIEW_STAGE = {
    "key": "interview",
    "kind": "interview",
    "name": "面接",
    "method": "庁舎で40分です。",
    "result_on": "2027-01-22",
    "rubric": RUBRIC,
    "blind": False,
}


def content(**values: Any) -> Any:
    """A lawful opening: five years of experience, a declaration, one question, one PDF, two stages with rubrics."""
    from app.openings.content import OpeningContent

    common: dict[str, Any] = {
        "title": "DX推進担当",
        "summary": "区の行政DXを前に進める仕事です。",
        "duties": ["情報戦略の立案", "業務の見直し"],
        "occupation": "dx_planning",
        "terms": TERMS,
        "criteria": CRITERIA,
        "questions": [{"key": "motivation", "label": "志望動機", "max_characters": 1000}],
        "documents": [{"key": "resume", "label": "職務経歴書"}],
        "stages": [DOCUMENTS_STAGE, INTERVIEW_STAGE],
        "announcement": "受験番号を掲載し、同じ時刻に全員へ知らせます。",
        "appointed_on": "2027-04-01",
        "disqualification_text": "地方公務員法第16条の各号に当たる人は応募できません。",
    }
    return OpeningContent.model_validate(common | values)


def opening(organisation: Organisation, *, approved: bool = True, **values: Any) -> Any:
    """An opening with an approved first revision (or, not approved, a draft); open now for a week unless told."""
    from app.openings.columns import copy_for_lists
    from app.openings.models import Opening, OpeningState

    now, said = clock.now().replace(microsecond=0), values.pop("content", None) or content()
    row = Opening(
        id=new_id(),
        organisation_id=organisation.id,
        fiscal_year=2026,
        number=next(_numbers),
        state=OpeningState.DRAFT,
        published_at=now - timedelta(days=1),
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=7),
    )
    copy_for_lists(row, said, city=organisation.name)
    for name, value in values.items():
        setattr(row, name, value or getattr(row, name))
    return _approved(organisation, row, said, at=now) if approved else save(row)


def _approved(organisation: Organisation, row: Any, said: Any, *, at: datetime) -> Any:
    """Approve an opening as two people do: its first revision is in force."""
    from app.openings.content import digest
    from app.openings.models import OpeningState
    from app.openings.revisions import revision_rows

    author, approver = staff(organisation, Role.AUTHOR), staff(organisation, Role.APPROVER)
    rows = revision_rows(row, said, number=1, author_id=author.id, approver_id=approver.id, at=at, sha256=digest(said))
    row.submitted_by, row.approved_by = author.id, approver.id
    db.session.remove()
    bind(db.session, SYSTEM)
    add_in_order(db.session, [row, *rows])
    row.revision_id, row.state = rows[0].id, OpeningState.APPROVED
    db.session.commit()
    db.session.expunge_all()
    db.session.remove()
    return row


def campaign(host: Organisation, **values: Any) -> Any:
    """A published campaign in which a person may apply to two openings, one of each organisation, in order."""
    from app.openings.models import Campaign

    common = {"ranked": True, "max_choices": 2, "max_per_organisation": 1, "rank_visible": False}
    return save(
        Campaign(
            id=new_id(),
            host_organisation_id=host.id,
            slug=f"joint-{next(_numbers)}",
            title="合同公募",
            published_at=LONG_AGO,
            **(common | values),
        )
    )


PASSWORD = "correct horse 電池 staple"


@cache
def password_hash() -> str:
    """The hash of PASSWORD, made once for all."""
    from app.accounts.passwords import hash_password

    return hash_password(PASSWORD)


def active_staff_with_password(organisation: Organisation, *roles: Role, **values: Any) -> tuple[StaffUser, str, str]:
    """Staff who can sign in through the pages: the account, its password and the secret of its authenticator app."""
    from app.accounts.second_factor import new_secret

    secret = new_secret()
    sealed = {"password_hash": password_hash(), "totp_secret": encrypt(secret)}
    return staff(organisation, *roles, **sealed, **values), PASSWORD, secret


HISTORY = [{"employer": "見本情報株式会社", "start": "2010-04-01", "end": "2020-03-31", "weekly_hours": 38.75}]


def application(
    organisation: Organisation,
    opening: Any,
    *,
    answers: dict[str, Any] | None = None,
    at: datetime | None = None,
    findings: dict[str, str] | None = None,
    **person: Any,
) -> Any:
    """A received application with its version, findings and one PDF whose bytes exist, as sending makes it.

    `answers` are parts of `Answers`; `findings` other outcomes by criterion key; `person` names, mail …, `confirmed`
    whether the mail is the person's own, `file_name` and `file_words` of the PDF.
    """
    from app.applications.answers import Answers

    at, n, confirmed = at or clock.now(), next(_numbers), person.pop("confirmed", True)
    file_name, words = person.pop("file_name", "職務経歴書（見本）.pdf"), person.pop("file_words", f"Resume {n}")
    said = {**SOMEBODY, "mail": f"person{n}@applicant.example.jp", **person}
    call, someone, draft, submission = _sent(organisation, opening, said["mail"], at, n, confirmed)
    file = _kept_pdf(someone.id, at, words)
    given = Answers.model_validate(_usual_answers(call, said, _file_answer(file, file_name)) | (answers or {}))
    row = _application(call, someone, given, at)
    save(row, someone, draft, submission, file, *_received(row, submission, call, given, findings or {}))
    return row


def _application(call: Any, someone: Any, given: Any, at: datetime) -> Any:
    from app.applications.receiving import new_application, set_contact

    number = new_receipt_number(call.organisation.short_name, call.opening.fiscal_year, secrets.randbelow)
    row = new_application(call, someone.id, number, at=at)
    set_contact(row, given, confirmed_at=someone.confirmed_at)
    return row


SOMEBODY = {
    "family_name": "見本",
    "given_name": "太郎",
    "family_kana": "みほん",
    "given_kana": "たろう",
    "phone": "0300000000",
    "postal_code": "1400005",
    "address": "東京都品川区広町2-1-36",
}


def _usual_answers(call: Any, said: dict[str, Any], file: dict[str, Any]) -> dict[str, Any]:
    """What a person answers to all that an opening asks; every document is the same file."""
    return {
        "person": said,
        "history": HISTORY,
        "declarations": {one.key: True for one in call.content.criteria if one.kind == "declaration"},
        "statements": {question.key: "見本の回答です。" for question in call.content.questions},
        "documents": {kind.key: file for kind in call.content.documents},
    }


def _received(application: Any, submission: Any, call: Any, given: Any, findings: dict[str, str]) -> list[Any]:
    """The first version of an application with its documents and findings, some of them with other outcomes."""
    from app.applications.receiving import digest, document_rows, finding_rows, frozen, new_version
    from app.applications.screening_models import FindingOutcome

    kept = frozen(given, call)
    submission.body_sha256 = digest(kept)
    version = new_version(application, submission, call, kept, number=1, rank=None)
    found = finding_rows(version, call, given)
    for finding in found:
        finding.outcome = FindingOutcome(findings.get(finding.criterion_key, finding.outcome))
    return [version, *document_rows(version, kept), *found]


def _sent(organisation: Organisation, opening: Any, mail: str, at: datetime, n: int, confirmed: bool) -> Any:
    """What stands around an application: the call, the applicant, the draft and the act of sending."""
    from app.applications.models import Draft, Submission
    from app.applications.queries import Call
    from app.openings.content import OpeningContent
    from app.openings.revision_models import Revision

    db.session.remove()
    bind(db.session, SYSTEM)
    revision = db.session.get_one(Revision, opening.revision_id)
    db.session.expunge(revision)
    db.session.remove()
    call = Call(opening, organisation, revision, OpeningContent.model_validate(revision.content))
    applicant = Applicant(id=new_id(), mail=mail, mail_key=mail if confirmed else None, created_at=at)
    applicant.confirmed_at = at if confirmed else None
    draft = Draft(id=new_id(), applicant_id=applicant.id, opening_id=opening.id, answers={}, created_at=at, saved_at=at)
    submission = Submission(
        id=new_id(),
        applicant_id=applicant.id,
        draft_id=draft.id,
        idempotency_key=f"key-{n}",
        received_at=at,
        body_sha256="",
    )
    return call, applicant, draft, submission


def _kept_pdf(applicant_id: Any, at: datetime, words: str) -> Any:
    from app.applications.models import StoredFile
    from app.core import storage
    from tests.applications.pdf import pdf

    kept = storage.keep(BytesIO(pdf(words=words)), limit=1_000_000)
    return StoredFile(
        id=new_id(),
        applicant_id=applicant_id,
        key=kept.key,
        sha256=kept.sha256,
        size=kept.size,
        media="application/pdf",
        pages=1,
        stored_at=at,
    )


def _file_answer(file: Any, name: str) -> dict[str, Any]:
    known = {"size": file.size, "sha256": file.sha256, "pages": file.pages}
    return {"stored_file_id": str(file.id), "file_name": name, **known}


def another_version(application: Any, *, at: datetime | None = None) -> Any:
    """The same answers sent again: the next version with its findings."""
    from sqlalchemy import select
    from sqlalchemy.orm import make_transient

    from app.applications.models import ApplicationVersion, Submission
    from app.applications.screening_models import Finding

    db.session.remove()
    bind(db.session, SYSTEM)
    versions = select(ApplicationVersion).where(ApplicationVersion.application_id == application.id)
    old = db.session.scalars(versions.order_by(ApplicationVersion.number.desc())).first()
    assert old is not None
    findings = db.session.scalars(select(Finding).where(Finding.application_version_id == old.id)).all()
    submission = db.session.get_one(Submission, old.submission_id)
    rows = [submission, old, *findings]
    for row in rows:
        db.session.expunge(row)
        make_transient(row)
        row.id = new_id()
    submission.idempotency_key, submission.received_at = f"key-{next(_numbers)}", at or clock.now()
    old.number, old.submission_id, old.received_at = old.number + 1, submission.id, submission.received_at
    for finding in findings:
        finding.application_version_id = old.id
    return save(old, submission, *findings)


def withdrawn(application: Any) -> None:
    """Withdraw an application as its person."""
    from app.applications import services
    from app.applications.models import Application

    db.session.remove()
    bind(db.session, SYSTEM)
    row = db.session.get_one(Application, application.id)
    services.withdraw(row, reason="", at=clock.now(), by=f"applicant:{row.applicant_id}")
    db.session.remove()
