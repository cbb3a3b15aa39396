from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import RoleGrant, StaffUser
from app.audit.chain import verify
from app.core.access import Role
from app.core.context import SYSTEM, bind
from app.demo import loader
from app.demo.postings import postings
from app.extensions import db
from app.openings import public_queries
from app.openings.checklist import checklist
from app.openings.content import OpeningContent
from app.openings.models import Opening, OpeningState
from app.openings.publication import blocking
from app.organisations.models import LegalText, Organisation

START = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def count(*tables: type) -> list[int]:
    return [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def fresh() -> None:
    db.session.remove()
    bind(db.session, SYSTEM)


def test_the_demo_loads_once_on_either_database(app: Flask) -> None:
    first = loader.load(at=START)
    fresh()
    again = loader.load(at=START + timedelta(days=1))

    assert (first, again) == (True, False)
    assert count(Organisation, Opening, StaffUser, LegalText) == [22, 33, 85, 66]
    assert len(public_queries.open_openings(START)) == 11
    assert verify(db.session)[1] is None


def test_only_calls_with_a_known_form_run(sqlite_app: Flask) -> None:
    loader.load(at=START)
    fresh()

    states = dict(db.session.execute(select(Opening.state, func.count()).group_by(Opening.state)).all())

    assert states == {OpeningState.APPROVED: 15, OpeningState.DRAFT: 3, OpeningState.ARCHIVED: 15}


def test_every_running_call_lacks_nothing_that_the_gate_asks_for_before_publication(sqlite_app: Flask) -> None:
    loader.load(at=START)
    fresh()
    approved = db.session.scalars(select(Opening).where(Opening.state == OpeningState.APPROVED)).all()
    cities = {one.id: one for one in db.session.scalars(select(Organisation))}
    before = timedelta(minutes=1)

    lacking = {
        one.id: blocking(checklist(one, cities[one.organisation_id], at=one.published_at - before))
        for one in approved
        if one.published_at
    }

    assert len(lacking) == 15
    assert [items for items in lacking.values() if items] == []
    content = OpeningContent.model_validate(approved[0].content)
    assert {"terms.hours", "terms.insurance"} - set(content.demo_values) == set()  # marked デモ値 on the page


def test_one_call_closes_within_minutes_of_the_fresh_start(sqlite_app: Flask) -> None:
    loader.load(at=START)
    fresh()

    nearest = public_queries.open_openings(START)[0]

    assert nearest.organisation.slug == "meguro"
    assert nearest.opening.closes_at == START + timedelta(minutes=10)


def test_reviewers_sit_on_the_running_openings_of_their_city(sqlite_app: Flask) -> None:
    loader.load(at=START)
    fresh()

    grants = db.session.scalars(select(RoleGrant).where(RoleGrant.role.in_((Role.REVIEWER, Role.CHAIR)))).all()

    assert {grant.opening_id is not None for grant in grants} == {True}
    assert len(grants) == 12


def test_each_posting_is_found_again_by_its_source(sqlite_app: Flask) -> None:
    loader.load(at=START)
    fresh()

    found = loader.openings_by_source()

    assert {source_id: opening.title for source_id, opening in found.items()} == {
        one.source_id: one.title for one in postings()
    }
