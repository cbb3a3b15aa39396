"""From the admin's invitation to the first signed-in page."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.accounts import second_factor
from app.accounts.guard import STAFF_COOKIE, token_hash
from app.accounts.models import RecoveryCode, StaffSession, StaffState, StaffToken, StaffUser
from app.audit.models import AuditEvent
from app.core import clock
from app.core.access import Role
from app.core.crypto import decrypt
from tests import factories
from tests.accounts.walks import CODE, accept, go, leads_to, link_in, mails, rows, sealed, shown_secret, walk_in
from tests.browsing import Browser

GOOD = "晴れの日も 雨の日も 歩いて通う"
INVITE = {"name": "見本 花子", "mail": "Hanako@Shinagawa.example.jp", "roles": ["hr", "author"]}


def invited(app: Flask, **fields: object) -> str:
    """Let an admin invite somebody through the pages; return the link in the mail."""
    city = factories.organisation()
    admin = Browser(app)
    factories.sign_in(admin.client, factories.staff(city, Role.ADMIN))
    admin.get("/staff/shinagawa/members/invite")
    admin.post("/staff/shinagawa/members/invite", INVITE | fields)
    return link_in(mails("staff-invitation")[-1])


def the_user() -> StaffUser:
    [user] = rows(select(StaffUser).where(StaffUser.mail_key == "hanako@shinagawa.example.jp"))
    return user


def test_an_invited_person_sets_all_up_and_is_signed_in(app: Flask) -> None:
    link = invited(app)
    person = Browser(app)

    secret, codes = accept(person, link, GOOD)

    user = the_user()
    assert (user.state, user.mail, decrypt(str(user.totp_secret))) == (
        StaffState.ACTIVE,
        "Hanako@Shinagawa.example.jp",
        secret,
    )
    assert len(codes) == len(set(codes)) == 10
    assert leads_to(person, "/staff/") == "/staff/shinagawa/"
    assert set(rows(select(AuditEvent.action))) == {
        "membership.invite",
        "role.grant",
        "staff_user.accept_invitation",
        "staff_user.enrol_second_factor",
        "staff_user.activate",
    }


def test_what_was_set_up_signs_in_the_next_day(sqlite_app: Flask) -> None:
    link = invited(sqlite_app)
    secret, _codes = accept(Browser(sqlite_app), link, GOOD)

    with time_machine.travel(clock.now() + timedelta(days=1)):
        assert walk_in(Browser(sqlite_app), "hanako@shinagawa.example.jp", GOOD, secret) == "/staff/"


def test_opening_the_link_ten_times_uses_nothing_up(sqlite_app: Flask) -> None:
    link, scanner = invited(sqlite_app), Browser(sqlite_app)

    for _n in range(10):
        assert go(scanner, link).status_code == 302
        assert go(scanner, link, "head").status_code == 302
        assert go(scanner, "/staff/invitation").status_code == 200

    secret, _codes = accept(Browser(sqlite_app), link, GOOD)
    assert secret


def test_the_token_is_stripped_from_the_address_at_once(sqlite_app: Flask) -> None:
    link = invited(sqlite_app)

    answer = go(Browser(sqlite_app), link)

    token = link.rsplit("/", 1)[1]
    assert answer.headers["Location"] == "/staff/invitation"
    cookie = answer.headers["Set-Cookie"]
    assert token not in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Max-Age" not in cookie


def test_a_link_opened_half_an_hour_ago_must_be_opened_again(sqlite_app: Flask) -> None:
    link, person = invited(sqlite_app), Browser(sqlite_app)
    person.get(link, follow=True)

    with time_machine.travel(clock.now() + timedelta(minutes=31)):
        person.get("/staff/invitation", status=410)
        assert "見本 花子" in person.get(link, follow=True)


def test_a_used_link_opens_nothing(sqlite_app: Flask) -> None:
    link = invited(sqlite_app)
    accept(Browser(sqlite_app), link, GOOD)

    late = Browser(sqlite_app)

    assert go(late, link).status_code == 302
    page = late.get("/staff/invitation", status=410)
    assert "このリンクは使えません" in page


def test_the_form_of_a_used_link_is_refused(sqlite_app: Flask) -> None:
    link, late = invited(sqlite_app), Browser(sqlite_app)
    late.get(link, follow=True)
    accept(Browser(sqlite_app), link, GOOD)

    answer = late.post("/staff/invitation", {"password": GOOD + "x", "again": GOOD + "x"}, status=409)

    assert "新しいリンクを受け取ってください" in answer.text


def test_a_link_ends_after_72_hours(sqlite_app: Flask) -> None:
    link = invited(sqlite_app)

    with time_machine.travel(clock.now() + timedelta(hours=71, minutes=59)):
        assert Browser(sqlite_app).get(link, follow=True)
    with time_machine.travel(clock.now() + timedelta(hours=72, seconds=1)):
        late = Browser(sqlite_app)
        go(late, link)
        late.get("/staff/invitation", status=410)


def test_a_resent_invitation_voids_the_former_link(sqlite_app: Flask) -> None:
    first = invited(sqlite_app)
    admin = Browser(sqlite_app)
    [boss] = rows(select(StaffUser).where(StaffUser.display_name != "見本 花子"))
    factories.sign_in(admin.client, boss)
    page = admin.get("/staff/shinagawa/members")
    resend = page.partition('/resend"')[0].rpartition('action="')[2] + "/resend"

    admin.post(resend)

    second = link_in(mails("staff-invitation")[-1])
    old, new = Browser(sqlite_app), Browser(sqlite_app)
    go(old, first)
    old.get("/staff/invitation", status=410)
    assert "見本 花子" in new.get(second, follow=True)


@pytest.mark.parametrize(
    ("password", "message"),
    [
        ("short", "12文字以上にしてください"),
        ("x" * 129, "128文字以内にしてください"),
        ("品川区採用担当2026!", "推測されやすい"),
        ("hanako@shinagawa.example.jp", "推測されやすい"),
    ],
)
def test_a_bad_password_is_refused_beside_its_field(sqlite_app: Flask, password: str, message: str) -> None:
    person = Browser(sqlite_app)
    person.get(invited(sqlite_app), follow=True)

    answer = person.post("/staff/invitation", {"password": password, "again": password}, status=422)

    assert message in answer.text
    assert the_user().password_hash is None


def test_two_passwords_that_differ_are_refused(sqlite_app: Flask) -> None:
    person = Browser(sqlite_app)
    person.get(invited(sqlite_app), follow=True)

    answer = person.post("/staff/invitation", {"password": GOOD, "again": GOOD + "。"}, status=422)

    assert "2つのパスワードが一致していません" in answer.text


def test_an_enrolment_needs_the_code_of_the_shown_secret(sqlite_app: Flask) -> None:
    person = Browser(sqlite_app)
    person.get(invited(sqlite_app), follow=True)
    person.post("/staff/invitation", {"password": GOOD, "again": GOOD})
    page = person.get("/staff/second-factor/new")

    answer = person.post("/staff/second-factor/new", {"sealed": sealed(page), "code": "000000"}, status=422)

    assert shown_secret(answer.text) == shown_secret(page)
    assert "コードが違うか" in answer.text
    assert the_user().totp_secret is None


def test_a_secret_sealed_for_another_person_is_not_taken(sqlite_app: Flask) -> None:
    first = Browser(sqlite_app)
    first.get(invited(sqlite_app), follow=True)
    first.post("/staff/invitation", {"password": GOOD, "again": GOOD})
    foreign = sealed(first.get("/staff/second-factor/new"))
    other = factories.staff(factories.organisation("kobe", "神戸市"), state=StaffState.INVITED)
    second = Browser(sqlite_app)
    half_session(second, other)
    second.get("/staff/second-factor/new")

    answer = second.post("/staff/second-factor/new", {"sealed": foreign, "code": "000000"})

    assert answer.headers["Location"] == "/staff/second-factor/new"


def half_session(browser: Browser, user: StaffUser) -> None:
    at = clock.now()
    factories.save(
        StaffSession(staff_user_id=user.id, token_hash=token_hash("half"), created_at=at, seen_at=at),
    )
    browser.client.set_cookie(STAFF_COOKIE, "half")


def test_codes_count_only_once_the_person_says_that_they_are_kept(sqlite_app: Flask) -> None:
    person = Browser(sqlite_app)
    person.get(invited(sqlite_app), follow=True)
    person.post("/staff/invitation", {"password": GOOD, "again": GOOD})
    page = person.get("/staff/second-factor/new")
    code = second_factor.code_at(shown_secret(page), clock.now())
    person.post("/staff/second-factor/new", {"sealed": sealed(page), "code": code})
    page = person.get("/staff/second-factor/recovery-codes")

    answer = person.post("/staff/second-factor/recovery-codes", {"sealed": sealed(page)}, status=422)

    assert CODE.findall(answer.text) == CODE.findall(page)
    assert str(leads_to(person, "/staff/shinagawa/members")).startswith("/staff/second-factor/recovery-codes")
    assert rows(select(RecoveryCode)) == []
    assert the_user().state is StaffState.INVITED


def test_a_broken_off_invitation_goes_on_at_the_next_sign_in(sqlite_app: Flask) -> None:
    person = Browser(sqlite_app)
    person.get(invited(sqlite_app), follow=True)
    person.post("/staff/invitation", {"password": GOOD, "again": GOOD})

    later = Browser(sqlite_app)
    later.get("/staff/sign-in")
    later.post("/staff/sign-in", {"mail": "hanako@shinagawa.example.jp", "password": GOOD})

    assert leads_to(later, "/staff/second-factor") == "/staff/second-factor/new"


def test_tokens_and_recovery_codes_stand_in_the_database_as_hashes_only(sqlite_app: Flask) -> None:
    link = invited(sqlite_app)
    _secret, codes = accept(Browser(sqlite_app), link, GOOD)

    hashes = rows(select(RecoveryCode.code_hash)) + rows(select(StaffToken.token_hash))

    known = {link.rsplit("/", 1)[1], *codes}
    assert len(hashes) == 11
    assert known.isdisjoint(hashes)
    assert str(the_user().password_hash).startswith("$argon2id$")
