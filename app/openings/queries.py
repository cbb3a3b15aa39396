"""Reads of openings, with the one answer to what is visible, open, to come and closed at an instant (design 31)."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import defer, selectinload

from app.core.errors import NotFound
from app.core.language import word
from app.extensions import db
from app.openings.content import OpeningContent
from app.openings.contents import contents_of
from app.openings.deadline_models import Extension
from app.openings.models import Campaign, EmploymentForm, EmploymentFormVersion, Opening, OpeningOutcome, OpeningState
from app.openings.revision_models import Revision, RubricItem, Stage
from app.organisations.models import Organisation

READABLE = (OpeningState.APPROVED, OpeningState.WITHDRAWN)
Moment = datetime | BindParameter[datetime]  # an instant, or its place in a statement that is kept


class ClosingState(StrEnum):
    """What an opening is for the public at one instant."""

    HIDDEN = "hidden"
    UPCOMING = "upcoming"
    OPEN = "open"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return CLOSING_LABELS[self]


CLOSING_LABELS = {
    ClosingState.HIDDEN: "未公開",
    ClosingState.UPCOMING: word("受付前"),
    ClosingState.OPEN: word("受付中"),
    ClosingState.CLOSED: word("受付終了"),
    ClosingState.WITHDRAWN: word("中止"),
}


def closing_state(opening: Opening, at: datetime) -> ClosingState:
    """Say what an opening is at an instant; it is open from `opens_at` to `closes_at`, both included.

    This, and `is_open` in the same words for the database, is what every page, list and feed says and what lets a
    person begin. A grace lengthens neither: in it `takes_applications` still takes what was begun before.
    """
    if opening.state not in READABLE or opening.published_at is None or at < opening.published_at:
        return ClosingState.HIDDEN
    if opening.state is OpeningState.WITHDRAWN:
        return ClosingState.WITHDRAWN
    if opening.opens_at is None or at < opening.opens_at:
        return ClosingState.UPCOMING
    if opening.closes_at is not None and at <= opening.closes_at:
        return ClosingState.OPEN
    return ClosingState.CLOSED


def is_called_off(opening: Opening) -> bool:
    return opening.state is OpeningState.WITHDRAWN


def last_instant(opening: Opening) -> datetime | None:
    """Give the last instant that is in time: the announced one and the grace that the opening gives (design 1)."""
    return opening.closes_at + timedelta(seconds=opening.grace_seconds) if opening.closes_at else None


def takes_applications(opening: Opening, at: datetime) -> bool:
    """Say whether the last instant at which an application is in time, the grace included, is still to come."""
    last = last_instant(opening)
    return opening.state is not OpeningState.WITHDRAWN and last is not None and at <= last


def visible(at: Moment) -> ColumnElement[bool]:
    """The condition that the public may see an opening at an instant."""
    return and_(Opening.state.in_(READABLE), Opening.published_at <= at)


def is_upcoming(at: Moment) -> ColumnElement[bool]:
    return and_(visible(at), Opening.state == OpeningState.APPROVED, Opening.opens_at > at)


def is_open(at: Moment) -> ColumnElement[bool]:
    return and_(visible(at), Opening.state == OpeningState.APPROVED, Opening.opens_at <= at, Opening.closes_at >= at)


def is_closed(at: Moment) -> ColumnElement[bool]:
    """Closed by its deadline or withdrawn."""
    return and_(visible(at), or_(Opening.state == OpeningState.WITHDRAWN, Opening.closes_at < at))


@dataclass(frozen=True)
class Published:
    """An opening as the public reads it: the content of the revision in force, with the names around it."""

    opening: Opening
    organisation: Organisation
    content: OpeningContent
    form_label: str | None
    campaign: Campaign | None


def published(at: Moment) -> Select[*tuple[Any, ...]]:
    """Select what `as_published` reads, of every opening visible at an instant."""
    form = and_(EmploymentForm.organisation_id == Opening.organisation_id, EmploymentForm.key == Opening.form_key)
    return (
        select(Opening, Organisation, Revision.id, EmploymentForm.label, Campaign)
        .join(Organisation, Organisation.id == Opening.organisation_id)
        .join(Revision, and_(Revision.organisation_id == Opening.organisation_id, Revision.id == Opening.revision_id))
        .outerjoin(EmploymentForm, form)
        .outerjoin(Campaign, Campaign.id == Opening.campaign_id)
        .where(visible(at))
        .options(defer(Opening.content))  # people read the revision's
    )


def as_published(query: Select[*tuple[Any, ...]], moments: dict[str, datetime] | None = None) -> list[Published]:
    """Run a query made from `published`; `moments` are the instants that it has only places for."""
    rows = db.session.execute(query, moments).all()
    contents = contents_of(revision_id for _opening, _organisation, revision_id, *_rest in rows)
    return [
        Published(opening, organisation, contents[revision_id], label, campaign)
        for opening, organisation, revision_id, label, campaign in rows
    ]


def open_openings(at: datetime, *, limit: int = 100) -> list[Published]:
    """List what is open at an instant, the nearest deadline first."""
    query = published(at).where(is_open(at)).order_by(Opening.closes_at, Opening.id)
    return as_published(query.limit(limit))


def soonest(at: datetime, *, limit: int) -> list[list[Published]]:
    """List what is open, the nearest deadline first; openings of a campaign that close together stand together."""
    found: dict[tuple[object, datetime | None], list[Published]] = {}
    for row in open_openings(at, limit=8 * limit):
        found.setdefault((row.opening.campaign_id or row.opening.id, row.opening.closes_at), []).append(row)
    together = list(found.values())[:limit]
    return [sorted(rows, key=lambda row: (row.organisation.code or "", row.organisation.name)) for rows in together]


def newest_openings(at: datetime, *, limit: int) -> list[Published]:
    """List what is open or to come, the last published first."""
    query = published(at).where(or_(is_open(at), is_upcoming(at)))
    return as_published(query.order_by(Opening.published_at.desc(), Opening.closes_at, Opening.id).limit(limit))


def openings_of_city(organisation_id: uuid.UUID, at: datetime, *, limit: int = 100) -> list[Published]:
    """List all that is visible of one organisation, the latest deadline first."""
    query = published(at).where(Opening.organisation_id == organisation_id)
    return as_published(query.order_by(Opening.closes_at.desc(), Opening.id).limit(limit))


def openings_of_campaign(campaign_id: uuid.UUID, at: datetime) -> list[Published]:
    """List all that is visible of one campaign, in the order of the organisations' codes."""
    query = published(at).where(Opening.campaign_id == campaign_id)
    return as_published(query.order_by(Organisation.code, Opening.number, Opening.id))


