"""The list of applicants asked for by its address: each filter finds exactly those, and the counts go with it."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.applications.applicant_list import Asked
from app.applications.late_models import LateAttempt
from app.applications.list_queries import applicants
from app.applications.models import Application, StoredFile
from app.core.model import new_id
from app.files.kept import ScanState
from tests import factories
from tests.screening.arrange import City, act_for, city, rows


def many(place: City) -> None:
    """One applicant for each thing to be found, named after it."""
    place.application(family_name="plain")
    place.application(family_name="check", findings={"regular_years": "check", "knowledge": "meets"})
    place.application(family_name="fails", findings={"regular_years": "does_not_meet", "knowledge": "meets"})
    factories.another_version(place.application(family_name="resent"))
    place.application(family_name="unconfirmed", confirmed=False)
    for name in ("twin", "other"):
        place.application(family_name=name, mail="one@applicant.example.jp", confirmed=name == "twin")
    _late(place, place.application(family_name="late"))
    for one in rows(StoredFile)[1:]:
        one.scan_state = ScanState.CLEAN
        factories.save(one)


def _late(place: City, application: Application) -> None:
    own = {"organisation_id": place.organisation.id, "opening_id": place.opening.id}
    [draft_id] = [row.draft_id for row in _submissions() if row.applicant_id == application.applicant_id]
    attempt = {"received_at": application.received_at, "closes_at": application.received_at - timedelta(minutes=1)}
    whose = {"applicant_id": application.applicant_id, "draft_id": draft_id}
    factories.save(LateAttempt(id=new_id(), answers={}, **own, **whose, **attempt))


def _submissions() -> list[Any]:
    from app.applications.models import Submission

    return rows(Submission)


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"mark": "shared"}, {"twin", "other"}),
        ({"mark": "resent"}, {"resent"}),
        ({"mark": "late"}, {"late"}),
        ({"mark": "unconfirmed"}, {"unconfirmed", "other"}),
        ({"mark": "suspect"}, set()),
        ({"outcome": "does_not_meet"}, {"fails"}),
        ({"outcome": "check", "criterion": "regular_years"}, {"check"}),
        ({"mark": "resent", "outcome": "does_not_meet"}, set()),
        ({"mark": "nonsense", "outcome": "else", "per_page": "7"}, None),
    ],
)
def test_a_filter_finds_exactly_those(app: Flask, asked: dict[str, str], names: set[str] | None) -> None:
    place = city()
    many(place)
    act_for(place)

    found = applicants(place.opening, Asked.of(asked))

    everybody = {"plain", "check", "fails", "resent", "unconfirmed", "twin", "other", "late"}
    assert {line.application.family_name for line in found.lines} == (everybody if names is None else names)
    assert sum(found.counts.values()) == found.page.total == len(found.lines)
    assert [line.is_late for line in found.lines if line.application.family_name == "late"] in ([], [True])


def test_what_is_not_scanned_is_found(sqlite_app: Flask) -> None:
    place = city()
    many(place)
    act_for(place)

    found = applicants(place.opening, Asked.of({"mark": "unscanned"})).lines

    assert [line.unscanned for line in found] == [1]
