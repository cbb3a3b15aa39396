"""Rounds of scoring: panel, conflicts of interest, assignments, ratings, computed runs."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.core.model import Base, Instant, JsonValue, Tenant, one_of, tenant_key, tenant_table


class RoundState(StrEnum):
    PREPARED = "prepared"
    OPEN = "open"
    LOCKED = "locked"

    @property
    def label(self) -> str:
        return {"prepared": "準備中", "open": "採点中", "locked": "締切済み"}[self.value]


class Round(Tenant, Base):
    """A period of scoring (採点期) of one stage of one opening."""

    __tablename__ = "round"
    __table_args__ = tenant_table(
        tenant_key("opening_id", "opening"),
        tenant_key("revision_id", "revision"),
        UniqueConstraint("opening_id", "stage_key"),
    )

    opening_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    revision_id: Mapped[uuid.UUID] = mapped_column(Uuid)  # whose rubric is scored against
    stage_key: Mapped[str] = mapped_column(String(40))
    state: Mapped[RoundState] = mapped_column(one_of(RoundState, name="state"), default=RoundState.PREPARED)
    seed: Mapped[int]  # of the order in which each reviewer meets the applications
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    opened_at: Mapped[datetime | None] = mapped_column(Instant)
    locked_at: Mapped[datetime | None] = mapped_column(Instant)
    early_reason: Mapped[str | None] = mapped_column(Text)  # why it began while applications still came in
    version: Mapped[int] = mapped_column(Integer, nullable=False)

    __mapper_args__ = {"version_id_col": version}


class PanelMember(Tenant, Base):
    """A reviewer of a round."""

    __tablename__ = "panel_member"
    __table_args__ = tenant_table(
        tenant_key("round_id", "round"),
        tenant_key("membership_id", "membership"),
        UniqueConstraint("round_id", "membership_id"),
    )

    round_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    membership_id: Mapped[uuid.UUID] = mapped_column(Uuid)


class Conflict(Tenant, Base):
    """A reviewer's tie to an applicant (利益相反), declared or found; bars the assignment until ended."""

    __tablename__ = "conflict"
    __table_args__ = tenant_table(
        tenant_key("membership_id", "membership"),
        tenant_key("application_id", "application"),
        UniqueConstraint("membership_id", "application_id"),
    )

    membership_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    application_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(String(40))
    declared_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class Assignment(Tenant, Base):
    """One reviewer and one application in a round (割当)."""

    __tablename__ = "assignment"
    __table_args__ = tenant_table(
        tenant_key("round_id", "round"),
        tenant_key("application_id", "application"),
        tenant_key("panel_member_id", "panel_member"),
        UniqueConstraint("round_id", "application_id", "panel_member_id"),
    )

    round_id: Mapped[uuid.UUID] = mapped_column(Uuid, index=True)
    application_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    panel_member_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    order_no: Mapped[int]
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    excluded_reason: Mapped[str | None] = mapped_column(String(200))
    comment: Mapped[str] = mapped_column(Text, default="")  # 開示の対象になる
    internal_note: Mapped[str] = mapped_column(Text, default="")  # 内部メモ
    version: Mapped[int] = mapped_column(Integer, nullable=False)

    __mapper_args__ = {"version_id_col": version}


class Rating(Tenant, Base):
    """One reviewer's value for one item (評点); insert-only, the last number counts."""

    __tablename__ = "rating"
    __table_args__ = tenant_table(
        tenant_key("assignment_id", "assignment"),
        tenant_key("rubric_item_id", "rubric_item"),
        UniqueConstraint("assignment_id", "rubric_item_id", "number"),
        CheckConstraint("(value IS NULL) = not_ratable", name="value_or_not_ratable"),
        insert_only=True,
    )

    assignment_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    rubric_item_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    number: Mapped[int]
    value: Mapped[int | None]
    not_ratable: Mapped[bool]  # 評価不能: a value of its own, never zero (design 8)
    evidence: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(Instant)


class ScoreRun(Tenant, Base):
    """A computation of totals and ranks from the submitted ratings, reproducible from its input (design 12)."""

    __tablename__ = "score_run"
    __table_args__ = tenant_table(tenant_key("round_id", "round"), insert_only=True)

    round_id: Mapped[uuid.UUID] = mapped_column(Uuid, index=True)
    formula_version: Mapped[str] = mapped_column(String(20))
    input_sha256: Mapped[str] = mapped_column(String(64))
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JsonValue)  # application, total as text or null, rank or null
    at: Mapped[datetime] = mapped_column(Instant)
    by: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_user.id"))
