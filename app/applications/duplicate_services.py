"""Staff say of two applications with one address whether one person sent both, and which is screened (design 16)."""

import uuid
from datetime import datetime

from sqlalchemy import select

from app.accounts.models import StaffUser
from app.applications.duplicates import Double, get_double, pair_of
from app.applications.models import Application
from app.applications.policy import can_keep
from app.applications.screening_models import DuplicateOutcome, DuplicateRuling
from app.audit.chain import record
from app.core.database import add_first
from app.core.errors import DomainError, StaleWrite
from app.core.model import new_id
from app.extensions import db


class DuplicateRefused(DomainError):
    """This pair cannot be settled so; the sentence says why."""


KEEPS_ACCEPTED = (
    "もう一方の応募は受理していて、受理は取り消せません。"
    "同じ人として扱うときは、受理した応募のほうを審査する応募に選んでください。"
)


def settle(
    application: Application,
    other_id: uuid.UUID,
    kept_id: uuid.UUID | None,
    reason: str,
    *,
    seen: int,
    at: datetime,
    by: StaffUser,
) -> DuplicateRuling:
    """Record one word on a pair: `kept_id` is the one to screen of one person, None says they are two people.

    Neither is merged, moved or refused by it, and no applicant is told. `seen` is how many words the page showed.
    Raises: NotFound when they are no pair, StaleWrite, DuplicateRefused.
    """
    double = _held(application, other_id, seen)
    _require_keepable(application, double.application, kept_id)
    row = _ruling(application, double, kept_id, reason, by=by, at=at)
    add_first(db.session, row)
    said = {"other": str(other_id), "kept": str(kept_id) if kept_id else "", "number": row.number}
    record(db.session, f"rule_{row.outcome}.duplicate", application, by=by.actor, at=at, **said)
    db.session.commit()
    return row


def _held(application: Application, other_id: uuid.UUID, seen: int) -> Double:
    """Read the pair as the page showed it while holding both: an acceptance that is under way is waited for."""
    both = pair_of(application.id, other_id)
    query = select(Application).where(
        Application.organisation_id == application.organisation_id,
        Application.opening_id == application.opening_id,
        Application.id.in_(both),
    )
    held = query.order_by(Application.id).with_for_update().execution_options(populate_existing=True)
    db.session.scalars(held).all()
    double = get_double(application, other_id)
    if len(double.rulings) != seen:
        raise StaleWrite
    return double


def _require_keepable(application: Application, other: Application, kept_id: uuid.UUID | None) -> None:
    if kept_id is None:
        return
    kept, rest = (application, other) if kept_id == application.id else (other, application)
    if kept.id != kept_id or not can_keep(kept, rest):
        raise DuplicateRefused(KEEPS_ACCEPTED)


def _ruling(
    application: Application, double: Double, kept_id: uuid.UUID | None, reason: str, *, by: StaffUser, at: datetime
) -> DuplicateRuling:
    first, second = pair_of(application.id, double.application.id)
    return DuplicateRuling(
        id=new_id(),
        organisation_id=application.organisation_id,
        first_id=first,
        second_id=second,
        number=len(double.rulings) + 1,
        outcome=DuplicateOutcome.SAME if kept_id else DuplicateOutcome.APART,
        kept_id=kept_id,
        reason=reason,
        ruled_by=by.id,
        at=at,
    )
