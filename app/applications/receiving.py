"""What one act of sending makes of a draft, as rows. Nothing here is committed."""

import hashlib
import json
import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update

from app.accounts.applicants import resume_code, resume_hash
from app.accounts.models import Applicant
from app.applications.answers import Answers
from app.applications.asked import only_asked
from app.applications.choices import Calls
from app.applications.models import Application, ApplicationDocument, ApplicationState, ApplicationVersion, Submission
from app.applications.queries import Call
from app.applications.screening_models import Finding, FindingOutcome
from app.core import clock
from app.core.errors import NotFound
from app.core.model import new_id
from app.eligibility.criteria import ENGINE_VERSION, assess
from app.extensions import db
from app.jp.text import kana_key, mail_key

DRAFTS_ONLY = {"apart", "refused", "removed", "rivals", "read", "saved_for", "wondered"}  # what no city receives


@dataclass(frozen=True)
class Parcel:
    """What one city receives by one act of sending: its own questions' answers, and its rank where it is shown one."""

    call: Call
    answers: Answers
    kept: dict[str, Any]
    rank: int | None

    @property
    def sha256(self) -> str:
        return digest(self.kept)


def parcel_of(calls: Calls, call: Call, answers: Answers) -> Parcel:
    """Take out of a draft's answers what one of its openings receives."""
    own = calls.own(call, answers)
    return Parcel(call, own, frozen(own, call), calls.visible_rank(call))


def body_digest(parcels: list[Parcel]) -> str:
    """The SHA-256 of all that one act of sending holds."""
    return digest({str(one.call.opening.id): one.kept for one in parcels})


def frozen(answers: Answers, call: Call) -> dict[str, Any]:
    """Give the answers as a version keeps them: what the revision asks, without what was only typed."""
    content = call.content
    asked = {
        "declarations": {c.key for c in content.criteria},
        "statements": {q.key for q in content.questions},
        "documents": {d.key for d in content.documents},
    }
    kept = only_asked(content, answers).model_dump(mode="json", exclude=DRAFTS_ONLY)
    kept |= {"typed": {}, "steps_done": [], "filled_from": ""}
    for part, keys in asked.items():
        kept[part] = {key: value for key, value in kept[part].items() if key in keys}
    return kept


def digest(kept: dict[str, Any]) -> str:
    """The SHA-256 of frozen answers in their canonical form; the files' own hashes are in them."""
    text = json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def own_digest(kept: dict[str, Any], opening_id: uuid.UUID, sending: uuid.UUID | None = None) -> str:
    """The SHA-256 of what one city received by one act of sending: no two cities' are equal, whatever was written.

    Whoever holds their own data can compute it again (docs/own-data.md): our own keys of files are not in it.
    """
    files = {key: {k: v for k, v in file.items() if k != "stored_file_id"} for key, file in kept["documents"].items()}
    said = {"opening_id": str(opening_id), "submission_id": str(sending) if sending else None}
    return digest(said | {"answers": kept | {"documents": files}})


def set_contact(application: Application, answers: Answers, *, confirmed_at: datetime | None) -> None:
    """Write the live contact data (design 20) from the answers."""
    person = answers.person
    application.mail, application.mail_key = person.mail, mail_key(person.mail)
    application.mail_confirmed_at = confirmed_at
    application.phone, application.postal_code, application.address = person.phone, person.postal_code, person.address
    application.family_name, application.given_name = person.family_name, person.given_name
    application.kana_key = kana_key(person.family_kana, person.given_kana)[:200]


def held(application: Application, version: ApplicationVersion) -> Answers:
    """Give what a city has of an application: what the version says, with the contact data as they are now (design 20).

    What a draft would change by being sent is compared with this and nothing else.
    """
    answers = Answers.model_validate(version.answers)
    live = {name: getattr(application, name) for name in ("mail", "phone", "postal_code", "address")}
    return answers.model_copy(update={"person": answers.person.model_copy(update=live)})


def confirmed_since(applicant_id: uuid.UUID, answers: Answers) -> datetime | None:
    """Say since when the address is this person's own; give one who has none yet their 再開コード.

    Raises: NotFound.
    """
    applicant = db.session.scalar(select(Applicant).where(Applicant.id == applicant_id))
    if applicant is None:
        raise NotFound
    give_resume_code(applicant)
    return owned_since(applicant, answers)


def owned_since(applicant: Applicant, answers: Answers) -> datetime | None:
    """Say since when the address in the answers is this person's own; None for any other address."""
    return applicant.confirmed_at if applicant.mail_key == mail_key(answers.person.mail) else None


_RESUME_CODE = (
    update(Applicant.__table__)  # type: ignore[arg-type]  # a table, for a send has nothing else to flush
    .where(Applicant.id == bindparam("applicant"))
    .values(resume_code_hash=bindparam("hash"))
)


def give_resume_code(applicant: Applicant) -> None:
    """Let the 再開コード of one who has confirmed no address open what they send."""
    code = resume_hash(resume_code(applicant.id))
    if applicant.confirmed_at is None and applicant.resume_code_hash != code:
        db.session.connection().execute(_RESUME_CODE, {"applicant": applicant.id, "hash": code})


def next_number(application: Application) -> int:
    """Give the number of the next version of an application that has some."""
    last = select(func.max(ApplicationVersion.number)).where(
        ApplicationVersion.organisation_id == application.organisation_id,
        ApplicationVersion.application_id == application.id,
    )
    return (db.session.scalar(last) or 0) + 1


def new_application(call: Call, applicant_id: uuid.UUID, receipt_number: str, *, at: datetime) -> Application:
    """Make an application without its contact data."""
    return Application(
        id=new_id(),
        organisation_id=call.opening.organisation_id,
        opening_id=call.opening.id,
        applicant_id=applicant_id,
        receipt_number=receipt_number,
        received_at=at,
        state=ApplicationState.SUBMITTED,
    )


def new_version(
    application: Application,
    submission: Submission,
    call: Call,
    kept: dict[str, Any],
    *,
    number: int,
    rank: int | None = None,
) -> ApplicationVersion:
    """Make the version that one act of sending adds."""
    born = kept["person"]["birth_date"]
    return ApplicationVersion(
        id=new_id(),
        organisation_id=application.organisation_id,
        application_id=application.id,
        number=number,
        submission_id=submission.id,
        received_at=submission.received_at,
        revision_id=call.revision.id,
        answers=kept,
        birth_date=date.fromisoformat(born) if born else None,
        rank=rank,
        sha256=own_digest(kept, application.opening_id, submission.id),
    )


def document_rows(version: ApplicationVersion, kept: dict[str, Any]) -> list[ApplicationDocument]:
    """Make the rows of a version's files."""
    return [
        ApplicationDocument(
            id=new_id(),
            organisation_id=version.organisation_id,
            application_version_id=version.id,
            kind_key=key,
            seq=1,
            stored_file_id=uuid.UUID(file["stored_file_id"]),
            file_name=file["file_name"],
        )
        for key, file in kept["documents"].items()
    ]


def finding_rows(version: ApplicationVersion, call: Call, answers: Answers) -> list[Finding]:
    """Make the computed outcome of each criterion, with its working."""
    today = version.received_at.astimezone(clock.JST).date()
    found = (assess(criterion, answers, today=today) for criterion in call.content.criteria)
    return [
        Finding(
            id=new_id(),
            organisation_id=version.organisation_id,
            application_version_id=version.id,
            criterion_key=one.key,
            engine_version=ENGINE_VERSION,
            outcome=FindingOutcome(str(one.outcome)),
            working=one.working,
        )
        for one in found
    ]
