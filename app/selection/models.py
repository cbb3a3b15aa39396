"""Decisions, result sets and their timed release."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.model import Base, Instant, RowRule, Tenant, one_of, tenant_key, tenant_table, through

PLACED = "place IS NULL OR (place > 0 AND outcome = 'reserve')"
LIVE = "state <> 'void'"  # at most one of a stage and number
RELEASABLE = "state = 'approved'"  # the instant itself is in queries.released


class DecisionOutcome(StrEnum):
    PASS = "pass"  # noqa: S105  # a result, not a password
    FAIL = "fail"
    RESERVE = "reserve"

    @property
    def label(self) -> str:
        return {"pass": "合格", "fail": "不合格", "reserve": "補欠"}[self.value]


class Decision(Tenant, Base):
    """A decision (判定) on one application at one stage; pending until a released result set carries it."""

    __tablename__ = "decision"
    __table_args__ = tenant_table(
        tenant_key("application_id", "application"),
        UniqueConstraint("application_id", "stage_key", "number"),
        CheckConstraint(PLACED, name="place_of_a_reserve"),
        insert_only=True,
    )

    application_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    stage_key: Mapped[str] = mapped_column(String(40))
    number: Mapped[int]  # the last one counts
    outcome: Mapped[DecisionOutcome | None] = mapped_column(one_of(DecisionOutcome, name="outcome"))  # None: taken back
    place: Mapped[int | None]  # 補欠順位, of a reserve
    reason: Mapped[str] = mapped_column(Text, default="")
    by: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_user.id"))
    at: Mapped[datetime] = mapped_column(Instant)


class ResultSetState(StrEnum):
    PREPARED = "prepared"
    APPROVED = "approved"
    VOID = "void"

    @property
    def label(self) -> str:
        return {"prepared": "承認待ち", "approved": "承認済み", "void": "取消"}[self.value]


class ResultSet(Tenant, Base):
    """The frozen results of one stage (結果): released = approved and release_at <= now.

    The first tells of everybody; each further one (追加の結果) of those left over and of reserves called up (note 042).
    """

    __tablename__ = "result_set"
    __table_args__ = tenant_table(
        tenant_key("opening_id", "opening"),
        CheckConstraint("approver_id IS NULL OR approver_id <> prepared_by", name="approver_differs"),
        CheckConstraint(
            "(state = 'approved') = (approver_id IS NOT NULL AND state <> 'void')", name="approved_by_someone"
        ),
        Index(
            "uq_result_set_live",
            "opening_id",
            "stage_key",
            "number",
            unique=True,
            sqlite_where=text(LIVE),
            postgresql_where=text(LIVE),
        ),
        rule=RowRule(public=RELEASABLE, applicant=RELEASABLE),
    )

    opening_id: Mapped[uuid.UUID] = mapped_column(Uuid, index=True)
    stage_key: Mapped[str] = mapped_column(String(40))
    number: Mapped[int] = mapped_column(Integer, default=1, server_default="1")  # 1, and 2 on after its release
    state: Mapped[ResultSetState] = mapped_column(one_of(ResultSetState, name="state"), default=ResultSetState.PREPARED)
    release_at: Mapped[datetime] = mapped_column(Instant)
    prepared_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_user.id"))
    prepared_at: Mapped[datetime] = mapped_column(Instant)
    approver_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff_user.id"))
    approved_at: Mapped[datetime | None] = mapped_column(Instant)
    applied_count: Mapped[int]  # of the opening, frozen with the lines; published with them
    examined_count: Mapped[int]  # entered the stage and neither withdrew nor stayed away
    sha256: Mapped[str] = mapped_column(String(64))  # of the lines, checked again at approval and release
    carried_out_at: Mapped[datetime | None] = mapped_column(Instant)  # stage entries and mails made, by the worker
    version: Mapped[int] = mapped_column(Integer, nullable=False)

    __mapper_args__ = {"version_id_col": version}


class ResultLine(Tenant, Base):
    """One application's line in a result set."""

    __tablename__ = "result_line"
    __table_args__ = tenant_table(
        tenant_key("result_set_id", "result_set"),
        tenant_key("application_id", "application"),
        tenant_key("decision_id", "decision"),
        UniqueConstraint("result_set_id", "application_id"),
        UniqueConstraint("result_set_id", "examinee_number"),
        CheckConstraint(PLACED, name="place_of_a_reserve"),
        rule=RowRule(
            public=through("result_line", "result_set", "result_set_id"),
            applicant=through("result_line", "result_set", "result_set_id"),
        ),
        insert_only=True,
    )

    result_set_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    application_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    decision_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    examinee_number: Mapped[str] = mapped_column(String(20))
    outcome: Mapped[DecisionOutcome] = mapped_column(one_of(DecisionOutcome, name="outcome"))
    place: Mapped[int | None]
