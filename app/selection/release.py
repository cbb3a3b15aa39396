"""What the instant of release brings with it: entries to the next stage, mails, published counts. For the worker."""

import logging
import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select

from app.applications.models import Application, ApplicationState
from app.applications.screening_models import StageEntry
from app.audit.chain import record
from app.core.context import SYSTEM, bind
from app.core.model import new_id
from app.extensions import db
from app.openings.models import Opening, OpeningOutcome
from app.openings.queries import stages_of
from app.organisations.models import Organisation
from app.outbox.models import Mail
from app.selection.emails import owe_news
from app.selection.models import DecisionOutcome, ResultLine, ResultSet
from app.selection.queries import is_intact, lines_of, released, told_lines

log = logging.getLogger("koubo.results")


class ReleaseFault(Exception):
    """A set is not what was approved, or its mails are not its lines; nothing of it is carried out."""


def carry_out_due(*, at: datetime) -> int:
    """Carry out every set released at an instant and not carried out yet; return how many.

    One transaction for each set; done twice it does nothing more. A faulty set is logged and left; the others go on.
    """
    bind(db.session, SYSTEM)
    due = select(ResultSet.id).where(released(at), ResultSet.carried_out_at.is_(None))
    ids = db.session.scalars(due.order_by(ResultSet.release_at, ResultSet.id)).all()
    db.session.rollback()
    return sum(_try(result_set_id, at=at) for result_set_id in ids)


def _try(result_set_id: uuid.UUID, *, at: datetime) -> int:
    try:
        return _carry_out(result_set_id, at=at)
    except ReleaseFault as fault:
        db.session.rollback()
        log.error("result set %s was not carried out: %s", result_set_id, fault)
        return 0


def _carry_out(result_set_id: uuid.UUID, *, at: datetime) -> int:
    found = db.session.scalar(
        select(ResultSet)
        .where(ResultSet.id == result_set_id, released(at), ResultSet.carried_out_at.is_(None))
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if found is None:
        db.session.rollback()
        return 0
    lines = lines_of(found)
    if not is_intact(found, lines):
        raise ReleaseFault("its lines are not those that were approved")
    opening = db.session.get_one(Opening, found.opening_id)
    applications = _applications(found, lines)
    _move_on(found, opening, lines, applications, at=at)
    mails = _owe_news(opening, lines, applications)
    _publish_counts(found, at=at)
    found.carried_out_at = at
    record(db.session, "carry_out.results", found, by="system", at=at, lines=len(lines), mails=len(mails))
    db.session.commit()
    return 1


def _applications(found: ResultSet, lines: Sequence[ResultLine]) -> dict[uuid.UUID, Application]:
    rows = db.session.scalars(
        select(Application).where(
            Application.organisation_id == found.organisation_id,
            Application.id.in_([line.application_id for line in lines]),
        )
    )
    return {row.id: row for row in rows}


def _move_on(
    found: ResultSet,
    opening: Opening,
    lines: Sequence[ResultLine],
    applications: dict[uuid.UUID, Application],
    *,
    at: datetime,
) -> None:
    """Who passed enters the next stage; who passed or failed leaves this one; a reserve stays.

    Who passed and has withdrawn enters too, and stands nowhere as long as that lasts: it may be undone within a day.
    """
    keys = [stage.key for stage in stages_of(opening)]
    following = keys[keys.index(found.stage_key) + 1 :][:1]
    here = _entries(found, applications)
    for line in lines:
        if line.outcome is not DecisionOutcome.RESERVE:
            here[line.application_id, found.stage_key].left_at = at
        may_go_on = applications[line.application_id].state in (ApplicationState.ACCEPTED, ApplicationState.WITHDRAWN)
        goes_on = line.outcome is DecisionOutcome.PASS and may_go_on
        new = [key for key in following if goes_on and (line.application_id, key) not in here]
        db.session.add_all(_entry(line, key, at=at) for key in new)


def _entries(found: ResultSet, applications: Collection[uuid.UUID]) -> dict[tuple[uuid.UUID, str], StageEntry]:
    """The entries of these applications by application and stage."""
    entries = db.session.scalars(
        select(StageEntry).where(
            StageEntry.organisation_id == found.organisation_id, StageEntry.application_id.in_(applications)
        )
    )
    return {(entry.application_id, entry.stage_key): entry for entry in entries}


def _entry(line: ResultLine, stage_key: str, *, at: datetime) -> StageEntry:
    return StageEntry(
        id=new_id(),
        organisation_id=line.organisation_id,
        application_id=line.application_id,
        stage_key=stage_key,
        entered_at=at,
    )


def _owe_news(
    opening: Opening, lines: Sequence[ResultLine], applications: dict[uuid.UUID, Application]
) -> Sequence[Mail]:
    """Owe one mail for each line, and compare: addressees are the lines, none more and none less (R4)."""
    city = db.session.get_one(Organisation, opening.organisation_id)
    mails = [owe_news(line, applications[line.application_id], city, opening) for line in lines]
    owed = sorted((str(mail.subject_id), mail.recipient) for mail in mails)
    wanted = sorted((str(line.application_id), applications[line.application_id].mail) for line in lines)
    if owed != wanted:
        raise ReleaseFault("its mails do not go to its lines")
    return mails


def _publish_counts(found: ResultSet, *, at: datetime) -> None:
    """Publish how many applied, and how many passed by this set and those before it."""
    told = told_lines(found.opening_id, found.stage_key, at=at).values()
    outcome = db.session.scalar(
        select(OpeningOutcome).where(
            OpeningOutcome.organisation_id == found.organisation_id,
            OpeningOutcome.opening_id == found.opening_id,
            OpeningOutcome.stage_key == found.stage_key,
        )
    )
    if outcome is None:
        outcome = OpeningOutcome(
            id=new_id(),
            organisation_id=found.organisation_id,
            opening_id=found.opening_id,
            stage_key=found.stage_key,
        )
        db.session.add(outcome)
    outcome.applied = found.applied_count
    outcome.passed = sum(1 for line in told if line.outcome is DecisionOutcome.PASS)
