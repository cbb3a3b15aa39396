import uuid
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from app.accounts.models import StaffUser
from app.audit.models import AuditEvent
from app.core import clock
from app.core.access import Role
from app.core.context import PUBLIC, SYSTEM, bind, staff_of
from app.core.errors import NotFound, StaleWrite
from app.extensions import db
from app.openings import employment, queries, services, staff_queries
from app.openings.content import OpeningContent
from app.openings.models import Opening, OpeningState
from app.openings.publication_schedule import Window
from app.openings.queries import ClosingState
from app.openings.revision_models import Revision
from app.openings.workflow import MoveRefused
from app.organisations.models import Organisation
from app.organisations.texts import first_texts
from tests import factories
from tests.at_once import at_once


class City:
    """A city with its forms and texts, an author, two approvers, and a draft that lacks nothing."""

    def __init__(self) -> None:
        self.own = factories.organisation()
        rows = employment.rows_for(self.own.id)
        factories.save(*rows, *first_texts(self.own.id, city=self.own.name, effective_on=clock.today()))
        self.author = factories.staff(self.own, Role.AUTHOR, Role.APPROVER)
        self.approver = factories.staff(self.own, Role.APPROVER)
        now = clock.now().replace(microsecond=0)
        said = factories.content(
            stages=[
                stage.model_dump() | {"result_on": (now + timedelta(days=60 + n)).date()}
                for n, stage in enumerate(factories.content().stages)
            ],
            appointed_on=(now + timedelta(days=200)).date(),
        )
        self.draft_id = factories.opening(
            self.own,
            approved=False,
            content=said,
            published_at=now + timedelta(days=1),
            opens_at=now + timedelta(days=2),
            closes_at=now + timedelta(days=30),
        ).id

    def opening(self) -> Opening:
        """The draft as a new request reads it."""
        db.session.remove()
        bind(db.session, staff_of(self.own.id))
        return staff_queries.get_opening(self.own.id, self.draft_id)

    def submit(self) -> None:
        opening = self.opening()
        services.submit(opening, self.own, version=opening.version, by=self.author, at=clock.now())

    def approve(self, by: StaffUser | None = None) -> None:
        opening = self.opening()
        services.approve(opening, self.own, seen=opening.content_sha256 or "", by=by or self.approver, at=clock.now())

    def save(self, at: Any = None, version: int | None = None, **changes: Any) -> None:
        opening = self.opening()
        content = OpeningContent.model_validate(opening.content | changes)
        window = Window(opening.published_at, opening.opens_at, opening.closes_at)
        services.save(
            opening, self.own, content, window, version=version or opening.version, by=self.author, at=at or clock.now()
        )


def actions(organisation: Organisation) -> list[str]:
    db.session.remove()
    bind(db.session, SYSTEM)
    query = select(AuditEvent.action).where(AuditEvent.organisation_id == organisation.id)
    return list(db.session.scalars(query.order_by(AuditEvent.seq)))


def test_two_people_publish_and_the_public_sees_it_from_the_announced_instant(app: Flask) -> None:
    city = City()
    city.submit()
    city.approve()
    opening = city.opening()

    [revision] = staff_queries.revisions_of(opening)
    assert (opening.state, revision.number, revision.content) == (OpeningState.APPROVED, 1, opening.content)
    assert (revision.author_id, revision.approver_id) == (city.author.id, city.approver.id)
    assert revision.sha256 == opening.content_sha256
    at = opening.published_at
    assert at is not None
    db.session.remove()
    bind(db.session, PUBLIC)
    with pytest.raises(NotFound):
        queries.get_visible(city.draft_id, at - timedelta(microseconds=1))
    assert queries.get_visible(city.draft_id, at).id == city.draft_id
    assert actions(city.own) == ["submit.opening", "approve.opening"]


def test_the_author_never_approves_even_with_the_role(app: Flask) -> None:
    city = City()
    city.submit()

    with pytest.raises(services.AnotherPerson):
        city.approve(by=city.author)
    with pytest.raises(services.AnotherPerson):
        services.return_to_author(city.opening(), "直して", by=city.author, at=clock.now())
    assert city.opening().state is OpeningState.IN_REVIEW


def test_the_database_refuses_one_person_as_both(app: Flask) -> None:
    city = City()
    city.submit()
    city.opening()

    with pytest.raises(IntegrityError):
        db.session.execute(
            text("UPDATE opening SET approved_by = submitted_by WHERE organisation_id = :own"),
            {"own": city.own.id if db.engine.dialect.name == "postgresql" else city.own.id.hex},
        )


def test_two_who_approve_at_once_make_one_revision_and_the_other_is_told(app: Flask) -> None:
    city = City()
    city.submit()
    second = factories.staff(city.own, Role.APPROVER)

    said = at_once(app, city.approve, lambda: city.approve(by=second))

    assert said.count(None) == 1
    assert next(type(one) for one in said if one is not None) in (StaleWrite, StaleDataError, MoveRefused)
    assert city.opening().state is OpeningState.APPROVED
    assert actions(city.own) == ["submit.opening", "approve.opening"]


def test_authors_who_begin_openings_at_once_get_a_number_each(app: Flask) -> None:
    city, at = City(), clock.now()

    def begin() -> int:
        bind(db.session, staff_of(city.own.id))
        return services.create(city.own, "新しい職種", by=city.author, at=at).number

    said = at_once(app, *[begin] * 4)

    assert sorted(said) == list(range(min(said), min(said) + 4))


