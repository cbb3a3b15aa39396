"""Tell many: one row in the transaction of the act. A job of the room that knows the people makes the mails (48)."""

import uuid
from datetime import datetime
from typing import Any

from app.core.model import new_id
from app.outbox.models import Announcement


def announce(
    key: str,
    *,
    organisation_id: uuid.UUID,
    about: tuple[str, uuid.UUID],
    audience: str,
    template: str,
    said: dict[str, Any],
    at: datetime,
) -> Announcement:
    """Make the row of one act of telling many; a second row with its key is refused by the database.

    `about` is the kind and id of what it is about; `said` goes to the mails' templates.
    """
    return Announcement(
        id=new_id(),
        organisation_id=organisation_id,
        key=key,
        subject_kind=about[0],
        subject_id=about[1],
        audience=audience,
        template=template,
        said=said,
        at=at,
    )
