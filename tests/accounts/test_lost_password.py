"""A lost password: one link, one hour, once; the second factor is still asked (reliability B3, B6, B8)."""

from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask

from app.accounts.link_services import reset_password
from app.accounts.models import StaffState
from app.core import clock
from app.core.access import Role
from app.outbox.models import MailState
from tests import factories
from tests.accounts.walks import commit_at_once, give_code, give_password, go, leads_to, link_in, mails, walk_in
from tests.browsing import Browser, noted_statements

NOW = datetime.fromisoformat("2026-11-23T03:00:05+00:00")
NEW = "雪の朝は 早く起きて 走る"


def ask(browser: Browser, mail: str, *, status: int = 303) -> str:
    browser.get("/staff/password/lost")
    return browser.post("/staff/password/lost", {"mail": mail}, status=status).text


def reset(browser: Browser, link: str, password: str = NEW, *, status: int = 303) -> str:
    browser.get(link, follow=True)
    return browser.post("/staff/password/reset", {"password": password, "again": password}, status=status).text


def test_a_new_password_is_set_and_the_second_factor_still_asked(app: Flask) -> None:
    user, old, secret = factories.active_staff_with_password(factories.organisation(), Role.HR)
    ask(Browser(app), user.mail)

    reset(Browser(app), link_in(mails("staff-password-reset")[0]))

    browser = Browser(app)
    give_password(browser, user.mail, old, status=422)
    assert give_password(browser, user.mail, NEW) == "/staff/second-factor"
    assert str(leads_to(browser, "/staff/")).startswith("/staff/sign-in")
    assert give_code(browser, secret) == "/staff/"
    assert ["再設定され" in mail.body for mail in mails("staff-changed")] == [True, False]


def test_a_reset_ends_open_sessions(sqlite_app: Flask) -> None:
    user, password, secret = factories.active_staff_with_password(factories.organisation(), Role.HR)
    open_browser = Browser(sqlite_app)
    walk_in(open_browser, user.mail, password, secret)
    ask(Browser(sqlite_app), user.mail)

    reset(Browser(sqlite_app), link_in(mails("staff-password-reset")[0]))

    assert str(leads_to(open_browser, "/staff/account/sessions")).startswith("/staff/sign-in")


def test_known_and_unknown_addresses_get_the_same_answer_and_cost_the_same(app: Flask) -> None:
    city = factories.organisation()
    user, _password, _secret = factories.active_staff_with_password(city, Role.HR)
    invited = factories.staff(city, state=StaffState.INVITED)
    seen = []
    ask(Browser(app), "first@example.jp")  # the chain of the platform has its head from here on

    for mail in (user.mail, "nobody@example.jp", invited.mail):
        browser = Browser(app)
        browser.get("/staff/password/lost")
        with noted_statements() as statements:
            answer = browser.post("/staff/password/lost", {"mail": mail})
        kinds = [" ".join(statement.split()[:3]) for statement in statements]
        seen.append((answer.status_code, answer.headers["Location"], browser.get("/staff/password/lost/asked"), kinds))

    assert [one[:2] for one in seen] == [seen[0][:2]] * 3
    assert seen[1] == seen[0]
    assert seen[2] == seen[0]
    sent = [(mail.recipient, mail.state) for mail in mails("staff-password-reset") if mail.recipient]
    assert sent == [(user.mail, MailState.QUEUED)]
    assert {mail.state for mail in mails("staff-password-reset") if not mail.recipient} == {MailState.CANCELLED}


def test_the_link_lasts_an_hour(sqlite_app: Flask) -> None:
    user, _password, _secret = factories.active_staff_with_password(factories.organisation(), Role.HR)
    with time_machine.travel(NOW, tick=False):
        ask(Browser(sqlite_app), user.mail)
    link = link_in(mails("staff-password-reset")[0])

    with time_machine.travel(NOW + timedelta(minutes=60), tick=False):
        late = Browser(sqlite_app)
        go(late, link)
        assert "再設定のメールをもう一度" in late.get("/staff/password/reset", status=410)


def test_opening_the_link_uses_nothing_up_and_the_form_works_once(sqlite_app: Flask) -> None:
    user, _password, _secret = factories.active_staff_with_password(factories.organisation(), Role.HR)
    ask(Browser(sqlite_app), user.mail)
    link, late = link_in(mails("staff-password-reset")[0]), Browser(sqlite_app)
    for _n in range(10):
        go(late, link)
        go(late, link, "head")
    late.get("/staff/password/reset")

    reset(Browser(sqlite_app), link)

    page = late.post("/staff/password/reset", {"password": NEW + "!", "again": NEW + "!"}, status=409).text
    assert "すでに使われています" in page


def test_a_newer_link_voids_the_older(sqlite_app: Flask) -> None:
    user, _password, _secret = factories.active_staff_with_password(factories.organisation(), Role.HR)
    for _n in range(2):
        ask(Browser(sqlite_app), user.mail)
    first, second = (link_in(mail) for mail in mails("staff-password-reset"))

    old = Browser(sqlite_app)
    go(old, first)
    old.get("/staff/password/reset", status=410)
    reset(Browser(sqlite_app), second)


def test_a_reset_token_is_no_invitation_and_the_other_way_round(sqlite_app: Flask) -> None:
    user, _password, _secret = factories.active_staff_with_password(factories.organisation(), Role.HR)
    ask(Browser(sqlite_app), user.mail)
    token = link_in(mails("staff-password-reset")[0]).rsplit("/", 1)[1]
    browser = Browser(sqlite_app)

    go(browser, f"/staff/invitation/{token}")
    browser.get("/staff/invitation", status=410)
    browser.get("/staff/password/reset", status=410)


@pytest.mark.parametrize("mail", ["known", "nobody@example.jp"])
def test_the_sixth_ask_in_a_day_is_refused_for_any_address(sqlite_app: Flask, mail: str) -> None:
    user, _password, _secret = factories.active_staff_with_password(factories.organisation(), Role.HR)
    address = user.mail if mail == "known" else mail
    with time_machine.travel(NOW, tick=False):
        for _n in range(5):
            ask(Browser(sqlite_app), address)

        ask(Browser(sqlite_app), address, status=429)
        ask(Browser(sqlite_app), "another@example.jp")


def test_a_weak_new_password_is_refused_and_the_link_still_works(sqlite_app: Flask) -> None:
    user, _password, _secret = factories.active_staff_with_password(factories.organisation(), Role.HR)
    ask(Browser(sqlite_app), user.mail)
    link = link_in(mails("staff-password-reset")[0])

    assert "推測されやすい" in reset(Browser(sqlite_app), link, "品川区品川区品川区品川区", status=422)
    reset(Browser(sqlite_app), link)


def test_one_link_sent_ten_times_at_once_changes_the_password_once(app: Flask) -> None:

    user, _password, _secret = factories.active_staff_with_password(factories.organisation(), Role.HR)
    ask(Browser(app), user.mail)
    token, at = link_in(mails("staff-password-reset")[0]).rsplit("/", 1)[1], clock.now()

    outcomes = commit_at_once(app, 4, lambda: reset_password(token, NEW, at=at))

    assert sorted(outcomes) == ["done", "refused", "refused", "refused"]
    assert len(mails("staff-changed")) == 1
