"""What staff rule about a late attempt (design 14)."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.applications.models import applicants_own
from app.core.model import Base, Instant, Tenant, one_of, tenant_key, tenant_table


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
