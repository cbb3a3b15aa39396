"""What stands against erasing an application now, and what would go: read before HR confirms it."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from app.applications import queries as own
from app.applications.late_queries import latest_attempts
from app.applications.models import ApplicationState
from app.applications.policy import can_reinstate
from app.core import clock
from app.correspondence.request_queries import Erasure, Held, get_erasure, held_of
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


def get_erasable(
    organisation_id: uuid.UUID, opening_id: uuid.UUID, application_id: uuid.UUID, *, at: datetime
) -> Erasable:
    """Give what would be erased and what stands against it. Raises: NotFound."""
    of = get_erasure(organisation_id, opening_id, application_id)
    until = _kept_until(of, at=at)
    return Erasable(of, held_of(of.application), until, _in_the_way(of, until, at=at))


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
