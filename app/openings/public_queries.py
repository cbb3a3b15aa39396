"""What the public pages list: published openings as people read them, their campaigns and organisations.

Each statement is built once, with places for instants and ids: building one is dearer than running it.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Integer, Select, and_, bindparam, func, select
from sqlalchemy.orm import defer

from app.core.errors import NotFound
from app.extensions import db
from app.openings import queries
from app.openings.content import OpeningContent
from app.openings.contents import contents_of
from app.openings.deadline_models import Extension
from app.openings.models import Campaign, EmploymentForm, EmploymentFormVersion, Opening, OpeningOutcome
from app.openings.queries import AT, is_live, is_open, visible
from app.openings.revision_models import Revision
from app.organisations.models import Organisation


@dataclass(frozen=True)
class Published:
    """An opening as the public reads it: the content of the revision in force, with the names around it."""

    opening: Opening
    organisation: Organisation
    content: OpeningContent
    form_label: str | None
    campaign: Campaign | None


def _published() -> Select[*tuple[Any, ...]]:
    form = and_(EmploymentForm.organisation_id == Opening.organisation_id, EmploymentForm.key == Opening.form_key)
    return (
        select(Opening, Organisation, Revision.id, EmploymentForm.label, Campaign)
        .join(Organisation, Organisation.id == Opening.organisation_id)
        .join(Revision, and_(Revision.organisation_id == Opening.organisation_id, Revision.id == Opening.revision_id))
        .outerjoin(EmploymentForm, form)
        .outerjoin(Campaign, Campaign.id == Opening.campaign_id)
        .where(visible(AT))
        .options(defer(Opening.content))  # people read the revision's
    )


PUBLISHED = _published()  # what `as_published` reads, of every opening visible at the instant `at`
_MOST = bindparam("most", type_=Integer)
_OPEN = PUBLISHED.where(is_open(AT)).order_by(Opening.closes_at, Opening.id).limit(_MOST)
_LAST_PUBLISHED_FIRST = (Opening.published_at.desc(), Opening.closes_at, Opening.id)
_NEWEST = PUBLISHED.where(is_live(AT)).order_by(*_LAST_PUBLISHED_FIRST).limit(_MOST)
_OF_CITY = (
    PUBLISHED.where(Opening.organisation_id == bindparam("of"))
    .order_by(Opening.closes_at.desc(), Opening.id)
    .limit(_MOST)
)
_IN_ORDER_OF_CODES = (Organisation.code, Opening.number, Opening.id)
_OF_CAMPAIGN = PUBLISHED.where(Opening.campaign_id == bindparam("of")).order_by(*_IN_ORDER_OF_CODES)
_ONE = PUBLISHED.where(Opening.id == bindparam("of"))


def as_published(query: Select[*tuple[Any, ...]], values: dict[str, Any]) -> list[Published]:
    """Run a query made from `PUBLISHED`; `values` are the instants and ids that it has places for."""
    rows = db.session.execute(query, values).all()
    contents = contents_of(revision_id for _opening, _organisation, revision_id, *_rest in rows)
    return [
        Published(opening, organisation, contents[revision_id], label, campaign)
        for opening, organisation, revision_id, label, campaign in rows
    ]


def open_openings(at: datetime, *, limit: int = 100) -> list[Published]:
    """List what is open at an instant, the nearest deadline first."""
    return as_published(_OPEN, {"at": at, "most": limit})


def soonest(at: datetime, *, limit: int) -> list[list[Published]]:
    """List what is open, the nearest deadline first; openings of a campaign that close together stand together."""
    found: dict[tuple[object, datetime | None], list[Published]] = {}
    for row in open_openings(at, limit=8 * limit):
        found.setdefault((row.opening.campaign_id or row.opening.id, row.opening.closes_at), []).append(row)
    together = list(found.values())[:limit]
    return [sorted(rows, key=lambda row: (row.organisation.code or "", row.organisation.name)) for rows in together]


def newest_openings(at: datetime, *, limit: int) -> list[Published]:
    """List what is open or to come, the last published first."""
    return as_published(_NEWEST, {"at": at, "most": limit})


def openings_of_city(organisation_id: uuid.UUID, at: datetime, *, limit: int = 100) -> list[Published]:
    """List all that is visible of one organisation, the latest deadline first."""
    return as_published(_OF_CITY, {"at": at, "of": organisation_id, "most": limit})


def openings_of_campaign(campaign_id: uuid.UUID, at: datetime) -> list[Published]:
    """List all that is visible of one campaign, in the order of the organisations' codes."""
    return as_published(_OF_CAMPAIGN, {"at": at, "of": campaign_id})


