"""A person's own account: sessions, password, app, recovery codes (reliability B6, B10)."""

from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.accounts import second_factor
from app.accounts.guard import STAFF_COOKIE
from app.accounts.models import RecoveryCode, StaffUser
from app.audit.chain import verify
from app.audit.models import AuditEvent
from app.core import clock
from app.core.access import Role
from app.core.context import SYSTEM, bind
from app.core.crypto import decrypt
from app.extensions import db
from tests import factories
from tests.accounts.walks import CODE, give_password, go, leads_to, mails, rows, sealed, shown_secret, walk_in
from tests.browsing import Browser

NOW = datetime.fromisoformat("2026-11-23T03:00:05+00:00")
NEW = "雪の朝は 早く起きて 走る"
EDGE = "Mozilla/5.0 (Windows NT 10.0) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0"


def signed_in(app: Flask, *, browsers: int = 1) -> tuple[StaffUser, str, list[Browser]]:
    """One person signed in from several browsers, each half a minute after the other."""
    user, password, secret = factories.active_staff_with_password(factories.organisation(), Role.HR)
    found = []
    for n in range(browsers):
        browser = Browser(app)
        with time_machine.travel(NOW + timedelta(seconds=30 * n), tick=False):
            walk_in(browser, user.mail, password, secret)
        found.append(browser)
    return user, secret, found


@pytest.fixture
def now() -> object:
    with time_machine.travel(NOW + timedelta(minutes=3), tick=False) as moved:
        yield moved


def is_in(browser: Browser) -> bool:
    return go(browser, "/staff/account/sessions").status_code == 200


def test_the_list_names_the_browser_and_marks_this_one(sqlite_app: Flask) -> None:
    user, password, secret = factories.active_staff_with_password(factories.organisation(), Role.HR)
    browser = Browser(sqlite_app)
    browser.client.environ_base["HTTP_USER_AGENT"] = EDGE

    walk_in(browser, user.mail, password, secret)

    page = browser.get("/staff/account/sessions")
    assert page.count("Windows の Edge") == 2
    assert page.count("この端末") == 1


def test_one_other_session_is_ended(sqlite_app: Flask, now: object) -> None:
    _user, _secret, [here, there, third] = signed_in(sqlite_app, browsers=3)
    page = here.get("/staff/account/sessions")
    end = next(
        part.partition('"')[0]
        for row in page.split("<tr>")[2:]
        if "この端末" not in row
        for part in [row.partition('action="')[2]]
    )

    here.post(end)

    assert (is_in(here), sorted([is_in(there), is_in(third)])) == (True, [False, True])


def test_all_other_sessions_are_ended_at_once(app: Flask, now: object) -> None:
    _user, _secret, [here, there, third] = signed_in(app, browsers=3)
    here.get("/staff/account/sessions")

    here.post("/staff/account/sessions/end-others")

    assert (is_in(here), is_in(there), is_in(third)) == (True, False, False)


def test_another_persons_session_is_out_of_reach(sqlite_app: Flask, now: object) -> None:
    _user, _secret, [here] = signed_in(sqlite_app)
    other = Browser(sqlite_app)
    stranger = factories.staff(factories.organisation("kobe", "神戸市"), Role.HR)
    factories.sign_in(other.client, stranger)
    page = other.get("/staff/account/sessions")
    theirs = page.partition('/end"')[0].rpartition('action="')[2] + "/end"
    here.get("/staff/account/sessions")

    here.post(theirs, status=409)

    assert is_in(other)


def test_a_changed_password_ends_the_others_and_renews_this_session(app: Flask, now: object) -> None:
    user, _secret, [here, there] = signed_in(app, browsers=2)
    before = here.client.get_cookie(STAFF_COOKIE)
    here.get("/staff/account/password")

    here.post("/staff/account/password", {"old": factories.PASSWORD, "password": NEW, "again": NEW})

    after = here.client.get_cookie(STAFF_COOKIE)
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert (is_in(here), is_in(there)) == (True, False)
    assert give_password(Browser(app), user.mail, NEW) == "/staff/second-factor"
    assert [mail.recipient for mail in mails("staff-changed") if "パスワードが変更" in mail.body] == [user.mail]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"old": "wrong horse battery", "password": NEW, "again": NEW}, "いまのパスワードが違います"),
        ({"old": factories.PASSWORD, "password": "short", "again": "short"}, "12文字以上"),
        ({"old": factories.PASSWORD, "password": NEW, "again": "x"}, "一致していません"),
        ({"old": "", "password": NEW, "again": NEW}, "いまのパスワードを入力してください"),
    ],
)
def test_a_password_is_not_changed_without_the_old_one_or_to_a_bad_one(
    sqlite_app: Flask, now: object, fields: dict[str, str], message: str
) -> None:
    user, _secret, [here] = signed_in(sqlite_app)
    here.get("/staff/account/password")

    page = here.post("/staff/account/password", fields, status=422).text

    assert message in page
    assert give_password(Browser(sqlite_app), user.mail, factories.PASSWORD) == "/staff/second-factor"


