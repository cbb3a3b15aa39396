"""Requests of a person about their data: what was asked of which city, and what may go at once."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from app.accounts.queries import staff_names
from app.applications import queries as own
from app.applications.file_queries import held_alone
from app.applications.late_models import LateAttempt
from app.applications.models import (
    Application,
    ApplicationDocument,
    ApplicationVersion,
    Draft,
    DraftChoice,
    StoredFile,
    Submission,
)
from app.core.errors import NotFound
from app.core.paging import Page
from app.correspondence.attachment_models import AttachedFile
from app.correspondence.attachment_queries import is_sent
from app.correspondence.erasing_models import ErasureProposal, ErasureStep
from app.correspondence.models import ErasureRequest
from app.correspondence.policy import can_drop
from app.correspondence.queries import messages_about
from app.extensions import db
from app.openings.models import Opening
from app.organisations.models import Organisation

PER_PAGE = 50


@dataclass(frozen=True)
class Erasure:
    """An application with what was asked about its erasure, the last first."""

    organisation: Organisation
    opening: Opening
    application: Application
    requests: tuple[ErasureRequest, ...]
    names: dict[uuid.UUID, str]  # of the staff who answered
    is_prepared: bool  # an erasure of what waits was prepared, and another person has to approve it

    @property
    def waiting(self) -> ErasureRequest | None:
        """The request that the city has not answered and the person has not taken back."""
        return next((one for one in self.requests if one.is_waiting), None)


def erasure_of(applicant_id: uuid.UUID, application_id: uuid.UUID) -> Erasure:
    """Give what a person asked about an application of theirs. Raises: NotFound."""
    return _erasure(Application.applicant_id == applicant_id, Application.id == application_id)


def get_erasure(organisation_id: uuid.UUID, opening_id: uuid.UUID, application_id: uuid.UUID) -> Erasure:
    """Give the same as the city reads it. Raises: NotFound, also where nothing was asked."""
    found = _erasure(
        Application.organisation_id == organisation_id,
        Application.opening_id == opening_id,
        Application.id == application_id,
        names=True,
    )
    if not found.requests:
        raise NotFound
    return found


def _erasure(*conditions: object, names: bool = False) -> Erasure:
    row = db.session.execute(
        select(Application, Opening, Organisation)
        .join(Opening, Opening.id == Application.opening_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(*conditions)  # type: ignore[arg-type]
    ).one_or_none()
    if row is None:
        raise NotFound
    application, opening, organisation = row
    asked = db.session.scalars(
        select(ErasureRequest)
        .where(ErasureRequest.organisation_id == organisation.id, ErasureRequest.application_id == application.id)
        .order_by(ErasureRequest.asked_at.desc(), ErasureRequest.id)
    ).all()
    known = staff_names(one.answered_by for one in asked) if names else {}
    prepared = exists().where(
        ErasureProposal.organisation_id == organisation.id,
        ErasureProposal.erasure_request_id.in_([one.id for one in asked if one.is_waiting]),
        ErasureProposal.state == ErasureStep.ASKED,
    )
    is_prepared = names and bool(db.session.scalar(select(prepared)))
    return Erasure(organisation, opening, application, tuple(asked), known, is_prepared)


@dataclass(frozen=True)
class RequestPage:
    """One page of a city's requests."""

    lines: Sequence[tuple[ErasureRequest, Application, Opening]]
    page: Page


def listing(organisation_id: uuid.UUID, number: int) -> RequestPage:
    """List a city's requests, those that wait for an answer first, the oldest first."""
    of = ErasureRequest.organisation_id == organisation_id
    total = db.session.scalar(select(func.count()).select_from(ErasureRequest).where(of)) or 0
    page = Page.of(number, total, PER_PAGE)
    query = (
        select(ErasureRequest, Application, Opening)
        .join(Application, Application.id == ErasureRequest.application_id)
        .join(Opening, Opening.id == Application.opening_id)
        .where(of)
        .order_by(~_waits(), ErasureRequest.asked_at, ErasureRequest.id)
    )
    rows = db.session.execute(query.limit(PER_PAGE).offset(page.offset)).all()
    return RequestPage([(row[0], row[1], row[2]) for row in rows], page)


