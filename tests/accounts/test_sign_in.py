"""The way in: password, second factor, limits, sessions (reliability B3, B5-B8, B11, C5)."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from app.accounts import second_factor, sign_in_services
from app.accounts.guard import APPLICANT_COOKIE, STAFF_COOKIE, token_hash
from app.accounts.models import (
    Applicant,
    ApplicantSession,
    Membership,
    RecoveryCode,
    StaffSession,
    StaffState,
    StaffUser,
)
from app.accounts.second_factor import recovery_hash
from app.accounts.staff_sessions import SessionOver
from app.core import clock
from app.core.access import Role
from app.core.context import SYSTEM, bind
from app.extensions import db
from app.organisations.models import Organisation
from tests import factories
from tests.accounts.walks import commit_at_once, give_code, give_password, go, leads_to, mails, rows, walk_in
from tests.browsing import Browser, noted_statements, without_pragmas

UNHASHED = "x" * 200  # too long to be hashed, so that tries cost no time
NOW = datetime.fromisoformat("2026-11-23T03:00:05+00:00")


def ready(*roles: Role) -> tuple[StaffUser, str, str]:
    return factories.active_staff_with_password(factories.organisation(), *roles or (Role.HR,))


def cookie(browser: Browser) -> str | None:
    found = browser.client.get_cookie(STAFF_COOKIE)
    return found.value if found else None


def test_password_and_code_lead_to_the_only_organisation(app: Flask) -> None:
    user, password, secret = ready()
    browser = Browser(app)

    assert give_password(browser, user.mail, password) == "/staff/second-factor"
    assert give_code(browser, secret) == "/staff/"
    assert leads_to(browser, "/staff/") == "/staff/shinagawa/"


def test_the_address_is_found_in_any_case_and_with_spaces(sqlite_app: Flask) -> None:
    user, password, _secret = ready()

    assert give_password(Browser(sqlite_app), f" {user.mail.upper()} ", password) == "/staff/second-factor"


def test_a_wrong_password_shows_the_error_and_keeps_the_address(sqlite_app: Flask) -> None:
    user, _password, _secret = ready()

    page = give_password(Browser(sqlite_app), user.mail, "wrong horse battery", status=422)

    assert "メールアドレスかパスワードが違います" in page
    assert f'value="{user.mail}"' in page
    assert "wrong horse" not in page
    assert rows(select(StaffSession)) == []


def test_known_unknown_invited_and_disabled_addresses_get_the_same_answer(app: Flask) -> None:
    user, password, _secret = ready()
    city = factories.organisation("kobe", "神戸市")
    invited = factories.staff(city, state=StaffState.INVITED)
    disabled = factories.active_staff_with_password(city)[0]
    assert app.test_cli_runner().invoke(args=["staff", "disable", disabled.mail]).output == "disabled\n"
    tried = [
        (user.mail, "wrong horse battery"),
        ("nobody@" + user.mail.partition("@")[2], "wrong horse battery"),
        (invited.mail, password),
        (disabled.mail, password),
    ]

    answers, counts = [], []
    for mail, word in tried:
        browser = Browser(app)
        browser.get("/staff/sign-in")
        with noted_statements() as statements:
            page = browser.post("/staff/sign-in", {"mail": mail, "password": word}, status=422).text
        answers.append(without_tokens(page).replace(mail, "MAIL"))
        counts.append([statement.split(" WHERE ")[0] for statement in without_pragmas(statements)])

    assert answers == [answers[0]] * 4
    assert counts == [counts[0]] * 4


def without_tokens(page: str) -> str:
    return re.sub(r'name="csrf_token"[^>]*value="[^"]+"', "", page)


@pytest.mark.parametrize(
    "url",
    ["/staff/", "/staff/shinagawa/members", "/staff/account/sessions", "/staff/account/password", "/staff/confirm"],
)
def test_a_half_session_opens_nothing_but_the_second_factor(sqlite_app: Flask, url: str) -> None:
    user, password, _secret = ready(Role.ADMIN)
    browser = Browser(sqlite_app)
    give_password(browser, user.mail, password)

    assert str(leads_to(browser, url)).startswith("/staff/sign-in")
    assert leads_to(browser, "/staff/second-factor/new") == "/staff/second-factor"
    assert leads_to(browser, "/staff/second-factor/recovery-codes") == "/staff/second-factor"


def test_a_half_session_ends_after_half_an_hour(sqlite_app: Flask) -> None:
    user, password, _secret = ready()
    browser = Browser(sqlite_app)
    with time_machine.travel(NOW, tick=False):
        give_password(browser, user.mail, password)

    with time_machine.travel(NOW + timedelta(minutes=30), tick=False):
        assert go(browser, "/staff/second-factor").status_code == 200
    with time_machine.travel(NOW + timedelta(minutes=30, seconds=1), tick=False):
        assert leads_to(browser, "/staff/second-factor") == "/staff/sign-in"


def test_each_step_gives_a_new_session_and_the_former_opens_nothing(sqlite_app: Flask) -> None:
    user, password, secret = ready()
    browser = Browser(sqlite_app)
    browser.client.set_cookie(STAFF_COOKIE, "chosen by somebody else")
    give_password(browser, user.mail, password)
    half = str(cookie(browser))
    give_code(browser, secret)
    whole = str(cookie(browser))

    replay = Browser(sqlite_app)
    replay.client.set_cookie(STAFF_COOKIE, half)

    assert len({half, whole, "chosen by somebody else"}) == 3
    assert str(leads_to(replay, "/staff/")).startswith("/staff/sign-in")
    assert leads_to(replay, "/staff/second-factor") == "/staff/sign-in"
    [session] = rows(select(StaffSession))
    assert session.token_hash == token_hash(whole)


def test_a_code_works_once(sqlite_app: Flask) -> None:
    user, password, secret = ready()
    with time_machine.travel(NOW, tick=False):
        walk_in(Browser(sqlite_app), user.mail, password, secret)
        again = Browser(sqlite_app)
        give_password(again, user.mail, password)

        page = give_code(again, secret, status=422)

    assert "すでに使われています" in page


def test_a_recovery_code_works_once_and_is_told_by_mail(app: Flask) -> None:
    user, password, _secret = ready()
    factories.save(RecoveryCode(staff_user_id=user.id, code_hash=recovery_hash("abcde-fghjk", user_id=user.id)))
    first, second = Browser(app), Browser(app)

    for browser, status in ((first, 303), (second, 422)):
        give_password(browser, user.mail, password)
        browser.get("/staff/second-factor/recovery")
        browser.post("/staff/second-factor/recovery", {"code": "ABCDE FGHJK"}, status=status)

    assert leads_to(first, "/staff/") == "/staff/shinagawa/"
    assert [mail.recipient for mail in mails("staff-changed") if "リカバリーコード" in mail.body] == [user.mail]
    assert rows(select(func.count()).where(RecoveryCode.used_at.is_(None))) == [0]


def test_another_persons_recovery_code_is_worth_nothing(sqlite_app: Flask) -> None:
    user, password, _secret = ready()
    other = factories.staff(factories.organisation("kobe", "神戸市"))
    factories.save(RecoveryCode(staff_user_id=other.id, code_hash=recovery_hash("abcde-fghjk", user_id=other.id)))
    browser = Browser(sqlite_app)
    give_password(browser, user.mail, password)
    browser.get("/staff/second-factor/recovery")

    browser.post("/staff/second-factor/recovery", {"code": "abcde-fghjk"}, status=422)


@pytest.mark.parametrize(
    ("next", "leads"),
    [
        ("/staff/shinagawa/members", "/staff/shinagawa/members"),
        ("/staff/shinagawa/members?page=2", "/staff/shinagawa/members?page=2"),
        ("//evil.example/staff/", "/staff/"),
        ("https://evil.example", "/staff/"),
        ("/staff/%5Cevil.example", "/staff/"),
        ("/staff/%250d%250aX:%20y", "/staff/"),
        ("/my/", "/staff/"),
    ],
)
def test_the_wanted_page_follows_only_where_it_is_ours(sqlite_app: Flask, next: str, leads: str) -> None:
    user, password, secret = ready(Role.ADMIN)
    browser = Browser(sqlite_app)

    second = give_password(browser, user.mail, password, next=next)

    assert give_code(browser, secret, url=second) == leads


def test_who_is_not_signed_in_comes_back_to_the_page_asked_for(sqlite_app: Flask) -> None:
    ready(Role.ADMIN)

    assert leads_to(Browser(sqlite_app), "/staff/shinagawa/members") == "/staff/sign-in?next=/staff/shinagawa/members"


def test_ten_tries_throttle_an_account_and_no_other(sqlite_app: Flask) -> None:
    user, password, _secret = ready()
    other, word, _other_secret = factories.active_staff_with_password(factories.organisation("kobe", "神戸市"))
    with time_machine.travel(NOW, tick=False):
        for _n in range(10):
            give_password(Browser(sqlite_app), user.mail, UNHASHED, status=422)

        page = give_password(Browser(sqlite_app), user.mail, password, status=429)

        assert "約5分後" in page
        assert ["下書き" in page, "募集一覧へ" in page, 'href="/staff/"' in page] == [False, False, True]
        assert give_password(Browser(sqlite_app), other.mail, word) == "/staff/second-factor"
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        assert give_password(Browser(sqlite_app), user.mail, password) == "/staff/second-factor"


def test_wrong_passwords_from_elsewhere_do_not_lock_out_a_browser_that_is_known(sqlite_app: Flask) -> None:
    user, password, secret = ready()
    other, word, other_secret = factories.active_staff_with_password(factories.organisation("kobe", "神戸市"))
    own, foreign = Browser(sqlite_app), Browser(sqlite_app)
    with time_machine.travel(NOW - timedelta(days=1), tick=False):
        walk_in(own, user.mail, password, secret)
        walk_in(foreign, other.mail, word, other_secret)
    with time_machine.travel(NOW, tick=False):
        for _n in range(10):
            give_password(Browser(sqlite_app), user.mail, UNHASHED, status=422)

        give_password(Browser(sqlite_app), user.mail, password, status=429)
        give_password(foreign, user.mail, password, status=429)
        assert give_password(own, user.mail, password) == "/staff/second-factor"
        for _n in range(9):
            give_password(own, user.mail, UNHASHED, status=422)
        give_password(own, user.mail, password, status=429)


def test_an_unknown_address_is_throttled_alike(sqlite_app: Flask) -> None:
    with time_machine.travel(NOW, tick=False):
        for _n in range(10):
            give_password(Browser(sqlite_app), "nobody@example.jp", UNHASHED, status=422)

        give_password(Browser(sqlite_app), "nobody@example.jp", UNHASHED, status=429)


def test_thirty_tries_throttle_a_network_address(sqlite_app: Flask) -> None:
    with time_machine.travel(NOW, tick=False):
        for n in range(30):
            give_password(Browser(sqlite_app), f"nobody{n}@example.jp", UNHASHED, status=422)

        give_password(Browser(sqlite_app), "somebody@example.jp", UNHASHED, status=429)
        elsewhere = Browser(sqlite_app)
        elsewhere.get("/staff/sign-in")
        data = {"mail": "somebody@example.jp", "password": UNHASHED}
        elsewhere.post("/staff/sign-in", data, status=422, environ_base={"REMOTE_ADDR": "192.0.2.7"})


def test_five_wrong_codes_throttle_the_second_factor(sqlite_app: Flask) -> None:
    user, password, secret = ready()
    browser = Browser(sqlite_app)
    with time_machine.travel(NOW, tick=False):
        give_password(browser, user.mail, password)
        browser.get("/staff/second-factor")
        for _n in range(5):
            browser.post("/staff/second-factor", {"code": "000000"}, status=422)

        give_code(browser, secret, status=429)


def test_the_second_factor_counts_by_account_whatever_session_tries(sqlite_app: Flask) -> None:
    user, password, _secret = ready()
    with time_machine.travel(NOW, tick=False):
        for n in range(6):
            browser = Browser(sqlite_app)
            give_password(browser, user.mail, password)
            browser.get("/staff/second-factor")
            browser.post("/staff/second-factor", {"code": "000000"}, status=422 if n < 5 else 429)


def test_signing_out_ends_the_session_on_the_server(sqlite_app: Flask) -> None:
    user, password, secret = ready()
    browser = Browser(sqlite_app)
    walk_in(browser, user.mail, password, secret)
    kept = str(cookie(browser))
    browser.get("/staff/account/sessions")

    browser.post("/staff/sign-out")

    replay = Browser(sqlite_app)
    replay.client.set_cookie(STAFF_COOKIE, kept)
    assert cookie(browser) is None
    assert str(leads_to(replay, "/staff/account/sessions")).startswith("/staff/sign-in")


def test_a_session_ended_meanwhile_is_not_revived_by_a_code_under_way(app: Flask) -> None:
    user, password, secret = ready()
    browser = Browser(app)
    give_password(browser, user.mail, password)
    [session] = rows(select(StaffSession))
    at = clock.now()
    bind(db.session, SYSTEM)
    sign_in_services.sign_out(session, at=at)
    code = second_factor.code_at(secret, at)

    with pytest.raises(SessionOver):
        sign_in_services.pass_second_factor(session, code, at=at, address="x", known_browser=True)

    db.session.remove()
    assert leads_to(browser, "/staff/second-factor") == "/staff/sign-in"


def test_disabling_an_account_ends_its_open_sessions(sqlite_app: Flask) -> None:
    user, password, secret = ready()
    browser = Browser(sqlite_app)
    walk_in(browser, user.mail, password, secret)

    result = sqlite_app.test_cli_runner().invoke(args=["staff", "disable", user.mail])

    assert result.output == "disabled\n"
    assert str(leads_to(browser, "/staff/account/sessions")).startswith("/staff/sign-in")


@pytest.mark.parametrize(("role", "minutes"), [(Role.HR, 60), (Role.ADMIN, 30)])
def test_idle_sessions_end_on_the_server_sooner_for_admins(sqlite_app: Flask, role: Role, minutes: int) -> None:
    user, password, secret = ready(role)
    browser = Browser(sqlite_app)
    with time_machine.travel(NOW, tick=False):
        walk_in(browser, user.mail, password, secret)

    with time_machine.travel(NOW + timedelta(minutes=minutes, seconds=1), tick=False):
        assert go(browser, "/staff/sign-in").status_code == 200
        assert str(leads_to(browser, "/staff/account/sessions")).startswith("/staff/sign-in")
        assert str(leads_to(browser, "/staff/")).startswith("/staff/sign-in")
    with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
        assert go(browser, "/staff/account/sessions").status_code == 200


def test_a_session_ends_after_twelve_hours_however_busy(sqlite_app: Flask) -> None:
    user, password, secret = ready()
    browser = Browser(sqlite_app)
    with time_machine.travel(NOW, tick=False):
        walk_in(browser, user.mail, password, secret)
    for half_hours in range(1, 25):
        with time_machine.travel(NOW + timedelta(minutes=30 * half_hours), tick=False):
            assert go(browser, "/staff/account/sessions").status_code == 200

    with time_machine.travel(NOW + timedelta(hours=12, seconds=1), tick=False):
        assert str(leads_to(browser, "/staff/account/sessions")).startswith("/staff/sign-in")


def test_the_first_sign_in_from_a_browser_is_told_by_mail_and_the_next_is_not(sqlite_app: Flask) -> None:
    user, password, secret = ready()
    browser = Browser(sqlite_app)
    with time_machine.travel(NOW, tick=False):
        walk_in(browser, user.mail, password, secret)
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        walk_in(browser, user.mail, password, secret)

    assert ["違うブラウザー" in mail.body for mail in mails("staff-changed")] == [True]


def test_with_two_organisations_a_person_chooses(sqlite_app: Flask) -> None:
    user, password, secret = ready()
    join(user, factories.organisation("kobe", "神戸市"))
    factories.organisation("osaka", "大阪市")
    browser = Browser(sqlite_app)
    walk_in(browser, user.mail, password, secret)

    page = browser.get("/staff/")

    assert [name in page for name in ("品川区", "神戸市", "大阪市")] == [True, True, False]
    assert 'href="/staff/kobe/"' in page


def join(user: StaffUser, organisation: Organisation) -> None:
    factories.save(Membership(organisation_id=organisation.id, staff_user_id=user.id))


def test_an_applicants_cookie_beside_does_not_disturb_the_way_in(sqlite_app: Flask) -> None:
    at = clock.now()
    person = factories.save(Applicant(created_at=at))
    factories.save(ApplicantSession(applicant_id=person.id, token_hash=token_hash("a"), created_at=at, seen_at=at))
    user, password, secret = ready()
    browser = Browser(sqlite_app)
    browser.client.set_cookie(APPLICANT_COOKIE, "a")

    assert walk_in(browser, user.mail, password, secret) == "/staff/"
    assert leads_to(browser, "/staff/") == "/staff/shinagawa/"


def test_twenty_of_the_same_code_at_once_are_one_success(app: Flask) -> None:
    user, _password, secret = ready()  # as each request's guard read it: no code used yet
    at = clock.now()
    code = second_factor.code_at(secret, at)

    outcomes = commit_at_once(app, 20, lambda: sign_in_services.use_code(user, code, at=at))

    assert sorted(outcomes) == ["done"] + ["refused"] * 19


def test_twenty_of_the_same_recovery_code_at_once_are_one_success(app: Flask) -> None:
    user, _password, _secret = ready()
    factories.save(RecoveryCode(staff_user_id=user.id, code_hash=recovery_hash("abcde-fghjk", user_id=user.id)))
    at = clock.now()

    outcomes = commit_at_once(app, 20, lambda: sign_in_services.use_code(user, "abcde-fghjk", at=at))

    assert sorted(outcomes) == ["done"] + ["refused"] * 19
    assert len(mails("staff-changed")) == 1
