"""Who was not accepted learns it when results come out, not before, and is never left without a word (design 29)."""

from datetime import timedelta

import time_machine
from flask import Flask

from app.applications.models import ApplicationVersion
from app.applications.screening_models import Confirmation, FindingOutcome
from app.core.model import new_id
from app.openings.revision_models import Criterion
from tests import factories
from tests.correspondence.arrange import holding
from tests.screening.arrange import rows
from tests.selection.arrange import FAIL, PASS, meeting


def test_a_required_criterion_not_met_is_told_with_the_first_results(app: Flask) -> None:
    made = meeting()
    made.decided(PASS, FAIL, FAIL)
    opening, city = made.scene.opening, made.scene.city
    one, other = (factories.application(city, opening, mail=mail) for mail in ("a@example.jp", "b@example.jp"))
    [version] = [row for row in rows(ApplicationVersion) if row.application_id == one.id]
    key = next(row.key for row in rows(Criterion) if row.required and row.revision_id == version.revision_id)
    of = {"organisation_id": city.id, "application_id": one.id, "application_version_id": version.id}
    said = {"criterion_key": key, "outcome": FindingOutcome.DOES_NOT_MEET, "overrides": False}
    factories.save(Confirmation(id=new_id(), **of, **said, by=made.scene.hr.id, at=version.received_at))
    instant = made.approved().release_at

    with time_machine.travel(instant - timedelta(seconds=1), tick=False):
        before = [holding(app, who.applicant_id).get("/my/") for who in (one, other)]
    with time_machine.travel(instant + timedelta(minutes=1), tick=False):
        page = holding(app, one.applicant_id).get("/my/")
        detail = holding(app, one.applicant_id).get(f"/my/applications/{one.id}")
        waiting = holding(app, other.applicant_id).get("/my/")

    assert not any("応募資格の確認" in text for text in before)
    assert "選考に進めませんでした" in page
    assert "選考終了" in page
    assert "必須の要件を確認できませんでした" in detail
    assert "応募資格の確認が続いています" in waiting
    assert "選考に進めませんでした" not in waiting
