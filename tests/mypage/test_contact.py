"""The receipt mail again, a mistyped address mended, a confirmed one changed with a code."""

from datetime import timedelta

import icalendar
import pytest

from app.accounts.models import Applicant
from app.applications.models import Application, Draft
from app.audit.chain import digest
from app.audit.models import AuditEvent
from app.core import clock
from app.core.access import Role
from app.openings.models import OpeningState
from app.outbox.models import Mail
from tests import factories
from tests.accounts.test_applicants import ask, enter, last_code
from tests.applications.applying import ANSWERS, Person
from tests.applications.telling import put_off
from tests.applications.test_applying import rows
from tests.browsing import Browser, apart
from tests.mypage.test_left_behind import confirm

NEW = "tadashii@example.jp"


@pytest.fixture
def person(app, opening):
    found = Person(app, opening)
    found.apply()
    return found


def one():
    [found] = rows(Application)
    return found


def mails(kind):
    found = [row for row in rows(Mail) if row.kind == kind]
    return sorted(found, key=lambda row: row.created_at)


def test_the_receipt_is_sent_again_with_the_same_words_to_the_same_address(person):
    place = person.post(f"/my/applications/{one().id}/receipt-mail").headers["Location"]

    [first], [again] = mails("application-received"), mails("receipt-copy")
    assert (again.subject, again.body, again.recipient) == (first.subject, first.body, first.recipient)
    assert "もう一度 m***@example.jp に送ります" in person.get(place.partition("#")[0])
    assert [row.action for row in rows(AuditEvent)].count("resend.receipt") == 1


def test_a_copy_of_what_came_in_time_is_never_called_late_though_the_opening_was_called_off(person, opening):
    opening.state = OpeningState.WITHDRAWN
    factories.save(opening)

    person.post(f"/my/applications/{one().id}/receipt-mail")

    [first], [again] = mails("application-received"), mails("receipt-copy")
    assert again.body == first.body
    assert "締切" not in again.subject


def test_five_copies_are_enough(person):
    url = f"/my/applications/{one().id}/receipt-mail"
    for _ in range(5):
        person.post(url)

    person.post(url, status=409)

    assert len(mails("receipt-copy")) == 5


def test_after_five_copies_a_mistyped_address_is_still_mended(person):
    own = f"/my/applications/{one().id}"
    for _ in range(5):
        person.post(f"{own}/receipt-mail")

    place = person.post(f"{own}/address", {"mail": NEW}).headers["Location"]

    assert (one().mail, len(mails("receipt-copy"))) == (NEW, 5)
    assert "もう再送できません" in person.get(place.partition("#")[0])


def test_a_stranger_neither_resends_nor_mends(app, opening, person):
    stranger, own = Person(app, opening).start(), f"/my/applications/{one().id}"

    stranger.post(f"{own}/receipt-mail", status=404)
    stranger.get(f"{own}/address", status=404)
    stranger.post(f"{own}/address", {"mail": NEW}, status=404)
    stranger.get(f"{own}/dates.ics", status=404)

    assert (one().mail, len(rows(Mail))) == ("mihon@example.jp", 1)


def test_a_mistyped_address_is_mended_and_gets_the_receipt(app, city, opening, person):
    url = f"/my/applications/{one().id}/address"
    person.get(url)
    place = person.post(url, {"mail": "Tadashii@EXAMPLE.jp"}).headers["Location"]

    [copy], [event] = mails("receipt-copy"), [row for row in rows(AuditEvent) if row.action == "change.address"]
    hr = Browser(app)
    factories.sign_in(hr.client, factories.staff(city, Role.HR))
    page = hr.get(f"/staff/{city.slug}/openings/{opening.id}/applications/{one().id}")
    assert (one().mail_key, copy.recipient.lower(), one().mail_confirmed_at) == (NEW, NEW, None)
    assert event.detail_digest == digest({"confirmed": False})
    assert "T***@" in person.get(place.partition("#")[0]) or "t***@" in person.get(place.partition("#")[0])
    assert NEW in page.lower()
    assert rows(Draft)[0].answers["person"]["mail"].lower() == NEW
    assert "直した内容は、まだ送信していません" not in person.get("/my/")


UNSENT = "直した内容は、まだ送信していません"


def test_a_mended_address_is_nothing_to_send(person):
    person.save("questions", {"answer_motivation": "直した文章です。"})
    person.save("questions")  # back as it was sent
    url = f"/my/applications/{one().id}/address"
    person.get(url)

    person.post(url, {"mail": NEW})

    pages = [person.get(place) for place in ("/my/", f"/my/applications/{one().id}", person.url("confirm"))]
    assert [UNSENT in page for page in pages] == [False, False, False]
    assert "この内容は送信済みです" in pages[-1]


def test_an_address_that_only_sending_carries_is_said_to_be_unsent(person):
    person.save("contact", {**ANSWERS["contact"], "mail": NEW})

    pages = [person.get(place) for place in ("/my/", f"/my/applications/{one().id}", person.url("confirm"))]
    assert [UNSENT in page for page in pages] == [True, True, True]
    assert [line in pages[-1] for line in ("いま：mihon@example.jp", f"：{NEW}")] == [True, True]
    person.send()
    assert (one().mail, UNSENT in person.get("/my/")) == (NEW, False)


