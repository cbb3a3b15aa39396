"""What one applicant sees of their applications in all cities, from their own rows and released results."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.applications import queries as own
from app.applications.models import Application, ApplicationState, Draft
from app.applications.queries import Call
from app.core import clock
from app.extensions import db
from app.mypage.status import Milestone, Released, StagePlan, Status, milestones, status_of
from app.openings.content import OpeningContent
from app.openings.models import Opening, Revision
from app.organisations.models import Organisation
from app.selection.models import ResultLine, ResultSet, ResultSetState


@dataclass(frozen=True)
class Entry:
    """One application with how it stands."""

    application: Application
    call: Call
    status: Status
    timeline: list[Milestone]
    withdrawn_at: datetime | None


def released_results(application: Application, *, at: datetime) -> list[Released]:
    """List the results of an application that are released at an instant: approved, and the instant has come."""
    query = (
        select(ResultSet.stage_key, ResultLine.outcome, ResultSet.release_at)
        .join(ResultLine, ResultLine.result_set_id == ResultSet.id)
        .where(
            ResultLine.organisation_id == application.organisation_id,
            ResultLine.application_id == application.id,
            ResultSet.organisation_id == application.organisation_id,
            ResultSet.state == ResultSetState.APPROVED,
            ResultSet.release_at <= at,
        )
        .order_by(ResultSet.release_at, ResultSet.id)
    )
    return [Released(stage, outcome.value, when) for stage, outcome, when in db.session.execute(query)]


def plans(content: OpeningContent) -> list[StagePlan]:
    """Read the stages of an opening as they were announced."""
    return [StagePlan(one.key, one.name, one.kind == "interview", one.result_on) for one in content.stages]


def entry_of(application: Application, *, at: datetime) -> Entry:
    """Put an application with its opening and how it stands; the dates are those of the revision in force."""
    call = _call(application)
    withdrawal = own.last_withdrawal(application) if application.state is ApplicationState.WITHDRAWN else None
    withdrawn_at = withdrawal.at if withdrawal else None
    stages, released = plans(call.content), released_results(application, at=at)
    status = status_of(
        stages,
        released,
        is_withdrawn=application.state is ApplicationState.WITHDRAWN,
        is_closed=call.is_over(at),
        today=at.astimezone(clock.JST).date(),
    )
    timeline = milestones(stages, released, received_at=application.received_at, withdrawn_at=withdrawn_at)
    return Entry(application, call, status, timeline, withdrawn_at)


def _call(application: Application) -> Call:
    opening, organisation, revision = db.session.execute(
        select(Opening, Organisation, Revision)
        .join(Organisation, Organisation.id == Opening.organisation_id)
        .join(Revision, (Revision.organisation_id == Opening.organisation_id) & (Revision.id == Opening.revision_id))
        .where(Opening.organisation_id == application.organisation_id, Opening.id == application.opening_id)
    ).one()
    return Call(opening, organisation, revision, OpeningContent.model_validate(revision.content))


def entries(applicant_id: uuid.UUID, *, at: datetime) -> list[Entry]:
    """List all applications of an applicant, the last received first."""
    return [entry_of(one, at=at) for one in own.applications_of(applicant_id)]


@dataclass(frozen=True)
class DraftEntry:
    """A draft with what it is for."""

    draft: Draft
    call: Call


def draft_entries(applicant_id: uuid.UUID, *, at: datetime) -> list[DraftEntry]:
    """List the drafts that were never sent."""
    found = own.drafts_of(applicant_id)
    return [DraftEntry(draft, own.get_call(draft.opening_id, at=at)) for draft in found]
