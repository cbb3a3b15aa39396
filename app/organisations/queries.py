"""Reads of organisations and of their texts."""

import uuid
from datetime import date

from sqlalchemy import select

from app.extensions import db
from app.organisations.models import LegalText, LegalTextKind


def find_text(organisation_id: uuid.UUID, kind: LegalTextKind, *, on: date) -> LegalText | None:
    """Find the text of a kind that is in force on a day in Japan: the last number that has taken effect."""
    query = select(LegalText).where(
        LegalText.organisation_id == organisation_id, LegalText.kind == kind, LegalText.effective_on <= on
    )
    return db.session.scalar(query.order_by(LegalText.number.desc()).limit(1))
