"""Reads of the order of wishes: the person's own now, and what a city was shown before."""

import uuid

from sqlalchemy import func, select

from app.applications.models import ApplicationVersion, Draft, DraftChoice
from app.extensions import db
from app.openings.models import Campaign


def ranks_of(applicant_id: uuid.UUID) -> dict[uuid.UUID, int]:
    """Give this applicant's own order, by opening: where a campaign asks for one and several openings are named."""
    several = select(DraftChoice.draft_id).group_by(DraftChoice.draft_id).having(func.count() > 1)
    query = (
        select(DraftChoice.opening_id, DraftChoice.rank)
        .join(Draft, Draft.id == DraftChoice.draft_id)
        .join(Campaign, Campaign.id == Draft.campaign_id)
        .where(Draft.applicant_id == applicant_id, Campaign.ranked, DraftChoice.draft_id.in_(several))
    )
    return {opening_id: rank for opening_id, rank in db.session.execute(query) if rank is not None}


def rank_before(version: ApplicationVersion) -> int | None:
    """Give the rank that the city was shown before this version, where that was another."""
    earlier = select(ApplicationVersion.rank).where(
        ApplicationVersion.organisation_id == version.organisation_id,
        ApplicationVersion.application_id == version.application_id,
        ApplicationVersion.number == version.number - 1,
    )
    rank = db.session.scalar(earlier)
    return rank if rank != version.rank else None
