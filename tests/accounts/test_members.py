"""The staff of an organisation: invite, roles, end; who may not (reliability 5, A11, B9)."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.accounts import member_services
from app.accounts.grants import (
    LastAdmin,
    OwnRoles,
    RoleOutOfPlace,
    RolesClash,
    end_grant,
    grant_role,
)
from app.accounts.models import Membership, RoleGrant, StaffSession, StaffState, StaffUser
from app.accounts.queries import get_member
from app.audit.models import AuditEvent
from app.core import clock
from app.core.access import Role
from app.core.context import SYSTEM, bind, staff_of
from app.core.errors import NotFound
from app.core.model import new_id
from app.extensions import db
from app.organisations.models import Organisation
from tests import factories
from tests.accounts.walks import commit_at_once, give_code, go, leads_to, mails, rows
from tests.browsing import Browser, noted_statements, without_pragmas

NOW = datetime.fromisoformat("2026-11-23T03:00:05+00:00")
INVITE = {"name": "見本 花子", "mail": "hanako@shinagawa.example.jp", "roles": ["hr"]}


def signed_in(app: Flask, user: StaffUser) -> Browser:
    browser = Browser(app)
    factories.sign_in(browser.client, user)
    return browser


def city_with_admin(app: Flask, slug: str = "shinagawa", name: str = "品川区") -> tuple[Organisation, Browser]:
    city = factories.organisation(slug, name)
    return city, signed_in(app, factories.staff(city, Role.ADMIN, display_name=f"{name}の管理者"))


def member_url(user: StaffUser) -> str:
    [membership] = rows(select(Membership).where(Membership.staff_user_id == user.id))
    return f"/staff/shinagawa/members/{membership.id}"


def live_roles(user: StaffUser) -> set[Role]:
    own = select(Membership.id).where(Membership.staff_user_id == user.id)
    return set(rows(select(RoleGrant.role).where(RoleGrant.membership_id.in_(own), RoleGrant.until.is_(None))))


def test_the_list_shows_names_roles_and_states(sqlite_app: Flask) -> None:
    city, admin = city_with_admin(sqlite_app)
    factories.staff(city, Role.HR, Role.AUTHOR, display_name="人事 一郎")
    factories.staff(city, Role.REVIEWER, opening_id=new_id(), display_name="採点 二郎")
    factories.staff(city, display_name="招待 三郎", state=StaffState.INVITED)
    factories.staff(factories.organisation("kobe", "神戸市"), Role.HR, display_name="神戸 四郎")

    page = admin.get("/staff/shinagawa/members")

    text = re.sub(r"<[^>]+>", " ", page)
    assert "募集担当・ 人事担当" in " ".join(text.split()) or "募集担当・人事担当" in "".join(text.split())
    assert "採点者（1件の募集）" in "".join(text.split())
    assert ("招待中" in text, "リンクの期限切れ" in text, "神戸 四郎" in text) == (True, True, False)


def test_the_list_asks_as_much_for_one_as_for_many(sqlite_app: Flask) -> None:
    city, admin = city_with_admin(sqlite_app)
    admin.get("/staff/shinagawa/members")
    with noted_statements() as one:
        admin.get("/staff/shinagawa/members")
    first = len(without_pragmas(one))
    for _n in range(3):
        factories.staff(city, Role.HR)

    with noted_statements() as four:
        admin.get("/staff/shinagawa/members")

    assert len(without_pragmas(four)) == first


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_only_admins_reach_the_pages_of_staff(sqlite_app: Flask, role: Role) -> None:
    city = factories.organisation()
    other = signed_in(sqlite_app, factories.staff(city, role, opening_id=new_id()))
    member = member_url(factories.staff(city, Role.HR))

    assert go(other, "/staff/shinagawa/members").status_code == 403
    assert go(other, "/staff/shinagawa/members/invite").status_code == 403
    assert go(other, member).status_code == 404


def test_another_citys_member_looks_like_none(sqlite_app: Flask) -> None:
    _city, admin = city_with_admin(sqlite_app)
    theirs = member_url(factories.staff(factories.organisation("kobe", "神戸市"), Role.HR))
    admin.get("/staff/shinagawa/members/invite")

    foreign, nothing = admin.get(theirs, status=404), admin.get(f"/staff/shinagawa/members/{new_id()}", status=404)

    number = re.compile(r'class="num">[0-9a-f]+<')
    assert number.sub("", foreign) == number.sub("", nothing)
    admin.get("/staff/shinagawa/members")
    for path in ("", "/resend", "/end"):
        admin.post(theirs + path, {"roles": ["hr"]}, status=404)
    assert go(admin, theirs.replace("shinagawa", "kobe")).status_code == 404


def test_an_invitation_makes_account_membership_roles_and_mail(app: Flask) -> None:
    _city, admin = city_with_admin(app)
    admin.get("/staff/shinagawa/members/invite")

    admin.post("/staff/shinagawa/members/invite", INVITE | {"roles": ["hr", "approver"]})

    [user] = rows(select(StaffUser).where(StaffUser.mail_key == INVITE["mail"]))
    [mail] = mails("staff-invitation")
    assert (user.state, user.display_name) == (StaffState.INVITED, "見本 花子")
    assert live_roles(user) == {Role.HR, Role.APPROVER}
    assert (mail.recipient, mail.subject, mail.secret) == (INVITE["mail"], "【品川区】職員アカウントへの招待", True)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"name": " "}, "氏名を入力してください"),
        ({"mail": "hanako"}, "name@example.jp のような形"),
        ({"roles": []}, "役割を1つ以上選んでください"),
        ({"roles": ["reviewer"]}, "選択肢から選んでください"),
        ({"roles": ["operator"]}, "選択肢から選んでください"),
    ],
)
def test_an_invitation_with_errors_keeps_what_was_typed(
    sqlite_app: Flask, wrong: dict[str, object], message: str
) -> None:
    _city, admin = city_with_admin(sqlite_app)
    admin.get("/staff/shinagawa/members/invite")

    page = admin.post("/staff/shinagawa/members/invite", INVITE | wrong, status=422).text

    assert message in page
    assert mails("staff-invitation") == []


def test_approver_and_auditor_never_go_together(app: Flask) -> None:
    city, admin = city_with_admin(app)
    user = factories.staff(city, Role.AUDITOR)
    url = member_url(user)
    admin.get(url)

    invited = admin.post("/staff/shinagawa/members/invite", INVITE | {"roles": ["approver", "auditor"]}, status=409)
    changed = admin.post(url, {"roles": ["approver", "auditor"]}, status=409)

    assert "決裁者と監査は、同じ人が兼ねられません" in invited.text
    assert "決裁者と監査は、同じ人が兼ねられません" in changed.text
    assert live_roles(user) == {Role.AUDITOR}
    assert rows(select(StaffUser).where(StaffUser.mail_key == INVITE["mail"])) == []


def test_an_auditor_becomes_approver_in_one_step(sqlite_app: Flask) -> None:
    city, admin = city_with_admin(sqlite_app)
    user = factories.staff(city, Role.AUDITOR)
    admin.get(member_url(user))

    admin.post(member_url(user), {"roles": ["approver"]})

    assert live_roles(user) == {Role.APPROVER}


def test_inviting_a_member_again_is_refused(sqlite_app: Flask) -> None:
    city, admin = city_with_admin(sqlite_app)
    factories.staff(city, Role.HR, mail=INVITE["mail"], mail_key=INVITE["mail"])
    admin.get("/staff/shinagawa/members/invite")

    page = admin.post("/staff/shinagawa/members/invite", INVITE | {"mail": "HANAKO@shinagawa.example.jp"}, status=409)

    assert "すでに一覧にいます" in page.text


def test_somebody_of_another_city_joins_with_the_same_account(sqlite_app: Flask) -> None:
    _city, admin = city_with_admin(sqlite_app)
    user = factories.staff(
        factories.organisation("kobe", "神戸市"), Role.HR, mail=INVITE["mail"], mail_key=INVITE["mail"]
    )
    admin.get("/staff/shinagawa/members/invite")

    admin.post("/staff/shinagawa/members/invite", INVITE)

    [kept] = rows(select(StaffUser).where(StaffUser.id == user.id))
    assert (kept.display_name, mails("staff-invitation")) == (user.display_name, [])
    assert [(mail.recipient, mail.subject) for mail in mails("staff-joined")] == [
        (INVITE["mail"], "【品川区】職員として登録されました")
    ]
    assert go(signed_in(sqlite_app, user), "/staff/shinagawa/").status_code != 302


def test_roles_bite_at_the_next_request_of_an_open_session(app: Flask) -> None:
    city, admin = city_with_admin(app)
    user = factories.staff(city, Role.ADMIN)
    browser = signed_in(app, user)
    assert go(browser, "/staff/shinagawa/members").status_code == 200
    admin.get(member_url(user))

    admin.post(member_url(user), {"roles": ["hr"]})

    refused = go(browser, "/staff/shinagawa/members")
    assert refused.status_code == 403
    assert '<a class="btn btn--plain" href="/staff/shinagawa/">ダッシュボードへ' in refused.text
    assert "募集管理</a>" in refused.text
    assert "設定</a>" not in refused.text  # the menu of the roles that are left
    assert live_roles(user) == {Role.HR}


def test_an_ended_membership_closes_open_sessions_and_all_roles(app: Flask) -> None:
    city, admin = city_with_admin(app)
    user = factories.staff(city, Role.HR, Role.REVIEWER, opening_id=new_id())
    browser = signed_in(app, user)
    admin.get(member_url(user))

    admin.post(member_url(user) + "/end")

    assert live_roles(user) == set()
    assert str(leads_to(browser, "/staff/shinagawa/members")).startswith("/staff/sign-in")
    again = signed_in(app, user)
    assert go(again, "/staff/shinagawa/members").status_code == 404
    assert "所属している自治体がありません" in again.get("/staff/")


def test_a_person_whose_membership_ended_is_invited_back(sqlite_app: Flask) -> None:
    city, admin = city_with_admin(sqlite_app)
    user = factories.staff(city, Role.HR, mail=INVITE["mail"], mail_key=INVITE["mail"])
    admin.get(member_url(user))
    admin.post(member_url(user) + "/end")

    admin.post("/staff/shinagawa/members/invite", INVITE | {"roles": ["author"]})

    assert live_roles(user) == {Role.AUTHOR}
    assert ">停止<" not in admin.get("/staff/shinagawa/members")


@pytest.mark.parametrize("path", ["", "/end"])
def test_nobody_changes_his_own_roles(sqlite_app: Flask, path: str) -> None:
    city = factories.organisation()
    boss = factories.staff(city, Role.ADMIN)
    factories.staff(city, Role.ADMIN)
    browser = signed_in(sqlite_app, boss)
    page = browser.get(member_url(boss))
    browser.get("/staff/shinagawa/members/invite")

    answer = browser.post(member_url(boss) + path, {"roles": ["admin", "hr"]}, status=409)

    assert "自分の役割は変えられません" in page
    assert "ほかの管理者に依頼してください" in answer.text
    assert live_roles(boss) == {Role.ADMIN}


def test_what_changed_stands_in_the_citys_chain(app: Flask) -> None:
    city, admin = city_with_admin(app)
    user = factories.staff(city, Role.HR)
    admin.get(member_url(user))

    admin.post(member_url(user), {"roles": ["author"]})
    admin.post(member_url(user) + "/end")

    query = select(AuditEvent).where(AuditEvent.chain == str(city.id)).order_by(AuditEvent.seq)
    assert [event.action for event in rows(query)] == ["role.end", "role.grant", "role.end", "membership.end"]


def test_managing_staff_asks_for_a_fresh_second_factor(sqlite_app: Flask) -> None:
    city = factories.organisation()
    boss, _password, secret = factories.active_staff_with_password(city, Role.ADMIN)
    browser = Browser(sqlite_app)
    factories.sign_in(browser.client, boss, at=NOW)
    url = "/staff/shinagawa/members/invite"
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        browser.get(url)
    with time_machine.travel(NOW + timedelta(minutes=6), tick=False):
        assert go(browser, "/staff/shinagawa/members").status_code == 200
        again = str(leads_to(browser, url))
        assert again == f"/staff/confirm?next={url}"
        browser.get(again)
        browser.post(again, {"code": "000000"}, status=422)
        assert give_code(browser, secret, url=again) == url
        browser.get(url)
    with time_machine.travel(NOW + timedelta(minutes=21), tick=False):
        browser.post(url, INVITE)
    with time_machine.travel(NOW + timedelta(minutes=21, seconds=1), tick=False):
        answer = browser.post(url, INVITE, status=302, headers={"Referer": f"http://localhost{url}"})

    assert answer.headers["Location"] == f"/staff/confirm?next={url}"


def arranged(city: Organisation, *roles: Role) -> tuple[StaffUser, Membership]:
    user = factories.staff(city, *roles)
    [membership] = rows(select(Membership).where(Membership.staff_user_id == user.id))
    return user, membership


def test_a_role_for_one_opening_is_granted_until_a_date_and_ended(app: Flask) -> None:
    city = factories.organisation()
    hr, _own = arranged(city, Role.HR)
    _user, membership = arranged(city)
    opening_id, at = new_id(), clock.now()
    bind(db.session, staff_of(city.id))
    until = at + timedelta(days=30)

    grant = grant_role(membership, Role.REVIEWER, by=hr, at=at, opening_id=opening_id, until=until)
    same = grant_role(membership, Role.REVIEWER, by=hr, at=at, opening_id=opening_id, until=until)
    other = grant_role(membership, Role.REVIEWER, by=hr, at=at, opening_id=new_id(), until=until)
    end_grant(other, membership, by=hr, at=at)
    db.session.commit()

    assert (same.id, grant.until, other.until) == (grant.id, until, at)
    member = get_member(city, membership.id, at=clock.now())
    assert member.opening_roles == ((Role.REVIEWER, 1),)


@pytest.mark.parametrize(
    ("role", "for_opening", "error"),
    [
        (Role.REVIEWER, False, RoleOutOfPlace),
        (Role.HR, True, RoleOutOfPlace),
        (Role.AUDITOR, False, RolesClash),
    ],
)
def test_roles_are_granted_where_they_belong(app: Flask, role: Role, for_opening: bool, error: type[Exception]) -> None:
    city = factories.organisation()
    hr, _own = arranged(city, Role.HR)
    _user, membership = arranged(city, Role.APPROVER)
    bind(db.session, staff_of(city.id))

    with pytest.raises(error):
        grant_role(membership, role, by=hr, at=clock.now(), opening_id=new_id() if for_opening else None)


def test_nobody_gives_himself_a_role_for_an_opening_either(app: Flask) -> None:
    city = factories.organisation()
    hr, own = arranged(city, Role.HR)
    bind(db.session, staff_of(city.id))

    with pytest.raises(OwnRoles):
        grant_role(own, Role.REVIEWER, by=hr, at=clock.now(), opening_id=new_id())


def test_the_last_admin_stays(app: Flask) -> None:
    city = factories.organisation()
    _boss, membership = arranged(city, Role.ADMIN)
    invited = factories.staff(city, Role.ADMIN, state=StaffState.INVITED)
    bind(db.session, staff_of(city.id))
    member = get_member(city, membership.id, at=clock.now())

    with pytest.raises(LastAdmin):
        member_services.end_membership(member, by=invited, at=clock.now())


def test_two_admins_who_remove_each_other_at_once_leave_one(app: Flask) -> None:
    city = factories.organisation()
    pair = [arranged(city, Role.ADMIN), arranged(city, Role.ADMIN)]
    at, turns = clock.now(), [(pair[0][1], pair[1][0]), (pair[1][1], pair[0][0])]

    def remove() -> None:
        membership, by = turns.pop()
        member_services.end_membership(get_member(city, membership.id, at=at), by=by, at=at)

    outcomes = commit_at_once(app, 2, remove)

    assert sorted(outcomes) == ["done", "refused"]


def test_approver_and_auditor_granted_at_once_are_one(app: Flask) -> None:
    city = factories.organisation()
    hr, _own = arranged(city, Role.ADMIN)
    _user, membership = arranged(city)
    at, turns = clock.now(), [Role.APPROVER, Role.AUDITOR]

    outcomes = commit_at_once(app, 2, lambda: grant_role(membership, turns.pop(), by=hr, at=at))

    assert sorted(outcomes) == ["done", "refused"]


def test_two_invitations_of_one_person_at_once_are_one(app: Flask) -> None:
    city = factories.organisation()
    boss, _own = arranged(city, Role.ADMIN)
    at = clock.now()

    outcomes = commit_at_once(
        app,
        4,
        lambda: member_services.invite(city, name="見本", mail=INVITE["mail"], roles=[Role.HR], by=boss, at=at),
    )

    assert sorted(outcomes) == ["done", "refused", "refused", "refused"]
    assert len(rows(select(StaffUser).where(StaffUser.mail_key == INVITE["mail"]))) == 1
    assert len(mails("staff-invitation")) == 1


def test_a_member_of_another_city_is_not_found_by_the_query(app: Flask) -> None:
    city, other = factories.organisation(), factories.organisation("kobe", "神戸市")
    _user, theirs = arranged(other, Role.HR)
    bind(db.session, SYSTEM)

    with pytest.raises(NotFound):
        get_member(city, theirs.id, at=clock.now())


def test_an_ended_session_row_stays_for_the_record(sqlite_app: Flask) -> None:
    city, admin = city_with_admin(sqlite_app)
    user = factories.staff(city, Role.HR)
    signed_in(sqlite_app, user)
    admin.get(member_url(user))

    admin.post(member_url(user) + "/end")

    [session] = rows(select(StaffSession).where(StaffSession.staff_user_id == user.id))
    assert session.ended_at is not None


def test_the_database_holds_one_live_grant_of_a_role_in_an_organisation(app: Flask) -> None:
    city = factories.organisation()
    _user, membership = arranged(city, Role.HR)
    db.session.remove()
    bind(db.session, staff_of(city.id))

    db.session.add(
        RoleGrant(organisation_id=city.id, membership_id=membership.id, role=Role.HR, since=clock.now(), until=None)
    )

    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()
