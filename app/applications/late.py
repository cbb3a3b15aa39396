"""Keep what was sent after the deadline, within bounds (design 14, note 023).

The same content is the same attempt as long as it misses the same deadline; after an extension it is another one.
"""

from datetime import datetime

from sqlalchemy import func, select

from app.applications import emails
from app.applications.choices import Calls
from app.applications.late_models import LateAttempt
from app.applications.late_queries import call_when
from app.applications.models import Draft
from app.applications.queries import Call, answers_of
from app.applications.receiving import digest, frozen, own_digest
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
    sha256 = own_digest(kept, call.opening.id)
    same = (
        LateAttempt.draft_id == draft.id,
        LateAttempt.opening_id == call.opening.id,
        LateAttempt.closes_at == call.opening.closes_at,
    )
    before = LateAttempt.sha256.in_(
        (sha256, digest(kept))
    )  # the latter of attempts that came before there was the former
    if db.session.scalar(select(LateAttempt.id).where(*same, before)) is not None:
        return True
    if (db.session.scalar(select(func.count()).select_from(LateAttempt).where(*same)) or 0) >= MOST:
        return False
    attempt = LateAttempt(
        id=new_id(),
        organisation_id=call.opening.organisation_id,
        opening_id=call.opening.id,
        applicant_id=draft.applicant_id,
        draft_id=draft.id,
        received_at=at,
        answers=kept,
        sha256=sha256,
        closes_at=call.opening.closes_at,
    )
    db.session.add(attempt)
    emails.owe_late_kept(call, attempt, answers)
    record(db.session, "keep.late_attempt", attempt, by=by, at=at, opening=str(call.opening.id))
    return True
