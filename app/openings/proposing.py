"""Use cases of two people around a published opening: a longer deadline for everyone, calling it off (design 14).

One person prepares, another approves; the approval alone changes the opening, says so in public and tells everybody.
"""

from datetime import UTC, datetime
from typing import Any

from flask import current_app
from sqlalchemy.exc import IntegrityError

from app.accounts.models import StaffUser
from app.audit.chain import record
from app.core.database import add_in_order
from app.core.errors import DomainError, StaleWrite
from app.core.model import new_id
from app.extensions import db
from app.openings import policy
from app.openings.deadline_models import Extension, Proposal, ProposalKind, ProposalState
from app.openings.models import Opening, OpeningState
from app.openings.staff_queries import find_proposal
from app.openings.workflow import move
from app.outbox.announcing import announce
from app.outbox.models import Announcement


class ProposalRefused(DomainError):
    """What was asked for cannot be done, or not by this person; the sentence says why."""


NOT_PUBLISHED = "公開している募集だけを、延長または中止できます。画面を読み込み直して、いまの状態を確かめてください。"
NOT_LATER = "新しい締切は、いまの締切より後で、これから来る日時にしてください。締切を早めることはできません。"
TOO_FAR = "新しい締切は、いまの締切から1年以内にしてください。年の数字を確かめてください。"
NOT_WHOLE = "締切は秒の単位までで決めてください。"
SCORING = (
    "採点が始まっているため、締切を延ばせません。先に採点された人と、あとから応募する人の条件が違ってしまうためです。"
)
ONE_AT_A_TIME = "承認を待っている申し出があります。承認・差戻し・取下げのあとで、もう一度申し出てください。"
ANOTHER_PERSON = "承認と差戻しは、申し出た人とは別の職員が行います。"
OWN_ONLY = "取り下げられるのは、申し出た本人です。"


def propose_extension(opening: Opening, closes_at: datetime, reason: str, *, by: StaffUser, at: datetime) -> Proposal:
    """Prepare a later deadline for everyone; nothing changes until another person approves it.

    Raises: ProposalRefused when it is not later than the present one and than now, more than a year later, or scoring
    has begun.
    """
    closes_at = closes_at.astimezone(UTC)
    _require_published(opening, at)
    _require_later(opening, closes_at, at)
    return _propose(opening, ProposalKind.EXTENSION, reason, closes_at=closes_at, by=by, at=at)


def propose_cancellation(opening: Opening, reason: str, *, by: StaffUser, at: datetime) -> Proposal:
    """Prepare calling a published opening off. Raises: ProposalRefused."""
    _require_published(opening, at)
    return _propose(opening, ProposalKind.CANCELLATION, reason, by=by, at=at)


def _propose(
    opening: Opening,
    kind: ProposalKind,
    reason: str,
    *,
    by: StaffUser,
    at: datetime,
    closes_at: datetime | None = None,
) -> Proposal:
    if find_proposal(opening) is not None:
        raise ProposalRefused(ONE_AT_A_TIME)
    proposal = Proposal(
        id=new_id(),
        organisation_id=opening.organisation_id,
        opening_id=opening.id,
        kind=kind,
        closes_at=closes_at,
        reason=reason,
        state=ProposalState.ASKED,
        asked_by=by.id,
        asked_at=at,
    )
    db.session.add(proposal)
    _keep(proposal, by=by, at=at)
    return proposal


def _keep(proposal: Proposal, *, by: StaffUser, at: datetime) -> None:
    said = {"closes_at": proposal.closes_at.isoformat()} if proposal.closes_at else {}
    opening = str(proposal.opening_id)
    try:
        record(db.session, f"propose.{proposal.kind}", proposal, by=by.actor, at=at, opening=opening, **said)
        db.session.commit()
    except IntegrityError as error:  # somebody else proposed at the same time
        db.session.rollback()
        raise ProposalRefused(ONE_AT_A_TIME) from error


def _require_published(opening: Opening, at: datetime) -> None:
    if not policy.can_change_deadline(opening, at):
        raise ProposalRefused(NOT_PUBLISHED)


def _require_later(opening: Opening, closes_at: datetime, at: datetime) -> None:
    if closes_at.microsecond:
        raise ProposalRefused(NOT_WHOLE)
    if opening.closes_at is None or closes_at <= opening.closes_at or closes_at <= at:
        raise ProposalRefused(NOT_LATER)
    if policy.is_too_far(opening, closes_at, at):
        raise ProposalRefused(TOO_FAR)
    if has_scoring_begun(opening):
        raise ProposalRefused(SCORING)


