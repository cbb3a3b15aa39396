"""Files that go with a message, either way: the bytes, and which message sends them (design 26)."""

import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.applications.models import PLACE
from app.core.model import Base, RowRule, Tenant, tenant_key, tenant_table, through
from app.files.kept import KeptFile

MOST = 3  # files of one message
SENT = "EXISTS (SELECT 1 FROM attachment AS a WHERE a.attached_file_id = attached_file.id)"


class AttachedFile(KeptFile, Tenant, Base):
    """A file of one person's messages about one opening; of staff where `staff_user_id` says whose.

    Until a message sends it, it waits: nobody but its sender sees it, and it may go.
    """

    __tablename__ = "attached_file"
    __table_args__ = tenant_table(
        tenant_key("opening_id", "opening"),
        rule=RowRule(
            applicant=f"applicant_id = koubo_applicant() AND (staff_user_id IS NULL OR {SENT})",
            applicant_may="write",
            staff=f"organisation_id = koubo_organisation() AND (staff_user_id IS NOT NULL OR {SENT})",
            kept=(
                *(*PLACE, "applicant_id", "staff_user_id", "file_name"),
                *("key", "sha256", "size", "media", "pages", "stored_at"),
                *("scan_state", "scan_due_at", "scan_tries"),
            ),
        ),
    )

    opening_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    applicant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("applicant.id"), index=True)
    staff_user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff_user.id"))
    file_name: Mapped[str] = mapped_column(String(255))


class Attachment(Tenant, Base):
    """A file of a message in its place, from 1; never changed."""

    __tablename__ = "attachment"
    __table_args__ = tenant_table(
        tenant_key("message_id", "message"),
        tenant_key("attached_file_id", "attached_file"),
        UniqueConstraint("message_id", "seq"),
        CheckConstraint(f"seq BETWEEN 1 AND {MOST}", name="seq"),
        Index("ix_attachment_attached_file_id", "attached_file_id"),
        rule=RowRule(applicant=through("attachment", "message", "message_id"), applicant_may="insert"),
        insert_only=True,
    )

    message_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    attached_file_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    seq: Mapped[int]
