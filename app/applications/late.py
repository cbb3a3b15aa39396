"""Keep what was sent after the deadline, within bounds: the same content is the same attempt (design 14)."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app.applications import emails
from app.applications.answers import Answers
from app.applications.models import Draft, LateAttempt
from app.applications.queries import Call
from app.applications.receiving import digest, own_digest
from app.audit.chain import record
from app.core.model import new_id
from app.extensions import db

MOST = 10  # different contents of one draft to one opening; nobody fills a city's list by pressing a button


def keep(call: Call, draft: Draft, kept: dict[str, Any], *, at: datetime, by: str) -> None:
    """Add the attempt to the transaction, unless this content was kept before or the draft has sent enough of them."""
    sha256 = own_digest(kept, call.opening.id)
    same = LateAttempt.draft_id == draft.id, LateAttempt.opening_id == call.opening.id
    if (
        db.session.scalar(select(LateAttempt.id).where(*same, LateAttempt.sha256.in_((sha256, digest(kept)))))
        is not None
    ):
        return
    if (db.session.scalar(select(func.count()).select_from(LateAttempt).where(*same)) or 0) >= MOST:
        return
    attempt = LateAttempt(
        id=new_id(),
        organisation_id=call.opening.organisation_id,
        opening_id=call.opening.id,
        applicant_id=draft.applicant_id,
        draft_id=draft.id,
        received_at=at,
        answers=kept,
        sha256=sha256,
    )
    db.session.add(attempt)
    emails.owe_late_kept(call, attempt, Answers.model_validate(kept))
    record(db.session, "keep.late_attempt", attempt, by=by, at=at, opening=str(call.opening.id))
