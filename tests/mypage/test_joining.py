"""Two browsers of one person: once both have typed a code, the later application is a version of the earlier (16)."""

import pytest

from app.accounts.models import Applicant, ApplicantSession
from app.applications.models import (
    Application,
    ApplicationState,
    ApplicationVersion,
    Draft,
    StoredFile,
    Submission,
)
from app.applications.screening_models import Finding
from app.audit.chain import verify
from app.audit.models import AuditEvent
from app.core import clock
from app.core.access import Role
from app.core.context import SYSTEM, bind
from app.extensions import db
from app.mypage import joining
from app.outbox.models import Mail
from tests import factories
from tests.applications.applying import ANSWERS, Person
from tests.applications.test_applying import rows
from tests.at_once import at_once
from tests.browsing import Browser, apart
from tests.invariants import check_invariants
from tests.mypage.test_left_behind import SECRET, confirm
from tests.test_invariants import outside_of

OTHER = {"questions": {"answer_motivation": "あとの端末で書いた文章です。"}}


def in_order():
    return sorted(rows(Application), key=lambda row: row.received_at)


def owner_of():
    [found] = [row for row in rows(Applicant) if row.confirmed_at is not None]
    return found


def versions_of(application):
    found = [row for row in rows(ApplicationVersion) if row.application_id == application.id]
    return sorted(found, key=lambda row: row.number)


def said(row):
    return row.answers.get("statements", {}).get("motivation")


def two_browsers(app, opening):
    """One person applies in two browsers; give both, none confirmed."""
    first, second = Person(app, opening), Person(app, opening)
    first.apply()
    second.apply(**OTHER)
    return first, second


@pytest.mark.parametrize("confirms_first", [0, 1])
def test_the_later_application_becomes_a_version_of_the_earlier(app, opening, confirms_first):
    browsers = two_browsers(app, opening)
    confirm(browsers[confirms_first])
    confirm(browsers[1 - confirms_first])

    earlier, later = in_order()
    first, last = versions_of(earlier)
    assert (earlier.applicant_id, earlier.duplicate_of) == (owner_of().id, None)
    assert (later.duplicate_of, earlier.other_numbers) == (earlier.id, [later.receipt_number])
    assert later.applicant_id != earlier.applicant_id
    assert (first.number, last.number) == (1, 2)
    assert said(last) == "あとの端末で書いた文章です。"
    assert (last.received_at, last.sha256) == (later.received_at, versions_of(later)[0].sha256)
    assert earlier.mail_confirmed_at is not None
    assert len([one for one in rows(Finding) if one.application_version_id == last.id]) == 3
    assert {one.applicant_id for one in rows(StoredFile)} == {owner_of().id}


def test_the_mark_of_a_program_goes_over_with_the_version_that_counts(app, opening):
    first, second = two_browsers(app, opening)
    [earlier, later] = in_order()
    later.check_reason, earlier.check_reason = "trap", None
    factories.save(later, earlier)

    for browser in (first, second):
        confirm(browser)

    assert in_order()[0].check_reason == "trap"


@pytest.mark.parametrize("confirms_first", [0, 1])
def test_both_browsers_open_everything_afterwards(app, opening, confirms_first):
    browsers = two_browsers(app, opening)
    confirm(browsers[confirms_first])
    confirm(browsers[1 - confirms_first])
    earlier, later = in_order()

    for browser in browsers:
        home = browser.get("/my/")
        assert (earlier.receipt_number in home, "この端末で先に送った応募は" in home) == (True, False)
        page = browser.get(f"/my/applications/{earlier.id}")
        assert later.receipt_number in page
        for submission in rows(Submission):
            assert earlier.receipt_number in browser.get(f"/apply/submissions/{submission.id}")
        [document] = versions_of(earlier)[1:]
        made = apart(browser.client.get, f"/my/applications/{earlier.id}/receipt.pdf?version={document.number}")
        assert made.status_code == 200
        browser.get(f"/my/applications/{later.id}", status=404)


def test_the_last_version_received_counts_whichever_browser_sent_it(app, opening):
    first, second = two_browsers(app, opening)
    confirm(first)
    first.save("questions", {"answer_motivation": "はじめの端末で直した文章です。"})
    first.send()

    confirm(second)

    earlier, later = in_order()
    assert [one.answers["statements"]["motivation"] for one in versions_of(earlier)][
        -1
    ] == "はじめの端末で直した文章です。"
    assert (len(versions_of(earlier)), later.duplicate_of) == (2, earlier.id)


