"""Reads of what an applicant owns. Whatever is not theirs is not there."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, exists, func, or_, select
from sqlalchemy.orm import defer, selectinload

from app.applications.answers import Answers
from app.applications.models import (
    Application,
    ApplicationDocument,
    ApplicationVersion,
    Draft,
    DraftChoice,
    Submission,
    Withdrawal,
)
from app.core import clock
from app.core.errors import NotFound
from app.extensions import db
from app.openings.content import OpeningContent
from app.openings.contents import content_of, contents_of
from app.openings.models import Opening, OpeningState
from app.openings.queries import (
    ClosingState,
    closing_state,
    is_called_off,
    last_instant,
    takes_applications,
)
from app.openings.revision_models import Revision
from app.organisations.models import LegalTextKind, Organisation
from app.organisations.queries import find_text

# Built once, as these are read in every send.
_OWN_DRAFT = Draft.applicant_id == bindparam("applicant"), Draft.id == bindparam("draft")
_DRAFT = select(Draft).where(*_OWN_DRAFT)
_HELD_DRAFT = _DRAFT.with_for_update().execution_options(populate_existing=True)
_APPLICATION = select(Application).where(
    Application.applicant_id == bindparam("applicant"), Application.opening_id == bindparam("opening")
)
_SUBMISSION = select(Submission).where(
    Submission.applicant_id == bindparam("applicant"), Submission.idempotency_key == bindparam("key")
)
_CALLS = (
    select(Opening, Organisation, Revision)
    .join(Organisation, Organisation.id == Opening.organisation_id)
    .join(Revision, (Revision.organisation_id == Opening.organisation_id) & (Revision.id == Opening.revision_id))
    .where(Opening.id.in_(bindparam("openings", expanding=True)))
    .options(defer(Opening.content), defer(Revision.content))
)


@dataclass(frozen=True)
class Call:
    """An opening as a person applies to it: its organisation, the revision in force and what that says."""

    opening: Opening
    organisation: Organisation
    revision: Revision
    content: OpeningContent

    @property
    def last_instant(self) -> datetime | None:
        """The last instant that is in time, the grace included."""
        return last_instant(self.opening)

    @property
    def is_called_off(self) -> bool:
        return is_called_off(self.opening)

    def is_announced_open(self, at: datetime) -> bool:
        """Say whether a person may begin: exactly when the public pages call the opening open."""
        return closing_state(self.opening, at) is ClosingState.OPEN

    def is_open(self, at: datetime) -> bool:
        """Say whether what arrives at this instant is in time (design 13: inclusive, the grace included)."""
        if self.opening.state is not OpeningState.APPROVED or self.opening.opens_at is None:
            return False
        return self.opening.opens_at <= at and not self.is_over(at)

    def is_over(self, at: datetime) -> bool:
        return not takes_applications(self.opening, at)


def get_call(opening_id: uuid.UUID | None, *, at: datetime) -> Call:
    """Get a published opening with all that applying needs. Raises: NotFound."""
    if opening_id is None:
        raise NotFound
    call = find_calls([opening_id]).get(opening_id)
    if call is None or closing_state(call.opening, at) is ClosingState.HIDDEN:
        raise NotFound
    return call


def call_of(application: Application, version: ApplicationVersion) -> Call:
    """Get the opening of an application as the revision said it that a version answered. Raises: NotFound."""
    own = application.organisation_id
    opening = db.session.scalar(
        select(Opening).where(Opening.organisation_id == own, Opening.id == application.opening_id)
    )
    revision = db.session.scalar(
        select(Revision).where(Revision.organisation_id == own, Revision.id == version.revision_id)
    )
    return _call(opening, revision)


def find_calls(opening_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Call]:
    """Read many openings with the revisions in force by one statement; what the context may not read is left out."""
    found = db.session.execute(_CALLS, {"openings": list(set(opening_ids))}).all()
    contents = contents_of(revision.id for _opening, _organisation, revision in found)
    return {one.id: Call(one, city, revision, contents[revision.id]) for one, city, revision in found}


def _call(opening: Opening | None, revision: Revision | None) -> Call:
    if opening is None or revision is None:
        raise NotFound
    organisation = db.session.scalar(select(Organisation).where(Organisation.id == opening.organisation_id))
    if organisation is None:
        raise NotFound
    return Call(opening, organisation, revision, content_of(revision.id))


def get_draft(applicant_id: uuid.UUID, draft_id: uuid.UUID) -> Draft:
    """Get a draft of this applicant. Raises: NotFound."""
    draft = db.session.scalar(_DRAFT, {"applicant": applicant_id, "draft": draft_id})
    if draft is None:
        raise NotFound
    return draft


def hold_draft(applicant_id: uuid.UUID, draft_id: uuid.UUID) -> Draft:
    """Read a draft afresh and hold it: of several requests one goes on, the others then see what it made.

    Raises: NotFound.
    """
    draft = db.session.scalar(_HELD_DRAFT, {"applicant": applicant_id, "draft": draft_id})
    if draft is None:
        raise NotFound
    return draft


def find_draft(applicant_id: uuid.UUID, opening_id: uuid.UUID) -> Draft | None:
    """Find this applicant's draft that names an opening."""
    chosen = select(DraftChoice.draft_id).where(DraftChoice.opening_id == opening_id)
    names_it = or_(Draft.opening_id == opening_id, Draft.id.in_(chosen))
    query = select(Draft).where(Draft.applicant_id == applicant_id, names_it)
    return db.session.scalar(query.order_by(Draft.saved_at.desc(), Draft.id).limit(1))


