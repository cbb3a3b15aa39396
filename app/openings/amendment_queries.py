"""Reads of amendments: the one under way, what became of earlier ones, and the revisions that the public read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import defer

from app.core.errors import NotFound
from app.extensions import db
from app.openings.amendment_models import Amendment, AmendmentState
from app.openings.content import OpeningContent
from app.openings.contents import content_of, contents_of
from app.openings.models import Opening
from app.openings.revision_models import Revision, RevisionKind

_UNDER_WAY = (AmendmentState.DRAFT, AmendmentState.ASKED)


def find_amendment(opening: Opening) -> Amendment | None:
    """Find the amendment that is written or waits for approval."""
    own = Amendment.organisation_id == opening.organisation_id, Amendment.opening_id == opening.id
    return db.session.scalar(select(Amendment).where(*own, Amendment.state.in_(_UNDER_WAY)))


def get_amendment(opening: Opening) -> Amendment:
    """Get the amendment that is under way. Raises: NotFound."""
    found = find_amendment(opening)
    if found is None:
        raise NotFound
    return found


def past_amendments(opening: Opening) -> Sequence[Amendment]:
    """List the amendments that were published or given up, the last first."""
    own = Amendment.organisation_id == opening.organisation_id, Amendment.opening_id == opening.id
    query = select(Amendment).where(*own, Amendment.state.not_in(_UNDER_WAY))
    return db.session.scalars(query.order_by(Amendment.decided_at.desc(), Amendment.id)).all()


def base_content(amendment: Amendment) -> OpeningContent:
    """Give what the revision says that an amendment changes. Raises: NotFound."""
    return content_of(amendment.base_id)


def contents_before(opening: Opening) -> list[OpeningContent]:
    """Give what every revision of an opening said."""
    query = select(Revision.id).where(
        Revision.organisation_id == opening.organisation_id, Revision.opening_id == opening.id
    )
    return list(contents_of(db.session.scalars(query)).values())


@dataclass(frozen=True)
class Edition:
    """A revision as the public read it from `since` until another one took its place (None: it is in force)."""

    revision: Revision
    content: OpeningContent
    since: datetime
    until: datetime | None
    before: "Edition | None"

    @property
    def number(self) -> int:
        return self.revision.number

    @property
    def is_amendment(self) -> bool:
        return self.before is not None


def editions(opening: Opening) -> list[Edition]:
    """List what the public read of an opening, the first one first; what was approved and voided before is none."""
    own = Revision.organisation_id == opening.organisation_id, Revision.opening_id == opening.id
    query = select(Revision).where(*own).options(defer(Revision.content)).order_by(Revision.number)
    rows = db.session.scalars(query).all()
    firsts = [one for one in rows if one.kind is RevisionKind.FIRST][-1:]
    public = [*firsts, *(one for one in rows if one.kind is RevisionKind.AMENDMENT)]
    contents, found = contents_of(one.id for one in public), list[Edition]()
    for place, one in enumerate(public):
        since = one.approved_at if place else opening.published_at or one.approved_at
        until = public[place + 1].approved_at if place + 1 < len(public) else None
        found.append(Edition(one, contents[one.id], since, until, found[-1] if found else None))
    return found


def get_edition(opening: Opening, number: int) -> Edition:
    """Get one of the revisions that the public read. Raises: NotFound."""
    found = next((one for one in editions(opening) if one.number == number), None)
    if found is None:
        raise NotFound
    return found


def get_first(opening: Opening) -> Edition:
    """Get what the public read first of a published opening."""
    return editions(opening)[0]


def public_numbers(opening: Opening, at: datetime) -> set[int]:
    """Give the numbers of the revisions of an opening that the public can read at an instant."""
    is_public = opening.published_at is not None and opening.published_at <= at
    return {one.number for one in editions(opening)} if is_public else set()
