"""Two people rule a late attempt; the worker makes an application of what they admit (design 14, D4)."""

import logging
import secrets
import uuid
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.accounts.models import StaffUser
from app.applications import emails, late_queries
from app.applications.answers import Answers
from app.applications.choice_queries import calls_of
from app.applications.in_force import call_when
from app.applications.late_models import LateAttempt, LateOutcome, LateRuling
from app.applications.late_state import TWO, LateState, ruled
from app.applications.models import Application, Draft, Submission
from app.applications.queries import Call, get_call
from app.applications.receiving import (
    confirmed_since,
    document_rows,
    finding_rows,
    new_application,
    new_version,
    next_number,
    set_contact,
)
from app.audit.chain import record
from app.core.database import add_first, add_in_order
from app.core.errors import DomainError, StaleWrite
from app.core.model import new_id
from app.extensions import db
from app.jp.numbers import new_receipt_number
from app.openings.workflow import require_going_on

log = logging.getLogger("koubo.late")


class LateRefused(DomainError):
    """This cannot be ruled so, or not by this person; the sentence says why."""


DECIDED = "この送信の扱いは、もう決まっています。画面を読み込み直して、いまの状態を確かめてください。"
EXTENDED = (
    "締切が延長され、この送信が届いた時刻は締切の前になりました。受け付けるかどうかは決めません。"
    "本人のマイページで、もう一度送信するようお願いしています。"
)
ANOTHER_PERSON = "あなたの判断は記録済みです。決めるには、別の職員の同じ判断が要ります。"
WITHDRAWN = "本人がこの募集への応募を辞退しているため、いまは判断できません。辞退が取り消されるまで待ってください。"
INCOMPLETE = "必要な項目が足りない送信のため、応募として受け付けられません。"


def rule(
    attempt: LateAttempt, call: Call, outcome: LateOutcome, reason: str, *, seen: int, by: StaffUser, at: datetime
) -> LateState:
    """Record one person's word on an attempt, and say how it stands then; `seen` is how many words the page showed.

    Two equal words of two people decide. Admitted, it becomes an application within seconds (`admit_due`); refused,
    its person gets a mail that there is news. Raises: LateRefused, StaleWrite.
    """
    rulings = late_queries.rulings_of([attempt])[attempt.id]
    if len(rulings) != seen:
        raise StaleWrite
    _require_undecided(attempt, call)
    _require_fits(outcome, attempt, call, rulings, by=by)
    row = LateRuling(
        id=new_id(),
        organisation_id=attempt.organisation_id,
        late_attempt_id=attempt.id,
        number=len(rulings) + 1,
        outcome=outcome,
        reason=reason,
        ruled_by=by.id,
        at=at,
    )
    return _write(attempt, call, [*rulings, row], by=by, at=at)


def _require_undecided(attempt: LateAttempt, call: Call) -> None:
    state = late_queries.state_now(attempt)
    if state.is_extended:
        raise LateRefused(EXTENDED)
    if state.is_withdrawn:
        raise LateRefused(WITHDRAWN)
    require_going_on(call.opening)
    if not state.is_open:
        raise LateRefused(DECIDED)


def _require_fits(
    outcome: LateOutcome, attempt: LateAttempt, call: Call, rulings: list[LateRuling], *, by: StaffUser
) -> None:
    """Refuse a person's second equal word, and to admit what is not whole by the revision of its time."""
    if any(one.ruled_by == by.id and one.outcome is outcome for one in rulings):
        raise LateRefused(ANOTHER_PERSON)
    then = call_when(call, attempt.received_at)
    if outcome is LateOutcome.ADMIT and late_queries.missing_count(attempt, then):
        raise LateRefused(INCOMPLETE)


def _write(attempt: LateAttempt, call: Call, rulings: list[LateRuling], *, by: StaffUser, at: datetime) -> LateState:
    row, decided = rulings[-1], ruled(rulings)
    add_first(db.session, row)
    word = f"{row.outcome}.late_attempt" if decided else f"propose_{row.outcome}.late_attempt"
    record(db.session, word, attempt, by=by.actor, at=at, opening=str(attempt.opening_id), number=row.number)
    if decided is LateOutcome.REFUSE:
        emails.owe_late_news(call, attempt.id, Answers.model_validate(attempt.answers))
    db.session.commit()
    return {None: LateState.PROPOSED, LateOutcome.ADMIT: LateState.ADMITTING, LateOutcome.REFUSE: LateState.REFUSED}[
        decided
    ]


