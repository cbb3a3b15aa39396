"""The page of rounds: HR runs them and sees progress; values only once locked; others find nothing."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from app.audit.models import AuditDetail
from app.core import clock
from app.core.access import Role
from app.core.model import new_id
from app.reviews import services
from app.reviews.models import ScoreRun
from app.reviews.scoring import FORMULA_VERSION
from tests import factories
from tests.reviews.arrange import Scene, close_in, scene
from tests.screening.arrange import rows


def rounds_url(made: Scene) -> str:
    return made.url(f"/openings/{made.opening.id}/rounds")


def test_hr_appoints_prepares_opens_and_locks(sqlite_app: Flask) -> None:
    made = scene(applications=1)
    hr = made.browser(sqlite_app, made.hr)
    third = factories.staff(made.city, Role.AUTHOR, display_name="追加 三郎")
    page = hr.get(rounds_url(made))
    panel = re.findall(r'name="panel" value="([^"]+)" checked', page)

    hr.post(made.url(f"/openings/{made.opening.id}/reviewers"), {"member": str(made.member(third)), "role": "reviewer"})
    hr.post(
        rounds_url(made) + "/documents/prepare",
        {"panel": panel, "due_on-year": "令和9", "due_on-month": "1", "due_on-day": "15"},
    )
    page = hr.get(rounds_url(made))
    [base] = set(re.findall(r'action="([^"]+)/open"', page))
    hr.post(base + "/reviewers", {"member": str(made.member(third))})
    hr.post(base + "/open")
    refused = hr.post(base + "/lock", status=409).text

    assert len(panel) == 2
    assert "1月15日（金）23:59:59</time>" in page
    assert "3件" in refused
    assert "追加 三郎" in hr.get(rounds_url(made))


def test_too_small_a_panel_and_a_bad_date_are_said_on_the_page(sqlite_app: Flask) -> None:
    made = scene(applications=1)
    hr = made.browser(sqlite_app, made.hr)
    hr.get(rounds_url(made))

    page = hr.post(rounds_url(made) + "/documents/prepare", {"due_on-year": "x"}, status=422).text
    hr.post(rounds_url(made) + "/documents/prepare", {"panel": str(made.member(made.reviewers[0]))}, status=409)

    assert page.count("採点者を選んでください") == 2
    assert page.count("採点の期限の年は4桁の西暦か和暦（例：平成3）で") == 2


def test_values_show_once_locked_and_not_before(sqlite_app: Flask) -> None:
    made = scene(applications=1)
    round_ = made.opened()
    made.submit(round_, 0, 0, (5, 5))
    hr, chair_user = (
        made.browser(sqlite_app, made.hr),
        factories.staff(made.city, Role.CHAIR, opening_id=made.opening.id),
    )
    chair = made.browser(sqlite_app, chair_user)
    progress = hr.get(rounds_url(made))
    for browser in (hr, chair):
        browser.get(f"{rounds_url(made)}/{round_.id}", status=404)

    made.submit(round_, 0, 1, (4, 3))
    hr.post(f"{rounds_url(made)}/{round_.id}/lock")
    pages = [browser.get(f"{rounds_url(made)}/{round_.id}") for browser in (hr, chair)]

    assert re.findall(r"100\.00|総合点|評価不能", progress) == []
    for page in pages:
        assert "<b>86.00</b>" in page
        assert "保存した評点から計算し直した結果と、一致しています" in page
        assert "重み × 段階 ÷ 最高段階" in page
        assert made.applications[0].mail not in page


def test_of_an_open_round_no_value_shows_even_where_totals_were_kept(sqlite_app: Flask) -> None:
    made = scene(applications=1)
    round_ = made.opened()
    made.submit(round_, 0, 0, (5, 5))
    factories.save(
        ScoreRun(
            id=new_id(), organisation_id=made.city.id, round_id=round_.id, formula_version=FORMULA_VERSION,
            input_sha256="0" * 64, lines=[], at=clock.now(), by=made.hr.id,
        )
    )  # fmt: skip

    made.browser(sqlite_app, made.hr).get(f"{rounds_url(made)}/{round_.id}", status=404)


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUTHOR, Role.APPROVER, Role.AUDITOR, Role.REVIEWER])
def test_others_find_no_rounds(sqlite_app: Flask, role: Role) -> None:
    made = scene(applications=1)
    round_ = made.locked({})
    user = factories.staff(made.city, role, opening_id=made.opening.id)
    browser = made.browser(sqlite_app, user)

    browser.get(rounds_url(made), status=404)
    browser.get(f"{rounds_url(made)}/{round_.id}", status=404)


def test_a_chair_watches_and_does_not_run_and_knows_no_other_opening(sqlite_app: Flask) -> None:
    made = scene(applications=1)
    round_ = made.opened()
    other = factories.opening(made.city)
    chair = made.browser(sqlite_app, factories.staff(made.city, Role.CHAIR, opening_id=made.opening.id))

    page = chair.get(rounds_url(made))
    chair.post(f"{rounds_url(made)}/{round_.id}/lock", status=404)
    chair.get(made.url(f"/openings/{other.id}/rounds"), status=404)

    assert "採点を締め切る" not in page


def test_late_applications_are_assigned_by_hand_only_once_scoring_began(sqlite_app: Flask) -> None:
    made = scene(applications=1)
    round_ = made.prepared()
    hr = made.browser(sqlite_app, made.hr)

    prepared = hr.get(rounds_url(made))
    made.run(services.open_round, round_)
    opened = hr.get(rounds_url(made))

    assert ["あとから進んだ応募を割り当てる" in page for page in (prepared, opened)] == [False, True]
    assert "採点を始めるときに、それまでにこの段階へ進んだ応募も割り当てます。" in prepared
    assert "割り当てるまで採点者に届きません。" in opened


def test_another_city_finds_nothing(sqlite_app: Flask) -> None:
    made, abroad = scene(applications=1), scene(applications=1, slug="kobe", name="神戸市")
    round_ = made.locked({})
    browser = made.browser(sqlite_app, abroad.hr)

    browser.get(rounds_url(made), status=404)
    browser.get(abroad.url(f"/openings/{made.opening.id}/rounds"), status=404)
    browser.get(abroad.url(f"/openings/{abroad.opening.id}/rounds/{round_.id}"), status=404)


def test_a_round_begins_before_the_deadline_only_for_a_reason_that_stays(sqlite_app: Flask) -> None:
    made = scene(applications=1)
    round_ = made.prepared()
    close_in(made, timedelta(days=1))
    hr = made.browser(sqlite_app, made.hr)
    page = hr.get(rounds_url(made))
    url = f"{rounds_url(made)}/{round_.id}/open"

    refused = hr.post(url, {"reason": " "}, status=422).text
    hr.post(url, {"reason": "応募が多く、早く始めるため"})

    assert "まだ応募を受け付けています" in page
    assert refused.count("締切の前に採点を始める理由を入力してください") == 2
    assert "締切の前に始めた理由：" in hr.get(rounds_url(made))
    said = [row.body for row in rows(AuditDetail) if "early_reason" in row.body]
    assert [one["early_reason"] for one in said] == ["応募が多く、早く始めるため"]


def test_after_the_deadline_nobody_is_asked_why_the_grace_included(sqlite_app: Flask) -> None:
    made = scene(applications=1)
    round_ = made.prepared()
    hr = made.browser(sqlite_app, made.hr)
    close_in(made, timedelta(seconds=-60), grace_seconds=300)
    asked = 'name="reason"' in hr.get(rounds_url(made))
    close_in(made, timedelta(seconds=-60))

    assert asked
    assert 'name="reason"' not in hr.get(rounds_url(made))
    hr.post(f"{rounds_url(made)}/{round_.id}/open")


def test_hr_takes_a_prepared_round_back_and_only_reviewers_are_ticked(sqlite_app: Flask) -> None:
    made = scene(applications=1)
    factories.staff(made.city, Role.CHAIR, opening_id=made.opening.id, display_name="主任 花子")
    round_ = made.prepared()
    hr = made.browser(sqlite_app, made.hr)
    page = hr.get(rounds_url(made))

    hr.post(f"{rounds_url(made)}/{round_.id}/discard")
    after = hr.get(rounds_url(made))

    assert "採点期を取りやめる" in page
    assert "採点期を取りやめる" not in after
    ticked = set(re.findall(r'name="panel" value="([^"]+)" checked', after))
    assert ticked == {str(made.member(user)) for user in made.reviewers}
