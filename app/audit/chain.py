"""One chain of events per organisation and one for the platform (design 47, reliability O1, I5).

`record` notes a change; the links are written last before the commit of the same transaction, chains locked in id
order.
"""

import hashlib
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import current_app
from sqlalchemy import Connection, bindparam, event, select, text, update
from sqlalchemy.orm import Session, SessionTransaction

from app.audit.models import AccessEvent, AuditDetail, AuditEvent, AuditHead
from app.core import clock
from app.core.context import SYSTEM
from app.core.database import insert_in_order, own_transaction
from app.core.model import new_id

PLATFORM = "platform"
FIRST = "0" * 64
_HEAD = select(AuditHead.seq, AuditHead.hash).where(AuditHead.chain == bindparam("chain")).with_for_update()
_MOVE_HEAD = update(AuditHead).where(AuditHead.chain == bindparam("moved"))
_BEGIN_CHAIN = text("INSERT INTO audit_head (chain, seq, hash) VALUES (:chain, 0, :first) ON CONFLICT DO NOTHING")


@dataclass(frozen=True)
class Noted:
    """A change noted in a transaction and not yet linked."""

    chain: str
    organisation_id: uuid.UUID | None
    at: datetime
    actor: str
    action: str
    subject: str
    detail: dict[str, Any]
    savepoints: frozenset[SessionTransaction]  # open when it was noted


def record(session: Any, action: str, subject: Any, *, by: str, at: datetime | None = None, **detail: Any) -> None:
    """Note a change of state of `subject` (a row with an id), to be linked when this transaction commits.

    `by` is an actor (`staff:<id>`, `applicant:<id>`, `system`); detail must be JSON and hold no more personal data
    than needed.
    """
    real: Session = session if isinstance(session, Session) else session()
    real.connection()  # the transaction that will carry the link, or take it back
    organisation_id = getattr(subject, "organisation_id", None)
    if subject.__tablename__ == "organisation":
        organisation_id = subject.id
    if subject.id is None:
        subject.id = new_id()
    noted = Noted(
        str(organisation_id) if organisation_id else PLATFORM,
        organisation_id,
        at or clock.now(),
        by,
        action,
        f"{subject.__tablename__}:{subject.id}",
        detail,
        frozenset(_open_savepoints(real)),
    )
    real.info.setdefault("noted", []).append(noted)


def _open_savepoints(session: Session) -> Iterator[SessionTransaction]:
    savepoint = session.get_nested_transaction()
    while savepoint is not None and savepoint.nested:
        yield savepoint
        savepoint = savepoint.parent


def digest(detail: dict[str, Any]) -> str:
    """Digest a detail in its canonical form."""
    canonical = json.dumps(detail, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


def link_hash(link: AuditEvent) -> str:
    """Hash a link over everything it says and the hash before it."""
    parts = (
        link.chain,
        link.seq,
        link.at.astimezone(UTC).isoformat(),
        link.actor,
        link.action,
        link.subject,
        link.detail_digest,
        link.prev,
    )
    return hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).hexdigest()


def _link(noted: Noted, seq: int, prev: str) -> tuple[AuditEvent, AuditDetail]:
    """Make the link of a chain that follows the one with the number before and this hash."""
    detail = json.loads(json.dumps(noted.detail, default=str))
    link = AuditEvent(
        id=new_id(),
        chain=noted.chain,
        seq=seq,
        organisation_id=noted.organisation_id,
        at=noted.at,
        actor=noted.actor,
        action=noted.action,
        subject=noted.subject,
        detail_digest=digest(detail),
        prev=prev,
    )
    link.hash = link_hash(link)
    return link, AuditDetail(event_id=link.id, organisation_id=noted.organisation_id, body=detail)


def _hold_head(connection: Connection, chain: str) -> tuple[int, str]:
    """Hold a chain; give the number and the hash of its last link."""
    head = connection.execute(_HEAD, {"chain": chain}).one_or_none()
    if head is None:  # two transactions may begin a chain at once: one of them waits here for the other's row
        connection.execute(_BEGIN_CHAIN, {"chain": chain, "first": FIRST})
        head = connection.execute(_HEAD, {"chain": chain}).one()
    return head.seq, head.hash


