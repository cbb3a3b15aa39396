"""What arrived after a deadline, and what staff rule about it (design 14)."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.applications.models import applicants_own
from app.core.model import OWN, Base, Instant, JsonValue, RowRule, Tenant, one_of, tenant_key, tenant_table


def late_reference(attempt_id: uuid.UUID) -> str:
    """Give what a person quotes and staff see of an attempt; nothing of whose it is follows from it."""
    said = attempt_id.hex[:8].upper()
    return f"L-{said[:4]}-{said[4:]}"


class LateAttempt(Tenant, Base):
    """A submit that arrived after the deadline: kept, read by nobody until two staff admit it (design 14).

    Insert-only but for its applicant: the system lets it follow its person to another one (note 017). The same content
    sent again is the same attempt, until it misses another deadline (note 023).
    """

    __tablename__ = "late_attempt"
    __table_args__ = tenant_table(
        tenant_key("opening_id", "opening"),
        Index("uq_late_attempt_content", "draft_id", "opening_id", "sha256", "closes_at", unique=True),
        rule=RowRule(applicant=OWN, applicant_may="insert", staff_may="read"),
        insert_only=True,
    )

    opening_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    applicant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("applicant.id"))
    draft_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("draft.id"))
    received_at: Mapped[datetime] = mapped_column(Instant)
    answers: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    sha256: Mapped[str | None] = mapped_column(String(64))  # of the answers
    closes_at: Mapped[datetime | None] = mapped_column(Instant)  # the deadline in force when it came

    @property
    def reference(self) -> str:
        return late_reference(self.id)


class LateOutcome(StrEnum):
    ADMIT = "admit"
    REFUSE = "refuse"

    @property
    def label(self) -> str:
        return {"admit": "受け付ける", "refuse": "受け付けない"}[self.value]


class LateRuling(Tenant, Base):
    """One person's word on a late attempt. Two rows with the same outcome rule it; the key makes them two people's."""

    __tablename__ = "late_ruling"
    __table_args__ = tenant_table(
        tenant_key("late_attempt_id", "late_attempt"),
        UniqueConstraint("late_attempt_id", "number"),
        UniqueConstraint("late_attempt_id", "outcome", "ruled_by"),
        rule=applicants_own("late_ruling", "late_attempt", "late_attempt_id"),
        insert_only=True,
    )

    late_attempt_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    number: Mapped[int]
    outcome: Mapped[LateOutcome] = mapped_column(one_of(LateOutcome, name="outcome"))
    reason: Mapped[str] = mapped_column(Text)
    ruled_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_user.id"))
    at: Mapped[datetime] = mapped_column(Instant)
