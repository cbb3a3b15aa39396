"""Messages both ways between a person and a city about one opening (design 28); reviewers never see them."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.core.model import OWN, Base, Instant, RowRule, Tenant, one_of, tenant_key, tenant_table, through


class MessageThread(Tenant, Base):
    """What one person and one city write to each other about one opening, before and after applying."""

    __tablename__ = "message_thread"
    __table_args__ = tenant_table(
        tenant_key("opening_id", "opening"),
        UniqueConstraint("opening_id", "applicant_id"),
        rule=RowRule(applicant=OWN, applicant_may="insert"),
    )

    opening_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    applicant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("applicant.id"), index=True)
    mail: Mapped[str | None] = mapped_column(String(254))  # a confirmed address, used while there is no application
    opened_at: Mapped[datetime] = mapped_column(Instant)


class MessageKind(StrEnum):
    FROM_APPLICANT = "from_applicant"
    FROM_CITY = "from_city"
    NO_ANSWER = "no_answer"  # staff's note that nothing is left to answer; not shown to the person


class Message(Tenant, Base):
    """One message; never changed. `dedupe` is of the page and the words, so that a double press sends once."""

    __tablename__ = "message"
    __table_args__ = tenant_table(
        tenant_key("thread_id", "message_thread"),
        UniqueConstraint("thread_id", "dedupe"),
        CheckConstraint("(staff_user_id IS NULL) = (kind = 'from_applicant')", name="sender"),
        Index("ix_message_thread_sent", "thread_id", "sent_at"),
        rule=RowRule(
            applicant=through("message", "message_thread", "thread_id"),
            applicant_may="insert",
        ),
        insert_only=True,
    )

    thread_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    kind: Mapped[MessageKind] = mapped_column(one_of(MessageKind, name="kind"))
    staff_user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff_user.id"))
    body: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime] = mapped_column(Instant)
    dedupe: Mapped[str] = mapped_column(String(64))


class Side(StrEnum):
    APPLICANT = "applicant"
    CITY = "city"


class MessageLook(Tenant, Base):
    """Until when each side has read a thread; written beside the reading, like `access_event`."""

    __tablename__ = "message_look"
    __table_args__ = tenant_table(
        tenant_key("thread_id", "message_thread"),
        UniqueConstraint("thread_id", "side"),
        rule=RowRule(applicant=through("message_look", "message_thread", "thread_id")),
    )

    thread_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    side: Mapped[Side] = mapped_column(one_of(Side, name="side"))
    until: Mapped[datetime] = mapped_column(Instant)