def get_published(opening_id: uuid.UUID, at: datetime) -> Published:
    """Get an opening with its content as the public reads it.

    Raises: NotFound as `get_visible` does.
    """
    found = as_published(_ONE, {"at": at, "of": opening_id})
    if not found:
        raise NotFound
    return found[0]


def form_labels(organisation_id: uuid.UUID) -> dict[str, str]:
    """Give an organisation's words for its forms of employment, by key."""
    query = select(EmploymentForm.key, EmploymentForm.label).where(EmploymentForm.organisation_id == organisation_id)
    return {key: label for key, label in db.session.execute(query)}


@dataclass(frozen=True)
class History:
    """What followed the publication of an opening, each the last first, and the legal basis of its form."""

    basis: str | None
    amendments: Sequence[Revision]
    extensions: Sequence[Extension]
    outcomes: Sequence[OpeningOutcome]


_WHAT_THERE_IS = select(
    queries.FORM_VERSION.with_only_columns(EmploymentFormVersion.basis).scalar_subquery(),
    queries.AMENDMENTS.exists(),
    queries.EXTENSIONS.exists(),
    queries.OUTCOMES.exists(),
)


def history(opening: Opening) -> History:
    """Read what followed the publication of an opening: of most, one statement says that nothing did."""
    values = {**queries.this(opening), "form": opening.form_key}
    basis, amended, extended, released = db.session.execute(_WHAT_THERE_IS, values).one()
    return History(
        basis,
        queries.amendments(opening) if amended else (),
        queries.extensions(opening) if extended else (),
        queries.outcomes(opening) if released else (),
    )


def get_campaign(slug: str, at: datetime) -> Campaign:
    """Get a published campaign.

    Raises: NotFound.
    """
    found = db.session.scalar(select(Campaign).where(Campaign.slug == slug, Campaign.published_at <= at))
    if found is None:
        raise NotFound
    return found


_LIVE_CAMPAIGNS = (
    select(Campaign.id)
    .where(Campaign.published_at <= AT, Campaign.id.in_(select(Opening.campaign_id).where(is_live(AT))))
    .order_by(Campaign.published_at.desc(), Campaign.id)
    .limit(_MOST)
)
_OF_LIVE_CAMPAIGNS = PUBLISHED.where(Opening.campaign_id.in_(_LIVE_CAMPAIGNS)).order_by(
    Campaign.published_at.desc(), Campaign.id, *_IN_ORDER_OF_CODES
)


def live_campaigns(at: datetime, *, limit: int) -> list[list[Published]]:
    """List what is visible of each published campaign with an opening that is open or to come, the latest first."""
    rows = as_published(_OF_LIVE_CAMPAIGNS, {"at": at, "most": limit})
    return [list(together) for _id, together in groupby(rows, key=lambda row: row.opening.campaign_id)]


_CITIES = (
    select(Organisation, func.count(Opening.id))
    .join(Opening, Opening.organisation_id == Organisation.id)
    .where(is_live(AT))
    .group_by(Organisation.id)
    .order_by(Organisation.code, Organisation.slug)
)


def cities_with_counts(at: datetime) -> list[tuple[Organisation, int]]:
    """List the organisations that have anything open or to come, with how many, in the order of their codes."""
    return [(organisation, count) for organisation, count in db.session.execute(_CITIES, {"at": at})]
