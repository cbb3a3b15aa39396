"""Reads of an organisation's chain and of who looked at what, with the names of the staff."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import func, select

from app.accounts.queries import staff_names
from app.audit.chain import Fault, verify_chain
from app.audit.models import AccessEvent, AuditDetail, AuditEvent, AuditHead
from app.core.context import SYSTEM
from app.core.database import reading_beside
from app.core.paging import Page
from app.extensions import db

PER_PAGE = 50


@dataclass(frozen=True)
class Entry:
    """One link of the chain as a page shows it; `detail` None says that it was disposed of."""

    event: AuditEvent
    detail: dict[str, object] | None


@dataclass(frozen=True)
class EntryPage:
    entries: Sequence[Entry]
    page: Page
    names: dict[str, str]  # by actor


@dataclass(frozen=True)
class LookPage:
    looks: Sequence[AccessEvent]
    page: Page
    names: dict[str, str]


def instants_of(action: str, subject: str) -> list[datetime]:
    """Read when something of one kind was done to one thing, also where the context may not read the record."""
    query = select(AuditEvent.at).where(AuditEvent.action == action, AuditEvent.subject == subject)
    with reading_beside(current_app.extensions["koubo.engine"], SYSTEM) as session:
        return list(session.scalars(query.order_by(AuditEvent.at)))


def entries(organisation_id: uuid.UUID, number: int) -> EntryPage:
    """List what changed in an organisation, the last first."""
    own = AuditEvent.organisation_id == organisation_id
    page = Page.of(number, db.session.scalar(select(func.count()).where(own)) or 0, PER_PAGE)
    query = (
        select(AuditEvent, AuditDetail.body)
        .outerjoin(AuditDetail, AuditDetail.event_id == AuditEvent.id)
        .where(own)
        .order_by(AuditEvent.seq.desc())
        .offset(page.offset)
        .limit(PER_PAGE)
    )
    found = [Entry(event, body) for event, body in db.session.execute(query)]
    return EntryPage(found, page, actor_names(entry.event.actor for entry in found))


def looks(organisation_id: uuid.UUID, number: int) -> LookPage:
    """List who looked at personal data of an organisation, the last first."""
    own = AccessEvent.organisation_id == organisation_id
    page = Page.of(number, db.session.scalar(select(func.count()).where(own)) or 0, PER_PAGE)
    query = select(AccessEvent).where(own).order_by(AccessEvent.at.desc(), AccessEvent.id)
    found = db.session.scalars(query.offset(page.offset).limit(PER_PAGE)).all()
    return LookPage(found, page, actor_names(look.actor for look in found))


def actor_names(actors: Iterable[str]) -> dict[str, str]:
    """Name actors: staff by their display names, applicants only as such."""
    wanted = set(actors)
    staff = {actor: key for actor in wanted if (key := _staff_id(actor)) is not None}
    found = staff_names(staff.values())
    return {actor: found.get(staff[actor], "職員") if actor in staff else _kind(actor) for actor in wanted}


def _staff_id(actor: str) -> uuid.UUID | None:
    """Read the account of a staff actor; a record that was tampered with may name none."""
    try:
        return uuid.UUID(actor.removeprefix("staff:")) if actor.startswith("staff:") else None
    except ValueError:
        return None


def _kind(actor: str) -> str:
    return {"applicant": "応募者", "system": "システム"}.get(actor.partition(":")[0], "不明")


def chain_length(organisation_id: uuid.UUID) -> int:
    """Read how many links an organisation's chain says that it has."""
    return db.session.scalar(select(AuditHead.seq).where(AuditHead.chain == str(organisation_id))) or 0


def checked(organisation_id: uuid.UUID) -> tuple[int, Fault | None]:
    """Check an organisation's chain; give how many links were read and the first fault, if any."""
    return verify_chain(db.session, str(organisation_id))
