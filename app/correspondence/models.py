"""Messages both ways between a person and a city (design 28), and accommodation (22, 45); reviewers see neither."""

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint, Uuid
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.applications.models import PLACE
from app.core.crypto import SEALED
from app.core.model import OWN, Base, Instant, RowRule, Tenant, one_of, tenant_key, tenant_table, through


class MessageThread(Tenant, Base):
    """What one person and one city write to each other about one opening, before and after applying."""

    __tablename__ = "message_thread"
    __table_args__ = tenant_table(
        tenant_key("opening_id", "opening"),
        UniqueConstraint("opening_id", "applicant_id"),
        rule=RowRule(applicant=OWN, applicant_may="insert", kept=(*PLACE, "applicant_id", "opened_at", "joined_to")),
    )

    opening_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    applicant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("applicant.id"), index=True)
    mail: Mapped[str | None] = mapped_column(String(254))  # a confirmed address, used while there is no application
    opened_at: Mapped[datetime] = mapped_column(Instant)
    joined_to: Mapped[uuid.UUID | None] = mapped_column(Uuid)  # the thread that has its messages too (merging)
    waits_since: Mapped[datetime | None] = mapped_column(Instant)  # of what joined it: until the city's next words


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
        rule=RowRule(
            applicant=through("message_look", "message_thread", "thread_id"),
            kept=("organisation_id", "thread_id", "side"),
        ),
    )

    thread_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    side: Mapped[Side] = mapped_column(one_of(Side, name="side"))
    until: Mapped[datetime] = mapped_column(Instant)


class AccommodationState(StrEnum):
    """How far a request for accommodation (合理的配慮) has come."""

    ASKED = "asked"
    TALKING = "talking"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return {
            "asked": "受け付けました",
            "talking": "相談中",
            "settled": "決まりました",
            "withdrawn": "取り下げました",
        }[self.value]

    @property
    def tone(self) -> str:
        return {"asked": "good", "talking": "key", "settled": "good", "withdrawn": ""}[self.value]


class Accommodation(Tenant, Base):
    """What a person needs in the selection for one opening, and what the city answered; both encrypted (design 45).

    The city sees a row once there is an application of the same person to the same opening.
    """

    __tablename__ = "accommodation"
    __table_args__ = tenant_table(
        tenant_key("opening_id", "opening"),
        UniqueConstraint("opening_id", "applicant_id"),
        CheckConstraint("state <> 'withdrawn' OR (sealed = '' AND answer_sealed = '')", name="withdrawn_is_empty"),
        rule=RowRule(
            applicant=OWN,
            applicant_may="write",
            staff="organisation_id = koubo_organisation() AND EXISTS (SELECT 1 FROM application AS a"
            " WHERE a.opening_id = accommodation.opening_id AND a.applicant_id = accommodation.applicant_id)",
            kept=(*PLACE, "applicant_id", "asked_at"),
            staff_kept=("sealed", "changed_at"),
            applicant_kept=("answered_at", "answered_by"),
        ),
    )

    opening_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    applicant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("applicant.id"), index=True)
    sealed: Mapped[str] = mapped_column(Text, info=SEALED)  # of needs.Needs
    answer_sealed: Mapped[str] = mapped_column(Text, default="", info=SEALED)
    state: Mapped[AccommodationState] = mapped_column(one_of(AccommodationState, name="state"))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)  # by the person
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    answered_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff_user.id"))
    told_until: Mapped[datetime | None] = mapped_column(Instant)  # the last change of which the city's staff was told
    version: Mapped[int] = mapped_column(Integer, nullable=False)

    __mapper_args__ = {"version_id_col": version}


class ErasureOutcome(StrEnum):
    """What a city answers to a request for erasure."""

    KEPT = "kept"
    ERASED = "erased"

    @property
    def label(self) -> str:
        return {
            "kept": "保存期間が終わるまで保存します",
            "erased": "削除しました",
        }[self.value]


class ErasureRequest(Tenant, Base):
    """A person's request that a city erase what it keeps of an application; at most one waits for its answer.

    Taken back or answered, never both.
    """

    __tablename__ = "erasure_request"
    __table_args__ = tenant_table(
        tenant_key("application_id", "application"),
        CheckConstraint(
            "(answered_at IS NULL) = (outcome IS NULL) AND (answered_at IS NULL) = (answered_by IS NULL)",
            name="answered_as_a_whole",
        ),
        CheckConstraint("withdrawn_at IS NULL OR answered_at IS NULL", name="withdrawn_or_answered"),
        Index(
            "uq_erasure_request_waiting",
            "application_id",
            unique=True,
            sqlite_where=sql("answered_at IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=sql("answered_at IS NULL AND withdrawn_at IS NULL"),
        ),
        rule=RowRule(
            applicant=through("erasure_request", "application", "application_id"),
            applicant_may="write",
            kept=("organisation_id", "application_id", "reason", "asked_at", "answer_by"),
            staff_kept=("withdrawn_at",),
            applicant_kept=("outcome", "answer", "answered_at", "answered_by"),
        ),
    )

    application_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    reason: Mapped[str] = mapped_column(Text, default="")
    asked_at: Mapped[datetime] = mapped_column(Instant)
    answer_by: Mapped[date | None]  # in Japan; what the person was told
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    outcome: Mapped[ErasureOutcome | None] = mapped_column(one_of(ErasureOutcome, name="outcome"))
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    answered_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff_user.id"))

    @property
    def is_waiting(self) -> bool:
        return self.answered_at is None and self.withdrawn_at is None

    @property
    def has_erased(self) -> bool:
        return self.outcome is ErasureOutcome.ERASED

    @property
    def label(self) -> str:
        if self.withdrawn_at is not None:
            return "取り下げました"
        return self.outcome.label if self.outcome else "回答待ち"

    @property
    def tone(self) -> str:
        return "warn" if self.is_waiting else "key" if self.outcome else ""
