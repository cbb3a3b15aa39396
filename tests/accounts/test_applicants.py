"""A six-digit code, typed into the browser that asked for it, makes an address a person's own (design 3, 15-17)."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.accounts.models import Applicant, ApplicantSession, SignInCode
from app.applications.models import Application
from app.core import clock
from app.outbox.models import Mail
from tests import factories
from tests.applications.applying import Person
from tests.applications.test_applying import rows
from tests.browsing import Browser

CODE = re.compile(r"^([0-9]{6})$", re.M)
RESUME = re.compile(r'<p class="secret"[^>]*>([^<]+)</p>')


def last_code(mail="mihon@example.jp"):
    sent = [row for row in rows(Mail) if row.kind == "applicant-code" and row.recipient == mail]
    return CODE.search(max(sent, key=lambda row: row.created_at).body).group(1)


def ask(browser, mail="mihon@example.jp", **options):
    browser.get("/my/sign-in")
    return browser.post("/my/sign-in", {"mail": mail}, **options)


def enter(browser, code, *, status=303):
    browser.get("/my/code")
    return browser.post("/my/code", {"code": code}, status=status)


@pytest.fixture
def opening(app):
    return factories.opening(factories.organisation())


def test_the_code_confirms_the_address_of_the_browser_that_applied(app, opening):
    person = Person(app, opening)
    person.apply()
    ask(person)

    enter(person, last_code())

    [applicant] = rows(Applicant)
    assert applicant.mail == "mihon@example.jp"
    assert applicant.confirmed_at is not None
    assert applicant.resume_code_hash is None
    assert rows(Application)[0].mail_confirmed_at == applicant.confirmed_at


def test_a_confirmed_person_finds_the_application_on_another_device(app, opening):
    person, other = Person(app, opening), Browser(app)
    person.apply()
    ask(person)
    enter(person, last_code())
    ask(other)

    enter(other, last_code())

    assert rows(Application)[0].receipt_number in other.get("/my/")


def test_an_unconfirmed_address_shows_a_stranger_nothing(app, opening):
    Person(app, opening).apply()
    stranger = Browser(app)
    ask(stranger)

    enter(stranger, last_code())

    assert rows(Application)[0].receipt_number not in stranger.get("/my/")
    assert rows(Application)[0].mail_confirmed_at is None


def test_the_code_is_good_only_in_the_browser_that_asked(app):
    asked, other = Browser(app), Browser(app)
    ask(asked)
    code = last_code()
    ask(other)

    enter(other, code if last_code() != code else "x", status=422)

    enter(asked, code)


def test_known_and_unknown_addresses_get_the_same_words(app, opening):
    person = Person(app, opening)
    person.apply()
    ask(person)
    enter(person, last_code())
    known, unknown = Browser(app), Browser(app)

    answers = [(ask(known).headers["Location"]), (ask(unknown, "nobody@example.jp").headers["Location"])]

    pages = [
        re.sub(r"value=\"[^\"]+\"|[a-z0-9.]+@example.jp|<span class=\"num\">[0-9a-f]+", "", browser.get("/my/code"))
        for browser in (known, unknown)
    ]
    assert len(set(answers)) == 1
    assert len(set(pages)) == 1


def test_five_wrong_tries_end_a_code(app):
    browser = Browser(app)
    ask(browser)
    code = last_code()
    wrong = "000000" if code != "000000" else "111111"
    pages = [enter(browser, wrong, status=422).text for _try in range(5)]

    pages.append(enter(browser, code, status=422).text)

    assert ["コードが違うか、期限（10分）が切れています" in page for page in pages] == [True] * 4 + [False] * 2
    assert ["このコードはもう使えません。新しいコードを受け取って" in page for page in pages] == [False] * 4 + [
        True
    ] * 2


def test_a_code_lives_ten_minutes_and_works_once(app):
    browser = Browser(app)
    with time_machine.travel(clock.now(), tick=False) as travel:
        ask(browser)
        code = last_code()
        travel.shift(timedelta(minutes=10))
        enter(browser, code, status=422)
        ask(browser)
        code = last_code()
        travel.shift(timedelta(minutes=9, seconds=59))
        enter(browser, code)
        browser.get("/my/sign-in")
        with browser.client.session_transaction() as kept:
            kept["sign_in_mail"] = "mihon@example.jp"
        enter(browser, code, status=422)


def test_a_browser_gets_five_codes_in_half_an_hour(sqlite_app):
    browser = Browser(sqlite_app)
    for _ask in range(5):
        ask(browser)

    page = ask(browser, "other@example.jp", status=429).text

    assert "分後にもう一度お試しください" in page
    assert "数分待つと" not in page
    ask(Browser(sqlite_app))


def codes_sent(mail="mihon@example.jp"):
    return len([row for row in rows(Mail) if row.kind == "applicant-code" and row.recipient == mail])


def test_strangers_who_ask_for_an_address_neither_void_nor_block_its_owners_code(app):
    owner = Browser(app)
    with time_machine.travel(datetime(2026, 11, 2, 3, 0, tzinfo=UTC), tick=False) as travel:
        ask(owner)
        code = last_code()
        for _stranger in range(12):
            ask(Browser(app))
        assert codes_sent() == 10

        assert ask(owner).headers["Location"] == "/my/code"
        assert codes_sent() == 10
        enter(owner, code)

        late = Browser(app)
        ask(late)
        travel.shift(timedelta(minutes=2))
        ask(late)
        assert codes_sent() == 11
        enter(late, last_code())


def test_browsers_that_never_stop_asking_for_an_address_keep_nobody_from_a_code(sqlite_app):
    victim = Browser(sqlite_app)
    with time_machine.travel(datetime(2026, 11, 2, 3, 0, tzinfo=UTC), tick=False) as travel:
        for step in range(120):  # five minutes of a new browser every 2.5 seconds
            stranger = Browser(sqlite_app)
            stranger.get("/my/sign-in")
            stranger.post("/my/sign-in", {"mail": "mihon@example.jp"})
            if step in (30, 90):
                sent = codes_sent()
                ask(victim)
            travel.shift(timedelta(seconds=2.5))

        assert sent == 10
        assert codes_sent() == 11
        enter(victim, last_code())


def test_the_browser_of_the_owner_has_turns_of_its_own_also_when_idle(app, opening):
    person, hour = Person(app, opening), clock.now().replace(minute=0) + timedelta(hours=1)
    with time_machine.travel(hour, tick=False) as travel:
        person.apply()
        ask(person)
        enter(person, last_code())
        travel.shift(timedelta(hours=3))
        for _stranger in range(11):
            ask(Browser(app))
        sent = codes_sent()
        travel.shift(timedelta(seconds=1))

        ask(person)

        assert codes_sent() == sent + 1
        enter(person, last_code())


def test_strangers_have_an_address_sent_at_most_twenty_five_codes_in_an_hour(sqlite_app):
    browsers = [Browser(sqlite_app) for _ in range(36)]
    with time_machine.travel(datetime(2026, 11, 2, 3, 0, tzinfo=UTC), tick=False) as travel:
        for _round in range(2):
            for n, browser in enumerate(browsers):
                browser.client.environ_base["REMOTE_ADDR"] = f"192.0.2.{n}"
                ask(browser)
            travel.shift(timedelta(minutes=2))

    assert codes_sent() == 25  # and those of browsers that have turns of their own: 5, 3, 3 and 3


def strangers_take_all_turns(app, travel, mail="mihon@example.jp"):
    """A new browser on each of six networks asks, and asks again: the hour's shared turns are gone."""
    browsers = [Browser(app) for _ in range(26)]
    for _round in range(2):
        for n, browser in enumerate(browsers):
            browser.client.environ_base["REMOTE_ADDR"] = f"192.0.2.{n % 6}"
            ask(browser, mail)
        travel.shift(timedelta(minutes=2))


