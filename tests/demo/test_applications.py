"""The demo's made-up people apply through the real use cases."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select

from app.applications.models import Application, ApplicationDocument, ApplicationVersion, StoredFile
from app.applications.screening_models import Finding
from app.audit.chain import verify
from app.core import clock, storage
from app.core.context import SYSTEM, bind
from app.demo.applications import APART, load_applicants
from app.demo.loader import load, openings_by_source
from app.demo.people import applicants
from app.demo.values import DEMO_VALUES
from app.extensions import db
from app.outbox.models import Mail


def test_the_made_up_people_apply_with_files_findings_and_mails(app: Flask) -> None:
    at = clock.now()
    load(at=at)
    db.session.remove()

    count = load_applicants(at=at)

    bind(db.session, SYSTEM)
    assert count == sum(len(one.applies_to) for one in applicants())
    assert len(db.session.scalars(select(Application)).all()) == count
    assert len(db.session.scalars(select(Mail).where(Mail.kind == "application-received")).all()) == count
    assert len(db.session.scalars(select(ApplicationDocument)).all()) >= count - 2
    assert all(storage.has_size(one.key, one.size) for one in db.session.scalars(select(StoredFile)))
    assert verify(db.session)[1] is None


def test_the_computed_outcomes_are_the_expected_ones(sqlite_app: Flask) -> None:
    at = clock.now()
    load(at=at)
    db.session.remove()
    load_applicants(at=at)
    bind(db.session, SYSTEM)
    sources = {opening.id: source_id for source_id, opening in openings_by_source().items()}

    rows = db.session.execute(
        select(Application.mail, Application.opening_id, Finding.outcome, Finding.working)
        .join(ApplicationVersion, ApplicationVersion.application_id == Application.id)
        .join(Finding, Finding.application_version_id == ApplicationVersion.id)
    )
    found = {
        (mail, sources[opening_id]): outcome.value for mail, opening_id, outcome, working in rows if "rule" in working
    }
    expected = {(one.mail, source_id): outcome for one in applicants() for source_id, outcome in one.expected.items()}
    assert {key: found[key] for key in expected if key in found} == {k: v for k, v in expected.items() if k in found}
    assert len(found) >= 10


def test_applications_are_spread_over_the_days_before_the_start(sqlite_app: Flask) -> None:
    at = clock.now()
    load(at=at)
    db.session.remove()
    load_applicants(at=at)

    bind(db.session, SYSTEM)
    assert set(db.session.scalars(select(Application.check_reason))) == {None}
    times = sorted(db.session.scalars(select(Application.received_at)))
    assert times[-1] < at
    assert times[-1] - times[0] > timedelta(days=1)


def test_all_of_them_apply_at_whatever_hour_the_demo_starts() -> None:
    midnight = clock.now().replace(hour=15, minute=0, second=0, microsecond=0)  # in Japan
    starts = [midnight + timedelta(minutes=30 * n) for n in range(48)]

    counts = {sum(1 for _ in running(at)) for at in starts}

    assert counts == {sum(len(one.applies_to) for one in applicants())}


def running(at: datetime) -> Iterator[str]:
    """The choices of the made-up people whose opening takes applications when they apply."""
    count = 0
    for person in applicants():
        person_at = at - APART * (count + 1)
        for source_id in person.applies_to:
            window = DEMO_VALUES.window(source_id, at)
            if window and window[0] <= person_at <= window[1]:
                count += 1
                yield source_id
