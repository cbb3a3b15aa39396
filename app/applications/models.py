"""From draft to version (design 13-24)."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.model import (
    OWN,
    Base,
    Identified,
    Instant,
    JsonValue,
    RowRule,
    Tenant,
    one_of,
    person_table,
    tenant_key,
    tenant_table,
    through,
)
from app.files.kept import KeptFile


def applicants_own(table: str, parent: str, key: str, *, may: str = "read", kept: tuple[str, ...] = ()) -> RowRule:
    """The rule of rows that hang from an application: the applicant's own."""
    return RowRule(applicant=through(table, parent, key), applicant_may=may, kept=kept)


PLACE = ("organisation_id", "opening_id")
RECEIVED = "EXISTS (SELECT 1 FROM application_version AS v WHERE v.submission_id = submission.id)"


class Draft(Identified, Base):
    """What a person is still writing; belongs to the applicant, never to a city."""

    __tablename__ = "draft"
    __table_args__ = person_table(
        CheckConstraint("(campaign_id IS NULL) <> (opening_id IS NULL)", name="campaign_or_opening"),
        UniqueConstraint("applicant_id", "opening_id"),
        Index("uq_draft_campaign", "applicant_id", "campaign_id", unique=True),
        rule=RowRule(
            applicant=OWN,
            applicant_may="write",
            staff=None,
            kept=("applicant_id", "campaign_id", "opening_id", "created_at"),
        ),
    )

    applicant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("applicant.id"), index=True)
    campaign_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("campaign.id"))
    opening_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("opening.id"), index=True)
    answers: Mapped[dict[str, Any]] = mapped_column(JsonValue)  # applications.answers.Answers as JSON
    version: Mapped[int] = mapped_column(Integer, nullable=False)
    created_at: Mapped[datetime] = mapped_column(Instant)
    saved_at: Mapped[datetime] = mapped_column(Instant)
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    check_reason: Mapped[str | None] = mapped_column(String(40))  # a sign of a program (suspicion.py)

    __mapper_args__ = {"version_id_col": version}


class DraftChoice(Identified, Base):
    """An opening that the draft of a campaign names, with its place in the person's order, from 1."""

    __tablename__ = "draft_choice"
    __table_args__ = person_table(
        UniqueConstraint("draft_id", "opening_id"),
        rule=RowRule(
            applicant=through("draft_choice", "draft", "draft_id"),
            applicant_may="write",
            staff=None,
            kept=("draft_id", "opening_id"),
        ),
    )

    draft_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("draft.id"), index=True)
    opening_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("opening.id"), index=True)
    rank: Mapped[int | None]


class StoredFile(KeptFile, Identified, Base):
    """A file that a person sent while drafting."""

    __tablename__ = "stored_file"
    __table_args__ = person_table(
        rule=RowRule(
            applicant=OWN,
            applicant_may="write",
            staff="EXISTS (SELECT 1 FROM application_document AS d WHERE d.stored_file_id = stored_file.id)",
            staff_may="read",
            kept=("applicant_id", "key", "sha256", "size", "media", "pages", "extracted_text", "stored_at"),
        )
    )

    applicant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("applicant.id"), index=True)
    extracted_text: Mapped[str | None] = mapped_column(Text)  # for blind reading; None: no text layer


class Submission(Identified, Base):
    """One act of sending: one idempotency key, one transaction, all openings or none."""

    __tablename__ = "submission"
    __table_args__ = person_table(
        rule=RowRule(
            applicant=f"{OWN} OR {RECEIVED}",
            applicant_may="insert",
            staff=None,
        ),
        insert_only=True,
    )

    applicant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("applicant.id"), index=True)
    draft_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("draft.id"))
    idempotency_key: Mapped[str] = mapped_column(String(64), unique=True)
    received_at: Mapped[datetime] = mapped_column(Instant)
    body_sha256: Mapped[str] = mapped_column(String(64))