def has_scoring_begun(opening: Opening) -> bool:
    """Ask the room of reviews, which stands to the right and is handed over by the wiring."""
    return bool(current_app.extensions["koubo.has_scoring_begun"](opening))


def approve(opening: Opening, proposal: Proposal, *, seen: int, by: StaffUser, at: datetime) -> None:
    """Carry out what another person prepared, as seen by its version: the opening, the history, the notice, the audit.

    Raises: ProposalRefused for the same person or when it is no longer possible; StaleWrite.
    """
    _require_asked(proposal, seen)
    if not policy.can_decide(by, proposal):
        raise ProposalRefused(ANOTHER_PERSON)
    _require_published(opening, at)
    _decide(proposal, ProposalState.APPROVED, by=by, at=at)
    if proposal.closes_at is not None:
        _extend(opening, proposal, proposal.closes_at, by=by, at=at)
    else:
        _call_off(opening, proposal, by=by, at=at)
    db.session.commit()


def _require_asked(proposal: Proposal, seen: int) -> None:
    if proposal.state is not ProposalState.ASKED or proposal.version != seen:
        raise StaleWrite


def _decide(proposal: Proposal, state: ProposalState, *, by: StaffUser, at: datetime) -> None:
    proposal.state, proposal.decided_by, proposal.decided_at = state, by.id, at


def _extend(opening: Opening, proposal: Proposal, closes_at: datetime, *, by: StaffUser, at: datetime) -> None:
    _require_later(opening, closes_at, at)
    before = opening.closes_at
    extension = Extension(
        id=new_id(),
        organisation_id=opening.organisation_id,
        opening_id=opening.id,
        closed_at=before,
        closes_at=closes_at,
        reason=proposal.reason,
        requested_by=proposal.asked_by,
        approved_by=by.id,
        at=at,
    )
    said = {"closed_at": before.isoformat() if before else "", "closes_at": closes_at.isoformat()}
    opening.closes_at = closes_at
    add_in_order(db.session, [extension, _notice(opening, proposal, "extended", said, at=at)])
    people = {"asked_by": f"staff:{proposal.asked_by}"}
    record(db.session, "extend.opening", opening, by=by.actor, at=at, **people, **said)


def _call_off(opening: Opening, proposal: Proposal, *, by: StaffUser, at: datetime) -> None:
    move(opening, OpeningState.WITHDRAWN)
    opening.withdrawn_reason, opening.withdrawn_at = proposal.reason, at
    db.session.add(_notice(opening, proposal, "called-off", {}, at=at))
    asked_by = f"staff:{proposal.asked_by}"
    record(db.session, "withdraw.opening", opening, by=by.actor, at=at, was_published=True, asked_by=asked_by)


def _notice(opening: Opening, proposal: Proposal, template: str, said: dict[str, Any], *, at: datetime) -> Announcement:
    return announce(
        f"proposal:{proposal.id}",
        organisation_id=opening.organisation_id,
        about=("opening", opening.id),
        audience="drafts-and-applications",
        template=template,
        said={"reason": proposal.reason, **said},
        at=at,
    )


def decline(proposal: Proposal, *, seen: int, by: StaffUser, at: datetime) -> None:
    """Say no to what another person prepared. Raises: ProposalRefused, StaleWrite."""
    _require_asked(proposal, seen)
    if not policy.can_decide(by, proposal):
        raise ProposalRefused(ANOTHER_PERSON)
    _close(proposal, ProposalState.DECLINED, by=by, at=at)


def take_back(proposal: Proposal, *, seen: int, by: StaffUser, at: datetime) -> None:
    """Take back what one prepared oneself. Raises: ProposalRefused, StaleWrite."""
    _require_asked(proposal, seen)
    if not policy.is_proposer(by, proposal):
        raise ProposalRefused(OWN_ONLY)
    _close(proposal, ProposalState.TAKEN_BACK, by=by, at=at)


def _close(proposal: Proposal, state: ProposalState, *, by: StaffUser, at: datetime) -> None:
    _decide(proposal, state, by=by, at=at)
    record(db.session, f"{state}.proposal", proposal, by=by.actor, at=at, opening=str(proposal.opening_id))
    db.session.commit()
