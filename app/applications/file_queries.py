"""Reads of an applicant's files: what was found in them, what names them, how much they are (U7, U12, U14)."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import aliased, selectinload

from app.applications.answers import Answers, FileAnswer
from app.applications.late_models import LateAttempt
from app.applications.models import (
    Application,
    ApplicationDocument,
    ApplicationState,
    ApplicationVersion,
    Draft,
    StoredFile,
)
from app.applications.queries import answers_of
from app.applications.steps import Missing, Step
from app.core.errors import NotFound
from app.extensions import db
from app.files.kept import ScanState
from app.openings.content import OpeningContent
from app.openings.models import Opening

UNSAFE_WORDS = "安全でないファイルのため受け取れません。別のファイルを選んでください"


def unsafe_kinds(applicant_id: uuid.UUID, answers: Answers) -> set[str]:
    """Find the document kinds whose file the scanner found infected."""
    ids = {uuid.UUID(file.stored_file_id): key for key, file in answers.documents.items()}
    if not ids:
        return set()
    query = select(StoredFile.id).where(
        StoredFile.applicant_id == applicant_id,
        StoredFile.id.in_(ids),
        StoredFile.scan_state == ScanState.INFECTED,
    )
    return {ids[found] for found in db.session.scalars(query)}


def unsafe_files(applicant_id: uuid.UUID, content: OpeningContent, answers: Answers) -> list[Missing]:
    """Say of each such file, in the order of the page, that another one is needed."""
    unsafe = unsafe_kinds(applicant_id, answers)
    kinds = [kind for kind in content.documents if kind.key in unsafe]
    return [Missing(Step.CAREER, f"「{kind.label}」は、{UNSAFE_WORDS}", f"file_{kind.key}") for kind in kinds]


@dataclass(frozen=True)
class Standing:
    """Where the bytes of a file are and what was found in them."""

    key: str
    scan_state: ScanState


_NAMED = select(StoredFile.id, StoredFile.key, StoredFile.scan_state).where(
    StoredFile.applicant_id == bindparam("applicant"), StoredFile.id.in_(bindparam("ids", expanding=True))
)


def files_named(applicant_id: uuid.UUID, answers: Answers) -> dict[uuid.UUID, Standing]:
    """Read all files that answers name, without their text, by one statement; what is not there is left out."""
    ids = [uuid.UUID(file.stored_file_id) for file in answers.documents.values()]
    found = db.session.execute(_NAMED, {"applicant": applicant_id, "ids": ids}) if ids else ()
    return {file_id: Standing(key, scan_state) for file_id, key, scan_state in found}


def standing_with(file_id: uuid.UUID) -> list[tuple[Application, Opening]]:
    """List the applications that stand and whose last version names a file, each with its opening."""
    named = select(ApplicationDocument.application_version_id).where(ApplicationDocument.stored_file_id == file_id)
    later = aliased(ApplicationVersion)
    is_last = ~exists().where(
        later.application_id == ApplicationVersion.application_id, later.number > ApplicationVersion.number
    )
    found = db.session.execute(
        select(Application, Opening)
        .join(ApplicationVersion, ApplicationVersion.application_id == Application.id)
        .join(Opening, Opening.id == Application.opening_id)
        .where(ApplicationVersion.id.in_(named), is_last, Application.duplicate_of.is_(None))
        .where(Application.state != ApplicationState.WITHDRAWN)
        .order_by(Application.id)
    )
    return [(application, opening) for application, opening in found]


def get_document(application: Application, document_id: uuid.UUID) -> ApplicationDocument:
    """Get a file of any version of an application. Raises: NotFound."""
    found = db.session.scalar(
        select(ApplicationDocument)
        .join(ApplicationVersion, ApplicationVersion.id == ApplicationDocument.application_version_id)
        .where(
            ApplicationDocument.organisation_id == application.organisation_id,
            ApplicationVersion.application_id == application.id,
            ApplicationDocument.id == document_id,
        )
        .options(selectinload(ApplicationDocument.stored_file))
    )
    if found is None:
        raise NotFound
    return found


def find_stored_file(applicant_id: uuid.UUID, stored_file_id: uuid.UUID) -> StoredFile | None:
    """Find a file that this applicant sent."""
    return db.session.scalar(
        select(StoredFile).where(StoredFile.applicant_id == applicant_id, StoredFile.id == stored_file_id)
    )


def get_slot_file(draft: Draft, kind_key: str) -> tuple[FileAnswer, StoredFile]:
    """Get the file that stands in a slot of a draft. Raises: NotFound; also when it was found infected."""
    answer = answers_of(draft).documents.get(kind_key)
    row = find_stored_file(draft.applicant_id, uuid.UUID(answer.stored_file_id)) if answer else None
    if answer is None or row is None or row.scan_state is ScanState.INFECTED:
        raise NotFound
    return answer, row


def hold_drafts(applicant_id: uuid.UUID) -> None:
    """Hold all drafts of a person, so that none of them is filled with a file that goes meanwhile."""
    query = select(Draft.id).where(Draft.applicant_id == applicant_id).order_by(Draft.id)
    db.session.execute(query.with_for_update())


def held_alone(draft: Draft, going: Collection[uuid.UUID] = ()) -> set[uuid.UUID]:
    """Say which files of a draft go with it: no other draft has them, nor anything that was sent, in time or late.

    `going` are drafts that go at the same time.
    """
    return _alone(answers_of(draft).file_ids(), draft, going)


def is_held_alone(draft: Draft, file_id: uuid.UUID) -> bool:
    """Say whether nothing names a file that this draft named, but the draft."""
    return bool(_alone({file_id}, draft, ()))


def _alone(file_ids: set[uuid.UUID], draft: Draft, going: Collection[uuid.UUID]) -> set[uuid.UUID]:
    return file_ids - still_named(db.session, file_ids, {draft.applicant_id}, without={draft.id, *going})


def still_named(
    session: Any, file_ids: Collection[uuid.UUID], owners: Collection[uuid.UUID], *, without: Collection[uuid.UUID] = ()
) -> set[uuid.UUID]:
    """Say which of these files something of their owners names: what was sent, what came late, a draft.

    The drafts `without` do not count. Reads in the transaction of `session`, with what it has deleted gone.
    """
    sent = select(ApplicationDocument.stored_file_id).where(ApplicationDocument.stored_file_id.in_(file_ids))
    late = select(LateAttempt.answers).where(LateAttempt.applicant_id.in_(owners))
    drafts = select(Draft.answers).where(Draft.applicant_id.in_(owners), Draft.id.not_in(without))
    written = [*session.scalars(late), *session.scalars(drafts)]
    named = {one for answers in written for one in Answers.model_validate(answers).file_ids()}
    return named.intersection(file_ids) | set(session.scalars(sent))


def stored_bytes(applicant_id: uuid.UUID) -> int:
    """Add up what is kept of an applicant, in drafts and sent."""
    query = select(func.coalesce(func.sum(StoredFile.size), 0)).where(StoredFile.applicant_id == applicant_id)
    return int(db.session.scalar(query) or 0)
