"""The board and the result page of staff: HR decides, an approver releases, others find nothing."""

from typing import Any

import pytest
import time_machine
from flask import Flask

from app.core.access import Role
from app.selection import services
from tests import factories
from tests.reviews.arrange import act_for
from tests.selection.arrange import FAIL, PASS, RESERVE, Meeting, meeting, soon


def board_url(made: Meeting) -> str:
    return made.scene.url(f"/openings/{made.scene.opening.id}/selection")


def fields(made: Meeting, *values: dict[str, str]) -> dict[str, Any]:
    rows = made.board().standing
    found: dict[str, Any] = {}
    for place, (row, value) in enumerate(zip(rows, values, strict=True)):
        common = {
            "attendance": "",
            "outcome": "",
            "place": "",
            "reason": "",
            "seen": "0",
            "id": str(row.application_id),
        }
        found |= {f"{name}_{place}": text for name, text in (common | value).items()}
    return found


def test_hr_decides_prepares_and_the_approver_approves(sqlite_app: Flask) -> None:
    made = meeting()
    hr, approver = (made.scene.browser(sqlite_app, user) for user in (made.scene.hr, made.approver))
    hr.get(board_url(made))

    hr.post(
        board_url(made) + "/documents/decisions",
        fields(made, {"outcome": "pass"}, {"outcome": "reserve", "place": "１"}, {"outcome": "fail"}),
    )
    page = hr.get(board_url(made))
    when = {"on-year": "令和9", "on-month": "12", "on-day": "11", "at": "９：００"}
    set_url = hr.post(board_url(made) + "/documents/results", when).location
    own = hr.get(set_url)
    seen = approver.get(set_url)
    approver.post(set_url + "/approve")
    after = approver.get(set_url)

    assert "未公開の判定：合格" in page
    assert "ほかの決裁者の承認を待っています" in own
    assert "この結果を承認する" not in own
    assert "この結果を承認する" in seen
    assert "2027年12月11日（土）9:00" in seen
    assert "承認済み" in after
    assert "決裁 花子" in after


def test_names_stand_on_no_page_of_the_selection(sqlite_app: Flask) -> None:
    made = meeting()
    act_for(made.scene.city)
    made.decided(PASS, FAIL, FAIL)
    found = made.approved()
    hr = made.scene.browser(sqlite_app, made.scene.hr)

    rounds = made.scene.url(f"/openings/{made.scene.opening.id}/rounds")
    pages = [hr.get(board_url(made)), hr.get(f"{board_url(made)}/results/{found.id}"), hr.get(rounds)]

    for application in made.scene.applications:
        for page in pages:
            assert application.mail not in page
            assert application.receipt_number not in page


def test_errors_stand_beside_the_field_and_what_was_typed_is_kept(sqlite_app: Flask) -> None:
    made = meeting()
    hr = made.scene.browser(sqlite_app, made.scene.hr)
    hr.get(board_url(made))

    bad = fields(made, {"outcome": "reserve", "place": "最初"}, {"reason": "考え中"}, {})
    page = hr.post(board_url(made) + "/documents/decisions", bad, status=422).text
    late = hr.post(board_url(made) + "/documents/results", {"at": "九時"}, status=422).text

    assert page.count("補欠順位は数字で入力してください") == 2
    assert "考え中" in page
    assert "公開する時刻は「9:00」のように入力してください" in late
    assert "公開する日を入力してください" in late


def test_a_page_of_other_rows_or_of_an_older_decision_is_refused(sqlite_app: Flask) -> None:
    made = meeting()
    hr = made.scene.browser(sqlite_app, made.scene.hr)
    hr.get(board_url(made))
    old = fields(made, {"outcome": "pass"}, {"outcome": "fail"}, {"outcome": "fail"})
    hr.post(board_url(made) + "/documents/decisions", old)

    hr.post(board_url(made) + "/documents/decisions", old | {"outcome_0": "fail"}, status=409)
    swapped = old | {"id_0": old["id_1"], "id_1": old["id_0"]}
    hr.post(board_url(made) + "/documents/decisions", swapped, status=409)


