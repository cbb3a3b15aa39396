"""確認 with answers missing: what is missing is called so, and no step is said to be finished that is not."""

from flask import Flask

from tests import factories
from tests.browsing import Browser


def test_a_step_never_filled_in_is_not_called_finished_on_a_later_one(sqlite_app: Flask) -> None:
    opening = factories.opening(factories.organisation())
    person = Browser(sqlite_app)
    person.get(f"/apply/openings/{opening.id}")
    begun = person.post(f"/apply/openings/{opening.id}")

    page = person.get(begun.location.rsplit("/", 1)[0] + "/career")

    assert page.count('<span class="sr">（未完了）</span>') == 3
    assert "（完了）" not in page


def test_what_is_missing_is_said_to_be_required_and_its_step_unfinished(sqlite_app: Flask) -> None:
    opening = factories.opening(factories.organisation())
    person = Browser(sqlite_app)
    person.get(f"/apply/openings/{opening.id}")
    begun = person.post(f"/apply/openings/{opening.id}")

    page = person.get(begun.location.rsplit("/", 1)[0] + "/confirm")

    assert page.count("未入力（必須）") >= 5
    assert '郵便番号</dt><dd class="none">未入力（任意）' in page
    assert "5段階の入力が終わりました" not in page
    assert "（未完了）" in page
