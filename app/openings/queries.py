"""Reads of openings, with the one answer to what is visible, open, to come and closed at an instant (design 31)."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Uuid, and_, bindparam, or_, select
from sqlalchemy.orm import defer

from app.core.errors import NotFound
from app.core.language import word
from app.core.model import Instant
from app.extensions import db
from app.openings.deadline_models import Extension
from app.openings.models import EmploymentForm, EmploymentFormVersion, Opening, OpeningOutcome, OpeningState
from app.openings.revision_models import Revision, Stage

READABLE = (OpeningState.APPROVED, OpeningState.WITHDRAWN)
Moment = datetime | BindParameter[datetime]  # an instant, or its place in a statement that is kept
AT = bindparam("at", type_=Instant)


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
    return and_(or_(*(Opening.state == state for state in READABLE)), Opening.published_at <= at)


def is_upcoming(at: Moment) -> ColumnElement[bool]:
    return and_(visible(at), Opening.state == OpeningState.APPROVED, Opening.opens_at > at)


def is_open(at: Moment) -> ColumnElement[bool]:
    return and_(visible(at), Opening.state == OpeningState.APPROVED, Opening.opens_at <= at, Opening.closes_at >= at)


def is_live(at: Moment) -> ColumnElement[bool]:
    """Open or to come."""
    return or_(is_open(at), is_upcoming(at))


def is_closed(at: Moment) -> ColumnElement[bool]:
    """Closed by its deadline or withdrawn."""
    return and_(visible(at), or_(Opening.state == OpeningState.WITHDRAWN, Opening.closes_at < at))


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


def stages_of(opening: Opening) -> Sequence[Stage]:
    """List the stages of the revision in force, in order."""
    query = select(Stage).where(
        Stage.organisation_id == opening.organisation_id, Stage.revision_id == opening.revision_id
    )
    return db.session.scalars(query.order_by(Stage.seq)).all()


_ORGANISATION, _OPENING = bindparam("organisation", type_=Uuid), bindparam("opening", type_=Uuid)
AMENDMENTS = (
    select(Revision)
    .where(Revision.organisation_id == _ORGANISATION, Revision.opening_id == _OPENING)
    .where(Revision.approved_at > bindparam("published_at"))
    .order_by(Revision.number.desc())
)
EXTENSIONS = (
    select(Extension)
    .where(Extension.organisation_id == _ORGANISATION, Extension.opening_id == _OPENING)
    .order_by(Extension.at.desc(), Extension.id)
)
OUTCOMES = (
    select(OpeningOutcome)
    .where(OpeningOutcome.organisation_id == _ORGANISATION, OpeningOutcome.opening_id == _OPENING)
    .order_by(OpeningOutcome.stage_key)
)


def this(opening: Opening) -> dict[str, Any]:
    """Give what AMENDMENTS, EXTENSIONS and OUTCOMES have places for."""
    return {
        "organisation": opening.organisation_id,
        "opening": opening.id,
        "published_at": opening.published_at,
    }


def amendments(opening: Opening) -> Sequence[Revision]:
    """List what was amended after publication, the last first."""
    return db.session.scalars(AMENDMENTS, this(opening)).all()


def extensions(opening: Opening) -> Sequence[Extension]:
    """List how the deadline of an opening was extended, the last first."""
    return db.session.scalars(EXTENSIONS, this(opening)).all()


def deadline_when(opening: Opening, extensions: Sequence[Extension], at: datetime) -> datetime | None:
    """Say which deadline was announced at an instant, given the extensions of the opening in any order."""
    later = sorted((one for one in extensions if one.at > at), key=lambda one: one.at)
    return later[0].closed_at if later else opening.closes_at


def outcomes(opening: Opening) -> Sequence[OpeningOutcome]:
    """List the published counts of an opening by stage."""
    return db.session.scalars(OUTCOMES, this(opening)).all()


FORM_VERSION = (
    select(EmploymentFormVersion)
    .join(EmploymentForm, EmploymentForm.id == EmploymentFormVersion.form_id)
    .where(EmploymentFormVersion.organisation_id == bindparam("organisation"), EmploymentForm.key == bindparam("form"))
    .order_by(EmploymentFormVersion.number.desc())
    .limit(1)
)


def find_form_version(organisation_id: uuid.UUID, key: str | None) -> EmploymentFormVersion | None:
    """Find the latest version of an organisation's form of employment."""
    return db.session.scalar(FORM_VERSION, {"organisation": organisation_id, "form": key})
