"""People around one opening for tests of notices: drafts, applications, and the jobs of the worker."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from app.accounts.models import Applicant
from app.applications.answers import Answers, Person
from app.applications.models import Draft
from app.core import clock
from app.core.access import Role
from app.core.context import SYSTEM, bind, staff_of
from app.core.model import new_id
from app.extensions import db
from app.openings import proposing, staff_queries
from app.openings.deadline_models import Extension
from app.openings.models import Opening
from app.outbox.announcing import announce
from app.outbox.models import Mail
from tests import factories
from tests.applications.test_applying import rows


def draft(opening: Any, mail: str, *, confirmed: bool = False, at: datetime | None = None, **values: Any) -> Draft:
    """A draft that was never sent, of a person whose address was typed, or typed and confirmed."""
    at = at or clock.now() - timedelta(days=5)
    person = Applicant(id=new_id(), created_at=at)
    if confirmed:
        person.mail, person.mail_key, person.confirmed_at = mail, mail, at
    answers = Answers(person=Person(mail="" if confirmed else mail)).model_dump(mode="json")
    row = Draft(
        id=new_id(),
        applicant_id=person.id,
        opening_id=opening.id,
        answers=answers,
        created_at=at,
        saved_at=at,
        **values,
    )
    factories.save(person, row)
    return row


def put_off(city: Any, opening: Any, closes_at: datetime, *, at: datetime) -> None:
    """What two people did about the deadline."""
    one, other = factories.staff(city), factories.staff(city)
    own = {"organisation_id": city.id, "opening_id": opening.id, "closed_at": opening.closes_at}
    people = {"requested_by": one.id, "approved_by": other.id}
    opening.closes_at = closes_at
    factories.save(opening, Extension(id=new_id(), **own, closes_at=closes_at, reason="障害のため", **people, at=at))


def extended(opening: Any, *, at: datetime | None = None, key: str = "proposal:1") -> uuid.UUID:
    """The row that an extension leaves for the worker."""
    at = at or clock.now()
    said = {
        "reason": "回線の障害のため",
        "closed_at": opening.closes_at.isoformat(),
        "closes_at": (opening.closes_at + timedelta(days=1)).isoformat(),
    }
    row = announce(
        key,
        organisation_id=opening.organisation_id,
        about=("opening", opening.id),
        audience="drafts-and-applications",
        template="extended",
        said=said,
        at=at,
    )
    factories.save(row)
    return row.id


def work(job: Callable[..., Any], *, at: datetime | None = None, **more: Any) -> Any:
    """Do a job as the worker does: as the system, in a session of its own."""
    db.session.remove()
    bind(db.session, SYSTEM)
    try:
        return job(at=at or clock.now(), **more)
    finally:
        db.session.remove()


def told() -> list[tuple[str, str]]:
    """Whom mails were made for, and of which kind."""
    return sorted((one.recipient, one.kind) for one in rows(Mail))


def call_off(reason: str = "予算の都合で見送ります") -> Opening:
    """Call the one opening off by two people; give it."""
    [opening] = rows(Opening)
    hr = factories.staff(factories.organisation("kobe", "神戸市"), Role.HR)
    approver = factories.staff(factories.organisation("ota", "大田区"), Role.APPROVER)
    db.session.remove()
    bind(db.session, staff_of(opening.organisation_id))
    row = staff_queries.get_opening(opening.organisation_id, opening.id)
    proposal = proposing.propose_cancellation(row, reason, by=hr, at=clock.now())
    proposing.approve(row, proposal, seen=proposal.version, by=approver, at=clock.now())
    db.session.remove()
    return opening