def drafts_of(applicant_id: uuid.UUID) -> list[Draft]:
    """List this applicant's drafts, the last saved first: those never sent, and those of campaigns, sent or not."""
    may_be_unsent = or_(Draft.submitted_at.is_(None), Draft.campaign_id.is_not(None))
    query = select(Draft).where(Draft.applicant_id == applicant_id, may_be_unsent)
    return list(db.session.scalars(query.order_by(Draft.saved_at.desc(), Draft.id)))


def changed_drafts(applicant_id: uuid.UUID) -> dict[uuid.UUID, Draft]:
    """Give the drafts changed since they were sent, by opening: what stands in them has not arrived."""
    query = (
        select(Draft, func.coalesce(DraftChoice.opening_id, Draft.opening_id))
        .outerjoin(DraftChoice, DraftChoice.draft_id == Draft.id)
        .where(Draft.applicant_id == applicant_id, Draft.saved_at > Draft.submitted_at)
    )
    return {opening_id: draft for draft, opening_id in db.session.execute(query)}


def answers_of(draft: Draft) -> Answers:
    """Read a draft's answers."""
    return Answers.model_validate(draft.answers)


def find_application(applicant_id: uuid.UUID, opening_id: uuid.UUID) -> Application | None:
    """Find this applicant's one application to an opening."""
    return db.session.scalar(_APPLICATION, {"applicant": applicant_id, "opening": opening_id})


def get_application(applicant_id: uuid.UUID, application_id: uuid.UUID) -> Application:
    """Get an application of this applicant. Raises: NotFound."""
    own = Application.applicant_id == applicant_id, Application.duplicate_of.is_(None)
    found = db.session.scalar(select(Application).where(*own, Application.id == application_id))
    if found is None:
        raise NotFound
    return found


def applications_of(applicant_id: uuid.UUID) -> list[Application]:
    """List all applications of this applicant in all cities, the last received first."""
    query = select(Application).where(Application.applicant_id == applicant_id, Application.duplicate_of.is_(None))
    return list(db.session.scalars(query.order_by(Application.received_at.desc(), Application.id)))


