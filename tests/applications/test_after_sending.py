"""What the pages of a draft and my page say once the application was sent, and once it was changed after that."""

from datetime import timedelta

import pytest

from app.applications.models import Application
from app.applications.policy import can_reinstate
from app.core import clock
from tests import factories
from tests.applications.applying import Person
from tests.applications.test_applying import rows

UNSENT = "直した内容は、まだ送信していません"


def test_pages_after_sending_say_that_it_was_sent_and_what_has_not_arrived(sqlite_app):
    person = Person(sqlite_app, factories.opening(factories.organisation())).start().fill()
    assert "まだ応募は完了していません" in person.get(person.url("questions"))
    person.send()
    [application] = rows(Application)
    own = f"/my/applications/{application.id}"

    step = person.get(person.url("questions"))
    assert "まだ応募は完了していません" not in step
    assert f"応募は送信済みです（受付番号 {application.receipt_number}）。" in step
    assert "ここで直した内容は、確認の画面で「直した内容で送り直す」を押すまで届きません。" in step
    assert [UNSENT in person.get(page) for page in ("/my/", own)] == [False, False]

    person.save("questions", {"answer_motivation": "直しました。"})
    for page in (person.get("/my/"), person.get(own)):
        assert UNSENT in page
        assert f'href="{person.url("confirm")}">確認の画面を開いて送り直す' in page

    person.send()
    assert [UNSENT in person.get(page) for page in ("/my/", own)] == [False, False]


def test_the_receipt_says_that_the_content_may_still_be_mended_and_copies_the_code(sqlite_app):
    opening = factories.opening(factories.organisation())
    page = Person(sqlite_app, opening).apply()

    now = page.partition('<li class="now">')[2].partition("</li>")[0]
    assert "受付の締切" in now
    assert "締切までは、内容を直して送り直せます。受付番号は変わりません。" in now
    assert page.count("（いまここ）") == 1
    assert 'data-copy="#resume-code">再開コードをコピー</button>' in page
    assert 'id="resume-code"' in page


def test_a_draft_stands_above_the_word_that_nothing_was_sent(sqlite_app):
    page = Person(sqlite_app, factories.opening(factories.organisation())).start().get("/my/")

    assert page.index("続きを書く") < page.index("この端末から送った応募が、ここに並びます")
    assert page.count("この端末から送った応募が、ここに並びます") == 1


def test_the_purpose_is_read_once_and_linked_before_sending(sqlite_app):
    person = Person(sqlite_app, factories.opening(factories.organisation()))
    start = person.get(f"/apply/openings/{person.opening.id}")
    person.start().fill()

    title = "入力する情報の利用目的"
    check = person.get(person.url("confirm"))
    assert [title in page for page in (start, person.get(person.url("eligibility")), check)] == [False, True, False]
    assert f'<a href="{person.url("eligibility")}#purpose">利用目的をもう一度読む</a>' in check


@pytest.mark.parametrize(
    ("withdrawn_at", "can"), [(timedelta(hours=24), True), (timedelta(hours=24, microseconds=1), False), (None, False)]
)
def test_a_withdrawal_is_taken_back_up_to_and_including_24_hours(withdrawn_at, can):
    at = clock.now()

    assert can_reinstate(at - withdrawn_at if withdrawn_at else None, at=at) is can
