"""Reads of an organisation's chain and of who looked at what, with the names of the staff."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, func, select

from app.accounts.models import Membership, StaffUser
from app.accounts.queries import staff_names
from app.audit.asked import APPLICANTS, Asked
from app.audit.chain import Fault, verify_chain
from app.audit.models import AccessEvent, AuditDetail, AuditEvent, AuditHead
from app.core.clock import JST
from app.core.context import SYSTEM
from app.core.database import reading_beside
from app.core.paging import Page
from app.extensions import db

PER_PAGE = 50
MOST = 20_000  # rows of a file
Record = AuditEvent | AccessEvent


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


def entries(organisation_id: uuid.UUID, asked: Asked) -> EntryPage:
    """List what changed in an organisation, the last first."""
    own = _conditions(AuditEvent, organisation_id, asked)
    page = Page.of(asked.page, _count(AuditEvent, own), PER_PAGE)
    found = _entries(own, page.offset, PER_PAGE)
    return EntryPage(found, page, actor_names(entry.event.actor for entry in found))


def all_entries(organisation_id: uuid.UUID, asked: Asked) -> EntryPage:
    """List all that changed, up to MOST, for a file."""
    own = _conditions(AuditEvent, organisation_id, asked)
    found = _entries(own, 0, MOST)
    return EntryPage(found, Page.of(1, len(found), MOST), actor_names(entry.event.actor for entry in found))


def _entries(own: Sequence[ColumnElement[bool]], offset: int, limit: int) -> list[Entry]:
    query = (
        select(AuditEvent, AuditDetail.body)
        .outerjoin(AuditDetail, AuditDetail.event_id == AuditEvent.id)
        .where(*own)
        .order_by(AuditEvent.seq.desc())
    )
    return [Entry(event, body) for event, body in db.session.execute(query.offset(offset).limit(limit))]


def looks(organisation_id: uuid.UUID, asked: Asked) -> LookPage:
    """List who looked at personal data of an organisation, the last first."""
    own = _conditions(AccessEvent, organisation_id, asked)
    page = Page.of(asked.page, _count(AccessEvent, own), PER_PAGE)
    found = _looks(own, page.offset, PER_PAGE)
    return LookPage(found, page, actor_names(look.actor for look in found))


def all_looks(organisation_id: uuid.UUID, asked: Asked) -> LookPage:
    """List all looks, up to MOST, for a file."""
    found = _looks(_conditions(AccessEvent, organisation_id, asked), 0, MOST)
    return LookPage(found, Page.of(1, len(found), MOST), actor_names(look.actor for look in found))


def _looks(own: Sequence[ColumnElement[bool]], offset: int, limit: int) -> Sequence[AccessEvent]:
    query = select(AccessEvent).where(*own).order_by(AccessEvent.at.desc(), AccessEvent.id)
    return db.session.scalars(query.offset(offset).limit(limit)).all()


def _count(table: type[Record], own: Sequence[ColumnElement[bool]]) -> int:
    return db.session.scalar(select(func.count()).select_from(table).where(*own)) or 0


def _conditions(table: type[Record], organisation_id: uuid.UUID, asked: Asked) -> list[ColumnElement[bool]]:
    found = [table.organisation_id == organisation_id]
    if asked.actor == APPLICANTS:
        found.append(table.actor.startswith(f"{APPLICANTS}:"))
    elif asked.actor:
        found.append(table.actor == asked.actor)
    found += [table.action == asked.action] if asked.action else []
    found += [table.subject == asked.subject] if asked.subject else []
    found += [table.at >= _midnight(asked.first_day)] if asked.first_day else []
    found += [table.at < _midnight(asked.last_day + timedelta(days=1))] if asked.last_day else []
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), JST)


def people(organisation_id: uuid.UUID) -> list[tuple[str, str]]:
    """List everybody who was ever of the staff, by name, as actors."""
    query = select(StaffUser).join(Membership, Membership.staff_user_id == StaffUser.id)
    found = db.session.scalars(query.where(Membership.organisation_id == organisation_id).distinct())
    return sorted({one.actor: one.display_name for one in found}.items(), key=lambda one: (one[1], one[0]))


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
