"""The append-only chain of what changed, and the record of who looked (design 47, reliability O1-O3)."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.core.model import Base, Identified, Instant, JsonValue, RowRule, person_table

EVERYBODY_INSERTS = RowRule(staff="organisation_id = koubo_organisation()", staff_may="read", anyone_inserts=True)


class AuditHead(Base):
    """The last link of each chain; locked while a link is added."""

    __tablename__ = "audit_head"

    chain: Mapped[str] = mapped_column(String(40), primary_key=True)  # an organisation's id, or "platform"
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


class AuditEvent(Identified, Base):
    """One change of state: who, what, when; hashed with the link before it and a digest of its detail."""

    __tablename__ = "audit_event"
    __table_args__ = person_table(UniqueConstraint("chain", "seq"), rule=EVERYBODY_INSERTS, insert_only=True)

    chain: Mapped[str] = mapped_column(String(40))
    seq: Mapped[int]
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, index=True)
    at: Mapped[datetime] = mapped_column(Instant)
    actor: Mapped[str] = mapped_column(String(60))  # staff:<id>, applicant:<id>, system
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(80))  # table:<id>
    detail_digest: Mapped[str] = mapped_column(String(64))
    prev: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditDetail(Base):
    """The disposable detail of an event; its digest stays in the chain."""

    __tablename__ = "audit_detail"
    __table_args__ = person_table(rule=EVERYBODY_INSERTS)

    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("audit_event.id"), primary_key=True)
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    body: Mapped[dict[str, Any]] = mapped_column(JsonValue)


class AccessEvent(Identified, Base):
    """Who looked at what; not chained."""

    __tablename__ = "access_event"
    __table_args__ = person_table(rule=EVERYBODY_INSERTS, insert_only=True)

    organisation_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, index=True)
    at: Mapped[datetime] = mapped_column(Instant)
    actor: Mapped[str] = mapped_column(String(60))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(80))
    rows: Mapped[int]
