"""Forms of employment, campaigns, openings and their published counts (design 31)."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.core.model import (
    Base,
    Identified,
    Instant,
    JsonValue,
    RowRule,
    Tenant,
    one_of,
    tenant_key,
    tenant_table,
    through,
)

APPROVED = "state IN ('approved', 'withdrawn')"  # what the public may read at all; the instants are in queries.visible


class EmploymentForm(Tenant, Base):
    """A form of employment (任用形態) that the organisation uses; its words and legal basis are versions."""

    __tablename__ = "employment_form"
    __table_args__ = tenant_table(UniqueConstraint("organisation_id", "key"), rule=RowRule(public="true"))

    key: Mapped[str] = mapped_column(String(40))
    label: Mapped[str] = mapped_column(String(80))
    is_side_job: Mapped[bool] = mapped_column(default=False)


class EmploymentFormVersion(Tenant, Base):
    """What a form of employment means from one version on: basis, longest term, texts a notice must have."""

    __tablename__ = "employment_form_version"
    __table_args__ = tenant_table(
        tenant_key("form_id", "employment_form"),
        UniqueConstraint("form_id", "number"),
        rule=RowRule(public="true"),
        insert_only=True,
    )

    form_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    number: Mapped[int]
    basis: Mapped[str] = mapped_column(String(200))  # 根拠法令
    term_cap_months: Mapped[int | None]
    required_texts: Mapped[list[str]] = mapped_column(
        JsonValue
    )  # keys of terms that a lawful notice of this form needs
    is_employee: Mapped[bool]  # False: 委嘱, 業務委託


class Campaign(Identified, Base):
    """A call of one or more openings by one or more organisations (公募プロジェクト)."""

    __tablename__ = "campaign"

    host_organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(Text, default="")
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    ranked: Mapped[bool] = mapped_column(default=True)
    max_choices: Mapped[int] = mapped_column(default=1)
    max_per_organisation: Mapped[int] = mapped_column(default=1)
    rank_visible: Mapped[bool] = mapped_column(default=False)

    @property
    def shows_rank(self) -> bool:
        """A city is shown the place that it has in a person's order (design 19)."""
        return self.ranked and self.rank_visible


class CampaignMember(Identified, Base):
    __tablename__ = "campaign_member"
    __table_args__ = (UniqueConstraint("campaign_id", "organisation_id"),)

    campaign_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("campaign.id"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))


class OpeningState(StrEnum):
    """Open and closed are never stored: they follow from the instants (design 31)."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"
    ARCHIVED = "archived"

    @property
    def label(self) -> str:
        return {
            "draft": "下書き",
            "in_review": "承認待ち",
            "approved": "承認済み",
            "withdrawn": "中止",
            "archived": "保管",
        }[self.value]


class Remote(StrEnum):
    FULL = "full"
    PARTIAL = "partial"
    OFFICE = "office"
    UNSTATED = "unstated"


class Opening(Tenant, Base):
    """One position (募集). `content` is what the author writes; what people may rely on is the revision."""

    __tablename__ = "opening"
    __table_args__ = tenant_table(
        UniqueConstraint("organisation_id", "fiscal_year", "number"),
        CheckConstraint("opens_at IS NULL OR closes_at IS NULL OR opens_at < closes_at", name="opens_before_it_closes"),
        CheckConstraint("approved_by IS NULL OR approved_by <> submitted_by", name="approver_differs"),
        CheckConstraint("state <> 'approved' OR revision_id IS NOT NULL", name="approved_has_a_revision"),
        Index("ix_opening_public", "state", "published_at", "closes_at"),
        rule=RowRule(public=APPROVED, applicant=APPROVED),
    )

    campaign_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    fiscal_year: Mapped[int]
    number: Mapped[int]
    state: Mapped[OpeningState] = mapped_column(one_of(OpeningState, name="state"), default=OpeningState.DRAFT)
    version: Mapped[int] = mapped_column(Integer, nullable=False)
    published_at: Mapped[datetime | None] = mapped_column(Instant)  # the instant from which it is visible
    opens_at: Mapped[datetime | None] = mapped_column(Instant)
    closes_at: Mapped[datetime | None] = mapped_column(Instant)  # a whole second, inclusive
    grace_seconds: Mapped[int] = mapped_column(default=0)
    revision_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)  # the one in force; set by services only
    content: Mapped[dict[str, Any]] = mapped_column(JsonValue)  # openings.content.OpeningContent as JSON
    content_sha256: Mapped[str | None] = mapped_column(String(64))  # of what was submitted for approval
    submitted_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff_user.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    approved_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff_user.id"))
    returned_reason: Mapped[str | None] = mapped_column(Text)
    withdrawn_reason: Mapped[str | None] = mapped_column(Text)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    copied_from: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    # copied from the content for lists and filters, by columns.copy_for_lists alone
    title: Mapped[str] = mapped_column(String(200))
    form_key: Mapped[str | None] = mapped_column(String(40), index=True)
    is_side_job: Mapped[bool] = mapped_column(default=False)
    occupation: Mapped[str | None] = mapped_column(String(40))
    days_min: Mapped[int | None]  # days a week times ten, so that "月2日" (5) and "週1日" (10) compare
    days_max: Mapped[int | None]
    remote: Mapped[Remote] = mapped_column(one_of(Remote, name="remote"), default=Remote.UNSTATED)
    search_text: Mapped[str] = mapped_column(Text, default="")  # columns.search_text

    __mapper_args__ = {"version_id_col": version}


class OpeningOutcome(Tenant, Base):
    """Published counts of an opening, written by selection."""

    __tablename__ = "opening_outcome"
    __table_args__ = tenant_table(
        tenant_key("opening_id", "opening"),
        UniqueConstraint("opening_id", "stage_key"),
        rule=RowRule(public=through("opening_outcome", "opening", "opening_id")),
    )

    opening_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    stage_key: Mapped[str] = mapped_column(String(40))
    applied: Mapped[int]
    passed: Mapped[int]