def test_who_wrote_the_address_into_a_draft_first_gets_codes_whatever_strangers_do(app, opening):
    with time_machine.travel(datetime(2026, 11, 2, 3, 0, tzinfo=UTC), tick=False) as travel:
        opening = factories.opening(factories.organisation("kobe", "神戸市"))
        victim = Person(app, opening).start()
        victim.save("contact")
        travel.shift(timedelta(hours=2))  # idle by now
        strangers_take_all_turns(app, travel)
        shared, seen = codes_sent(), []
        attackers = [Person(app, opening).start() for _ in range(4)]
        for attacker in attackers:
            attacker.save("contact")
            travel.shift(timedelta(seconds=1))
        travel.shift(timedelta(minutes=3))
        for attacker in attackers:
            ask(attacker)
            seen.append(codes_sent())
        travel.shift(timedelta(seconds=1))
        ask(victim)

        assert shared == 25
        assert seen == [26, 27, 27, 27]
        assert codes_sent() == 28
        enter(victim, last_code())


def test_the_code_is_hashed_and_its_mail_is_secret(app):
    browser = Browser(app)
    ask(browser)

    code, [kept], [mail] = last_code(), rows(SignInCode), rows(Mail)
    assert code not in (kept.code_hash, kept.browser_hash)
    assert mail.secret
    assert code not in mail.subject