def test_staff_see_one_application_and_both_numbers_find_it(app, city, opening):
    for browser in two_browsers(app, opening):
        confirm(browser)
    earlier, later = in_order()
    hr = Browser(app)
    factories.sign_in(hr.client, factories.staff(city, Role.HR))
    listing = f"/staff/{city.slug}/openings/{opening.id}/applications"

    page = hr.get(listing)
    assert (page.count(earlier.receipt_number) > 0, later.receipt_number in page, "重複確認中" in page) == (
        True,
        False,
        False,
    )
    for number in (earlier.receipt_number, later.receipt_number):
        found = hr.post(f"{listing}/search", {"typed": number}).headers["Location"]
        assert str(earlier.id) in hr.get(found)
    detail = hr.get(f"{listing}/{earlier.id}")
    assert later.receipt_number in detail
    joined = hr.get(f"{listing}/{later.id}")
    assert f'href="{listing}/{earlier.id}"' in joined
    assert "確認を記録する" not in joined


def test_it_is_told_and_recorded_once(app, opening):
    for browser in two_browsers(app, opening):
        confirm(browser)
    earlier, later = in_order()

    [mail] = [row for row in rows(Mail) if row.kind == "application-joined"]
    joined = [row for row in rows(AuditEvent) if row.action == "join.application"]
    assert (mail.recipient, mail.subject_id) == ("mihon@example.jp", earlier.id)
    assert (earlier.receipt_number in mail.body, later.receipt_number in mail.body) == (True, True)
    assert [row.subject for row in joined] == [f"application:{earlier.id}"]
    bind(db.session, SYSTEM)
    assert verify(db.session)[1] is None


def test_applications_to_other_openings_and_their_drafts_go_over(app, city, opening):
    first = Person(app, opening)
    first.apply()
    confirm(first)
    second = Person(app, factories.opening(city))
    second.apply()
    third = Person(app, factories.opening(city))
    third.client, third.token = second.client, second.token
    third.start()
    third.save("contact")

    confirm(second)

    page = first.get("/my/")
    assert all(row.applicant_id == owner_of().id and row.mail_confirmed_at for row in rows(Application))
    assert all(row.receipt_number in page for row in rows(Application))
    assert third.draft in page
    assert {row.applicant_id for row in rows(Draft)} == {owner_of().id}
    assert third.draft in second.get("/my/")


def test_what_names_another_address_stays_behind_with_its_code(app, city, opening):
    first = Person(app, opening)
    first.apply()
    confirm(first)
    shared = Person(app, opening)
    shared.apply(contact={"mail": "hoka@example.jp"})

    confirm(shared)

    page = shared.get("/my/")
    [mine, theirs] = in_order()
    assert "この端末で先に送った応募は、別に残っています" in page
    assert (mine.receipt_number in page, theirs.receipt_number in page) == (True, False)
    assert (theirs.duplicate_of, theirs.applicant_id == owner_of().id) == (None, False)


def test_a_draft_that_names_another_address_stays_behind(app, city, opening):
    first, shared = Person(app, opening), Person(app, factories.opening(city)).start()
    first.apply()
    confirm(first)
    shared.save("contact", {**ANSWERS["contact"], "mail": "hoka@example.jp"})

    confirm(shared)

    [theirs] = [row for row in rows(Draft) if str(row.id) == shared.draft]
    assert theirs.applicant_id != owner_of().id
    assert shared.draft not in shared.get("/my/")


def test_one_that_was_accepted_already_is_left_to_staff(app, opening):
    first, second = two_browsers(app, opening)
    confirm(first)
    _earlier, later = in_order()
    db.session.remove()
    bind(db.session, SYSTEM)
    kept = db.session.get_one(Application, later.id)
    kept.state, kept.examinee_number = ApplicationState.ACCEPTED, "100007"
    db.session.commit()
    db.session.remove()

    confirm(second)

    assert [row.duplicate_of for row in in_order()] == [None, None]
    assert "この端末で先に送った応募は、別に残っています" in second.get("/my/")


def test_one_withdrawn_joins_without_a_version_and_a_live_one_stands_in_for_a_withdrawn(app, opening):
    first, second = two_browsers(app, opening)
    confirm(first)
    earlier, _later = in_order()
    first.get(f"/my/applications/{earlier.id}/withdraw")
    first.post(f"/my/applications/{earlier.id}/withdraw", {"reason": ""})

    confirm(second)

    earlier, later = in_order()
    assert (earlier.state, later.duplicate_of) == (ApplicationState.SUBMITTED, earlier.id)
    assert len(versions_of(earlier)) == 2


