"""Screening: findings and their confirmation, the place among the stages, searches for a person (design 6, 33, 43)."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, Text, UniqueConstraint, Uuid, func
from sqlalchemy.orm import Mapped, mapped_column

from app.applications.models import PLACE, applicants_own
from app.core.model import Base, Instant, JsonValue, RowRule, Tenant, one_of, tenant_key, tenant_table


class FindingOutcome(StrEnum):
    """The three outcomes of design 6; nothing rejects by itself."""

    MEETS = "meets"
    DOES_NOT_MEET = "does_not_meet"
    CHECK = "check"

    @property
    def label(self) -> str:
        return {"meets": "満たす", "does_not_meet": "満たさない", "check": "要確認"}[self.value]

    @property
    def tone(self) -> str:
        return {"meets": "good", "does_not_meet": "bad", "check": "warn"}[self.value]


class Finding(Tenant, Base):
    """The computed outcome of one criterion for one version, with its working."""

    __tablename__ = "finding"
    __table_args__ = tenant_table(
        tenant_key("application_version_id", "application_version"),
        UniqueConstraint("application_version_id", "criterion_key", "engine_version"),
        rule=applicants_own("finding", "application_version", "application_version_id", may="insert"),
        insert_only=True,
    )

    application_version_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    criterion_key: Mapped[str] = mapped_column(String(40))
    engine_version: Mapped[str] = mapped_column(String(20))
    outcome: Mapped[FindingOutcome] = mapped_column(one_of(FindingOutcome, name="outcome"))
    working: Mapped[dict[str, Any]] = mapped_column(JsonValue)


BY_ENGINE = func.length(Finding.engine_version), Finding.engine_version  # a whole number: 10 comes after 9


class Confirmation(Tenant, Base):
    """What staff made of a finding; the last one counts."""

    __tablename__ = "confirmation"
    __table_args__ = tenant_table(
        tenant_key("application_id", "application"),
        tenant_key("application_version_id", "application_version"),
        insert_only=True,
    )

    application_id: Mapped[uuid.UUID] = mapped_column(Uuid, index=True)
    application_version_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    criterion_key: Mapped[str] = mapped_column(String(40))
    outcome: Mapped[FindingOutcome] = mapped_column(one_of(FindingOutcome, name="outcome"))
    overrides: Mapped[bool]  # differs from the finding; then a reason stands
    reason: Mapped[str] = mapped_column(Text, default="")
    by: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_user.id"))
    at: Mapped[datetime] = mapped_column(Instant)


class DuplicateOutcome(StrEnum):
    """What staff make of two applications with one address of which one is not confirmed (design 16)."""

    APART = "apart"
    SAME = "same"

    @property
    def label(self) -> str:
        return {"apart": "別人として扱う", "same": "同じ人として扱う"}[self.value]


class DuplicateRuling(Tenant, Base):
    """One word on a pair of applications; the last counts. It moves and refuses nothing: it says which is screened."""

    __tablename__ = "duplicate_ruling"
    __table_args__ = tenant_table(
        tenant_key("first_id", "application"),
        tenant_key("second_id", "application"),
        UniqueConstraint("first_id", "second_id", "number"),
        CheckConstraint("first_id <> second_id", name="two_applications"),
        CheckConstraint("(outcome = 'same') = (kept_id IS NOT NULL)", name="the_same_keeps_one"),
        CheckConstraint("kept_id IS NULL OR kept_id IN (first_id, second_id)", name="keeps_one_of_the_two"),
        insert_only=True,
    )

    first_id: Mapped[uuid.UUID] = mapped_column(Uuid)  # the smaller of the two ids
    second_id: Mapped[uuid.UUID] = mapped_column(Uuid, index=True)
    number: Mapped[int]
    outcome: Mapped[DuplicateOutcome] = mapped_column(one_of(DuplicateOutcome, name="outcome"))
    kept_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)  # of the same person: the one that is screened
    reason: Mapped[str] = mapped_column(Text)
    ruled_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_user.id"))
    at: Mapped[datetime] = mapped_column(Instant)


class ApplicantSearch(Tenant, Base):
    """What a member of staff typed to find an applicant, so that no address holds it; kept for a day (design 43)."""

    __tablename__ = "applicant_search"
    __table_args__ = tenant_table(
        tenant_key("opening_id", "opening"), rule=RowRule(kept=(*PLACE, "staff_user_id", "typed", "at"))
    )

    opening_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    staff_user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_user.id"), index=True)
    typed: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Instant)


class Attendance(StrEnum):
    """Entered by a person; missing is neither absent nor fail (design 8)."""

    PRESENT = "present"
    ABSENT = "absent"


class StageEntry(Tenant, Base):
    """An application's entry into a stage; made at acceptance and by released results, never by a drag."""

    __tablename__ = "stage_entry"
    __table_args__ = tenant_table(
        tenant_key("application_id", "application"),
        UniqueConstraint("application_id", "stage_key"),
        rule=applicants_own(
            "stage_entry",
            "application",
            "application_id",
            kept=("organisation_id", "application_id", "stage_key", "entered_at"),
        ),
    )

    application_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    stage_key: Mapped[str] = mapped_column(String(40))
    entered_at: Mapped[datetime] = mapped_column(Instant)
    left_at: Mapped[datetime | None] = mapped_column(Instant)
    attendance: Mapped[Attendance | None] = mapped_column(one_of(Attendance, name="attendance"))
    version: Mapped[int] = mapped_column(Integer, nullable=False)

    __mapper_args__ = {"version_id_col": version}
