"""Abuse without a CAPTCHA (V3, V5, V6): a program is marked for a person, never refused; a shared address is served."""

import re
import secrets
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import update

from app.accounts import applicants
from app.applications import using_limits
from app.applications.models import Application, ApplicationVersion, Draft
from app.audit.models import AuditEvent
from app.core import clock
from app.core.access import Role
from app.core.context import SYSTEM, bind
from app.core.limits import RateCount
from app.extensions import db
from app.jp.numbers import new_resume_code
from tests import factories
from tests.accounts.test_applicants import ask, enter, last_code
from tests.applications.applying import ANSWERS, Person
from tests.applications.test_applying import rows
from tests.browsing import Browser, apart, noted_statements

SUSPECT = "自動送信の疑い：内容を確かめてください"


@pytest.fixture
def city(sqlite_app):
    return factories.organisation()


@pytest.fixture
def person(sqlite_app, city):
    return Person(sqlite_app, factories.opening(city))


def apply(person, *, after, trap="", **other):
    """Apply with so many seconds between the start and the send."""
    begun = clock.now()
    with time_machine.travel(begun, tick=False):
        person.start().fill(contact={"homepage_url": trap}, **other)
    with time_machine.travel(begun + timedelta(seconds=after), tick=False):
        person.send()
    return rows(Application)[0]


@pytest.mark.parametrize(
    ("after", "trap", "signs"),
    [(20, "", None), (19, "", "fast"), (600, "https://example.jp", "trap"), (1, "x", "trap fast"), (600, "  ", None)],
)
def test_signs_of_a_program_mark_the_application_which_is_received_all_the_same(person, after, trap, signs):
    application = apply(person, after=after, trap=trap)

    assert application.check_reason == signs
    assert application.receipt_number


def test_sending_again_without_a_sign_takes_no_mark_off(person):
    apply(person, after=600, trap="x")

    with time_machine.travel(clock.now() + timedelta(minutes=20), tick=False):
        person.save("questions", {"answer_motivation": "直しました。"})
        person.send()

    assert len(rows(ApplicationVersion)) == 2
    assert rows(Application)[0].check_reason == "trap"


def test_the_trap_is_no_answer_and_stays_known_from_the_first_save_to_the_send(person):
    person.start()
    person.refused("contact", {**ANSWERS["contact"], "mail": "", "homepage_url": "x"})
    person.save("contact")

    (draft,) = rows(Draft)
    assert draft.check_reason == "trap"
    assert "homepage_url" not in str(draft.answers)


def test_people_and_screen_readers_never_meet_the_trap(person):
    page = person.start().get(person.url("contact"))

    trap = re.search(r'<div class="sr" aria-hidden="true"><label>[^<]*<input ([^>]*)>', page).group(1)
    assert 'tabindex="-1"' in trap
    assert 'autocomplete="off"' in trap


@pytest.fixture
def hr(sqlite_app, city):
    found = Browser(sqlite_app)
    factories.sign_in(found.client, factories.staff(city, Role.HR))
    return found


def test_hr_sees_the_mark_and_takes_it_off_on_record(city, person, hr):
    application = apply(person, after=1)
    listing = f"/staff/{city.slug}/openings/{person.opening.id}/applications"
    url = f"{listing}/{application.id}"
    assert "自動送信の疑い" in hr.get(listing)
    page = hr.get(url)
    assert SUSPECT in page
    assert "書き始めてから20秒たたずに送信されました" in page

    hr.post(f"{url}/clear-mark")
    hr.post(f"{url}/clear-mark")

    assert SUSPECT not in hr.get(url)
    assert rows(Application)[0].check_reason is None
    assert [entry.action for entry in rows(AuditEvent)].count("clear.mark") == 1


def test_a_mark_that_was_taken_off_does_not_come_back_with_a_later_version(city, person, hr):
    application = apply(person, after=1, trap="x")
    url = f"/staff/{city.slug}/openings/{person.opening.id}/applications/{application.id}"
    hr.get(url)
    hr.post(f"{url}/clear-mark")

    with time_machine.travel(clock.now() + timedelta(hours=1)):
        person.save("questions", {"answer_motivation": "直した文章"})
        person.send()

    assert rows(Application)[0].check_reason is None


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.REVIEWER, Role.AUDITOR])
def test_others_take_no_mark_off(sqlite_app, city, person, role):
    application = apply(person, after=1)
    other = Browser(sqlite_app)
    where = {"opening_id": person.opening.id} if role is Role.REVIEWER else {}
    factories.sign_in(other.client, factories.staff(city, role, **where))
    url = f"/staff/{city.slug}/openings/{person.opening.id}/applications/{application.id}/clear-mark"

    other.get(f"/staff/{city.slug}/")
    other.post(url, status=404)

    assert rows(Application)[0].check_reason == "fast"


