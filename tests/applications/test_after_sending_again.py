"""完了 and my page say one thing, and a second sending is told apart from the first."""

import json

from app.applications.models import Application
from app.outbox.models import Mail
from tests import factories
from tests.applications.applying import Person
from tests.applications.test_applying import rows
from tests.mypage.test_own_data import take

NOW = '<span class="sr">（いまここ）</span>'


def test_done_and_my_page_mark_the_same_stage_and_the_code_stands_below_the_receipt(sqlite_app):
    person = Person(sqlite_app, factories.opening(factories.organisation()))
    done = person.apply()
    [application] = rows(Application)

    own = person.get(f"/my/applications/{application.id}")

    marked = [page.partition(NOW)[0].rpartition('<p class="timeline__t">')[2] for page in (done, own)]
    assert marked == ["受付の締切", "受付の締切"]
    assert done.index("再開コード</h2>") < done.index("これからの流れ</h2>")
    assert done.count("再開コード</h2>") == 1


def test_a_second_sending_has_a_subject_of_its_own_and_what_was_sent_is_no_draft(sqlite_app):
    person = Person(sqlite_app, factories.opening(factories.organisation()))
    person.apply()
    person.save("questions", {"answer_motivation": "直しました。"})
    person.send()

    number = rows(Application)[0].receipt_number
    subjects = sorted(mail.subject for mail in rows(Mail))

    assert subjects == [
        f"【品川区】応募を受け付けました（受付番号 {number}）",
        f"【品川区】送り直した内容を受け付けました（受付番号 {number}）",
    ]
    assert [one["is_unsent"] for one in json.loads(take(person).data)["drafts"]] == [False]
    assert "<dt>下書き</dt><dd>0件</dd>" in person.get("/my/data")


def test_the_address_that_was_sent_is_told_apart_from_a_mended_one(sqlite_app):
    person = Person(sqlite_app, factories.opening(factories.organisation()))
    person.apply()
    [application] = rows(Application)
    own = f"/my/applications/{application.id}"
    before = person.get(own)
    application.mail = "atarashii@example.jp"
    factories.save(application)

    after = person.get(own)

    assert ("いまの連絡先は" in before, "いまの連絡先は" in after) == (False, True)
