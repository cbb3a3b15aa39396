"""The approved revisions of an opening with all that a revision owns; insert-only (design 32)."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.model import Base, Instant, JsonValue, RowRule, Tenant, differs, one_of, tenant_key, tenant_table, through


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
