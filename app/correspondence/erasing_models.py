"""That one person prepared an erasure and another has to approve it (reliability, roles × actions; note 039)."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Text, Uuid
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.core.model import Base, Instant, Tenant, one_of, tenant_key, tenant_table


class ErasureStep(StrEnum):
    """How far a prepared erasure has come."""

    ASKED = "asked"
    APPROVED = "approved"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"


class ErasureProposal(Tenant, Base):
    """An erasure that one person prepared, with the answer that the applicant will read; at most one waits."""

    __tablename__ = "erasure_proposal"
    __table_args__ = tenant_table(
        tenant_key("erasure_request_id", "erasure_request"),
        CheckConstraint("(state = 'asked') = (decided_by IS NULL)", name="decided_by_somebody"),
        CheckConstraint("state <> 'approved' OR decided_by <> asked_by", name="approver_differs"),
        Index(
            "uq_erasure_proposal_asked",
            "erasure_request_id",
            unique=True,
            sqlite_where=sql("state = 'asked'"),
            postgresql_where=sql("state = 'asked'"),
        ),
    )

    erasure_request_id: Mapped[uuid.UUID] = mapped_column(Uuid, index=True)
    words: Mapped[str] = mapped_column(Text)  # the answer, as the person will read it
    state: Mapped[ErasureStep] = mapped_column(one_of(ErasureStep, name="state"), default=ErasureStep.ASKED)
    asked_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_user.id"))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    decided_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff_user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    note: Mapped[str] = mapped_column(Text, default="")  # why it was declined, for the one who prepared it
    version: Mapped[int] = mapped_column(Integer, nullable=False)

    __mapper_args__ = {"version_id_col": version}
