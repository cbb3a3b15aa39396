"""Applications that no line tells of when results of their opening come out: HR has not accepted them, or they came
into the stage too late for its decisions. This tells them."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from flask import current_app
from sqlalchemy import select

from app.applications.models import Application, ApplicationState, ApplicationVersion
from app.applications.standing import Standing, last_version, standing_column
from app.core.context import SYSTEM
from app.core.database import reading_beside
from app.mypage.status import LeftOut
from app.selection.models import DecisionOutcome
from app.selection.queries import OwnOutcome, only_intact, released_sets


def left_out_of(
    applications: Sequence[Application], outcomes: Mapping[uuid.UUID, Sequence[OwnOutcome]], *, at: datetime
) -> dict[uuid.UUID, LeftOut]:
    """Say by id which applications no result tells of although results are out: what HR confirmed is told then."""
    going_on = [one for one in applications if not one.is_withdrawn and _goes_on(outcomes[one.id])]
    left = _untold(going_on, outcomes, at=at)
    accepted = {one.id for one in going_on if one.state is ApplicationState.ACCEPTED}
    ineligible = _ineligible_among(left.keys() - accepted) if left.keys() - accepted else set()
    return {key: LeftOut(when, key in ineligible, key in accepted) for key, when in left.items()}


def _untold(
    applications: Sequence[Application], outcomes: Mapping[uuid.UUID, Sequence[OwnOutcome]], *, at: datetime
) -> dict[uuid.UUID, datetime]:
    """Say when the first results came out that have no line of an application, where there are such."""
    sets = released_sets({one.opening_id for one in applications}, at=at)
    told = {one.id: {outcome.stage_key for outcome in outcomes[one.id]} for one in applications}
    pairs = [
        (one, found)
        for one in applications
        for found in sets
        if found.opening_id == one.opening_id and found.stage_key not in told[one.id]
    ]
    intact = {found.id for found in only_intact({found for _one, found in pairs})}
    pairs = sorted((pair for pair in pairs if pair[1].id in intact), key=lambda pair: pair[1].release_at, reverse=True)
    return {one.id: found.release_at for one, found in pairs}


def _goes_on(outcomes: Sequence[OwnOutcome]) -> bool:
    last = {one.stage_key: one.outcome for one in outcomes}
    return all(outcome is DecisionOutcome.PASS for outcome in last.values())


def _ineligible_among(application_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Read what is otherwise HR's: of the applications of the person who asks, and of these alone."""
    query = select(Application.id).join(ApplicationVersion, ApplicationVersion.application_id == Application.id)
    confirmed = last_version(), standing_column() == Standing.INELIGIBLE.value
    with reading_beside(current_app.extensions["koubo.engine"], SYSTEM) as session:
        return set(session.scalars(query.where(Application.id.in_(application_ids), *confirmed)))
