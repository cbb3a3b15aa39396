"""Which revision of an opening counts for what arrived at an instant: the one in force then (18, 32, note 023)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import defer

from app.applications.queries import Call
from app.extensions import db
from app.openings.contents import content_of
from app.openings.models import Opening
from app.openings.revision_models import Revision, RevisionKind


def call_when(call: Call, at: datetime) -> Call:
    """Give an opening in the words of the revision that was in force when something arrived."""
    return call_among(call, approved(call.opening), at)


def approved(opening: Opening) -> Sequence[Revision]:
    """List what was ever approved of an opening, the last first."""
    own = Revision.organisation_id == opening.organisation_id, Revision.opening_id == opening.id
    query = select(Revision).where(*own).options(defer(Revision.content))
    return db.session.scalars(query.order_by(Revision.number.desc())).all()


def call_among(call: Call, revisions: Sequence[Revision], at: datetime) -> Call:
    """Choose the last revision that was approved by an instant: an amendment is in force from its approval on."""
    then = next((one for one in revisions if one.approved_at <= at), call.revision)
    return replace(call, revision=then, content=content_of(then.id))


def call_as_of(call: Call, at: datetime) -> Call:
    """Give an opening as of an instant that is now or just gone: nothing is read unless it was amended since."""
    is_later = call.revision.kind is RevisionKind.AMENDMENT and call.revision.approved_at > at
    return call_when(call, at) if is_later else call
