"""Remind those who hold a draft 72 and 24 hours before the deadline that nothing was sent yet (design 30): a job.

Each reminder is an announcement, one for a deadline and a distance, so that nobody gets it twice; `announcing` asks at
the time of telling who has still not sent. A deadline that was put off is another one.
"""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import exists, select, update
from sqlalchemy.orm import aliased

from app.applications.models import Application, Draft
from app.extensions import db
from app.openings.models import Opening
from app.openings.queries import extensions, is_open
from app.outbox.announcing import announce
from app.outbox.models import Announcement, Mail, MailState

DISTANCES = (24, 72)  # hours before the deadline, the nearest first
REMINDER = "draft-reminder"


def remind_due(*, at: datetime) -> None:
    """Announce the reminders that are due; take back those not yet sent to people who have sent meanwhile.

    A distance that was missed, the worker being down, is not made up for once the nearer one is due.
    """
    farthest = at + timedelta(hours=DISTANCES[-1])
    openings = db.session.scalars(select(Opening).where(is_open(at), Opening.closes_at <= farthest)).all()
    rows = select(Announcement.subject_id, Announcement.said).where(Announcement.template == REMINDER)
    made = {(opening_id, said["begun_before"]) for opening_id, said in db.session.execute(rows)}
    for opening in openings:
        _remind(opening, made, at=at)
    _take_back(at)
    db.session.commit()


def _remind(opening: Opening, made: set[tuple[uuid.UUID, str]], *, at: datetime) -> None:
    if opening.closes_at is None:
        return
    left = opening.closes_at - at
    hours = next(hours for hours in DISTANCES if left <= timedelta(hours=hours))
    begun_before = opening.closes_at - timedelta(hours=hours)
    said = {"closes_at": opening.closes_at.isoformat(), "begun_before": begun_before.isoformat()}
    if (opening.id, said["begun_before"]) in made or _was_told_since(opening, begun_before):
        return
    row = announce(
        f"reminder:{opening.id}:{said['begun_before']}",
        organisation_id=opening.organisation_id,
        about=("opening", opening.id),
        audience="drafts",
        template=REMINDER,
        said=said,
        at=at,
    )
    db.session.add(row)


def _was_told_since(opening: Opening, begun_before: datetime) -> bool:
    """Say whether the mail of an extension named this deadline later than the reminder would have."""
    return any(one.at > begun_before and one.closes_at == opening.closes_at for one in extensions(opening))


def _take_back(at: datetime) -> None:
    """Cancel the reminders still in the queue whose deadline has passed or whose draft was sent to their opening."""
    announced = aliased(Announcement)
    over = (
        select(announced.id)
        .join(Opening, Opening.id == announced.subject_id)
        .where(announced.template == REMINDER, ~is_open(at))
    )
    sent = (
        exists()
        .where(Draft.id == Mail.subject_id, announced.id == Mail.announcement_id)
        .where(Application.applicant_id == Draft.applicant_id, Application.opening_id == announced.subject_id)
    )
    waiting = Mail.kind == REMINDER, Mail.state == MailState.QUEUED
    stale = update(Mail).where(*waiting, Mail.announcement_id.in_(over) | sent)
    db.session.execute(stale.values(state=MailState.CANCELLED).execution_options(synchronize_session=False))
