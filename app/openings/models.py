"""Campaigns, openings and their approved revisions with all that a revision owns (design 31, 32)."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.model import (
    Base,
    Identified,
    Instant,
    JsonValue,
    RowRule,
    Tenant,
    differs,
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
    copied_from: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    # copied from the content for lists and filters, by services.save alone
    title: Mapped[str] = mapped_column(String(200))
    form_key: Mapped[str | None] = mapped_column(String(40), index=True)
    is_side_job: Mapped[bool] = mapped_column(default=False)
    occupation: Mapped[str | None] = mapped_column(String(40))
    days_min: Mapped[int | None]  # days a week times ten, so that "月2日" (5) and "週1日" (10) compare
    days_max: Mapped[int | None]
    remote: Mapped[Remote] = mapped_column(one_of(Remote, name="remote"), default=Remote.UNSTATED)
    search_text: Mapped[str] = mapped_column(Text, default="")  # jp.text.search_key of title, summary and duties

    __mapper_args__ = {"version_id_col": version}


class RevisionKind(StrEnum):
    FIRST = "first"
    AMENDMENT = "amendment"


CHILD = "revision_id"


def _owned(table: str, *more: Any) -> tuple[Any, ...]:
    """A part of a revision: its key is stable over revisions and unique in each."""
    visible = through(table, "revision", CHILD)
    return tenant_table(
        tenant_key(CHILD, "revision"),
        UniqueConstraint(CHILD, "key"),
        *more,
        rule=RowRule(public=visible, applicant=visible),
        insert_only=True,
    )


class Revision(Tenant, Base):
    """What two people approved of an opening: everything that a person can rely on. Never changed."""

    __tablename__ = "revision"
    __table_args__ = tenant_table(
        tenant_key("opening_id", "opening"),
        UniqueConstraint("opening_id", "number"),
        differs("author_id", "approver_id"),
        rule=RowRule(
            public=through("revision", "opening", "opening_id"), applicant=through("revision", "opening", "opening_id")
        ),
        insert_only=True,
    )

    opening_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    number: Mapped[int]
    kind: Mapped[RevisionKind] = mapped_column(one_of(RevisionKind, name="kind"))
    reason: Mapped[str] = mapped_column(Text, default="")
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_user.id"))
    approver_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_user.id"))
    approved_at: Mapped[datetime] = mapped_column(Instant)
    content: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    sha256: Mapped[str] = mapped_column(String(64))
    criteria: Mapped[list["Criterion"]] = relationship(order_by="Criterion.seq", viewonly=True)
    questions: Mapped[list["Question"]] = relationship(order_by="Question.seq", viewonly=True)
    document_kinds: Mapped[list["DocumentKind"]] = relationship(order_by="DocumentKind.seq", viewonly=True)
    stages: Mapped[list["Stage"]] = relationship(order_by="Stage.seq", viewonly=True)
    rubric_items: Mapped[list["RubricItem"]] = relationship(order_by="RubricItem.seq", viewonly=True)


class Criterion(Tenant, Base):
    """One requirement (応募資格), required or preferred, computed or for a person."""

    __tablename__ = "criterion"
    __table_args__ = _owned("criterion")

    revision_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    key: Mapped[str] = mapped_column(String(40))
    seq: Mapped[int]
    kind: Mapped[str] = mapped_column(String(40))  # openings.content.CriterionKind
    label: Mapped[str] = mapped_column(String(200))
    required: Mapped[bool]
    params: Mapped[dict[str, Any]] = mapped_column(JsonValue)  # experience: {"rule": …}; declaration: {"text": …}


class Question(Tenant, Base):
    """Something to write (設問)."""

    __tablename__ = "question"
    __table_args__ = _owned("question")

    revision_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    key: Mapped[str] = mapped_column(String(40))
    seq: Mapped[int]
    label: Mapped[str] = mapped_column(String(200))
    hint: Mapped[str] = mapped_column(String(400), default="")
    required: Mapped[bool]
    max_characters: Mapped[int]


class DocumentKind(Tenant, Base):
    """A kind of file asked for (提出書類)."""

    __tablename__ = "document_kind"
    __table_args__ = _owned("document_kind")

    revision_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    key: Mapped[str] = mapped_column(String(40))
    seq: Mapped[int]
    label: Mapped[str] = mapped_column(String(120))
    hint: Mapped[str] = mapped_column(String(400), default="")
    required: Mapped[bool]
    media: Mapped[list[str]] = mapped_column(JsonValue)  # ["application/pdf", …]


class Carry(StrEnum):
    """Whether marks of earlier stages add up (積み上げ方式) or only the stage's own count (リセット方式)."""

    CARRY = "carry"
    RESET = "reset"


class StageKind(StrEnum):
    DOCUMENTS = "documents"
    TASK = "task"
    TEST = "test"
    INTERVIEW = "interview"

    @property
    def label(self) -> str:
        return {"documents": "書類選考", "task": "課題", "test": "適性検査", "interview": "面接"}[self.value]


class Stage(Tenant, Base):
    """A stage of selection (選考段階), in the opening's own order."""

    __tablename__ = "stage"
    __table_args__ = _owned("stage", UniqueConstraint("revision_id", "seq"))

    revision_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    key: Mapped[str] = mapped_column(String(40))
    seq: Mapped[int]
    kind: Mapped[StageKind] = mapped_column(one_of(StageKind, name="kind"))
    name: Mapped[str] = mapped_column(String(80))
    method: Mapped[str] = mapped_column(String(200), default="")
    result_on: Mapped[date | None]  # the planned date of the news, JST
    blind: Mapped[bool] = mapped_column(default=True)
    carry: Mapped[Carry] = mapped_column(one_of(Carry, name="carry"), default=Carry.RESET)
    min_reviewers: Mapped[int] = mapped_column(default=2)


class RubricItem(Tenant, Base):
    """What is rated at a stage (評価項目), with its weight in per cent."""

    __tablename__ = "rubric_item"
    __table_args__ = _owned("rubric_item", CheckConstraint("weight > 0", name="weight_positive"))

    revision_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    key: Mapped[str] = mapped_column(String(40))
    seq: Mapped[int]
    stage_key: Mapped[str] = mapped_column(String(40))
    label: Mapped[str] = mapped_column(String(120))
    weight: Mapped[int]
    levels: Mapped[list["RubricLevel"]] = relationship(order_by="RubricLevel.value", viewonly=True)


class RubricLevel(Tenant, Base):
    """One level of a rubric item and the sentence (anchor) that says what it looks like."""

    __tablename__ = "rubric_level"
    __table_args__ = tenant_table(
        tenant_key("rubric_item_id", "rubric_item"),
        UniqueConstraint("rubric_item_id", "value"),
        rule=RowRule(
            public=through("rubric_level", "rubric_item", "rubric_item_id"),
            applicant=through("rubric_level", "rubric_item", "rubric_item_id"),
        ),
        insert_only=True,
    )

    rubric_item_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    value: Mapped[int]
    anchor: Mapped[str] = mapped_column(String(300))
    evidence_required: Mapped[bool] = mapped_column(default=False)


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