def test_a_phone_changed_live_is_nothing_to_send_either(person):
    url = f"/my/applications/{one().id}/contact"
    person.get(url)
    person.post(url, {"phone": "090-0000-0002", "postal_code": "140-8715", "address": "見本県見本市例示町2番地"})

    assert one().phone == "09000000002"
    assert "この内容は送信済みです" in person.get(person.url("confirm"))


def test_what_is_no_address_is_said_beside_the_field(person):
    url = f"/my/applications/{one().id}/address"

    page = person.post(url, {"mail": "tadashii"}, status=422).text

    assert "エラー：" in page
    assert one().mail == "mihon@example.jp"


def test_a_mended_address_can_be_confirmed_and_then_not_mended(person):
    url = f"/my/applications/{one().id}/address"
    person.get(url)
    person.post(url, {"mail": NEW})
    ask(person, NEW)
    enter(person, last_code(NEW))

    assert one().mail_confirmed_at is not None
    assert "このメールアドレスは確認済みです" in person.get(url)
    person.post(url, {"mail": "hoka@example.jp"}, status=409)
    assert one().mail == NEW


def test_a_confirmed_address_changes_with_a_code_and_the_old_one_is_told(person):
    confirm(person)
    person.get("/my/address")
    place = person.post("/my/address", {"mail": NEW}).headers["Location"]
    assert (one().mail, place) == ("mihon@example.jp", "/my/address/code")
    person.get(place)
    person.post(place, {"code": "000000" if last_code(NEW) != "000000" else "000001"}, status=422)
    person.post(place, {"code": last_code(NEW)})

    [told], [owner] = mails("address-changed"), rows(Applicant)
    assert (told.recipient, NEW in told.body) == ("mihon@example.jp", False)
    assert (owner.mail, one().mail, one().mail_confirmed_at is not None) == (NEW, NEW, True)
    assert "t***@example.jp" in person.get("/my/")
    assert [row.action for row in rows(AuditEvent)].count("change.address") == 2


def test_an_address_of_another_my_page_is_not_taken(app, person):
    confirm(person)
    other = Person(app, person.opening)
    other.apply(contact={"mail": NEW})
    ask(other, NEW)
    enter(other, last_code(NEW))
    person.get("/my/address")
    person.post("/my/address", {"mail": NEW})

    page = person.post("/my/address/code", {"code": last_code(NEW)}, status=409).text

    assert "ほかのマイページで使われています" in page
    assert sorted(row.mail for row in rows(Application)) == ["mihon@example.jp", NEW]


def test_one_who_is_not_confirmed_is_led_to_the_code_first(person):
    assert "まだ確認されていません" in person.get("/my/address")
    assert person.post("/my/address", {"mail": NEW}).headers["Location"] == "/my/sign-in"
    assert person.post("/my/address/code", {"code": "123456"}).headers["Location"] == "/my/address"


def test_the_dates_go_into_a_calendar_without_a_name(person):
    answer = apart(person.client.get, f"/my/applications/{one().id}/dates.ics")
    again = apart(person.client.get, f"/my/applications/{one().id}/dates.ics")

    made = icalendar.Calendar.from_ical(answer.data)
    events = {str(event["summary"]): event for event in made.walk("VEVENT")}
    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert again.data == answer.data
    assert sorted(events) == [
        "品川区 DX推進担当：受付の終了",
        "品川区 DX推進担当：書類選考の結果（予定）",
        "品川区 DX推進担当：面接の結果（予定）",
    ]
    result, closes = events["品川区 DX推進担当：書類選考の結果（予定）"], events["品川区 DX推進担当：受付の終了"]
    assert str(result.decoded("dtstart")) == "2026-12-11"
    assert str(result["uid"]) == f"{one().id}.documents@koubo"
    assert closes["dtstart"].params["TZID"] == "Asia/Tokyo"
    assert one().receipt_number in str(result["description"])
    for secret in ("見本", "mihon", "春香"):
        assert secret not in answer.data.decode()


def test_a_calendar_takes_the_later_deadline_of_an_extension(person, city, opening):
    place = f"/my/applications/{one().id}/dates.ics"
    before = icalendar.Calendar.from_ical(apart(person.client.get, place).data)
    put_off(city, opening, opening.closes_at + timedelta(days=7), at=clock.now())

    after = icalendar.Calendar.from_ical(apart(person.client.get, place).data)

    closes = [next(event for event in made.events if "closes" in event["uid"]) for made in (before, after)]
    assert closes[0]["uid"] == closes[1]["uid"]
    assert closes[1].decoded("dtstart") - closes[0].decoded("dtstart") == timedelta(days=7)
    assert [event["sequence"] for event in closes] == [0, 1]


def test_the_receipt_page_leads_everywhere(person):
    page = person.get(person.post(f"/my/applications/{one().id}/receipt-mail").headers["Location"].partition("#")[0])

    own = f"/my/applications/{one().id}"
    for place in (f"{own}/receipt.pdf?version=1", f"{own}/dates.ics", f"{own}/address", "/my/sign-in", "/my/"):
        assert f'href="{place}"' in page, place
    assert f'action="{own}/receipt-mail"' in page