def test_the_first_n_ranks_are_offered_and_not_saved(sqlite_app: Flask) -> None:
    made = meeting()
    hr = made.scene.browser(sqlite_app, made.scene.hr)

    page = hr.get(board_url(made) + "?top=2")

    assert page.count('<option selected value="pass">') == 2
    assert [row.decision for row in made.board().rows] == [None, None, None]


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUTHOR, Role.AUDITOR, Role.REVIEWER, Role.CHAIR])
def test_others_find_no_board_and_no_result(sqlite_app: Flask, role: Role) -> None:
    made = meeting()
    made.decided(PASS, FAIL, FAIL)
    found = made.prepared()
    user = factories.staff(made.scene.city, role, opening_id=made.scene.opening.id)
    browser = made.scene.browser(sqlite_app, user)

    browser.get(board_url(made), status=404)
    browser.get(f"{board_url(made)}/results/{found.id}", status=404)


def test_who_may_read_may_not_do_more(sqlite_app: Flask) -> None:
    made = meeting()
    made.decided(PASS, FAIL, FAIL)
    found = made.prepared()
    hr, approver = (made.scene.browser(sqlite_app, user) for user in (made.scene.hr, made.approver))
    hr.get(board_url(made))
    page = approver.get(board_url(made) + f"/results/{found.id}")
    board = approver.get(board_url(made))

    hr.post(f"{board_url(made)}/results/{found.id}/approve", status=404)
    approver.post(f"{board_url(made)}/documents/decisions", {}, status=404)
    approver.post(f"{board_url(made)}/documents/results", {}, status=404)
    approver.post(f"{board_url(made)}/results/{found.id}/void", status=404)

    assert "差し戻す" in page
    assert "判定を保存" not in board


def test_an_approver_who_prepared_it_himself_is_refused(sqlite_app: Flask) -> None:
    made = meeting()
    made.decided(PASS, FAIL, FAIL)
    both = factories.staff(made.scene.city, Role.HR, Role.APPROVER)
    found = made.act(services.prepare_results, by=both, release_at=soon())
    browser = made.scene.browser(sqlite_app, both)

    page = browser.get(f"{board_url(made)}/results/{found.id}")
    refused = browser.post(f"{board_url(made)}/results/{found.id}/approve", status=409).text

    assert "この結果を承認する" not in page
    assert "用意した本人は承認できません" in refused


def test_another_citys_staff_find_nothing(sqlite_app: Flask) -> None:
    made, other = meeting(), meeting(slug="kobe", name="神戸市")
    made.decided(PASS, FAIL, FAIL)
    found = made.prepared()
    browser = made.scene.browser(sqlite_app, other.scene.hr)

    browser.get(board_url(made), status=404)
    browser.get(other.scene.url(f"/openings/{made.scene.opening.id}/selection"), status=404)
    browser.get(other.scene.url(f"/openings/{other.scene.opening.id}/selection/results/{found.id}"), status=404)


def test_a_release_in_the_past_is_said_beside_the_date_and_kept(sqlite_app: Flask) -> None:
    made = meeting()
    made.decided(PASS, FAIL, FAIL)
    hr = made.scene.browser(sqlite_app, made.scene.hr)
    hr.get(board_url(made))

    when = {"on-year": "2019", "on-month": "12", "on-day": "11", "at": "9:45"}
    page = hr.post(board_url(made) + "/documents/results", when, status=422).text

    assert page.count("これから来る日時を入力してください") == 2
    assert 'value="2019"' in page
    assert 'value="9:45"' in page


def test_after_the_release_the_board_calls_no_decision_unpublished(sqlite_app: Flask) -> None:
    made = meeting()
    made.decided(PASS, RESERVE, FAIL)
    release_at = soon()
    made.approved(release_at)
    with time_machine.travel(release_at, tick=False):
        page = made.scene.browser(sqlite_app, made.scene.hr).get(board_url(made) + "?stage=documents")

    assert "未公開の判定" not in page
    assert [page.count(f"公開済：{word}") for word in ("合格", "補欠", "不合格")] == [1, 1, 1]


def test_the_board_names_at_once_who_lacks_a_reason_or_a_place(sqlite_app: Flask) -> None:
    made = meeting()
    hr = made.scene.browser(sqlite_app, made.scene.hr)
    made.decided(RESERVE, PASS, FAIL)
    first, second = (made.scene.applications[n].examinee_number for n in (0, 1))

    page = hr.get(board_url(made))

    assert f"理由がありません（受験番号 {second}）" in page
    assert f"補欠順位のない補欠があります（受験番号 {first}）" in page
