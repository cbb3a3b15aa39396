"""Whether staff of an organisation may open files that no scanner has looked at (design 26)."""

import uuid
from datetime import datetime
from enum import StrEnum

from app.audit.chain import record
from app.core.model import new_id
from app.extensions import db
from app.organisations.models import Organisation, Setting
from app.organisations.queries import settings_of

KEY = "files.unscanned"


class Unscanned(StrEnum):
    """What staff and reviewers do with a 未検査 file; it opens, with the mark and a note in the record, until set."""

    OPENS = "opens"
    STAYS_SHUT = "stays_shut"

    @property
    def label(self) -> str:
        return {"opens": "未検査と示して開ける", "stays_shut": "開かない"}[self.value]


def unscanned_files(organisation_id: uuid.UUID, *, at: datetime) -> Unscanned:
    """Read what an organisation had set at an instant."""
    return Unscanned(settings_of(organisation_id, at=at).get(KEY, Unscanned.OPENS))


def set_unscanned_files(organisation: Organisation, chosen: Unscanned, *, by: str, at: datetime) -> None:
    """Set it from an instant on, with a row in the record; what stands so already is left as it is."""
    before = unscanned_files(organisation.id, at=at)
    if chosen is before:
        return
    row = Setting(id=new_id(), organisation_id=organisation.id, key=KEY, value=chosen.value, valid_from=at)
    db.session.add(row)
    record(db.session, "change.setting", row, by=by, at=at, key=KEY, before=before.value, after=chosen.value)
    db.session.commit()
