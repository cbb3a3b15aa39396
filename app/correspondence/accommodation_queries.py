"""Reads of requests for accommodation: a person's own, also with a draft; a city's once there is an application."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from app.applications.models import Application, ApplicationState, Draft, DraftChoice
from app.core.crypto import decrypt
from app.core.errors import NotFound
from app.core.paging import Page
from app.correspondence.models import Accommodation, AccommodationState
from app.correspondence.needs import Needs
from app.extensions import db
from app.openings.models import Opening, OpeningState
from app.organisations.models import Organisation

PER_PAGE = 50
WAITING = (AccommodationState.ASKED, AccommodationState.TALKING)


@dataclass(frozen=True)
class Case:
    """One person and one opening, with what was asked for, if anything."""

    organisation: Organisation
    opening: Opening
    applicant_id: uuid.UUID
    application: Application | None
    accommodation: Accommodation | None

    @property
    def version(self) -> int:
        return self.accommodation.version if self.accommodation else 0

    @property
    def is_asked(self) -> bool:
        """Say whether something stands: asked for and not taken back."""
        return bool(self.accommodation and self.accommodation.sealed)

    @property
    def needs(self) -> Needs:
        """What the person said; nothing where nothing was asked for or it was taken back."""
        sealed = self.accommodation.sealed if self.accommodation else ""
        return Needs.of_text(decrypt(sealed)) if sealed else Needs()

    @property
    def answer(self) -> str:
        """What the city answered last."""
        sealed = self.accommodation.answer_sealed if self.accommodation else ""
        return decrypt(sealed) if sealed else ""

    @property
    def is_late(self) -> bool:
        """Asked for after the closing instant: accepted, and marked (A-10)."""
        closes_at = self.opening.closes_at
        return bool(self.accommodation and closes_at and self.accommodation.asked_at > closes_at)


def case_of(applicant_id: uuid.UUID, application_id: uuid.UUID) -> Case:
    """Give the case of a person's own application. Raises: NotFound."""
    query = select(Application.opening_id).where(
        Application.applicant_id == applicant_id, Application.id == application_id
    )
    opening_id = db.session.scalar(query)
    if opening_id is None:
        raise NotFound
    return _case(opening_id, applicant_id)


def case_in_draft(applicant_id: uuid.UUID, draft_id: uuid.UUID, opening_id: uuid.UUID) -> Case:
    """Give the case of an opening that a person's draft names. Raises: NotFound."""
    for case in cases_in_draft(applicant_id, draft_id):
        if case.opening.id == opening_id:
            return case
    raise NotFound


def cases_in_draft(applicant_id: uuid.UUID, draft_id: uuid.UUID) -> list[Case]:
    """List the cases of all openings that a person's draft names. Raises: NotFound, also where it names none."""
    chosen = exists().where(DraftChoice.draft_id == Draft.id, DraftChoice.opening_id == Opening.id)
    named = exists().where(
        Draft.applicant_id == applicant_id, Draft.id == draft_id, or_(Draft.opening_id == Opening.id, chosen)
    )
    cases = _of_person(applicant_id, named)
    if not cases:
        raise NotFound
    return cases


def cases_of(applicant_id: uuid.UUID) -> list[Case]:
    """List the cases of a person's applications in all cities, but those withdrawn and those called off."""
    goes_on = Application.state != ApplicationState.WITHDRAWN, Opening.state != OpeningState.WITHDRAWN
    return _of_person(applicant_id, Application.id.is_not(None), *goes_on)


def _case(opening_id: uuid.UUID, applicant_id: uuid.UUID) -> Case:
    for case in _of_person(applicant_id, Opening.id == opening_id):
        return case
    raise NotFound


def _of_person(applicant_id: uuid.UUID, *wanted: ColumnElement[bool]) -> list[Case]:
    rows = db.session.execute(
        select(Organisation, Opening, Application, Accommodation)
        .select_from(Opening)
        .join(Organisation, Organisation.id == Opening.organisation_id)
        .outerjoin(Application, and_(Application.opening_id == Opening.id, Application.applicant_id == applicant_id))
        .outerjoin(
            Accommodation, and_(Accommodation.opening_id == Opening.id, Accommodation.applicant_id == applicant_id)
        )
        .where(*wanted)
        .order_by(Application.received_at, Organisation.code, Opening.title, Opening.id)
    )
    return [
        Case(organisation, opening, applicant_id, application, accommodation)
        for organisation, opening, application, accommodation in rows
    ]


def states_of(applicant_id: uuid.UUID) -> dict[uuid.UUID, AccommodationState]:
    """Say by opening how far a person's requests have come; those taken back are not there."""
    query = select(Accommodation.opening_id, Accommodation.state).where(
        Accommodation.applicant_id == applicant_id, Accommodation.state != AccommodationState.WITHDRAWN
    )
    return {opening_id: state for opening_id, state in db.session.execute(query)}


def get_case(organisation_id: uuid.UUID, opening_id: uuid.UUID, application_id: uuid.UUID) -> Case:
    """Give a request as its city reads it. Raises: NotFound, also where nothing is asked for."""
    query = _cases(organisation_id).where(Application.opening_id == opening_id, Application.id == application_id)
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    organisation = db.session.scalar(select(Organisation).where(Organisation.id == organisation_id))
    if organisation is None:
        raise NotFound
    accommodation, application, opening = row
    return Case(organisation, opening, application.applicant_id, application, accommodation)


def _cases(organisation_id: uuid.UUID) -> Any:
    same = and_(
        Application.opening_id == Accommodation.opening_id, Application.applicant_id == Accommodation.applicant_id
    )
    return (
        select(Accommodation, Application, Opening)
        .join(Application, same)
        .join(Opening, Opening.id == Accommodation.opening_id)
        .where(Accommodation.organisation_id == organisation_id, Accommodation.state != AccommodationState.WITHDRAWN)
    )


@dataclass(frozen=True)
class Line:
    """One request in the city's list."""

    accommodation: Accommodation
    application: Application
    opening: Opening

    @property
    def is_late(self) -> bool:
        return bool(self.opening.closes_at and self.accommodation.asked_at > self.opening.closes_at)


@dataclass(frozen=True)
class LinePage:
    """One page of a city's requests."""

    lines: list[Line]
    page: Page


def listing(organisation_id: uuid.UUID, number: int) -> LinePage:
    """List a city's requests, those not settled first, the oldest first."""
    cases = _cases(organisation_id)
    total = db.session.scalar(select(func.count()).select_from(cases.subquery())) or 0
    page = Page.of(number, total, PER_PAGE)
    settled = Accommodation.state == AccommodationState.SETTLED
    rows = db.session.execute(
        cases.order_by(settled, Accommodation.changed_at, Accommodation.id).limit(PER_PAGE).offset(page.offset)
    )
    return LinePage([Line(*row) for row in rows], page)


def waiting_count(organisation_id: uuid.UUID) -> int:
    """Count the requests that are not settled yet."""
    waiting = _cases(organisation_id).where(Accommodation.state.in_(WAITING))
    return db.session.scalar(select(func.count()).select_from(waiting.subquery())) or 0


def asked_among(organisation_id: uuid.UUID, application_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Give the state word of those of these applications whose person asked for something."""
    rows = db.session.execute(_cases(organisation_id).where(Application.id.in_(application_ids)))
    return {application.id: accommodation.state.label for accommodation, application, _opening in rows}
