"""Organisations (自治体) and what is set for them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.model import Base, Identified, Instant, JsonValue, RowRule, Tenant, one_of, tenant_table


class OrganisationKind(StrEnum):
    CITY = "city"
    WARD = "ward"
    PREFECTURE = "prefecture"
    OTHER = "other"


class Organisation(Identified, Base):
    """A city, ward or prefecture: the tenant."""

    __tablename__ = "organisation"
    __table_args__ = (CheckConstraint("code IS NULL OR length(code) = 6", name="code_length"),)

    slug: Mapped[str] = mapped_column(String(40), unique=True)
    code: Mapped[str | None] = mapped_column(String(6), unique=True)  # 団体コード: text, so that leading zeros stay
    kind: Mapped[OrganisationKind] = mapped_column(one_of(OrganisationKind, name="kind"))
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str | None] = mapped_column(String(120))  # its official English name, for the English pages
    prefecture: Mapped[str] = mapped_column(String(20))
    short_name: Mapped[str] = mapped_column(String(6), unique=True)  # begins receipt numbers
    mark: Mapped[str] = mapped_column(String(2))
    hue: Mapped[str] = mapped_column(String(20))
    contact_department: Mapped[str] = mapped_column(String(120), default="")
    contact_phone: Mapped[str] = mapped_column(String(40), default="")
    contact_hours: Mapped[str] = mapped_column(String(120), default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    is_demo: Mapped[bool] = mapped_column(default=False)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)


class Setting(Tenant, Base):
    """One value of one key from an instant on; read as of an instant."""

    __tablename__ = "setting"
    __table_args__ = tenant_table(
        UniqueConstraint("organisation_id", "key", "valid_from"), rule=RowRule(public="true"), insert_only=True
    )

    key: Mapped[str] = mapped_column(String(60))
    value: Mapped[Any] = mapped_column(JsonValue)
    valid_from: Mapped[datetime] = mapped_column(Instant)


class LegalTextKind(StrEnum):
    PURPOSE = "purpose"
    DISQUALIFICATION = "disqualification"
    PRIVACY = "privacy"

    @property
    def label(self) -> str:
        return {
            "purpose": "個人情報の利用目的",
            "disqualification": "応募できない人（欠格条項）",
            "privacy": "個人情報の取扱いと開示・訂正の求め方",
        }[self.value]


class LegalText(Tenant, Base):
    """A numbered text that people agree to or declare, in force from a date."""

    __tablename__ = "legal_text"
    __table_args__ = tenant_table(
        UniqueConstraint("organisation_id", "kind", "number"), rule=RowRule(public="true"), insert_only=True
    )

    kind: Mapped[LegalTextKind] = mapped_column(one_of(LegalTextKind, name="kind"))
    number: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    effective_on: Mapped[date]