def _link_noted(session: Session) -> None:
    if session.in_nested_transaction():  # a savepoint is released; the links come last, before the real commit
        return
    noted: list[Noted] = session.info.pop("noted", [])
    if not noted:
        return
    session.flush()
    connection, rows = session.connection(), []
    for chain in sorted({item.chain for item in noted}):
        seq, last = _hold_head(connection, chain)
        for item in noted:
            if item.chain == chain:
                link, detail = _link(item, seq := seq + 1, last)
                last = link.hash
                rows += [link, detail]
        connection.execute(_MOVE_HEAD, {"moved": chain, "seq": seq, "hash": last})
    insert_in_order(session, rows)


def _forget_noted(session: Session, ended: SessionTransaction) -> None:
    """Forget what the transaction or savepoint that was taken back had noted."""
    if ended.nested:
        noted: list[Noted] = session.info.get("noted", [])
        session.info["noted"] = [item for item in noted if ended not in item.savepoints]
    elif ended.parent is None:
        session.info.pop("noted", None)


event.listen(Session, "before_commit", _link_noted)
event.listen(Session, "after_soft_rollback", _forget_noted)


@dataclass(frozen=True)
class Fault:
    """The first bad row of a chain and what is wrong with it."""

    chain: str
    seq: int
    what: str


def verify(session: Any) -> tuple[int, Fault | None]:
    """Check every chain from its first link; return how many links were read and the first fault, if any."""
    count = 0
    for chain in session.scalars(select(AuditHead.chain).order_by(AuditHead.chain)).all():
        read, fault = verify_chain(session, chain)
        count += read
        if fault is not None:
            return count, fault
    return count, _headless(session)


def verify_chain(session: Any, chain: str) -> tuple[int, Fault | None]:
    """Check one chain from its first link to its head; return how many whole links were read and the first fault."""
    head = session.scalar(select(AuditHead).where(AuditHead.chain == chain))
    last, count = None, 0
    for link, detail in _links(session, chain):
        if what := _wrong(link, detail, last):
            return count, Fault(chain, link.seq, what)
        last, count = link, count + 1
    seen = (last.seq, last.hash) if last else (0, FIRST)
    if seen != ((head.seq, head.hash) if head else (0, FIRST)):
        return count, Fault(chain, seen[0], "the chain ends before its head")
    return count, None


def _headless(session: Any) -> Fault | None:
    heads = select(AuditHead.chain)
    stray = session.scalar(select(AuditEvent).where(AuditEvent.chain.not_in(heads)).order_by(AuditEvent.seq).limit(1))
    return Fault(stray.chain, stray.seq, "the chain has no head") if stray else None


def _links(session: Any, chain: str) -> Iterator[Any]:
    query = (
        select(AuditEvent, AuditDetail)
        .outerjoin(AuditDetail, AuditDetail.event_id == AuditEvent.id)
        .where(AuditEvent.chain == chain)
        .order_by(AuditEvent.seq)
    )
    return iter(session.execute(query.execution_options(yield_per=500)))


def _wrong(link: AuditEvent, detail: AuditDetail | None, last: AuditEvent | None) -> str | None:
    if link.seq != (last.seq + 1 if last else 1):
        return "a link is missing before it"
    if link.prev != (last.hash if last else FIRST):
        return "it does not follow the link before it"
    if link.hash != link_hash(link):
        return "it was altered"
    if detail is not None and digest(detail.body) != link.detail_digest:
        return "its detail was altered"
    return None


def record_look(action: str, subject: str, *, by: str, organisation_id: uuid.UUID | None, rows: int = 1) -> None:
    """Record who looked at what, in a short transaction of its own (O3; the one write that a GET makes).

    `subject` is `table:id`.
    """
    with own_transaction(current_app.extensions["koubo.engine"], SYSTEM) as session:
        session.add(
            AccessEvent(
                organisation_id=organisation_id, at=clock.now(), actor=by, action=action, subject=subject, rows=rows
            )
        )