def test_the_app_is_changed_with_password_and_a_current_code(app: Flask, now: object) -> None:
    _user, old, [here, there] = signed_in(app, browsers=2)
    page = here.get("/staff/account/second-factor")
    new = shown_secret(page)
    proof = {"sealed": sealed(page), "password": factories.PASSWORD, "current": code(old), "code": code(new)}

    here.post("/staff/account/second-factor", proof)

    [kept] = rows(select(StaffUser))
    assert decrypt(kept.totp_secret) == new
    assert (is_in(here), is_in(there)) == (True, False)
    assert sum("認証アプリが変更" in mail.body for mail in mails("staff-changed")) == 1


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"password": "wrong horse battery"}, "いまのパスワードが違います"),
        ({"current": "000000"}, "コードが違うか"),
        ({"code": "000000"}, "コードが違うか"),
        ({"current": ""}, "いまの認証アプリのコードか"),
    ],
)
def test_the_app_is_not_changed_without_proof(
    sqlite_app: Flask, now: object, wrong: dict[str, str], message: str
) -> None:
    _user, old, [here] = signed_in(sqlite_app)
    page = here.get("/staff/account/second-factor")
    new = shown_secret(page)
    proof = {"sealed": sealed(page), "password": factories.PASSWORD, "current": code(old), "code": code(new)}

    text = here.post("/staff/account/second-factor", proof | wrong, status=422).text

    [kept] = rows(select(StaffUser))
    assert message in text
    assert decrypt(kept.totp_secret) == old
    assert shown_secret(text) == new


def code(secret: str) -> str:
    return second_factor.code_at(secret, clock.now())


def test_new_recovery_codes_replace_the_old_ones(app: Flask, now: object) -> None:
    user, _secret, [here] = signed_in(app)
    old = RecoveryCode(staff_user_id=user.id, code_hash=second_factor.recovery_hash("abcde-fghjk", user_id=user.id))
    factories.save(old)
    page = here.get("/staff/account/recovery-codes")
    fields = {"sealed": sealed(page), "password": factories.PASSWORD, "kept": "y"}

    here.post("/staff/account/recovery-codes", fields)

    shown = {second_factor.recovery_hash(one, user_id=user.id) for one in CODE.findall(page)}
    assert set(rows(select(RecoveryCode.code_hash))) == shown
    assert len(shown) == 10
    assert not any(one in here.get("/staff/account/sessions") for one in CODE.findall(page))


@pytest.mark.parametrize("wrong", [{"password": "wrong horse battery"}, {"kept": ""}])
def test_recovery_codes_stay_without_password_or_promise(sqlite_app: Flask, now: object, wrong: dict[str, str]) -> None:
    _user, _secret, [here] = signed_in(sqlite_app)
    page = here.get("/staff/account/recovery-codes")
    fields = {"sealed": sealed(page), "password": factories.PASSWORD, "kept": "y"} | wrong

    here.post("/staff/account/recovery-codes", fields, status=422)

    assert rows(select(RecoveryCode)) == []


def test_codes_and_secrets_that_we_did_not_offer_are_not_taken(sqlite_app: Flask, now: object) -> None:
    _user, _secret, [here] = signed_in(sqlite_app)
    page = here.get("/staff/account/recovery-codes")
    crossed = {"sealed": sealed(page), "password": factories.PASSWORD, "current": "x", "code": "x"}

    answer = here.post("/staff/account/second-factor", crossed)

    assert answer.headers["Location"] == "/staff/account/second-factor"


def test_ten_wrong_passwords_throttle_the_change(sqlite_app: Flask, now: object) -> None:
    _user, _secret, [here] = signed_in(sqlite_app)
    here.get("/staff/account/password")
    wrong = {"old": "x" * 200, "password": NEW, "again": NEW}
    for _n in range(10):
        here.post("/staff/account/password", wrong, status=422)

    here.post("/staff/account/password", wrong | {"old": factories.PASSWORD}, status=429)


@pytest.mark.parametrize("page", ["sessions", "password", "second-factor", "recovery-codes"])
def test_the_pages_of_an_account_ask_for_a_sign_in(sqlite_app: Flask, page: str) -> None:
    url = f"/staff/account/{page}"

    assert leads_to(Browser(sqlite_app), url) == f"/staff/sign-in?next={url}"


def test_what_happens_to_an_account_stands_in_the_chain(app: Flask, now: object) -> None:
    _user, _secret, [here] = signed_in(app)
    here.get("/staff/account/password")
    here.post("/staff/account/password", {"old": factories.PASSWORD, "password": NEW, "again": NEW})

    actions = rows(select(AuditEvent.action).order_by(AuditEvent.seq))

    assert actions == [
        "staff_user.password_right",
        "staff_user.sign_in",
        "staff_user.change_password",
    ]
    bind(db.session, SYSTEM)
    assert verify(db.session) == (3, None)
