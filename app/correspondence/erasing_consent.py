"""One person prepares an erasure, another approves or declines it; approving carries it out (`erasing.erase`)."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from app.accounts.models import StaffUser
from app.audit.chain import record
from app.core.errors import DomainError, StaleWrite
from app.core.model import new_id
from app.correspondence import policy
from app.correspondence.erasing_models import ErasureProposal, ErasureStep
from app.correspondence.erasing_queries import Erasable
from app.correspondence.request_services import NothingToAnswer
from app.extensions import db


class NotErasable(DomainError):
    """Something stands against erasing now, or this person may not; the message says what."""


ONE_AT_A_TIME = "この応募の削除は、すでに承認を待っています。画面を読み込み直してください。"
ANOTHER_PERSON = "削除の承認と差戻しは、依頼した人とは別の職員が行います。"
OWN_ONLY = "取り下げられるのは、承認を依頼した本人です。"


def propose(what: Erasable, words: str, *, by: StaffUser, at: datetime) -> None:
    """Prepare the erasure and its answer; nothing goes, and nobody is told, until another person approves it.

    Raises: NotErasable, NothingToAnswer.
    """
    if what.in_the_way is not None:
        raise NotErasable(what.in_the_way)
    if what.of.waiting is None:
        raise NothingToAnswer
    own = {"organisation_id": what.of.organisation.id, "erasure_request_id": what.of.waiting.id}
    row = ErasureProposal(id=new_id(), words=words, state=ErasureStep.ASKED, asked_by=by.id, asked_at=at, **own)
    try:
        db.session.add(row)
        record(db.session, "propose.erasure", what.of.application, by=by.actor, at=at)
        db.session.commit()
    except IntegrityError as error:  # somebody else prepared it at the same time
        db.session.rollback()
        raise NotErasable(ONE_AT_A_TIME) from error


def require_decidable(what: Erasable, *, seen: int, by: StaffUser) -> ErasureProposal:
    """Give what waits, as the page showed it, for another person than the one who prepared it.

    Raises: NotErasable, NothingToAnswer, StaleWrite.
    """
    row = what.proposal
    if row is None:
        raise NothingToAnswer
    if row.version != seen:
        raise StaleWrite
    if not policy.can_consent(by, row):
        raise NotErasable(ANOTHER_PERSON)
    return row


def decline(what: Erasable, note: str, *, seen: int, by: StaffUser, at: datetime) -> None:
    """Give it back with a reason; the request waits on. Raises: NotErasable, NothingToAnswer, StaleWrite."""
    row = require_decidable(what, seen=seen, by=by)
    row.note = note
    _end(row, ErasureStep.DECLINED, by=by, at=at)
    record(db.session, "decline.erasure", what.of.application, by=by.actor, at=at)
    db.session.commit()


def take_back(what: Erasable, *, seen: int, by: StaffUser, at: datetime) -> None:
    """Take back what one prepared oneself. Raises: NotErasable, NothingToAnswer, StaleWrite."""
    row = what.proposal
    if row is None:
        raise NothingToAnswer
    if row.version != seen:
        raise StaleWrite
    if row.asked_by != by.id:
        raise NotErasable(OWN_ONLY)
    _end(row, ErasureStep.TAKEN_BACK, by=by, at=at)
    record(db.session, "take_back.erasure", what.of.application, by=by.actor, at=at)
    db.session.commit()


def _end(row: ErasureProposal, step: ErasureStep, *, by: StaffUser, at: datetime) -> None:
    row.state, row.decided_by, row.decided_at = step, by.id, at
