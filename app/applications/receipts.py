"""What 完了 shows of one act of sending: a receipt for each city."""

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.applications import queries
from app.applications.models import Application, ApplicationDocument, ApplicationVersion, DraftChoice, Submission
from app.applications.queries import Call
from app.applications.ranks import rank_before
from app.core.context import SYSTEM
from app.core.database import reading_beside
from app.core.errors import NotFound
from app.extensions import db
from app.outbox.holding import may_be_held
from app.outbox.models import Mail, MailState

_KINDS = (("application-received", ""), ("receipt-copy", ":1"))  # the mail of a version, and the first copy of it


@dataclass(frozen=True)
class Receipt:
    """What one city received."""

    call: Call
    application: Application
    version: ApplicationVersion
    files: list[tuple[str, ApplicationDocument]]  # the kind's label and the file
    rank_before: int | None = None  # that the city was shown, where this act of sending changed it
    is_unmailed: bool = False  # its mail was held back, and no copy went since


def _received_by(applicant_id: uuid.UUID, submission: Submission) -> list[tuple[Application, ApplicationVersion]]:
    query = (
        select(Application, ApplicationVersion)
        .join(Application, Application.id == ApplicationVersion.application_id)
        .outerjoin(
            DraftChoice,
            (DraftChoice.draft_id == submission.draft_id) & (DraftChoice.opening_id == Application.opening_id),
        )
        .where(
            Application.applicant_id == applicant_id,
            Application.duplicate_of.is_(None),
            ApplicationVersion.submission_id == submission.id,
        )
        .options(selectinload(ApplicationVersion.documents).joinedload(ApplicationDocument.stored_file))
        .order_by(DraftChoice.rank, Application.id)
    )
    found = [(application, version) for application, version in db.session.execute(query)]
    if not found:
        raise NotFound
    return found


def receipts_of(applicant_id: uuid.UUID, submission: Submission) -> list[Receipt]:
    """List this applicant's receipts of one act of sending, the person's first choice first. Raises: NotFound."""
    received = _received_by(applicant_id, submission)
    unmailed = _unmailed(received)
    return [_receipt(application, version, version.id in unmailed) for application, version in received]


def _unmailed(received: list[tuple[Application, ApplicationVersion]]) -> set[uuid.UUID]:
    """Say of which versions no receipt was mailed; mails are staff's to read, and few are ever held back."""
    application, version = received[0]
    if not may_be_held(db.session, application.mail, at=version.received_at):
        return set()
    ids = [version.id for _application, version in received]
    firsts = {f"{kind}:{one}{ending}": one for one in ids for kind, ending in _KINDS}
    query = select(Mail.dedupe_key).where(Mail.dedupe_key.in_(firsts), Mail.state != MailState.CANCELLED)
    with reading_beside(current_app.extensions["koubo.engine"], SYSTEM) as session:
        return set(firsts.values()) - {firsts[key] for key in session.scalars(query)}


def sent_together(application_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, set[uuid.UUID]]:
    """Say of each application which others of these one act of sending made or changed with it."""
    query = select(ApplicationVersion.submission_id, ApplicationVersion.application_id)
    parcels: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for submission_id, application_id in db.session.execute(
        query.where(ApplicationVersion.application_id.in_(application_ids))
    ):
        parcels[submission_id].add(application_id)
    found: dict[uuid.UUID, set[uuid.UUID]] = {one: set() for one in application_ids}
    for parcel in parcels.values():
        for one in parcel:
            found[one] |= parcel - {one}
    return found


def _receipt(application: Application, version: ApplicationVersion, is_unmailed: bool) -> Receipt:
    call = queries.call_of(application, version)
    labels = {kind.key: kind.label for kind in call.content.documents}
    files = [(labels.get(one.kind_key, one.kind_key), one) for one in version.documents]
    return Receipt(call, application, version, files, rank_before(version), is_unmailed)
