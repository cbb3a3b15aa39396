"""Two cities with an opening each, applicants and staff; browsers of staff."""

import uuid
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import select

from app.accounts.models import StaffUser
from app.applications import screening, screening_detail
from app.applications.rulings import Ruling
from app.applications.screening_models import FindingOutcome
from app.audit.models import AccessEvent
from app.core import clock
from app.core.access import Role
from app.core.context import SYSTEM, bind, staff_of
from app.core.database import read_only
from app.extensions import db
from tests import factories
from tests.browsing import Browser

MET = {"regular_years": "meets", "article16": "meets", "knowledge": "meets"}


@dataclass
class City:
    """A city with an opening and one member of staff per role."""

    organisation: Any
    opening: Any

    def staff(self, role: Role, **values: Any) -> StaffUser:
        return factories.staff(self.organisation, role, opening_id=self.opening.id, **values)

    def url(self, *parts: object) -> str:
        tail = "".join(f"/{part}" for part in parts)
        return f"/staff/{self.organisation.slug}/openings/{self.opening.id}/applications{tail}"

    def application(self, **values: Any) -> Any:
        return factories.application(self.organisation, self.opening, **values)


def city(slug: str = "shinagawa", name: str = "品川区", **values: Any) -> City:
    organisation = factories.organisation(slug, name)
    return City(organisation, factories.opening(organisation, **values))


def browser(app: Flask, user: StaffUser) -> Browser:
    made = Browser(app)
    factories.sign_in(made.client, user)
    return made


def rows(table: Any) -> list[Any]:
    """Every row of a table, read as the system."""
    db.session.remove()
    read_only(False)
    bind(db.session, SYSTEM)
    found = list(db.session.scalars(select(table)))
    for row in found:
        db.session.expunge(row)
    db.session.remove()
    return found


def looks() -> list[tuple[str, str, int]]:
    return [(look.action, look.subject, look.rows) for look in rows(AccessEvent)]


def act_for(place: City) -> None:
    """Begin a transaction of the city's staff, as a POST does."""
    db.session.remove()
    read_only(False)
    bind(db.session, staff_of(place.organisation.id))


def view_of(place: City, application_id: uuid.UUID) -> Any:
    act_for(place)
    return screening_detail.get_view(place.organisation.id, place.opening.id, application_id)


def rulings(**outcomes: str) -> dict[str, Ruling]:
    return {key: Ruling(FindingOutcome(outcome)) for key, outcome in outcomes.items()}


def confirm(place: City, application: Any, user: StaffUser, **values: Any) -> Any:
    """Confirm criteria through the service: outcomes by key, or Rulings under `given`."""
    given = values.pop("given", None) or rulings(**(values or MET))
    view = view_of(place, application.id)
    return screening.confirm(view, given, seen=view.seen, by=user, at=clock.now())


def accept(place: City, application: Any, user: StaffUser, **values: Any) -> Any:
    view = view_of(place, application.id)
    return screening.accept(view, seen=view.seen, by=user, at=clock.now(), **values)
