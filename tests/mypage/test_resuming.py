"""The 再開コード in a browser whose person has proven an address: what names that address joins, nothing else does."""

import pytest

from app.applications.models import Application
from app.audit.models import AuditEvent
from tests import factories
from tests.applications.applying import ANSWERS, Person
from tests.applications.test_applying import rows
from tests.browsing import Browser
from tests.mypage.test_joining import owner_of, versions_of
from tests.mypage.test_left_behind import SECRET, confirm

OTHER = "hoka@example.jp"
UNCONFIRMED = ">未確認<"


@pytest.fixture
def city(app):
    return factories.organisation()


@pytest.fixture
def opening(city):
    return factories.opening(city)


@pytest.fixture
def confirmed(app):
    """A browser whose person typed a code for the address that made-up people write."""
    found = Browser(app)
    confirm(found)
    return found


def code_of(receipt):
    return SECRET.search(receipt).group(1)


def resume(browser, code):
    browser.get("/my/resume")
    return browser.press("/my/resume", {"code": code})


def the_application():
    [found] = rows(Application)
    return found


def test_what_was_sent_under_the_proven_address_is_confirmed_and_stands_on_my_page(app, opening, confirmed):
    sent = Person(app, opening)
    receipt = sent.apply()

    page = resume(confirmed, code_of(receipt))

    assert (the_application().applicant_id, the_application().mail_confirmed_at is not None) == (owner_of().id, True)
    assert ("確認済みのこのマイページにまとめました" in page, the_application().receipt_number in page) == (True, True)
    assert UNCONFIRMED not in confirmed.get(f"/my/applications/{the_application().id}")
    assert "give.application" in [row.action for row in rows(AuditEvent)]
    assert sent.client.get("/my/").status_code == 302  # no cookie from before opens what was confirmed


def test_a_mistyped_address_stays_unconfirmed_and_with_its_own_code(app, opening, confirmed):
    receipt = Person(app, opening).apply(contact={"mail": OTHER})

    page = resume(confirmed, code_of(receipt))

    assert (the_application().mail_confirmed_at, the_application().applicant_id == owner_of().id) == (None, False)
    assert ("この端末では閉じました" in page, the_application().receipt_number in page) == (True, True)
    assert UNCONFIRMED in confirmed.get(f"/my/applications/{the_application().id}")


def test_a_draft_that_names_no_address_is_not_taken_for_the_owner_s(app, opening, confirmed):
    """Several people use the computer of a family or of a library."""
    writer = Person(app, opening).start()
    code = code_of(writer.get(writer.url("eligibility")))

    page = resume(confirmed, code)

    assert writer.draft in page
    assert "確認済みのこのマイページにまとめました" not in page


def test_a_code_never_changes_what_its_typist_has_sent(app, opening):
    """Anybody may write anybody's address and hand them the code: what they sent must not be overwritten by that."""
    owner, planted = Person(app, opening), Person(app, opening)
    owner.apply()
    confirm(owner)
    receipt = planted.apply(questions={"answer_motivation": "ほかの人が書いた文章です。"})

    resume(owner, code_of(receipt))

    [mine] = [row for row in rows(Application) if row.applicant_id == owner_of().id]
    assert [row.answers["statements"]["motivation"] for row in versions_of(mine)] == [
        ANSWERS["questions"]["answer_motivation"]
    ]
    assert [row.duplicate_of for row in rows(Application)] == [None, None]


def test_of_two_addresses_behind_one_code_only_the_proven_one_joins(app, city, opening, confirmed):
    first = Person(app, opening)
    receipt = first.apply()
    second = Person(app, factories.opening(city))
    second.client, second.token = first.client, first.token
    second.apply(contact={"mail": OTHER})

    page = resume(confirmed, code_of(receipt))
    assert "別のメールアドレスを書いたものは、まとめていません" in page

    [mine, theirs] = sorted(rows(Application), key=lambda row: row.received_at)
    assert (mine.applicant_id == owner_of().id, theirs.applicant_id == owner_of().id) == (True, False)
    assert (mine.receipt_number in page, theirs.receipt_number in page) == (True, False)
    assert theirs.receipt_number in resume(confirmed, code_of(receipt))


def test_what_the_browser_held_unconfirmed_is_not_lost(app, city, opening):
    receipt = Person(app, opening).apply()
    writer = Person(app, factories.opening(city)).start()
    writer.save("contact")
    own = code_of(writer.get(writer.url("profile")))

    page = resume(writer, code_of(receipt))

    assert ("別に残っています" in page, own in page) == (True, True)
    assert writer.draft in resume(writer, own)
