"""One person behind two applicants: what both wrote becomes the one's who owns the address (design 16, note 017).

Parts of a use case on a session of the system: the caller commits. Whatever names another address stays where it is.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, selectinload

from app.accounts.models import Applicant
from app.applications.answers import Answers
from app.applications.emails import owe_joined
from app.applications.late_models import LateAttempt
from app.applications.models import (
    Application,
    ApplicationDocument,
    ApplicationState,
    ApplicationVersion,
    Draft,
    DraftChoice,
    StoredFile,
    Submission,
)
from app.applications.receiving import set_contact
from app.applications.screening_models import Finding
from app.applications.workflow import move, state_before
from app.audit.chain import record
from app.core.database import add_in_order
from app.core.model import new_id
from app.jp.text import mail_key


def lock_drafts(session: Session, *applicant_ids: uuid.UUID) -> Sequence[Draft]:
    """Hold the drafts of some applicants: a submit under way is waited for, the next one waits."""
    query = select(Draft).where(Draft.applicant_id.in_(applicant_ids)).order_by(Draft.id).with_for_update()
    return session.scalars(query).all()


def give_applications(session: Session, giver: Applicant, owner: Applicant, *, at: datetime) -> int:
    """Give the owner the giver's applications with the owner's address; the second to an opening joins the first.

    Returns how many changed hands or were joined.
    """
    theirs = (Application.applicant_id == giver.id) & (Application.mail_key == owner.mail_key)
    query = select(Application).where(theirs, Application.duplicate_of.is_(None)).order_by(Application.id)
    found = session.scalars(query.with_for_update()).all()
    return sum(_give(session, one, owner, at=at) for one in found)


def _give(session: Session, given: Application, owner: Applicant, *, at: datetime) -> bool:
    twin = session.scalar(
        select(Application)
        .where(Application.opening_id == given.opening_id, Application.applicant_id == owner.id)
        .with_for_update()
    )
    if twin is not None and not _join(session, given, twin, owner, at=at):
        return False
    if twin is None:
        given.applicant_id, given.mail_confirmed_at = owner.id, at
        session.flush()
        record(session, "give.application", given, by=owner.actor, at=at)
    _give_files(session, given, owner)
    return True


def _join(session: Session, given: Application, twin: Application, owner: Applicant, *, at: datetime) -> bool:
    """Make the later of two applications a version of the earlier. A later one that was accepted is left to staff."""
    earlier, later = sorted((given, twin), key=lambda one: (one.received_at, one.receipt_number))
    if later.examinee_number is not None or twin.duplicate_of is not None:
        return False
    if earlier is given:
        _swap_owners(session, given, twin, at=at)
    last, newest = _last_version(session, earlier), _last_version(session, later)
    number = None
    if _counts(earlier, later, last, newest):
        number = last.number + 1
        _add_version(session, earlier, newest, number)
        earlier.check_reason = later.check_reason or earlier.check_reason
        set_contact(earlier, Answers.model_validate(newest.answers), confirmed_at=at)
        if earlier.state is ApplicationState.WITHDRAWN:
            move(earlier, state_before(earlier))
    _mark(session, earlier, later)
    record(session, "join.application", earlier, by=owner.actor, at=at, later=str(later.id), version=number)
    owe_joined(session, earlier, later, to=owner.mail or earlier.mail)
    return True


def _counts(earlier: Application, later: Application, last: ApplicationVersion, newest: ApplicationVersion) -> bool:
    """Whether the later application holds what is to be read: the last version received counts, of one that stands."""
    if later.state is ApplicationState.WITHDRAWN:
        return False
    return earlier.state is ApplicationState.WITHDRAWN or newest.received_at > last.received_at


def _swap_owners(session: Session, given: Application, twin: Application, *, at: datetime) -> None:
    """Exchange the owners of two applications to one opening, of which an applicant has only one at any time."""
    giver_id, owner_id, between = given.applicant_id, twin.applicant_id, Applicant(id=new_id(), created_at=at)
    session.add(between)
    session.flush()
    for application, holder in ((twin, between.id), (given, owner_id), (twin, giver_id)):
        application.applicant_id = holder
        session.flush()
    given.mail_confirmed_at = at
    session.delete(between)
    session.flush()


def _last_version(session: Session, application: Application) -> ApplicationVersion:
    query = (
        select(ApplicationVersion)
        .where(
            ApplicationVersion.organisation_id == application.organisation_id,
            ApplicationVersion.application_id == application.id,
        )
        .options(selectinload(ApplicationVersion.documents))
    )
    return session.scalars(query.order_by(ApplicationVersion.number.desc()).limit(1)).one()


def _add_version(session: Session, earlier: Application, newest: ApplicationVersion, number: int) -> None:
    """Write the version of the later application, with its files and findings, as the next one of the earlier."""
    found = select(Finding).where(
        Finding.organisation_id == earlier.organisation_id, Finding.application_version_id == newest.id
    )
    version = _again(newest, _KEPT, application_id=earlier.id, number=number)
    of_it = {"application_version_id": version.id}
    documents = [_again(one, ("kind_key", "seq", "stored_file_id", "file_name"), **of_it) for one in newest.documents]
    said = ("criterion_key", "engine_version", "outcome", "working")
    findings = [_again(one, said, **of_it) for one in session.scalars(found)]
    add_in_order(session, [version, *documents, *findings])


def _again(row: Any, kept: Sequence[str], **values: Any) -> Any:
    """Write a row that is never changed once more, in another place."""
    own = {"id": new_id(), "organisation_id": row.organisation_id}
    return type(row)(**own, **{name: getattr(row, name) for name in kept}, **values)


_KEPT = ("submission_id", "received_at", "revision_id", "answers", "birth_date", "rank", "sha256")


def _mark(session: Session, earlier: Application, later: Application) -> None:
    """The first receipt number stands, the other finds it; what had joined the later one follows it."""
    earlier.other_numbers = [*(earlier.other_numbers or []), later.receipt_number, *(later.other_numbers or [])]
    later.duplicate_of, later.other_numbers = earlier.id, None
    joined = update(Application).where(
        Application.organisation_id == later.organisation_id, Application.duplicate_of == later.id
    )
    session.execute(joined.values(duplicate_of=earlier.id).execution_options(synchronize_session=False))
    session.flush()


def give_late_attempts(session: Session, giver: Applicant, owner: Applicant) -> int:
    """Give the owner what the giver sent late: under the owner's address, or of a draft that is the owner's by now.

    Its files follow it, so that it can be admitted. Returns how many changed hands.
    """
    own = set(session.scalars(select(Draft.id).where(Draft.applicant_id == owner.id)))
    query = select(LateAttempt).where(LateAttempt.applicant_id == giver.id).order_by(LateAttempt.id)
    changed = 0
    for attempt in session.scalars(query).all():
        answers = Answers.model_validate(attempt.answers)
        if _key(answers) == owner.mail_key or attempt.draft_id in own:
            attempt.applicant_id = owner.id
            _move_files(session, answers, giver, owner)
            changed += 1
    session.flush()
    return changed


def _give_files(session: Session, given: Application, owner: Applicant) -> None:
    """The files of an application follow it."""
    files = (
        select(ApplicationDocument.stored_file_id)
        .join(ApplicationVersion, ApplicationVersion.id == ApplicationDocument.application_version_id)
        .where(
            ApplicationVersion.organisation_id == given.organisation_id,
            ApplicationVersion.application_id.in_([given.id, *([given.duplicate_of] if given.duplicate_of else [])]),
        )
    )
    moved = update(StoredFile).where(StoredFile.id.in_(files)).values(applicant_id=owner.id)
    session.execute(moved.execution_options(synchronize_session=False))


def give_drafts(session: Session, drafts: Sequence[Draft], giver: Applicant, owner: Applicant) -> int:
    """Give the owner the giver's drafts with no other address; where both have one, the newer text is kept to go on.

    Returns how many changed hands or were taken over. Text that nobody sent is never overwritten, nor text that an
    opening holds which the giver's draft was not sent to: what that one said is read as the version received.
    """
    own = {key: one for one in drafts if one.applicant_id == owner.id for key in _names(session, one)}
    changed = 0
    for draft in (one for one in drafts if one.applicant_id == giver.id):
        answers, names = Answers.model_validate(draft.answers), _names(session, draft)
        if answers.person.mail and _key(answers) != owner.mail_key:
            continue
        twin = next((own[name] for name in names if name in own), None)
        if twin is None:
            draft.applicant_id = owner.id
        elif _sent_from(session, twin) - _sent_from(session, draft) or not _takes_over(twin, draft):
            continue
        _move_files(session, answers, giver, owner)
        session.flush()
        changed += 1
    return changed


def _move_files(session: Session, answers: Answers, giver: Applicant, owner: Applicant) -> None:
    """The files that answers name follow them."""
    moved = update(StoredFile).where(StoredFile.id.in_(answers.file_ids()), StoredFile.applicant_id == giver.id)
    session.execute(moved.values(applicant_id=owner.id).execution_options(synchronize_session=False))


def _names(session: Session, draft: Draft) -> list[uuid.UUID]:
    """The campaign and the openings that a draft names."""
    chosen = session.scalars(select(DraftChoice.opening_id).where(DraftChoice.draft_id == draft.id))
    return [one for one in (draft.campaign_id, draft.opening_id, *chosen) if one is not None]


def _sent_from(session: Session, draft: Draft) -> set[uuid.UUID]:
    """The openings that received something of a draft."""
    query = (
        select(Application.opening_id)
        .join(ApplicationVersion, ApplicationVersion.application_id == Application.id)
        .join(Submission, Submission.id == ApplicationVersion.submission_id)
        .where(Submission.draft_id == draft.id)
    )
    return set(session.scalars(query))


def _takes_over(twin: Draft, draft: Draft) -> bool:
    """Let the owner's draft go on with the text of the giver's, where all that stands in the owner's was sent.

    The giver's is empty from then on: a submit of it that is under way is refused, never taken for one received.
    """
    if (
        not draft.answers
        or draft.submitted_at is None
        or twin.submitted_at is None
        or twin.saved_at > twin.submitted_at
    ):
        return False
    if draft.saved_at <= twin.saved_at or draft.campaign_id != twin.campaign_id:
        return False
    twin.answers, twin.saved_at, twin.submitted_at = draft.answers, draft.saved_at, draft.submitted_at
    draft.answers = {}
    return True


def _key(answers: Answers) -> str:
    return mail_key(answers.person.mail)


def has_left(session: Session, giver: Applicant) -> bool:
    """Say whether the giver still holds something that only their own browser or 再開コード opens."""
    own = Application.applicant_id == giver.id, Application.duplicate_of.is_(None)
    if session.scalar(select(Application.id).where(*own).limit(1)) is not None:
        return True
    if session.scalar(select(LateAttempt.id).where(LateAttempt.applicant_id == giver.id).limit(1)) is not None:
        return True
    unsent = (Draft.submitted_at.is_(None)) | (Draft.saved_at > Draft.submitted_at)
    written = session.scalars(select(Draft).where(Draft.applicant_id == giver.id, unsent))
    return any(draft.answers for draft in written)
