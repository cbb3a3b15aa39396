"""Sheets submitted before the version that counts came: reviewers and HR are told, nothing is scored anew by itself.

The last version received in time counts (design 18), so what a reviewer reads is always that one.
"""

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select

from app.applications.models import ApplicationVersion
from app.extensions import db
from app.reviews.models import Assignment


def renewed(organisation_id: uuid.UUID, member_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, datetime]:
    """Say by assignment of these members of panels when the version came that is newer than the sheet."""
    found = db.session.execute(
        select(Assignment.id, func.max(ApplicationVersion.received_at))
        .join(
            ApplicationVersion,
            (ApplicationVersion.organisation_id == Assignment.organisation_id)
            & (ApplicationVersion.application_id == Assignment.application_id),
        )
        .where(
            Assignment.organisation_id == organisation_id,
            Assignment.panel_member_id.in_(member_ids),
            Assignment.excluded_reason.is_(None),
            ApplicationVersion.received_at > Assignment.submitted_at,
        )
        .group_by(Assignment.id)
        .order_by(Assignment.id)
    )
    return {assignment_id: received_at for assignment_id, received_at in found}
