"""What two people change of a published opening: its deadline, for everyone at once, or its being held (design 14)."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.model import Base, Instant, RowRule, Tenant, differs, one_of, tenant_key, tenant_table, through


class ProposalKind(StrEnum):
    EXTENSION = "extension"
    CANCELLATION = "cancellation"

    @property
    def label(self) -> str:
        return {"extension": "締切の延長", "cancellation": "募集の中止"}[self.value]


class ProposalState(StrEnum):
    ASKED = "asked"
    APPROVED = "approved"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"


class Proposal(Tenant, Base):
    """What one person prepared and another has to approve: a longer deadline, or a call called off."""

    __tablename__ = "proposal"
    __table_args__ = tenant_table(
        tenant_key("opening_id", "opening"),
        CheckConstraint("(kind = 'extension') = (closes_at IS NOT NULL)", name="extension_has_an_instant"),
        CheckConstraint("state <> 'approved' OR decided_by IS NOT NULL", name="approved_by_somebody"),
        CheckConstraint("state <> 'approved' OR decided_by <> asked_by", name="approver_differs"),
        Index(
            "uq_proposal_asked",
            "opening_id",
            unique=True,
            sqlite_where=text("state = 'asked'"),
            postgresql_where=text("state = 'asked'"),
        ),
    )

    opening_id: Mapped[uuid.UUID] = mapped_column(Uuid, index=True)
    kind: Mapped[ProposalKind] = mapped_column(one_of(ProposalKind, name="kind"))
    closes_at: Mapped[datetime | None] = mapped_column(Instant)  # the new one
    reason: Mapped[str] = mapped_column(Text)  # as the public reads it
    state: Mapped[ProposalState] = mapped_column(one_of(ProposalState, name="state"), default=ProposalState.ASKED)
    asked_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_user.id"))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    decided_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff_user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(Integer, nullable=False)

    __mapper_args__ = {"version_id_col": version}


class Extension(Tenant, Base):
    """One extension of a deadline, for everyone and public. `opening.closes_at` of a published opening changes with it
    only, and never to an earlier instant."""

    __tablename__ = "extension"
    __table_args__ = tenant_table(
        tenant_key("opening_id", "opening"),
        differs("requested_by", "approved_by"),
        CheckConstraint("closes_at > closed_at", name="never_earlier"),
        rule=RowRule(
            public=through("extension", "opening", "opening_id"),
            applicant=through("extension", "opening", "opening_id"),
        ),
        insert_only=True,
    )

    opening_id: Mapped[uuid.UUID] = mapped_column(Uuid, index=True)
    closed_at: Mapped[datetime] = mapped_column(Instant)  # the instant announced before
    closes_at: Mapped[datetime] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(Text)
    requested_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_user.id"))
    approved_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_user.id"))
    at: Mapped[datetime] = mapped_column(Instant)
