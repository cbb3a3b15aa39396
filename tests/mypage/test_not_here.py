"""Signing in where an unconfirmed application is not shown: the person is told, in the same words for everybody."""

import re

import pytest

from app.outbox.models import Mail
from tests import factories
from tests.applications.applying import Person
from tests.applications.test_applying import rows
from tests.browsing import Browser
from tests.mypage.test_left_behind import confirm

WORDS = (
    "メールアドレスを確認していない応募と下書きは、書いた端末か、再開コードで開きます。書いた端末では、マイページで確認すると"
    "ここに並びます。再開コードは、応募の画面と完了の画面に表示された12文字です。"
)
MAIL_WORDS = "ほかの端末から開くには、応募した端末でメールアドレスを確認するか、完了画面に表示された再開コード"


@pytest.fixture
def opening(sqlite_app):
    return factories.opening(factories.organisation())


def main_of(page):
    return re.search(r"<main.*</main>", page, re.S).group(0)


def test_my_page_says_where_to_look_in_the_same_words_with_and_without_one(sqlite_app, opening):
    before, after = Browser(sqlite_app), Browser(sqlite_app)
    confirm(before)
    without = re.sub(r'value="[^"]+"', "", main_of(before.get("/my/")))
    Person(sqlite_app, opening).apply()

    confirm(after)

    page = after.get("/my/")
    assert WORDS in page
    assert "確認したメールアドレスの応募が、ここに並びます" in page
    assert "ほかの端末から送った応募は、ここになくても消えていません" in page
    assert "送信した応募はありません" not in page  # two may be accepted under this address
    assert '<a class="btn btn--primary" href="/my/resume">再開コードで開く</a>' in main_of(page)
    assert re.sub(r'value="[^"]+"', "", main_of(page)) == without


def test_the_sign_in_page_says_it_too(sqlite_app):
    page = Browser(sqlite_app).get("/my/sign-in")

    assert WORDS in page
    assert 'href="/my/resume"' in main_of(page)


def test_one_who_sees_an_application_is_not_told(sqlite_app, opening):
    person = Person(sqlite_app, opening)
    person.apply()

    assert WORDS not in person.get("/my/")


def test_the_receipt_asks_to_confirm_now_until_it_is_done(sqlite_app, opening):
    person = Person(sqlite_app, opening)
    page = person.start().fill().send().headers["Location"]

    assert "いま、メールアドレスを確認してください" in person.get(page)
    confirm(person)
    assert "いま、メールアドレスを確認してください" not in person.get(page)


def test_the_receipt_mail_says_how_another_device_opens_it(sqlite_app, opening):
    person = Person(sqlite_app, opening)
    person.apply()
    confirm(person)
    person.save("questions", {"answer_motivation": "直した文章です。"})
    person.send()

    sent = sorted(rows(Mail), key=lambda mail: mail.created_at)
    bodies = [mail.body for mail in sent if mail.kind == "application-received"]
    assert [MAIL_WORDS in body for body in bodies] == [True, False]
