"""Applications that HR has not accepted when results of their opening come out: no line tells them, so this does."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from flask import current_app
from sqlalchemy import select

from app.applications.models import Application, ApplicationState, ApplicationVersion
from app.applications.standing import Standing, last_version, standing_column
from app.core.context import SYSTEM
from app.core.database import reading_beside
from app.mypage.status import LeftOut
from app.selection.queries import OwnOutcome, first_released


def left_out_of(
    applications: Sequence[Application], outcomes: Mapping[uuid.UUID, Sequence[OwnOutcome]], *, at: datetime
) -> dict[uuid.UUID, LeftOut]:
    """Say by id which applications no result tells of although results are out: what HR confirmed is told then."""
    waiting = [one for one in applications if one.state is ApplicationState.SUBMITTED and not outcomes[one.id]]
    released = first_released({one.opening_id for one in waiting}, at=at)
    left = {one.id: released[one.opening_id] for one in waiting if one.opening_id in released}
    ineligible = _ineligible_among(left) if left else set()
    return {key: LeftOut(when, key in ineligible) for key, when in left.items()}


def _ineligible_among(application_ids: Mapping[uuid.UUID, datetime]) -> set[uuid.UUID]:
    """Read what is otherwise HR's: of the applications of the person who asks, and of these alone."""
    query = select(Application.id).join(ApplicationVersion, ApplicationVersion.application_id == Application.id)
    confirmed = last_version(), standing_column() == Standing.INELIGIBLE.value
    with reading_beside(current_app.extensions["koubo.engine"], SYSTEM) as session:
        return set(session.scalars(query.where(Application.id.in_(application_ids), *confirmed)))
