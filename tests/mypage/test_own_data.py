"""One's own data: everything of the person's, nothing of anybody else's and nothing that was not released."""

import hashlib
import json
from datetime import timedelta

import pypdfium2
import pytest
import time_machine

from app.applications.models import Application
from app.audit.models import AccessEvent
from app.core import clock
from app.core.limits import Limit
from app.mypage import data_routes
from app.selection.models import DecisionOutcome
from tests import factories
from tests.applications.applying import Person
from tests.applications.test_applying import rows
from tests.browsing import apart
from tests.mypage.test_left_behind import confirm
from tests.mypage.test_mypage import release


@pytest.fixture
def person(app, opening):
    found = Person(app, opening)
    found.apply(contact={"family_name": "髙﨑𠮷", "given_name": "葛\U000e0100"})
    return found


def take(person, kind="json"):
    person.get("/my/data")
    data = {"csrf_token": person.token, "as": kind}
    return apart(person.client.post, "/my/data", data=data)


def test_the_json_holds_everything_to_the_byte(person):
    answer = take(person)

    data, [application] = json.loads(answer.data), rows(Application)
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert list(data) == [
        "schema",
        "made_at",
        "person",
        "applications",
        "drafts",
        "letters",
        "late_attempts",
        "sessions",
    ]
    [sent], [draft], [_session] = data["applications"], data["drafts"], data["sessions"]
    [version] = sent["versions"]
    assert sent["receipt_number"] == application.receipt_number
    assert (sent["family_name"], sent["given_name"]) == ("髙﨑𠮷", "葛\U000e0100")
    assert (sent["city"], sent["opening"], sent["status"]) == ("品川区", "DX推進担当", "受付済")
    assert version["answers"]["documents"]["resume"]["pages"] == 2
    assert draft["answers"]["person"]["family_name"] == "髙﨑𠮷"
    assert "stored_file_id" not in answer.text
    assert str(application.applicant_id) not in answer.text


def test_the_hash_of_a_version_can_be_computed_again_and_is_this_citys_alone(app, person):
    elsewhere = factories.opening(factories.organisation("osaka", "大阪市"))
    [version] = json.loads(take(person).data)["applications"][0]["versions"]

    def digest(opening_id):
        said = {key: version[key] for key in ("answers", "opening_id", "submission_id")} | {"opening_id": opening_id}
        text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    assert digest(version["opening_id"]) == version["sha256"]
    assert digest(str(elsewhere.id)) != version["sha256"]


def test_the_pdf_holds_the_same(person):
    document = pypdfium2.PdfDocument(take(person, "pdf").data)

    words = "".join("".join(page.get_textpage().get_text_bounded().split()) for page in document)
    for expected in (rows(Application)[0].receipt_number, "髙﨑𠮷", "葛\U000e0100", "見本システム株式会社", "品川区"):
        assert expected in words


def test_nothing_of_another_person_and_nothing_unreleased(app, city, opening, person):
    other = Person(app, opening)
    other.apply(contact={"mail": "hoka@example.jp", "family_name": "合言葉"})
    mine, theirs = sorted(rows(Application), key=lambda row: row.received_at)
    at = clock.now().replace(microsecond=0) + timedelta(hours=1)
    release(mine, city, DecisionOutcome.FAIL, at=at)

    before = take(person).text
    with time_machine.travel(at, tick=False):
        after = take(person).text

    for secret in ("合言葉", "hoka@example.jp", theirs.receipt_number, str(theirs.applicant_id)):
        assert secret not in before
    assert ("選考終了" in before, "ご希望に沿えませんでした" in before) == (False, False)
    assert ("選考終了" in after, "ご希望に沿えませんでした" in after) == (True, True)


def test_a_confirmed_person_types_a_code_again_after_a_while(person):
    confirm(person)
    assert take(person).status_code == 200

    with time_machine.travel(clock.now() + timedelta(minutes=45), tick=False):
        page, answer = person.get("/my/data"), take(person)

    assert "受け取る前に、もう一度メールアドレスを確認してください" in page
    assert answer.headers["Location"] == "/my/sign-in?next=/my/data"


def test_it_is_noted_and_limited(person, monkeypatch):
    monkeypatch.setattr(data_routes, "TAKES_PER_PERSON", Limit("own_data.take", 2, 86_400))

    statuses = [take(person).status_code for _ in range(3)]

    looks = [row.action for row in rows(AccessEvent)]
    assert statuses == [200, 200, 429]
    assert looks == ["take.own_data", "take.own_data"]


def test_what_was_taken_out_of_a_draft_is_there_without_our_key(person):
    person.save("career", **{"remove-file": "resume"})

    answer = take(person)

    [draft] = json.loads(answer.data)["drafts"]
    assert draft["answers"]["removed"]["file"]["file_name"] == "職務経歴書.pdf"
    assert "stored_file_id" not in answer.text