@pytest.mark.parametrize("approved", [False, True])
def test_an_edit_before_publication_voids_the_approval(app: Flask, approved: bool) -> None:
    city = City()
    city.submit()
    if approved:
        city.approve()

    city.save(title="新しい名前")

    opening = city.opening()
    assert (opening.state, opening.revision_id, opening.content_sha256) == (OpeningState.DRAFT, None, None)
    assert (opening.submitted_by, opening.approved_by) == (None, None)
    db.session.remove()
    bind(db.session, PUBLIC)
    with pytest.raises(NotFound):
        queries.get_visible(city.draft_id, clock.now() + timedelta(days=3))


def test_what_was_voided_is_approved_again_as_the_next_first_revision(app: Flask) -> None:
    city = City()
    city.submit()
    city.approve()
    city.save(title="新しい名前")
    city.submit()
    city.approve()

    opening = city.opening()
    revisions = db.session.scalars(select(Revision).order_by(Revision.number)).all()
    assert [(one.number, one.kind.value, one.content["title"]) for one in revisions] == [
        (1, "first", "DX推進担当"),
        (2, "first", "新しい名前"),
    ]
    assert opening.revision_id == revisions[1].id
    assert queries.amendments(opening) == []


def test_saving_the_same_keeps_the_approval(sqlite_app: Flask) -> None:
    city = City()
    city.submit()

    city.save()

    assert city.opening().state is OpeningState.IN_REVIEW


def test_after_publication_nothing_changes_in_place(sqlite_app: Flask) -> None:
    city = City()
    city.submit()
    city.approve()

    with pytest.raises(services.Published):
        city.save(at=clock.now() + timedelta(days=1, seconds=1), title="別の名前")
    assert city.opening().title == "DX推進担当"


def test_what_changed_since_it_was_seen_is_not_approved(sqlite_app: Flask) -> None:
    city = City()
    city.submit()

    with pytest.raises(services.ContentChanged):
        services.approve(city.opening(), city.own, seen="0" * 64, by=city.approver, at=clock.now())


def test_a_content_changed_behind_the_approval_is_not_approved(app: Flask) -> None:
    city = City()
    city.submit()
    opening = city.opening()
    opening.content = opening.content | {"title": "すり替えた名前"}
    db.session.commit()

    with pytest.raises(services.ContentChanged):
        city.approve()


def test_an_unfinished_draft_is_not_submitted(sqlite_app: Flask) -> None:
    city = City()
    city.save(summary="")

    with pytest.raises(services.NotReady):
        city.submit()
    assert city.opening().state is OpeningState.DRAFT


def test_a_stale_save_is_refused(app: Flask) -> None:
    city = City()
    before = city.opening().version
    city.save(title="一人目")

    with pytest.raises(StaleWrite):
        city.save(version=before, title="二人目")
    assert city.opening().title == "一人目"


def test_returning_gives_the_reason_and_can_be_mended(app: Flask) -> None:
    city = City()
    city.submit()
    services.return_to_author(city.opening(), "任期を直してください", by=city.approver, at=clock.now())

    assert (city.opening().state, city.opening().returned_reason) == (OpeningState.DRAFT, "任期を直してください")
    city.submit()
    assert city.opening().returned_reason is None


@pytest.mark.parametrize("is_submitted", [True, False])
def test_what_does_not_wait_for_approval_is_not_returned(app: Flask, is_submitted: bool) -> None:
    city = City()
    if is_submitted:
        city.submit()
        city.approve()
    before = city.opening().state

    with pytest.raises(MoveRefused):
        services.return_to_author(city.opening(), "やり直し", by=city.approver, at=clock.now())

    assert (city.opening().state, city.opening().returned_reason) == (before, None)


def test_one_called_off_before_publication_is_never_seen_and_a_public_one_takes_two_people(app: Flask) -> None:
    seen = factories.opening(factories.organisation("kobe", "神戸市"))
    city = City()
    city.submit()
    city.approve()
    services.withdraw(city.opening(), "予算の都合", by=city.approver, at=clock.now())
    hidden = city.opening()
    later = clock.now() + timedelta(days=10)

    assert queries.closing_state(hidden, later) is ClosingState.HIDDEN
    db.session.remove()
    bind(db.session, staff_of(seen.organisation_id))
    opening = staff_queries.get_opening(seen.organisation_id, seen.id)
    with pytest.raises(services.Published):
        services.withdraw(opening, "予算の都合", by=city.approver, at=clock.now())
    assert queries.closing_state(opening, later) is ClosingState.CLOSED


def test_a_copy_is_a_draft_a_year_later(app: Flask) -> None:
    city = City()
    source = city.opening()

    copy = services.duplicate(source, city.own, by=city.author, at=clock.now())

    rule = copy.content["criteria"][0]["params"]["rule"]
    assert (copy.state, copy.copied_from, copy.revision_id) == (OpeningState.DRAFT, source.id, None)
    assert rule["as_of"] == "2027-11-30"
    assert copy.closes_at is not None
    assert source.closes_at is not None
    assert copy.closes_at.replace(year=source.closes_at.year) == source.closes_at
    assert actions(city.own) == ["create.opening"]


def test_pressing_copy_several_times_makes_one_copy_until_it_is_edited(app: Flask) -> None:
    city = City()
    source = city.opening()

    def copy() -> uuid.UUID:
        bind(db.session, staff_of(source.organisation_id))
        own = staff_queries.get_opening(source.organisation_id, source.id)
        return services.duplicate(own, city.own, by=city.author, at=clock.now()).id

    db.session.remove()
    first = at_once(app, copy, copy, copy)
    bind(db.session, staff_of(source.organisation_id))
    db.session.execute(update(Opening).where(Opening.id == first[0]).values(title="直した写し", version=2))
    db.session.commit()
    db.session.remove()
    second = copy()

    assert len(set(first)) == 1
    assert second not in first
