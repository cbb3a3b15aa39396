"""Make the mails of an announcement about an opening (design 48): a job of the worker.

Each batch is one transaction with the mark how far it came: killed between two batches it goes on there, killed within
one the batch is made again. `UNIQUE(announcement, recipient)` is the last word: nobody is told twice.
"""

import logging
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.applications import reaching
from app.applications.addressee import addressee
from app.extensions import db
from app.openings.models import Opening
from app.organisations.models import Organisation
from app.outbox.models import Announcement, Mail
from app.outbox.queue import owe

log = logging.getLogger("koubo.announcing")

BATCH = 100
BATCHES_A_SWEEP = 20  # then due mail has its turn
APPLICATIONS, DRAFTS = "applications", "drafts"
AUDIENCES = {
    "drafts-and-applications": (APPLICATIONS, DRAFTS),
    "applications": (APPLICATIONS,),
    "drafts": (DRAFTS,),
}


@dataclass(frozen=True)
class Told:
    """One mail to be made: to whom, which words, about what."""

    address: str
    kind: str
    key: uuid.UUID
    is_shown: bool  # staff see the mail in their log; never one to the holder of a draft
    values: dict[str, Any]


def tell_due(*, at: datetime, batch: int = BATCH) -> None:
    """Make the mails of the announcements that are due, the oldest first, for one sweep of the worker."""
    failed: set[uuid.UUID] = set()
    for _batch in range(BATCHES_A_SWEEP):
        announcement = _next_due(at, failed)
        if announcement is None:
            db.session.rollback()
            return
        announcement_id = announcement.id
        try:
            _tell_batch(announcement, at, batch)
        except Exception:  # one that cannot be told must not silence the others; it is tried again at the next sweep
            log.exception("announcement %s was not told", announcement_id)
            db.session.rollback()
            failed.add(announcement_id)


def _next_due(at: datetime, failed: set[uuid.UUID]) -> Announcement | None:
    due = select(Announcement).where(
        Announcement.finished_at.is_(None),
        Announcement.at <= at,
        Announcement.subject_kind == "opening",
        Announcement.id.not_in(failed),
    )
    return db.session.scalar(due.order_by(Announcement.at, Announcement.id).limit(1).with_for_update(skip_locked=True))


def _tell_batch(announcement: Announcement, at: datetime, size: int) -> None:
    """Make one batch of mails in one transaction."""
    people, announcement.reached = _next_people(announcement, size)
    announcement.told += _owe_all(announcement, people)
    if not announcement.reached:
        announcement.finished_at = at
    db.session.commit()


def _next_people(announcement: Announcement, size: int) -> tuple[list[Told], str]:
    """Give the next of an audience, and where to go on: nothing when all were told."""
    kinds = AUDIENCES[announcement.audience]
    kind, _colon, last = (announcement.reached or f"{kinds[0]}:").partition(":")
    after = uuid.UUID(last) if last else None
    rows: Sequence[Any]
    if kind == APPLICATIONS:
        rows = reaching.live_applications(announcement.subject_id, after=after, limit=size)
        people = [_to_application(announcement, row) for row in rows]
    else:
        rows = reaching.unsent_drafts(
            announcement.subject_id, after=after, begun_before=_begun_before(announcement), limit=size
        )
        people = list(_to_drafts(announcement, rows))
    if len(rows) == size:
        return people, f"{kind}:{rows[-1].id}"
    following = kinds[kinds.index(kind) + 1 :]
    return people, f"{following[0]}:" if following else ""


def _begun_before(announcement: Announcement) -> datetime:
    said = announcement.said.get("begun_before")
    return datetime.fromisoformat(said) if said else announcement.at


def _to_application(announcement: Announcement, row: Any) -> Told:
    values = {"name": addressee(row), "receipt_number": row.receipt_number}
    return Told(row.mail, f"{announcement.template}-application", row.id, True, values)


def _to_drafts(announcement: Announcement, drafts: Sequence[Any]) -> Iterator[Told]:
    late = reaching.late_draft_ids(announcement.subject_id, [draft.id for draft in drafts])
    for reach in reaching.reaches(drafts):
        values = {"is_confirmed": reach.is_confirmed, "is_late": reach.draft_id in late}
        kind = announcement.template if announcement.template.startswith("draft-") else f"{announcement.template}-draft"
        yield Told(reach.address, kind, reach.draft_id, False, values)


def _owe_all(announcement: Announcement, people: list[Told]) -> int:
    """Owe the mails to those whom this announcement has not told yet; say how many."""
    addresses = {one.address for one in people}
    query = select(Mail.recipient).where(Mail.announcement_id == announcement.id, Mail.recipient.in_(addresses))
    told = set(db.session.scalars(query))
    around, count = _around(announcement), 0
    for one in people:
        if one.address not in told:
            told.add(one.address)
            _owe(announcement, one, around)
            count += 1
    return count


def _around(announcement: Announcement) -> dict[str, Any]:
    """Give what every mail of an announcement says; its instants are read from their texts."""
    own = announcement.organisation_id
    said = {
        name: datetime.fromisoformat(text) if name.endswith(("_at", "_before")) else text
        for name, text in announcement.said.items()
    }
    opening = db.session.scalar(
        select(Opening).where(Opening.organisation_id == own, Opening.id == announcement.subject_id)
    )
    organisation = db.session.scalar(select(Organisation).where(Organisation.id == own))
    return {"opening": opening, "organisation": organisation, **said}


def _owe(announcement: Announcement, one: Told, around: dict[str, Any]) -> None:
    mail = owe(
        db.session,
        one.kind,
        to=one.address,
        dedupe=f"{announcement.id}:{one.key}",
        about=one.key,
        **around,
        **one.values,
    )
    mail.announcement_id = announcement.id
    if not one.is_shown:
        mail.organisation_id = None
