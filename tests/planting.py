"""Rows of one city for tests/world.py, made by the factories and the use cases of the rooms.

A canary is a word that stands nowhere else: whatever people type begins with their city's.
"""

import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any

from flask import current_app
from sqlalchemy import select

from app.accounts.guard import token_hash
from app.accounts.models import Applicant, ApplicantSession, Membership, StaffState, StaffUser
from app.applications.late_models import LateAttempt
from app.applications.models import Application, ApplicationDocument, ApplicationVersion, Draft, Submission
from app.applications.rulings import Ruling
from app.applications.screening_models import ApplicantSearch, StageEntry
from app.audit.models import AccessEvent
from app.core import clock, storage
from app.core.access import Role
from app.core.context import SYSTEM, bind
from app.core.crypto import encrypt
from app.core.database import reading_beside
from app.core.model import new_id
from app.correspondence.attachment_models import AttachedFile, Attachment
from app.correspondence.erasing_models import ErasureProposal
from app.correspondence.models import (
    Accommodation,
    AccommodationState,
    ErasureRequest,
    Message,
    MessageKind,
    MessageThread,
)
from app.correspondence.needs import Need, Needs
from app.extensions import db
from app.files.kinds import PDF
from app.jp.numbers import new_examinee_number
from app.openings.amendment_models import Amendment
from app.openings.models import EmploymentForm, Opening
from app.organisations.models import Organisation
from app.outbox.models import Mail, MailState
from app.reviews import desk_services
from app.reviews.desk_services import Mark
from app.reviews.models import Round
from app.reviews.services import lock_round
from app.selection.services import decide
from tests import factories
from tests.applications.pdf import pdf
from tests.reviews.arrange import Scene, accepted_application, act_for
from tests.screening import arrange as screening
from tests.selection.arrange import FAIL, PASS, Meeting


@dataclass(frozen=True)
class Words:
    """A city's own word in three scripts; each of its canaries begins with it."""

    kanji: str
    kana: str
    latin: str

    def __call__(self, what: str) -> str:
        return f"{self.kanji}{what}"

    def mail(self, who: str) -> str:
        return f"{who}@{self.latin}.example.jp"

    @property
    def short_name(self) -> str:
        return self.latin[:5].upper()


@dataclass(frozen=True)
class Seeker:
    """An applicant: the cookie of a browser and what is the person's own."""

    id: uuid.UUID
    token: str
    canary: str
    objects: dict[str, Any]


def in_days(days: int) -> Any:
    return clock.now().replace(microsecond=0) + timedelta(days=days)


def content(words: Words) -> Any:
    return factories.content(title=words("の募集"), summary=words("の仕事です。"), duties=[words("の計画")])


def opening(organisation: Organisation, words: Words, *, is_over: bool) -> Opening:
    closes_at = in_days(-1) if is_over else in_days(7)
    opens_at = closes_at - timedelta(days=10)
    values = {"opens_at": opens_at, "published_at": opens_at, "closes_at": closes_at}
    found: Opening = factories.opening(organisation, content=content(words), **values)
    return found


def draft(organisation: Organisation, words: Words) -> Opening:
    values = {"content": content(words), "published_at": in_days(9)}
    found: Opening = factories.opening(organisation, approved=False, **values)
    return found


def amendment(opening: Opening, author: StaffUser, words: Words) -> None:
    """What an author is writing to amend a published opening."""
    row = {"organisation_id": opening.organisation_id, "opening_id": opening.id, "base_id": opening.revision_id}
    said = opening.content | {"summary": words("の訂正")}
    factories.save(
        Amendment(id=new_id(), content=said, begun_by=author.id, begun_at=clock.now(), **row, reason=words("の事情"))
    )


def form_of_employment(organisation: Organisation, words: Words) -> None:
    row = {"organisation_id": organisation.id, "key": "general_fixed_term", "label": words("任期付")}
    factories.save(EmploymentForm(id=new_id(), **row))


