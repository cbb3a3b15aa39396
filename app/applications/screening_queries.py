"""Reads of an organisation's applications for its HR: counts, one by its number, what was searched. Nobody else's."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, case, func, select

from app.applications.models import Application, ApplicationVersion
from app.applications.screening_models import ApplicantSearch
from app.applications.standing import Standing, last_version, standing_column
from app.core import clock
from app.extensions import db
from app.jp.numbers import parse_receipt_number
from app.openings.models import Opening
from app.openings.policy import goes_on
from app.openings.revision_models import Criterion

SEARCH_KEPT = timedelta(hours=24)


@dataclass(frozen=True)
class OpeningCounts:
    """An opening with how many applications stand where; `today` were received since midnight in Japan."""

    opening: Opening
    counts: dict[Standing, int]
    today: int

    @property
    def goes_on(self) -> bool:
        return goes_on(self.opening)

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def criteria_of(opening: Opening) -> Sequence[Criterion]:
    """List the criteria of the revision in force, in order."""
    query = select(Criterion).where(
        Criterion.organisation_id == opening.organisation_id, Criterion.revision_id == opening.revision_id
    )
    return db.session.scalars(query.order_by(Criterion.seq)).all()


def with_last_version(organisation_id: uuid.UUID, *columns: Any) -> Select[Any]:
    """Select columns of an organisation's applications that count, each joined with its last version."""
    on = and_(
        ApplicationVersion.organisation_id == Application.organisation_id,
        ApplicationVersion.application_id == Application.id,
        last_version(),
    )
    return (
        select(*columns)
        .select_from(Application)
        .join(ApplicationVersion, on)
        .where(Application.organisation_id == organisation_id, Application.duplicate_of.is_(None))
    )


def openings_with_counts(organisation_id: uuid.UUID, *, at: datetime) -> list[OpeningCounts]:
    """List the approved openings with their counts, the latest deadline first."""
    midnight = at.astimezone(clock.JST).replace(hour=0, minute=0, second=0, microsecond=0)
    since = case((Application.received_at >= midnight, 1), else_=0).label("today")
    rows = with_last_version(
        organisation_id, Application.opening_id, standing_column().label("standing"), since
    ).subquery()
    grouped = select(rows.c.opening_id, rows.c.standing, func.count(), func.sum(rows.c.today))
    counts: dict[uuid.UUID, dict[Standing, int]] = defaultdict(lambda: dict.fromkeys(Standing, 0))
    today: dict[uuid.UUID, int] = defaultdict(int)
    for opening_id, standing, count, new in db.session.execute(grouped.group_by(rows.c.opening_id, rows.c.standing)):
        counts[opening_id][Standing(standing)] = count
        today[opening_id] += new
    openings = select(Opening).where(Opening.organisation_id == organisation_id, Opening.revision_id.is_not(None))
    found = db.session.scalars(openings.order_by(Opening.closes_at.desc(), Opening.id))
    return [OpeningCounts(opening, counts[opening.id], today[opening.id]) for opening in found]


def find_by_receipt_number(organisation_id: uuid.UUID, typed: str) -> Application | None:
    """Find an organisation's application by its receipt number, however it is typed; a joined one finds the first."""
    number, own = parse_receipt_number(typed), Application.organisation_id == organisation_id
    found = db.session.scalar(select(Application).where(own, Application.receipt_number == number)) if number else None
    if found is None or found.duplicate_of is None:
        return found
    return db.session.scalar(select(Application).where(own, Application.id == found.duplicate_of))


def find_search(
    organisation_id: uuid.UUID, opening_id: uuid.UUID, search_id: uuid.UUID, staff_user_id: uuid.UUID, *, at: datetime
) -> str | None:
    """Find what this member of staff typed, within a day."""
    query = select(ApplicantSearch.typed).where(
        ApplicantSearch.organisation_id == organisation_id,
        ApplicantSearch.opening_id == opening_id,
        ApplicantSearch.id == search_id,
        ApplicantSearch.staff_user_id == staff_user_id,
        ApplicantSearch.at > at - SEARCH_KEPT,
    )
    return db.session.scalar(query)