class ApplicationState(StrEnum):
    """The life of an application; its place among the stages is StageEntry (design 33)."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"  # HR confirmed the criteria; has an examinee number
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return {"submitted": "資格確認待ち", "accepted": "受理", "withdrawn": "辞退"}[self.value]


class Application(Tenant, Base):
    """One person's application to one opening (応募)."""

    __tablename__ = "application"
    __table_args__ = tenant_table(
        tenant_key("opening_id", "opening"),
        UniqueConstraint("opening_id", "applicant_id"),
        UniqueConstraint("opening_id", "examinee_number"),
        Index("ix_application_list", "organisation_id", "opening_id", "kana_key"),
        rule=RowRule(
            applicant=OWN,
            applicant_may="write",
            kept=(*PLACE, "applicant_id", "receipt_number", "received_at", "duplicate_of", "other_numbers"),
            staff_kept=("mail_confirmed_at", "erased_at"),
            applicant_kept=("examinee_number", "accepted_by", "accepted_at", "erased_at"),
        ),
    )

    opening_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    applicant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("applicant.id"), index=True)
    receipt_number: Mapped[str] = mapped_column(String(40), unique=True)
    examinee_number: Mapped[str | None] = mapped_column(String(20))
    received_at: Mapped[datetime] = mapped_column(Instant)  # of the first version
    state: Mapped[ApplicationState] = mapped_column(one_of(ApplicationState, name="state"))
    version: Mapped[int] = mapped_column(Integer, nullable=False)
    # live contact data (design 20); everything else is read from the version
    mail: Mapped[str] = mapped_column(String(254))
    mail_key: Mapped[str] = mapped_column(String(254), index=True)
    mail_confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    phone: Mapped[str] = mapped_column(String(20))
    postal_code: Mapped[str] = mapped_column(String(8), default="")
    address: Mapped[str] = mapped_column(String(400), default="")
    family_name: Mapped[str] = mapped_column(String(100))
    given_name: Mapped[str] = mapped_column(String(100))
    kana_key: Mapped[str] = mapped_column(String(200))
    duplicate_of: Mapped[uuid.UUID | None] = mapped_column(Uuid)  # joined with an earlier one: not counted, not listed
    other_numbers: Mapped[list[str] | None] = mapped_column(JsonValue)  # receipt numbers of those that joined it
    accepted_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff_user.id"))
    accepted_at: Mapped[datetime | None] = mapped_column(Instant)
    check_reason: Mapped[str | None] = mapped_column(String(40))  # signs of a program, until HR looked (suspicion.py)
    erased_at: Mapped[datetime | None] = mapped_column(Instant)  # from here on what was sent may go, and nothing else

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_withdrawn(self) -> bool:
        return self.state is ApplicationState.WITHDRAWN


class ApplicationVersion(Tenant, Base):
    """What one city received by one act of sending. Never changed; the last one received in time counts."""

    __tablename__ = "application_version"
    __table_args__ = tenant_table(
        tenant_key("application_id", "application"),
        tenant_key("revision_id", "revision"),
        UniqueConstraint("application_id", "number"),
        rule=applicants_own("application_version", "application", "application_id", may="insert"),
        insert_only=True,
    )

    application_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    number: Mapped[int]
    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submission.id"))
    received_at: Mapped[datetime] = mapped_column(Instant)
    revision_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    answers: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    birth_date: Mapped[date | None]
    rank: Mapped[int | None]
    sha256: Mapped[str] = mapped_column(String(64))
    documents: Mapped[list["ApplicationDocument"]] = relationship(order_by="ApplicationDocument.seq", viewonly=True)

    @property
    def is_erased(self) -> bool:
        """Whether its city erased what it said (note 034): what is sent always names an address."""
        return not self.answers.get("person", {}).get("mail")


class ApplicationDocument(Tenant, Base):
    """A file of a version, under the name that the person gave it."""

    __tablename__ = "application_document"
    __table_args__ = tenant_table(
        tenant_key("application_version_id", "application_version"),
        UniqueConstraint("application_version_id", "kind_key", "seq"),
        rule=applicants_own("application_document", "application_version", "application_version_id", may="insert"),
        insert_only=True,
    )

    application_version_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    kind_key: Mapped[str] = mapped_column(String(40))
    seq: Mapped[int]
    stored_file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stored_file.id"))
    file_name: Mapped[str] = mapped_column(String(255))
    stored_file: Mapped[StoredFile] = relationship(viewonly=True)


class Withdrawal(Tenant, Base):
    """A person's word that they withdraw (辞退), kept with its reason."""

    __tablename__ = "withdrawal"
    __table_args__ = tenant_table(
        tenant_key("application_id", "application"),
        rule=applicants_own("withdrawal", "application", "application_id", may="insert"),
        insert_only=True,
    )

    application_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(Instant)
