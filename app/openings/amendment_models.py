"""What one person writes to amend a published opening, until another approves it as a revision (design 5, 32)."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.model import Base, Instant, JsonValue, Tenant, one_of, tenant_key, tenant_table


class AmendmentState(StrEnum):
    DRAFT = "draft"
    ASKED = "asked"
    APPROVED = "approved"
    DROPPED = "dropped"

    @property
    def label(self) -> str:
        return {"draft": "下書き", "asked": "承認待ち", "approved": "公開済み", "dropped": "取りやめ"}[self.value]


UNDER_WAY = "state IN ('draft', 'asked')"


class Amendment(Tenant, Base):
    """The next revision of a published opening while it is written. One is under way at a time."""

    __tablename__ = "amendment"
    __table_args__ = tenant_table(
        tenant_key("opening_id", "opening"),
        tenant_key("base_id", "revision"),
        CheckConstraint("state NOT IN ('asked', 'approved') OR asked_by IS NOT NULL", name="asked_by_somebody"),
        CheckConstraint("state NOT IN ('asked', 'approved') OR reason <> ''", name="asked_with_a_reason"),
        CheckConstraint("state <> 'approved' OR decided_by IS NOT NULL", name="approved_by_somebody"),
        CheckConstraint("state <> 'approved' OR decided_by <> asked_by", name="approver_differs"),
        Index(
            "uq_amendment_under_way",
            "opening_id",
            unique=True,
            sqlite_where=text(UNDER_WAY),
            postgresql_where=text(UNDER_WAY),
        ),
    )

    opening_id: Mapped[uuid.UUID] = mapped_column(Uuid, index=True)
    base_id: Mapped[uuid.UUID] = mapped_column(Uuid)  # the revision that it amends
    content: Mapped[dict[str, Any]] = mapped_column(JsonValue)  # openings.content.OpeningContent as JSON
    reason: Mapped[str] = mapped_column(Text, default="")  # as the public reads it
    state: Mapped[AmendmentState] = mapped_column(one_of(AmendmentState, name="state"), default=AmendmentState.DRAFT)
    begun_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_user.id"))
    begun_at: Mapped[datetime] = mapped_column(Instant)
    asked_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff_user.id"))
    asked_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff_user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    returned_reason: Mapped[str | None] = mapped_column(String(1000))  # why an approver sent it back
    version: Mapped[int] = mapped_column(Integer, nullable=False)

    __mapper_args__ = {"version_id_col": version}
