"""Keep what was sent after the deadline, within bounds (design 14, note 023).

The same content is the same attempt as long as it misses the same deadline; after an extension it is another one.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.accounts.models import Applicant
from app.applications import emails
from app.applications.choices import Calls
from app.applications.in_force import call_when
from app.applications.late_models import LateAttempt
from app.applications.models import Draft
from app.applications.queries import Call, answers_of
from app.applications.receiving import digest, frozen, own_digest, owned_since
from app.audit.chain import record
from app.core.model import new_id
from app.extensions import db

MOST = 10  # contents of one draft late for one deadline; nobody fills a city's list by pressing a button


def keep(calls: Calls, call: Call, draft: Draft, *, at: datetime, by: str) -> bool:
    """Add what one opening would have received to the transaction, in the words of the revision in force at arrival.

    Returns whether this content is kept, now or before: not once the draft has sent `MOST` others late.
    """
    then = call_when(call, at)
    answers = calls.own(then, answers_of(draft))
    kept = frozen(answers, then)
    attempt, before = _attempt(call, draft, kept, at=at), _kept_before(call, draft)
    if not before.isdisjoint({attempt.sha256, digest(kept)}):  # the latter of attempts from before there was the former
        return True
    if len(before) >= MOST:
        return False
    db.session.add(attempt)
    is_confirmed = owned_since(db.session.get_one(Applicant, draft.applicant_id), answers) is not None
    emails.owe_late_kept(call, attempt, answers, is_confirmed=is_confirmed)
    record(db.session, "keep.late_attempt", attempt, by=by, at=at, opening=str(call.opening.id))
    return True


def _attempt(call: Call, draft: Draft, kept: dict[str, Any], *, at: datetime) -> LateAttempt:
    return LateAttempt(
        id=new_id(),
        organisation_id=call.opening.organisation_id,
        opening_id=call.opening.id,
        applicant_id=draft.applicant_id,
        draft_id=draft.id,
        received_at=at,
        answers=kept,
        sha256=own_digest(kept, call.opening.id),
        closes_at=call.opening.closes_at,
    )


def _kept_before(call: Call, draft: Draft) -> set[str | None]:
    """Read the digests of what this draft has sent late for this deadline."""
    same = LateAttempt.draft_id == draft.id, LateAttempt.opening_id == call.opening.id
    query = select(LateAttempt.sha256).where(*same, LateAttempt.closes_at == call.opening.closes_at)
    return set(db.session.scalars(query))
