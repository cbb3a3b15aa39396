"""What 完了 shows of one act of sending: a receipt for each city."""

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.applications import queries
from app.applications.models import Application, ApplicationDocument, ApplicationVersion, DraftChoice, Submission
from app.applications.queries import Call
from app.applications.ranks import rank_before
from app.core.errors import NotFound
from app.extensions import db


@dataclass(frozen=True)
class Receipt:
    """What one city received."""

    call: Call
    application: Application
    version: ApplicationVersion
    files: list[tuple[str, ApplicationDocument]]  # the kind's label and the file
    rank_before: int | None = None  # that the city was shown, where this act of sending changed it


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
    return [_receipt(application, version) for application, version in _received_by(applicant_id, submission)]


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


def _receipt(application: Application, version: ApplicationVersion) -> Receipt:
    call = queries.call_of(application, version)
    labels = {kind.key: kind.label for kind in call.content.documents}
    files = [(labels.get(one.kind_key, one.kind_key), one) for one in version.documents]
    return Receipt(call, application, version, files, rank_before(version))
