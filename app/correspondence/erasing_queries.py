"""What stands against erasing an application now, and what would go: read before HR confirms it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from app.applications import queries as own
from app.applications.late_queries import latest_attempts
from app.applications.models import Application, ApplicationState
from app.applications.policy import can_reinstate
from app.core import clock
from app.correspondence.erasing_models import ErasureProposal, ErasureStep
from app.correspondence.models import ErasureRequest
from app.correspondence.request_queries import Erasure, Held, get_erasure, held_of
from app.extensions import db
from app.openings.models import Opening
from app.openings.queries import is_called_off, takes_applications
from app.organisations.periods import Record, kept_until, periods
from app.organisations.queries import settings_of

LATE = "締切のあとに届いた送信の扱いが決まっていません。先に「締切後の送信」で決めてください。"
OPEN = "受付期間中は、辞退した人も同じ募集にもう一度応募できます。締切のあとに消せます。"
UNDO = "辞退は24時間のあいだ取り消せます。そのあとに消せます。"
KEPT = (
    "この応募は、選考の途中か、保存期間のうちにあります。辞退するか、募集が中止になるか、保存期間が終わると消せます。"
)


@dataclass(frozen=True)
class Erasable:
    """An application that somebody asked to erase: what is held, until when it is kept, and why it cannot go now."""

    of: Erasure
    held: Held
    kept_until: date | None
    in_the_way: str | None
    proposal: ErasureProposal | None  # what one person prepared of the waiting request, for another to approve
    declined: ErasureProposal | None  # what was given back of it last


def get_erasable(
    organisation_id: uuid.UUID, opening_id: uuid.UUID, application_id: uuid.UUID, *, at: datetime
) -> Erasable:
    """Give what would be erased and what stands against it. Raises: NotFound."""
    of = get_erasure(organisation_id, opening_id, application_id)
    until = _kept_until(of, at=at)
    asked, declined = _proposals(of.waiting)
    return Erasable(of, held_of(of.application), until, _in_the_way(of, until, at=at), asked, declined)


def _proposals(request: ErasureRequest | None) -> tuple[ErasureProposal | None, ErasureProposal | None]:
    """Give what waits for a second person, and else what was declined last."""
    if request is None:
        return None, None
    query = (
        select(ErasureProposal)
        .where(
            ErasureProposal.organisation_id == request.organisation_id,
            ErasureProposal.erasure_request_id == request.id,
        )
        .order_by(ErasureProposal.asked_at.desc(), ErasureProposal.id)
    )
    rows = db.session.scalars(query).all()
    declined = rows[0] if rows and rows[0].state is ErasureStep.DECLINED else None
    return next((one for one in rows if one.state is ErasureStep.ASKED), None), declined


def erasures_to_approve(organisation_id: uuid.UUID, user_id: uuid.UUID) -> Sequence[tuple[Application, Opening]]:
    """List the erasures that wait for somebody else than the one who prepared them, the oldest first."""
    query = (
        select(Application, Opening)
        .join(ErasureRequest, ErasureRequest.application_id == Application.id)
        .join(ErasureProposal, ErasureProposal.erasure_request_id == ErasureRequest.id)
        .join(Opening, Opening.id == Application.opening_id)
        .where(
            Application.organisation_id == organisation_id,
            ErasureRequest.answered_at.is_(None),
            ErasureRequest.withdrawn_at.is_(None),
            ErasureProposal.state == ErasureStep.ASKED,
            ErasureProposal.asked_by != user_id,
        )
        .order_by(ErasureProposal.asked_at, ErasureProposal.id)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]


def _kept_until(of: Erasure, *, at: datetime) -> date | None:
    """Give the last day on which the city keeps an application that did not lead to an appointment, where known."""
    call = own.find_calls([of.opening.id]).get(of.opening.id)
    days = [stage.result_on for stage in call.content.stages if stage.result_on] if call else []
    kept = {one.record: one.years for one in periods(settings_of(of.organisation.id, at=at))}
    return kept_until(max(days), kept[Record.NOT_HIRED]) if days else None


def _in_the_way(of: Erasure, until: date | None, *, at: datetime) -> str | None:
    application, opening = of.application, of.opening
    late = dict((one.opening_id, state) for one, state in latest_attempts(application.applicant_id))
    if opening.id in late and late[opening.id].is_open:
        return LATE
    if is_called_off(opening):
        return None
    if application.state is not ApplicationState.WITHDRAWN:
        return None if until is not None and until < at.astimezone(clock.JST).date() else KEPT
    if takes_applications(opening, at):
        return OPEN
    withdrawn_at = own.withdrawn_at([application.id]).get(application.id)
    return UNDO if can_reinstate(withdrawn_at, at=at) else None
