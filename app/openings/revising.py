"""Write the next revision of an opening with all that it owns, in a transaction that the caller commits."""

import uuid
from datetime import datetime
from typing import cast

from sqlalchemy import func, select

from app.core.database import add_first, add_in_order
from app.extensions import db
from app.openings.content import OpeningContent
from app.openings.models import Opening
from app.openings.revision_models import Revision
from app.openings.revisions import revision_rows


def add_revision(
    opening: Opening,
    content: OpeningContent,
    *,
    author_id: uuid.UUID,
    approver_id: uuid.UUID,
    at: datetime,
    sha256: str,
    amends: str = "",
) -> Revision:
    """Add the next revision of an opening; `amends` is the reason of an amendment.

    Raises: StaleWrite where another was first.
    """
    people = {"author_id": author_id, "approver_id": approver_id}
    number = _next_number(opening)
    revision, *owned = revision_rows(opening, content, number=number, **people, at=at, sha256=sha256, amends=amends)
    add_first(db.session, revision)
    add_in_order(db.session, owned)
    return cast(Revision, revision)


def _next_number(opening: Opening) -> int:
    last = select(func.max(Revision.number)).where(
        Revision.organisation_id == opening.organisation_id, Revision.opening_id == opening.id
    )
    return (db.session.scalar(last) or 0) + 1