def key_of(attempt_id: uuid.UUID) -> str:
    """Name the act of sending that an admitted attempt becomes; the key is unique, so it becomes one once."""
    return f"late:{attempt_id}"


def admit_due(*, at: datetime) -> None:
    """Make applications of the attempts that two people admitted: a job of the worker, each in one transaction."""
    admitted = select(LateRuling.late_attempt_id).where(LateRuling.outcome == LateOutcome.ADMIT)
    twice = admitted.group_by(LateRuling.late_attempt_id).having(func.count() >= TWO)
    ids = db.session.scalars(
        select(LateAttempt.id).where(LateAttempt.id.in_(twice)).order_by(LateAttempt.received_at, LateAttempt.id)
    ).all()
    keys = {attempt_id: key_of(attempt_id) for attempt_id in ids}
    query = select(Submission.idempotency_key).where(Submission.idempotency_key.in_(keys.values()))
    made = set(db.session.scalars(query)) if keys else set()
    db.session.rollback()
    for attempt_id, key in keys.items():
        if key not in made:
            _admit(attempt_id, at=at)


def _admit(attempt_id: uuid.UUID, *, at: datetime) -> None:
    """Make an application of one attempt, unless its person has sent since or withdrawn; that waits for its undoing."""
    attempt = _held(attempt_id)
    if late_queries.state_now(attempt) is not LateState.ADMITTING:
        db.session.rollback()
        return
    try:
        _receive(attempt, at=at)
        db.session.commit()
    except (IntegrityError, DomainError) as error:  # another worker was first, or the opening is gone: the rest go on
        log.warning("late attempt %s was not admitted: %s", attempt_id, type(error).__name__)
        db.session.rollback()


def _held(attempt_id: uuid.UUID) -> LateAttempt:
    """Read an attempt while holding its draft: a send or a join that is under way is waited for."""
    draft_id = select(LateAttempt.draft_id).where(LateAttempt.id == attempt_id).scalar_subquery()
    db.session.execute(select(Draft.id).where(Draft.id == draft_id).with_for_update())
    return db.session.scalars(select(LateAttempt).where(LateAttempt.id == attempt_id)).one()


def _receive(attempt: LateAttempt, *, at: datetime) -> None:
    """Make the rows that sending in time would have made, of what was frozen when it came, by what was asked then."""
    call = call_when(get_call(attempt.opening_id, at=at), attempt.received_at)
    answers = Answers.model_validate(attempt.answers)
    submission = Submission(
        id=new_id(),
        applicant_id=attempt.applicant_id,
        draft_id=attempt.draft_id,
        idempotency_key=key_of(attempt.id),
        received_at=attempt.received_at,
        body_sha256=attempt.sha256 or "",
    )
    application, number = _application(attempt, call)
    _mark_sent(attempt)
    set_contact(application, answers, confirmed_at=confirmed_since(attempt.applicant_id, answers))
    rank = _rank(attempt, call, at=at)
    version = new_version(application, submission, call, attempt.answers, number=number, rank=rank)
    rows = [submission, application, version, *document_rows(version, attempt.answers)]
    add_in_order(db.session, [*rows, *finding_rows(version, call, answers)])
    by = f"staff:{late_queries.rulings_of([attempt])[attempt.id][-1].ruled_by}"
    said = {"version": number, "sha256": version.sha256, "late_attempt": str(attempt.id)}
    record(db.session, "submit.application", application, by=by, at=at, **said)
    emails.owe_receipt(call, application, version, answers, missed=attempt.closes_at)


def _application(attempt: LateAttempt, call: Call) -> tuple[Application, int]:
    found = late_queries.find_application_of(attempt)
    if found is not None:
        return found, next_number(found)
    number = new_receipt_number(call.organisation.short_name, call.opening.fiscal_year, secrets.randbelow)
    return new_application(call, attempt.applicant_id, number, at=attempt.received_at), 1


def _rank(attempt: LateAttempt, call: Call, *, at: datetime) -> int | None:
    """Read the rank that the city is shown; the order was fixed before the attempt came."""
    draft = db.session.scalars(select(Draft).where(Draft.id == attempt.draft_id)).one()
    calls = calls_of([draft], at=at).get(draft.id)
    return calls.visible_rank(call) if calls else None


def _mark_sent(attempt: LateAttempt) -> None:
    """Let the person's pages show the draft as sent."""
    draft = db.session.scalars(select(Draft).where(Draft.id == attempt.draft_id)).one()
    draft.submitted_at = draft.submitted_at or attempt.received_at