def test_the_three_hundredth_person_behind_one_address_starts_and_gets_a_code(sqlite_app, person):
    with time_machine.travel(clock.now().replace(minute=0), tick=False):
        ask(person.start(), mail="mihon0@example.jp")
        as_if_of(299)

        ask(Person(sqlite_app, person.opening).start(), mail="mihon1@example.jp")
        as_if_of(299)
        refused = Browser(sqlite_app)
        refused.get(f"/apply/openings/{person.opening.id}")
        refused.post(f"/apply/openings/{person.opening.id}", status=429)

    assert len(rows(Draft)) == 2


def as_if_of(people):
    """Let everything that was counted so far have been done by so many people each."""
    db.session.remove()
    bind(db.session, SYSTEM)
    db.session.execute(update(RateCount).values(n=RateCount.n * people))
    db.session.commit()
    db.session.remove()


def test_the_limits_leave_room_for_three_hundred_people_an_hour():
    people, typing_seconds, least_wait, files = 300, 600, 4, 6
    autosaves = typing_seconds // least_wait

    assert using_limits.STARTS.times >= people * 3
    assert using_limits.SAVES.times >= people * (autosaves + 20)
    assert using_limits.UPLOADS.times >= people * files * 3
    assert using_limits.SENDS.times >= people * 3
    assert applicants.CODES_PER_ADDRESS.times >= people * 3
    assert applicants.TRIES_PER_ADDRESS.times >= people * 5
    assert applicants.RESUMES_PER_ADDRESS.times >= people


@pytest.mark.parametrize(
    ("limit", "step", "again"),
    [("SAVES", "questions", "入力した内容を下書きに保存する"), ("SENDS", "confirm", "応募をもう一度送信する")],
)
def test_over_the_limit_nothing_typed_is_lost(person, monkeypatch, limit, step, again):
    person.start().fill()
    fields = person.ready_to_send() if step == "confirm" else {"seen": "", "answer_motivation": "打った文章"}
    narrow = using_limits.Limit("narrow", 0, 3600)
    monkeypatch.setattr(using_limits, limit, narrow)
    ours = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}

    answer = person.post(person.url(step), fields, status=429, headers=ours)

    assert 0 < int(answer.headers["Retry-After"]) <= 3600
    assert "入力した内容と下書きは消えていません。" in answer.text
    assert f"{again}</button>" in answer.text
    assert rows(Application) == []


def shape(browser, url, fields):
    """What an outsider can tell of an answer: its status, its words, how many statements it cost."""
    browser.get(url)
    with noted_statements() as noted:
        answer = apart(browser.client.post, url, data={"csrf_token": browser.token, **fields})
    page = browser.get(answer.headers["Location"]) if answer.status_code == 303 else answer.text
    words = re.sub(r'value="[^"]*"|[\w.+-]+@[\w.-]+|request[^<]*<[^<]*', "", page)
    return answer.status_code, words, len(noted)


@pytest.mark.parametrize("kind", ["code", "try", "resume"])
def test_known_and_unknown_get_the_same_words_status_and_number_of_statements(sqlite_app, person, kind):
    person.start().fill().send()
    known, unknown = "mihon@example.jp", "other@example.jp"
    former = applicants.resume_code(rows(Draft)[0].applicant_id)  # it ended with the confirmation
    ask(person)
    enter(person, last_code())
    seen = []
    for mail in (known, unknown):
        browser = Browser(sqlite_app)
        if kind == "code":
            seen.append(shape(browser, "/my/sign-in", {"mail": mail}))
        elif kind == "try":
            ask(browser, mail=mail)
            seen.append(shape(browser, "/my/code", {"code": "000000"}))
        else:
            code = former if mail == known else new_resume_code(secrets.randbelow)
            seen.append(shape(browser, "/my/resume", {"code": code}))

    assert seen[0] == seen[1]