def get_visible(opening_id: uuid.UUID, at: datetime) -> Opening:
    """Get an opening that the public may see at an instant.

    Raises: NotFound, alike for one that does not exist, a draft, and one before its publication.
    """
    found = db.session.scalar(
        select(Opening).where(Opening.id == opening_id, visible(at)).options(defer(Opening.content))
    )
    if found is None:
        raise NotFound
    return found


def get_published(opening_id: uuid.UUID, at: datetime) -> Published:
    """Get an opening with its content as the public reads it.

    Raises: NotFound as `get_visible` does.
    """
    found = as_published(published(at).where(Opening.id == opening_id))
    if not found:
        raise NotFound
    return found[0]


def revision_in_force(opening: Opening) -> Revision:
    """Get the approved revision of an opening with all that it owns loaded.

    Raises: NotFound when none was approved.
    """
    query = select(Revision).where(
        Revision.organisation_id == opening.organisation_id, Revision.id == opening.revision_id
    )
    parts = (Revision.criteria, Revision.questions, Revision.document_kinds, Revision.stages)
    items = selectinload(Revision.rubric_items).selectinload(RubricItem.levels)
    found = db.session.scalar(query.options(*(selectinload(part) for part in parts), items))
    if found is None:
        raise NotFound
    return found


def stages_of(opening: Opening) -> Sequence[Stage]:
    """List the stages of the revision in force, in order."""
    query = select(Stage).where(
        Stage.organisation_id == opening.organisation_id, Stage.revision_id == opening.revision_id
    )
    return db.session.scalars(query.order_by(Stage.seq)).all()


def amendments(opening: Opening) -> Sequence[Revision]:
    """List what was amended after publication, the last first."""
    query = select(Revision).where(
        Revision.organisation_id == opening.organisation_id,
        Revision.opening_id == opening.id,
        Revision.approved_at > opening.published_at,
    )
    return db.session.scalars(query.order_by(Revision.number.desc())).all()


def extensions(opening: Opening) -> Sequence[Extension]:
    """List how the deadline of an opening was extended, the last first."""
    query = select(Extension).where(
        Extension.organisation_id == opening.organisation_id, Extension.opening_id == opening.id
    )
    return db.session.scalars(query.order_by(Extension.at.desc(), Extension.id)).all()


def deadline_when(opening: Opening, extensions: Sequence[Extension], at: datetime) -> datetime | None:
    """Say which deadline was announced at an instant, given the extensions of the opening in any order."""
    later = sorted((one for one in extensions if one.at > at), key=lambda one: one.at)
    return later[0].closed_at if later else opening.closes_at


def outcomes(opening: Opening) -> Sequence[OpeningOutcome]:
    """List the published counts of an opening by stage."""
    query = select(OpeningOutcome).where(
        OpeningOutcome.organisation_id == opening.organisation_id, OpeningOutcome.opening_id == opening.id
    )
    return db.session.scalars(query.order_by(OpeningOutcome.stage_key)).all()


def find_form_version(organisation_id: uuid.UUID, key: str | None) -> EmploymentFormVersion | None:
    """Find the latest version of an organisation's form of employment."""
    query = (
        select(EmploymentFormVersion)
        .join(EmploymentForm, EmploymentForm.id == EmploymentFormVersion.form_id)
        .where(EmploymentFormVersion.organisation_id == organisation_id, EmploymentForm.key == key)
    )
    return db.session.scalar(query.order_by(EmploymentFormVersion.number.desc()).limit(1))


def get_campaign(slug: str, at: datetime) -> Campaign:
    """Get a published campaign.

    Raises: NotFound.
    """
    found = db.session.scalar(select(Campaign).where(Campaign.slug == slug, Campaign.published_at <= at))
    if found is None:
        raise NotFound
    return found


def campaigns(at: datetime) -> Sequence[Campaign]:
    """List the published campaigns with an opening that is open or to come, the latest first."""
    live = select(Opening.campaign_id).where(or_(is_open(at), is_upcoming(at)))
    query = select(Campaign).where(Campaign.published_at <= at, Campaign.id.in_(live))
    return db.session.scalars(query.order_by(Campaign.published_at.desc(), Campaign.id)).all()


def cities_with_counts(at: datetime) -> list[tuple[Organisation, int]]:
    """List the organisations that have anything open or to come, with how many, in the order of their codes."""
    query = (
        select(Organisation, func.count(Opening.id))
        .join(Opening, Opening.organisation_id == Organisation.id)
        .where(or_(is_open(at), is_upcoming(at)))
        .group_by(Organisation.id)
        .order_by(Organisation.code, Organisation.slug)
    )
    return [(organisation, count) for organisation, count in db.session.execute(query)]