def person(organisation: Organisation, role: Role, opening: Opening, words: Words, more: str = "") -> StaffUser:
    name, mail = words(more + role.label), words.mail(f"{role.value}{len(more)}")
    return factories.staff(organisation, role, opening_id=opening.id, display_name=name, mail=mail, mail_key=mail)


def invited(organisation: Organisation, words: Words) -> uuid.UUID:
    mail = words.mail("invited")
    user = factories.staff(
        organisation, Role.AUTHOR, display_name=words("招待"), mail=mail, mail_key=mail, state=StaffState.INVITED
    )
    return one(select(Membership.id).where(Membership.staff_user_id == user.id))


def one(query: Any) -> Any:
    """Read one value as the system."""
    with reading_beside(current_app.extensions["koubo.engine"], SYSTEM) as session:
        return session.scalars(query).one()


def selection(
    organisation: Organisation, opening: Opening, people: dict[Role, StaffUser], words: Words
) -> tuple[dict[str, Any], dict[Role, uuid.UUID]]:
    """An opening amid its selection: documents locked and its results prepared, interviews being scored."""
    hr, panel = people[Role.HR], [people[Role.REVIEWER], people[Role.CHAIR]]
    scene = Scene(organisation, opening, hr, panel, [_accepted(opening, words) for _ in range(2)])
    round_ = scene.opened()
    _score(scene, round_, words)
    scene.run(lock_round, round_)
    meeting = Meeting(scene, people[Role.APPROVER])
    reason = words("の判定理由")
    choices = [meeting.choice(0, PASS, reason=reason), meeting.choice(1, FAIL, reason=reason)]
    meeting.act(decide, choices)
    interview = _interview(scene)
    received = _received(organisation, opening, hr, words)
    made = {
        "opening_id": opening.id,
        "round_id": round_.id,
        "set_id": meeting.prepared().id,
        "mail_id": _mail(organisation, received["application_id"], words),
        "late_attempt_id": late_attempt(opening, words),
        "assignment_id": scene.assignment_id(interview, 0, 0),
    }
    assigned = {role: scene.assignment_id(interview, 0, n) for n, role in enumerate((Role.REVIEWER, Role.CHAIR))}
    return made | received, assigned


def _accepted(opening: Opening, words: Words) -> Application:
    person = {"family_name": words("姓"), "given_name": words("名")}
    kana = {"family_kana": words.kana, "given_kana": words.kana}
    answers = {"person": person | kana, "statements": {"motivation": words("の志望動機")}}
    contact = {"mail": words.mail(f"accepted{uuid.uuid4().hex}"), "phone": "0300000000", "address": words("町1")}
    return accepted_application(
        opening, answers=answers, extracted_text=words("の職務経歴"), file_name=words("履歴書.pdf"),
        kana_key=words.kana, **person, **contact,
    )  # fmt: skip


