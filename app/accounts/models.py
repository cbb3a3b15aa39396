"""Staff with their roles and sessions; applicants with theirs. Different tables, cookies and prefixes (design 17)."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.access import Role
from app.core.crypto import SEALED
from app.core.model import (
    Base,
    Identified,
    Instant,
    RowRule,
    Tenant,
    one_of,
    person_table,
    tenant_key,
    tenant_table,
)


class StaffState(StrEnum):
    INVITED = "invited"  # has not set a password and a second factor yet
    ACTIVE = "active"
    DISABLED = "disabled"


class StaffUser(Identified, Base):
    """A member of staff. One account may belong to several organisations."""

    __tablename__ = "staff_user"

    mail_key: Mapped[str] = mapped_column(String(254), unique=True)
    mail: Mapped[str] = mapped_column(String(254))
    display_name: Mapped[str] = mapped_column(String(80))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    totp_secret: Mapped[str | None] = mapped_column(String(400), info=SEALED)
    totp_last_step: Mapped[int | None]  # each code works once
    state: Mapped[StaffState] = mapped_column(one_of(StaffState, name="state"), default=StaffState.INVITED)
    created_at: Mapped[datetime] = mapped_column(Instant)

    @property
    def actor(self) -> str:
        return f"staff:{self.id}"

    # what flask-login asks for
    @property
    def is_authenticated(self) -> bool:
        return True

    @property
    def is_active(self) -> bool:
        return self.state is StaffState.ACTIVE

    @property
    def is_anonymous(self) -> bool:
        return False

    def get_id(self) -> str:
        return str(self.id)


class StaffSession(Identified, Base):
    """A signed-in browser of a member of staff; ended on the server."""

    __tablename__ = "staff_session"

    staff_user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_user.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    second_factor_at: Mapped[datetime | None] = mapped_column(Instant)  # None: the password alone was right so far
    created_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    browser: Mapped[str] = mapped_column(String(200), default="")
    staff_user: Mapped[StaffUser] = relationship(lazy="joined")


class RecoveryCode(Identified, Base):
    """A code that stands in for the second factor once."""

    __tablename__ = "recovery_code"

    staff_user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_user.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class TokenPurpose(StrEnum):
    INVITATION = "invitation"
    PASSWORD_RESET = "password_reset"  # noqa: S105  # a purpose, not a password


class StaffToken(Identified, Base):
    """A one-time token mailed to a member of staff: for an invitation or for a lost password."""

    __tablename__ = "staff_token"

    staff_user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff_user.id"), index=True)  # None: nobody's
    purpose: Mapped[TokenPurpose] = mapped_column(one_of(TokenPurpose, name="purpose"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class Membership(Tenant, Base):
    """One account's belonging to one organisation."""

    __tablename__ = "membership"
    __table_args__ = tenant_table(UniqueConstraint("organisation_id", "staff_user_id"))

    staff_user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_user.id"), index=True)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    staff_user: Mapped[StaffUser] = relationship()


class RoleGrant(Tenant, Base):
    """A role of a member, in the organisation or for one opening, for a time."""

    __tablename__ = "role_grant"
    __table_args__ = tenant_table(
        tenant_key("membership_id", "membership"),
        Index(
            "uq_role_grant_live",
            "membership_id",
            "role",
            "opening_id",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
        Index(  # without an opening: the index above takes two NULL for different
            "uq_role_grant_live_everywhere",
            "membership_id",
            "role",
            unique=True,
            sqlite_where=text("until IS NULL AND opening_id IS NULL"),
            postgresql_where=text("until IS NULL AND opening_id IS NULL"),
        ),
    )

    membership_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    role: Mapped[Role] = mapped_column(one_of(Role, name="role"))
    opening_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, index=True)  # no key: openings stand to the right
    since: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime | None] = mapped_column(Instant)


class Applicant(Identified, Base):
    """A person who applies: made with the first saved draft, held by a cookie; owns a mail address once confirmed."""

    __tablename__ = "applicant"
    __table_args__ = person_table(
        Index(
            "uq_applicant_confirmed_mail",
            "mail_key",
            unique=True,
            sqlite_where=text("confirmed_at IS NOT NULL"),
            postgresql_where=text("confirmed_at IS NOT NULL"),
        ),
        rule=RowRule(public="true", applicant="true", applicant_may="write", staff=None, anyone_inserts=True),
    )

    mail: Mapped[str | None] = mapped_column(String(254))
    mail_key: Mapped[str | None] = mapped_column(String(254), index=True)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    locale: Mapped[str] = mapped_column(String(5), default="ja")
    resume_code_hash: Mapped[str | None] = mapped_column(String(64), unique=True)  # 再開コード, until confirmed
    written_key: Mapped[str | None] = mapped_column(String(254), index=True)  # the address in what they write …
    written_since: Mapped[datetime | None] = mapped_column(Instant)  # … and since when (code_turns)
    created_at: Mapped[datetime] = mapped_column(Instant)

    @property
    def actor(self) -> str:
        return f"applicant:{self.id}"


class ApplicantSession(Identified, Base):
    """A browser that holds an applicant's cookie."""

    __tablename__ = "applicant_session"

    applicant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("applicant.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class SignInCode(Identified, Base):
    """A six-digit code sent to an address, good only in the browser that asked for it."""

    __tablename__ = "sign_in_code"

    mail_key: Mapped[str] = mapped_column(String(254), index=True)
    browser_hash: Mapped[str] = mapped_column(String(64), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
