"""What approved revisions say, read and parsed once by each process: a revision never changes (design 32).

Whose context may read a revision is asked where its id is read; a content is public from its approval on.
"""

import uuid
from collections.abc import Iterable

from sqlalchemy import select

from app.core.errors import NotFound
from app.extensions import db
from app.openings.content import OpeningContent
from app.openings.revision_models import Revision

MOST = 1000  # kept by a process, of some 20 KB each

_kept: dict[uuid.UUID, OpeningContent] = {}


def contents_of(revision_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, OpeningContent]:
    """Give the contents of revisions whose ids this context could read; at most one statement."""
    wanted = set(revision_ids)
    found = {key: kept for key in wanted if (kept := _kept.get(key)) is not None}
    if missing := wanted - found.keys():
        query = select(Revision.id, Revision.content).where(Revision.id.in_(missing))
        read = {key: OpeningContent.model_validate(content) for key, content in db.session.execute(query)}
        if len(_kept) + len(read) > MOST:
            _kept.clear()
        _kept.update(read)
        found |= read
    return found


def content_of(revision_id: uuid.UUID) -> OpeningContent:
    """Give the content of one revision. Raises: NotFound."""
    found = contents_of([revision_id]).get(revision_id)
    if found is None:
        raise NotFound
    return found
