"""Reads of organisations and of their texts."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from app.core.errors import NotFound
from app.extensions import db
from app.organisations.models import LegalText, LegalTextKind, Organisation, Setting


def organisations() -> list[Organisation]:
    """List the organisations that take part, in the order of their codes, those without one last."""
    query = select(Organisation).where(Organisation.closed_at.is_(None))
    return list(db.session.scalars(query.order_by(Organisation.code.is_(None), Organisation.code, Organisation.name)))


def get_organisation(slug: str) -> Organisation:
    """Get an organisation that takes part. Raises: NotFound."""
    found = db.session.scalar(select(Organisation).where(Organisation.slug == slug, Organisation.closed_at.is_(None)))
    if found is None:
        raise NotFound
    return found


def find_text(organisation_id: uuid.UUID, kind: LegalTextKind, *, on: date) -> LegalText | None:
    """Find the text of a kind that is in force on a day in Japan: the last number that has taken effect."""
    query = select(LegalText).where(
        LegalText.organisation_id == organisation_id, LegalText.kind == kind, LegalText.effective_on <= on
    )
    return db.session.scalar(query.order_by(LegalText.number.desc()).limit(1))


def settings_of(organisation_id: uuid.UUID, *, at: datetime) -> dict[str, Any]:
    """Read what an organisation had set at an instant, by key."""
    query = select(Setting.key, Setting.value).where(
        Setting.organisation_id == organisation_id, Setting.valid_from <= at
    )
    return {key: value for key, value in db.session.execute(query.order_by(Setting.valid_from))}