def versions_of(application: Application) -> list[ApplicationVersion]:
    """List the versions of an application with their documents, the last one first."""
    query = (
        select(ApplicationVersion)
        .where(
            ApplicationVersion.organisation_id == application.organisation_id,
            ApplicationVersion.application_id == application.id,
        )
        .options(selectinload(ApplicationVersion.documents).joinedload(ApplicationDocument.stored_file))
        .order_by(ApplicationVersion.number.desc())
    )
    return list(db.session.scalars(query))


def is_erased(application: Application) -> bool:
    """Say whether a city erased an application and nothing was sent since: a version that came later is received."""
    return application.erased_at is not None and versions_of(application)[0].is_erased


def get_submission(applicant_id: uuid.UUID, submission_id: uuid.UUID) -> Submission:
    """Get one act of sending of which this applicant has a version. Raises: NotFound."""
    found = db.session.scalar(select(Submission).where(Submission.id == submission_id, _has_version(applicant_id)))
    if found is None:
        raise NotFound
    return found


def _has_version(applicant_id: uuid.UUID) -> ColumnElement[bool]:
    """An application may have come to its owner from another browser; the act of sending stays what it was."""
    versions = select(ApplicationVersion.id).join(Application, Application.id == ApplicationVersion.application_id)
    own = Application.applicant_id == applicant_id, Application.duplicate_of.is_(None)
    return exists(versions.where(*own, ApplicationVersion.submission_id == Submission.id))


def find_submission(applicant_id: uuid.UUID, idempotency_key: str) -> Submission | None:
    """Find what this applicant already sent under a key."""
    return db.session.scalar(_SUBMISSION, {"applicant": applicant_id, "key": idempotency_key})


def last_submission(draft: Draft) -> Submission | None:
    """Find the last act of sending of which this person has a version: of this draft, or to an opening that it names.

    One that came from another browser of the same person keeps the applicant and the draft that sent it.
    """
    chosen = select(DraftChoice.opening_id).where(DraftChoice.draft_id == draft.id)
    query = (
        select(Submission)
        .join(ApplicationVersion, ApplicationVersion.submission_id == Submission.id)
        .join(Application, Application.id == ApplicationVersion.application_id)
        .where(
            Application.applicant_id == draft.applicant_id,
            Application.duplicate_of.is_(None),
            or_(
                Submission.draft_id == draft.id,
                Application.opening_id == draft.opening_id,
                Application.opening_id.in_(chosen),
            ),
        )
    )
    return db.session.scalar(query.order_by(Submission.received_at.desc(), Submission.id).limit(1))


def find_purpose(organisation_id: uuid.UUID, *, at: datetime) -> str | None:
    """Find the organisation's notice of purpose (利用目的) in force."""
    text = find_text(organisation_id, LegalTextKind.PURPOSE, on=at.astimezone(clock.JST).date())
    return text.body if text else None


def last_withdrawal(application: Application) -> Withdrawal | None:
    """Find the last withdrawal of an application."""
    query = select(Withdrawal).where(
        Withdrawal.organisation_id == application.organisation_id, Withdrawal.application_id == application.id
    )
    return db.session.scalar(query.order_by(Withdrawal.at.desc(), Withdrawal.id).limit(1))


def withdrawn_at(application_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, datetime]:
    """Read when each of these applications was last withdrawn, where it was."""
    query = select(Withdrawal.application_id, func.max(Withdrawal.at)).where(
        Withdrawal.application_id.in_(application_ids)
    )
    return {application_id: at for application_id, at in db.session.execute(query.group_by(Withdrawal.application_id))}


def last_mail(applicant_id: uuid.UUID) -> str | None:
    """Find the address that this applicant wrote last, in a draft or an application."""
    query = select(Draft).where(Draft.applicant_id == applicant_id).order_by(Draft.saved_at.desc(), Draft.id).limit(1)
    draft = db.session.scalar(query)
    return answers_of(draft).person.mail or None if draft else None