def test_line_breaks_in_an_address_reach_no_mail(sqlite_app):
    browser = Browser(sqlite_app)

    ask(browser, "a@example.jp\r\nBcc: b@example.jp", status=422)

    assert rows(Mail) == []


def test_a_resume_code_opens_an_unconfirmed_application_and_only_that(app, opening):
    person, other = Person(app, opening), Browser(app)
    code = RESUME.search(person.apply()).group(1)
    other.get("/my/resume")

    other.post("/my/resume", {"code": code.lower().replace("-", " ")})

    assert rows(Application)[0].receipt_number in other.get("/my/")
    ask(person)
    enter(person, last_code())
    third = Browser(app)
    third.get("/my/resume")
    third.post("/my/resume", {"code": code}, status=422)


def test_the_resume_code_is_in_no_mail(app, opening):
    code = RESUME.search(Person(app, opening).apply()).group(1)

    assert all(code not in mail.body + mail.subject for mail in rows(Mail))
    assert all(code not in (applicant.resume_code_hash or "") for applicant in rows(Applicant))


def test_clearing_the_device_ends_the_session_on_the_server(app, opening):
    person = Person(app, opening)
    person.apply()
    cookie = person.client.get_cookie("koubo_applicant").value
    person.get("/my/")

    person.post("/my/sign-out")

    assert person.client.get_cookie("koubo_applicant") is None
    person.client.set_cookie("koubo_applicant", cookie)
    assert person.client.get("/my/").status_code == 302
    assert all(session.ended_at for session in rows(ApplicantSession))
    assert len(rows(Application)) == 1


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        ("/apply/drafts/x/contact", "/apply/drafts/x/contact"),
        ("/my/applications/1", "/my/applications/1"),
        ("//evil.example/my/", "/my/"),
        ("https://evil.example/", "/my/"),
        ("/my/\\evil.example", "/my/\\evil.example"),
        ("/staff/", "/my/"),
        ("/my/%0d%0aX:1", "/my/"),
    ],
)
def test_after_the_code_one_goes_back_only_to_pages_of_applicants(sqlite_app, asked, place):
    browser = Browser(sqlite_app)
    browser.get(f"/my/sign-in?next={asked}")
    browser.post("/my/sign-in", {"mail": "mihon@example.jp"})

    answer = enter(browser, last_code())

    assert answer.headers["Location"] == (place if "\\" not in place else "/my/")
