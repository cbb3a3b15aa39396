"""Which reviewers may not score an opening because they apply themselves (design 38).

The answer crosses cities, so it is read in the system's own short transaction; a city learns who is out, not why.
"""

import uuid
from collections.abc import Sequence

from flask import current_app
from sqlalchemy import select

from app.accounts.models import Applicant, Membership, StaffUser
from app.applications.models import Application
from app.core.context import SYSTEM
from app.core.database import reading_beside
from app.openings.models import Opening


def recused(opening: Opening, membership_ids: Sequence[uuid.UUID]) -> frozenset[uuid.UUID]:
    """The members whose own confirmed address applies in the opening's campaign (or, without one, to the opening)."""
    same_call = (
        Application.opening_id == opening.id
        if opening.campaign_id is None
        else Application.opening_id.in_(select(Opening.id).where(Opening.campaign_id == opening.campaign_id))
    )
    query = (
        select(Membership.id)
        .join(StaffUser, StaffUser.id == Membership.staff_user_id)
        .join(Applicant, Applicant.mail_key == StaffUser.mail_key)
        .join(Application, Application.applicant_id == Applicant.id)
        .where(Membership.id.in_(membership_ids), Applicant.confirmed_at.is_not(None), same_call)
    )
    with reading_beside(current_app.extensions["koubo.engine"], SYSTEM) as session:
        return frozenset(session.scalars(query))
