"""Mail as rows, written in the transaction that owes it and sent by the worker, one recipient each (design 28, 48)."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.core.model import Base, Identified, Instant, JsonValue, RowRule, Tenant, one_of, person_table, tenant_table


class MailState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"  # leased until leased_until
    SENT = "sent"
    FAILED = "failed"  # given up; staff see it
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        return {
            "queued": "送信待ち",
            "sending": "送信中",
            "sent": "送信済み",
            "failed": "送信できず",
            "cancelled": "取消",
        }[self.value]

    @property
    def tone(self) -> str:
        return {"sent": "good", "failed": "bad"}.get(self.value, "")


class Mail(Identified, Base):
    """One message to one recipient. No row has two recipients and no code sends to a list."""

    __tablename__ = "mail"
    __table_args__ = person_table(
        Index("ix_mail_due", "state", "due_at"),
        Index("uq_mail_announcement", "announcement_id", "recipient", unique=True),
        rule=RowRule(staff="organisation_id = koubo_organisation()", anyone_inserts=True),
    )

    organisation_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, index=True)  # None: the platform's own
    dedupe_key: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, index=True)  # the application or account it is about
    announcement_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)  # the act of telling many that this belongs to
    sender_name: Mapped[str] = mapped_column(String(80), default="")  # shown before the installation's address
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    message_id: Mapped[str] = mapped_column(String(200))  # the same at every try
    state: Mapped[MailState] = mapped_column(one_of(MailState, name="state"), default=MailState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime] = mapped_column(Instant)
    leased_until: Mapped[datetime | None] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    last_error: Mapped[str] = mapped_column(String(300), default="")
    secret: Mapped[bool] = mapped_column(default=False)  # the body holds a code or token: never shown to staff

    @property
    def is_waiting(self) -> bool:
        return self.state is MailState.QUEUED

    @property
    def can_be_resent(self) -> bool:
        """A mail that was given up; one with a code is past, whatever became of it."""
        return self.state is MailState.FAILED and not self.secret


class Announcement(Tenant, Base):
    """One act of telling many (design 48). The worker makes a mail for each recipient and notes how far it came.

    What is told never changes; `reached`, `told` and `finished_at` are the worker's.
    """

    __tablename__ = "announcement"
    __table_args__ = tenant_table(Index("ix_announcement_due", "finished_at", "at"))

    key: Mapped[str] = mapped_column(String(120), unique=True)  # one act, one row
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[uuid.UUID] = mapped_column(Uuid, index=True)
    audience: Mapped[str] = mapped_column(String(40))
    template: Mapped[str] = mapped_column(String(40))
    said: Mapped[dict[str, Any]] = mapped_column(JsonValue)  # what the mails say besides names
    at: Mapped[datetime] = mapped_column(Instant)
    reached: Mapped[str] = mapped_column(String(80), default="")
    told: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