def _score(scene: Scene, round_: Round, words: Words) -> None:
    marks = {f"documents_{item}": Mark(4, words("の根拠")) for item in ("expertise", "reform")}
    for place in range(4):
        act_for(scene.city)
        row = scene.assignment(round_, place // 2, place % 2)
        said = {"comment": words("の講評"), "internal_note": words("の内部メモ")}
        reviewer = scene.reviewers[place % 2]
        desk_services.submit_marks(row, marks, version=row.version, by=reviewer, at=clock.now(), **said)
        db.session.remove()


def _interview(scene: Scene) -> Round:
    first = scene.applications[0]
    entry = {"organisation_id": scene.city.id, "application_id": first.id, "stage_key": "interview"}
    factories.save(StageEntry(id=new_id(), entered_at=clock.now(), **entry))
    return scene.opened("interview")


def _received(organisation: Organisation, opening: Opening, hr: StaffUser, words: Words) -> dict[str, Any]:
    """An application that waits for HR, half confirmed."""
    row = _application(organisation, opening, words)
    ruling = {"knowledge": Ruling(screening.FindingOutcome.MEETS, words("の確認理由"))}
    screening.confirm(screening.City(organisation, opening), row, hr, given=ruling)
    db.session.remove()
    thread_id = message_thread(row, words)
    accommodation(row, words)
    erasure_request(row, words, hr)
    made = {"application_id": row.id, "document_id": one(_documents(row)), "thread_id": thread_id}
    made |= {"file_id": attached_to(row)}
    made |= {"number": 1}  # of its only version
    return made | {"other_id": _application(organisation, opening, words, mail=row.mail, confirmed=False).id}


def late_attempt(opening: Opening, words: Words) -> uuid.UUID:
    """What somebody sent after the deadline; nobody on a page of staff reads it."""
    person = Applicant(id=new_id(), created_at=clock.now())
    own = {
        "applicant_id": person.id,
        "opening_id": opening.id,
        "answers": {"person": {"family_name": words("遅れた人")}},
    }
    draft = Draft(id=new_id(), created_at=clock.now(), saved_at=clock.now(), **own)
    row = LateAttempt(
        id=new_id(),
        organisation_id=opening.organisation_id,
        draft_id=draft.id,
        received_at=clock.now(),
        closes_at=opening.closes_at,
        **own,
    )
    factories.save(person, draft, row)
    return row.id


def accommodation(application: Application, words: Words) -> None:
    """A request for accommodation that nobody has answered."""
    at, said = clock.now(), Needs((Need.SEAT,), words("の配慮"), words("の連絡"))
    row = Accommodation(
        id=new_id(), organisation_id=application.organisation_id, opening_id=application.opening_id,
        applicant_id=application.applicant_id, sealed=encrypt(said.as_text()), state=AccommodationState.ASKED,
        asked_at=at, changed_at=at,
    )  # fmt: skip
    factories.save(row)


def erasure_request(application: Application, words: Words, hr: StaffUser) -> None:
    """A request for erasure that nobody has answered, and what one person prepared of it."""
    own = {"organisation_id": application.organisation_id}
    row = ErasureRequest(
        id=new_id(), application_id=application.id, reason=words("の請求"), asked_at=clock.now(), **own
    )
    prepared = ErasureProposal(
        id=new_id(), erasure_request_id=row.id, words=words("の削除の回答"), asked_by=hr.id, asked_at=clock.now(), **own
    )
    factories.save(row, prepared)


def message_thread(application: Application, words: Words) -> uuid.UUID:
    """A question about an application that nobody has answered."""
    own = {"organisation_id": application.organisation_id}
    thread = MessageThread(
        id=new_id(), opening_id=application.opening_id, applicant_id=application.applicant_id, opened_at=clock.now(),
        **own,
    )  # fmt: skip
    message = Message(
        id=new_id(), thread_id=thread.id, kind=MessageKind.FROM_APPLICANT, body=words("の質問"), sent_at=clock.now(),
        dedupe="1", **own,
    )  # fmt: skip
    factories.save(thread, message)
    attached(application, message, words)
    return thread.id


def attached(application: Application, message: Message, words: Words) -> None:
    """A file of a message, with its bytes."""
    own = {"organisation_id": application.organisation_id}
    kept = storage.keep(BytesIO(pdf(words=words.latin)), limit=1_000_000)
    file = AttachedFile(
        id=new_id(), opening_id=application.opening_id, applicant_id=application.applicant_id,
        file_name=words("の添付.pdf"), key=kept.key, sha256=kept.sha256, size=kept.size, media=PDF, pages=1,
        stored_at=clock.now(), **own,
    )  # fmt: skip
    factories.save(file, Attachment(id=new_id(), message_id=message.id, attached_file_id=file.id, seq=1, **own))


def attached_to(application: Application) -> uuid.UUID:
    """The file of the messages about an application."""
    of = AttachedFile.opening_id == application.opening_id, AttachedFile.applicant_id == application.applicant_id
    found: uuid.UUID = one(select(AttachedFile.id).where(*of))
    return found


def _documents(application: Application) -> Any:
    version = ApplicationVersion.id == ApplicationDocument.application_version_id
    of = ApplicationVersion.application_id == application.id
    return select(ApplicationDocument.id).join(ApplicationVersion, version).where(of)


def _application(
    organisation: Organisation, opening: Opening, words: Words, who: str = "応募者", **person: Any
) -> Application:
    answers = {
        "history": [{**factories.HISTORY[0], "employer": words("商会")}],
        "statements": {"motivation": words(f"の{who}の志望動機")},
    }
    contact = {"mail": words.mail(f"seeker{uuid.uuid4().hex}"), "address": words("町2")} | person
    row: Application = factories.application(
        organisation, opening, answers=answers, family_name=words(who), given_name=words("名"),
        family_kana=words.kana, given_kana=words.kana, file_name=words(f"{who}の経歴書.pdf"), file_words=words.latin,
        **contact,
    )  # fmt: skip
    return row


def _mail(organisation: Organisation, application_id: uuid.UUID, words: Words) -> uuid.UUID:
    now = clock.now()
    row = Mail(
        id=new_id(), organisation_id=organisation.id, dedupe_key=str(new_id()), kind="application-received",
        subject_id=application_id, recipient=words.mail("recipient"), subject=words("の件名"), body=words("の本文"),
        message_id=f"<{new_id()}@{words.latin}>", state=MailState.FAILED, attempts=5, created_at=now, due_at=now,
    )  # fmt: skip
    factories.save(row)
    return row.id


def look(organisation: Organisation, opening: Opening, hr: StaffUser, words: Words) -> uuid.UUID:
    """Somebody searched for an applicant, which was recorded."""
    where = {"organisation_id": organisation.id}
    search = ApplicantSearch(
        id=new_id(), opening_id=opening.id, staff_user_id=hr.id, typed=words("姓"), at=clock.now(), **where
    )
    seen = {"actor": hr.actor, "action": "search.applications", "subject": f"opening:{opening.id}", "rows": 1}
    factories.save(search, AccessEvent(id=new_id(), at=clock.now(), **where, **seen))
    return search.id


def _number(row: Application) -> None:
    """Give an application the examinee number that its 受験票 shows."""
    db.session.remove()
    bind(db.session, SYSTEM)
    db.session.get_one(Application, row.id).examinee_number = new_examinee_number(secrets.randbelow)
    db.session.commit()
    db.session.remove()


def seeker(organisation: Organisation, opening: Opening, words: Words, who: str) -> Seeker:
    """A person with a draft, what was sent of it, and a browser."""
    row, token, at = _application(organisation, opening, words, who), uuid.uuid4().hex, clock.now()
    _number(row)
    factories.save(
        ApplicantSession(applicant_id=row.applicant_id, token_hash=token_hash(token), created_at=at, seen_at=at)
    )
    objects = {
        "application_id": row.id,
        "document_id": one(_documents(row)),
        "draft_id": one(select(Draft.id).where(Draft.applicant_id == row.applicant_id)),
        "submission_id": one(select(Submission.id).where(Submission.applicant_id == row.applicant_id)),
        "opening_id": opening.id,
        "step": "contact",
        "kind_key": "resume",
        "slot": f"s{uuid.uuid4().hex[:20]}",
    }
    _write_draft(objects["draft_id"], row.id)
    message_thread(row, words)
    objects["file_id"] = attached_to(row)
    accommodation(row, words)
    return Seeker(row.applicant_id, token, words(who), objects)


def _write_draft(draft_id: uuid.UUID, application_id: uuid.UUID) -> None:
    """Let the draft hold what was sent."""
    db.session.remove()
    bind(db.session, SYSTEM)
    version = select(ApplicationVersion).where(ApplicationVersion.application_id == application_id)
    db.session.get_one(Draft, draft_id).answers = db.session.scalars(version).one().answers
    db.session.commit()
    db.session.remove()