def test_sending_again_what_came_from_another_browser_unchanged_gives_its_receipt(app, city, opening):
    first, second = Person(app, opening), Person(app, factories.opening(city))
    first.apply()
    confirm(first)
    second.apply()
    confirm(second)

    page = second.get(second.url("confirm"))
    answer = second.send({"key": "again", "seen": "1"})

    [own] = [row for row in rows(Application) if row.opening_id == second.opening.id]
    assert "この内容は送信済みです" in page
    assert own.receipt_number in second.get(answer.headers["Location"])
    assert (len(rows(Submission)), len(versions_of(own))) == (2, 1)


def test_text_not_sent_is_never_overwritten(app, opening):
    first, second = two_browsers(app, opening)
    confirm(first)
    first.save("questions", {"answer_motivation": "はじめの端末の、送っていない文章です。"})
    second.save("questions", {"answer_motivation": "あとの端末の、送っていない文章です。"})

    confirm(second)

    texts = {said(row) for row in rows(Draft)}
    assert texts == {"はじめの端末の、送っていない文章です。", "あとの端末の、送っていない文章です。"}
    assert "別に残っています" in second.get("/my/")


def test_sending_again_starts_from_the_version_that_counts(app, opening):
    first, second = two_browsers(app, opening)
    confirm(first)
    confirm(second)

    assert "あとの端末で書いた文章です。" in first.get(first.url("questions"))
    first.save("questions", {"answer_motivation": "まとめたあとに直しました。"})
    first.send()

    earlier, _later = in_order()
    assert [one.number for one in versions_of(earlier)] == [1, 2, 3]


def test_the_browser_of_the_joined_one_can_send_nothing_into_it(app, opening):
    first, second = two_browsers(app, opening)
    third = Browser(app)
    place = [row.id for row in sorted(rows(Submission), key=lambda row: row.received_at)][1]
    code = SECRET.search(second.get(f"/apply/submissions/{place}")).group(1)
    third.get("/my/resume")
    third.post("/my/resume", {"code": code})
    confirm(first)
    confirm(second)

    assert third.client.get("/my/").status_code == 302
    third.get("/my/resume")
    third.post("/my/resume", {"code": code}, status=422)
    assert all(row.ended_at for row in rows(ApplicantSession) if row.applicant_id != owner_of().id)


def test_the_invariants_hold_afterwards(app, opening):
    for browser in two_browsers(app, opening):
        confirm(browser)
    earlier, _later = in_order()
    db.session.remove()

    found = check_invariants(outside_of(app), now=clock.now(), lists={"HR": [earlier.receipt_number]})

    assert found == []


def test_many_at_once_join_once(app, opening):
    first, _second = two_browsers(app, opening)
    confirm(first)
    giver = next(row.applicant_id for row in rows(Application) if row.applicant_id != owner_of().id)
    owner = owner_of().id

    results = at_once(app, *[lambda: joining.merge(giver, owner, at=clock.now())] * 4)

    earlier, later = in_order()
    assert sorted(results) == [False, False, False, True]
    assert (len(versions_of(earlier)), later.duplicate_of) == (2, earlier.id)
    assert len([row for row in rows(Mail) if row.kind == "application-joined"]) == 1


def test_joining_while_the_other_browser_sends_loses_nothing(app, opening):
    first, second = two_browsers(app, opening)
    confirm(first)
    second.save("questions", {"answer_motivation": "まとめている間に送りました。"})
    fields = second.ready_to_send()
    giver = next(row.applicant_id for row in rows(Application) if row.applicant_id != owner_of().id)
    owner, data = owner_of().id, {"csrf_token": second.token, **fields}

    def send():
        answer = apart(second.client.post, second.url("confirm"), data=data, content_type="multipart/form-data")
        return answer.status_code

    status, _joined = at_once(app, send, lambda: joining.merge(giver, owner, at=clock.now()))

    earlier, later = in_order()
    sent = any(said(one) == "まとめている間に送りました。" for one in rows(ApplicationVersion))
    assert later.duplicate_of == earlier.id
    assert sent is (status == 303)
    kept = [versions_of(earlier)[-1]] if sent else rows(Draft)
    assert "まとめている間に送りました。" in {said(one) for one in kept}