def unanswered_count(organisation_id: uuid.UUID) -> int:
    """Count the requests that wait for a city's answer."""
    query = select(func.count()).select_from(ErasureRequest)
    return db.session.scalar(query.where(ErasureRequest.organisation_id == organisation_id, _waits())) or 0


def _waits() -> ColumnElement[bool]:
    return and_(ErasureRequest.answered_at.is_(None), ErasureRequest.withdrawn_at.is_(None))


def last_erasure(application: Application) -> ErasureRequest | None:
    """Find what was asked last about the erasure of an application."""
    query = select(ErasureRequest).where(
        ErasureRequest.organisation_id == application.organisation_id, ErasureRequest.application_id == application.id
    )
    return db.session.scalar(query.order_by(ErasureRequest.asked_at.desc(), ErasureRequest.id).limit(1))


@dataclass(frozen=True)
class Held:
    """What a city holds of an application, in numbers."""

    versions: int
    files: int
    messages: int
    attached: int


def held_of(application: Application) -> Held:
    """Count what a city holds of an application."""
    of = ApplicationVersion.organisation_id == application.organisation_id
    versions = select(ApplicationVersion.id).where(of, ApplicationVersion.application_id == application.id)
    files = select(func.count(ApplicationDocument.stored_file_id.distinct())).where(
        ApplicationDocument.organisation_id == application.organisation_id,
        ApplicationDocument.application_version_id.in_(versions),
    )
    count = db.session.scalar(select(func.count()).select_from(versions.subquery())) or 0
    attached = (
        select(func.count())
        .select_from(AttachedFile)
        .where(
            AttachedFile.organisation_id == application.organisation_id,
            AttachedFile.opening_id == application.opening_id,
            AttachedFile.applicant_id == application.applicant_id,
            is_sent(),
        )
    )
    messages = len(messages_about(application))
    return Held(count, db.session.scalar(files) or 0, messages, db.session.scalar(attached) or 0)


@dataclass(frozen=True)
class Droppable:
    """A draft with what goes when it is dropped."""

    draft: Draft
    openings: Sequence[Opening]
    files: Sequence[StoredFile]
    may_drop: bool

    @property
    def file_names(self) -> list[str]:
        """The names of the files that go, as the person gave them."""
        ids = {str(file.id) for file in self.files}
        return [one.file_name for one in own.answers_of(self.draft).documents.values() if one.stored_file_id in ids]


def get_droppable(applicant_id: uuid.UUID, draft_id: uuid.UUID) -> Droppable:
    """Give a person's own draft with all that hangs from it. Raises: NotFound."""
    draft = db.session.scalar(select(Draft).where(Draft.applicant_id == applicant_id, Draft.id == draft_id))
    if draft is None:
        raise NotFound
    chosen = select(DraftChoice.opening_id).where(DraftChoice.draft_id == draft.id)
    openings = db.session.scalars(
        select(Opening)
        .where((Opening.id == draft.opening_id) | Opening.id.in_(chosen))
        .order_by(Opening.title, Opening.id)
    ).all()
    sent = or_(exists().where(Submission.draft_id == draft.id), exists().where(LateAttempt.draft_id == draft.id))
    return Droppable(
        draft, openings, _unsent_files(draft), can_drop(draft, has_sent=bool(db.session.scalar(select(sent))))
    )


def _unsent_files(draft: Draft) -> Sequence[StoredFile]:
    """The files that go with a draft."""
    own = StoredFile.applicant_id == draft.applicant_id, StoredFile.id.in_(held_alone(draft))
    return db.session.scalars(select(StoredFile).where(*own).order_by(StoredFile.stored_at, StoredFile.id)).all()
