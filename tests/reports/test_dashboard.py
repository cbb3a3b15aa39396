"""The dashboard and the rail: what waits for whom, and nothing that a role may not see."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.accounts.models import Membership, RoleGrant
from app.audit.models import AccessEvent
from app.core import clock
from app.core.access import Role
from app.core.context import SYSTEM, bind
from app.core.model import new_id
from app.extensions import db
from app.openings.models import Opening, OpeningState
from app.outbox.models import MailState
from app.reviews.models import Assignment, PanelMember, Round, RoundState
from app.selection.models import ResultSet, ResultSetState
from tests import factories
from tests.browsing import Browser
from tests.outbox.test_pages import mail
from tests.screening.arrange import City, accept, browser, city, confirm, rows

URL = "/staff/shinagawa/"


@pytest.fixture
def here(sqlite_app: Flask) -> City:
    far = clock.now().replace(microsecond=0) + timedelta(days=30)
    return city(closes_at=far)


def tasks(page: str) -> list[str]:
    found = re.findall(r"<li><span class=\"big.*?</li>", page, re.S)
    return [" ".join(re.sub(r"<[^>]+>", " ", line.partition("<a ")[0]).split()) for line in found]


def links(page: str) -> list[str]:
    return re.findall(r'<a class="btn btn--plain btn--small" href="([^"]+)"', page)


def rail(page: str) -> list[str]:
    nav = page.partition('aria-label="職員メニュー"')[2].partition("</nav>")[0]
    return [" ".join(re.sub(r"<[^>]+>", " ", line).split()) for line in re.findall(r"<a .*?</a>", nav)]


def person(app: Flask, here: City, *roles: Role) -> Any:
    return browser(app, factories.staff(here.organisation, *roles, opening_id=here.opening.id))


@pytest.mark.parametrize(
    ("role", "places"),
    [
        (Role.ADMIN, ["ダッシュボード", "募集管理", "メール", "職員", "設定", "監査記録"]),
        (Role.AUTHOR, ["ダッシュボード", "募集管理"]),
        (Role.HR, ["ダッシュボード", "募集管理", "応募・選考", "メッセージ", "メール"]),
        (Role.APPROVER, ["ダッシュボード", "募集管理"]),
        (Role.AUDITOR, ["ダッシュボード", "募集管理", "監査記録"]),
        (Role.REVIEWER, ["ダッシュボード", "採点"]),
        (Role.CHAIR, ["ダッシュボード", "採点"]),
    ],
)
def test_the_rail_leads_where_a_role_may_go_and_each_place_opens(
    sqlite_app: Flask, here: City, role: Role, places: list[str]
) -> None:
    someone = person(sqlite_app, here, role)

    page = someone.get(URL)

    assert rail(page) == places
    nav = page.partition('aria-label="職員メニュー"')[2].partition("</nav>")[0]
    for url in re.findall(r'href="([^"]+)"', nav):
        opened = someone.get(url)
        assert rail(opened) == places
        assert opened.partition('aria-label="職員メニュー"')[2].partition("</nav>")[0].count('aria-current="page"') == 1


def test_the_rail_has_the_way_out(sqlite_app: Flask, here: City) -> None:
    page = person(sqlite_app, here, Role.HR).get(URL)

    assert 'action="/staff/sign-out"' in page
    assert "（人事担当）" in page


def test_nothing_to_do_is_said(sqlite_app: Flask, here: City) -> None:
    page = person(sqlite_app, here, Role.HR).get(URL)

    assert tasks(page) == []
    assert "いま、することはありません" in page


def test_hr_sees_what_waits_and_each_number_leads_to_its_rows(sqlite_app: Flask, here: City) -> None:
    user = here.staff(Role.HR)
    people = [here.application() for _ in range(4)]
    confirm(here, people[0], user)
    confirm(here, people[3], user)
    accept(here, people[3], user)
    factories.another_version(people[3])
    mail(here.organisation, state=MailState.FAILED)
    hr = browser(sqlite_app, user)

    page = hr.get(URL)

    assert tasks(page) == [
        "2 資格の確認を待つ応募 DX推進担当",
        "1 受理のあとに版が変わり、再確認を待つ応募 DX推進担当",
        "1 受理を待つ応募 DX推進担当",
        "1 メールが届いていません 送信できなかったメール",
    ]
    counts = [hr.get(url).partition("<tbody>")[2].partition("</tbody>")[0].count("<tr>") for url in links(page)]
    assert counts == [2, 1, 1, 1]
    assert "メール 1 件" in rail(page)
    assert "集計基準：受付日時" in page
    assert not [look for look in rows(AccessEvent) if look.subject.startswith("application:")]


def test_the_tiles_count_all_and_today_in_japan(sqlite_app: Flask, here: City) -> None:
    midnight = clock.now().astimezone(clock.JST).replace(hour=0, minute=0, second=0, microsecond=0)
    for at in (midnight - timedelta(microseconds=1), midnight, clock.now()):
        here.application(at=at)

    page = person(sqlite_app, here, Role.HR).get(URL)

    tiles = [" ".join(re.sub(r"<[^>]+>", " ", tile).split()) for tile in re.findall(r"<div><dt>.*?</div>", page)]
    assert tiles[:3] == [
        "応募の累計 3 今日 2 集計基準：受付日時",
        "資格の確認待ち 3 応募 3 のうち",
        "受付中の募集 1 公開中で締切前のもの",
    ]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.HR])
def test_who_is_not_hr_sees_no_number_of_applications(sqlite_app: Flask, here: City, role: Role) -> None:
    here.application()

    page = person(sqlite_app, here, role).get(URL)

    assert "応募の累計" not in page
    assert "資格の確認" not in page


def put(opening: Any, **values: Any) -> None:
    db.session.remove()
    bind(db.session, SYSTEM)
    row = db.session.get_one(Opening, opening.id)
    for name, value in values.items():
        setattr(row, name, value)
    db.session.commit()
    db.session.remove()


def test_an_approver_sees_what_others_submitted(sqlite_app: Flask, here: City) -> None:
    author, approver = here.staff(Role.AUTHOR), here.staff(Role.APPROVER)
    for submitter in (author, approver):
        draft = factories.opening(here.organisation, approved=False, submitted_by=submitter.id)
        put(draft, state=OpeningState.IN_REVIEW, submitted_at=clock.now())

    assert tasks(browser(sqlite_app, approver).get(URL)) == ["1 承認待ち：募集 DX推進担当"]
    assert tasks(person(sqlite_app, here, Role.HR).get(URL)) == []


def test_an_approver_sees_results_that_others_prepared(sqlite_app: Flask, here: City) -> None:
    hr, approver = here.staff(Role.HR), here.staff(Role.APPROVER)
    for preparer, stage_key in ((hr, "documents"), (approver, "interview")):
        factories.save(
            ResultSet(
                id=new_id(),
                organisation_id=here.organisation.id,
                opening_id=here.opening.id,
                stage_key=stage_key,
                state=ResultSetState.PREPARED,
                release_at=clock.now(),
                prepared_by=preparer.id,
                prepared_at=clock.now(),
                applied_count=1,
                examined_count=1,
                sha256="0" * 64,
            )
        )
    someone = browser(sqlite_app, approver)

    page = someone.get(URL)

    assert [line[:13] for line in tasks(page)] == ["1 承認待ち：選考結果の公"]
    someone.get(links(page)[0])


def test_an_author_sees_what_was_given_back_and_what_closes_soon(sqlite_app: Flask, here: City) -> None:
    now = clock.now().replace(microsecond=0)
    factories.opening(here.organisation, approved=False, returned_reason="給与を確かめてください")
    factories.opening(here.organisation, closes_at=now + timedelta(days=2, hours=1))

    found = tasks(person(sqlite_app, here, Role.AUTHOR).get(URL))

    assert found[0] == "1 差し戻された募集 DX推進担当"
    assert re.fullmatch(r"1 まもなく締切の募集 DX推進担当 \d+月\d+日（.）\d+:\d\d(:\d\d)?（あと2日）", found[1])
    assert len(found) == 2


def scoring(here: City, users: list[Any], people: list[Any]) -> None:
    """Open a round in which all score everybody; the first has submitted one sheet."""
    members = {row.staff_user_id: row for row in rows(Membership)}
    own = {"organisation_id": here.organisation.id}
    round_ = Round(
        id=new_id(), opening_id=here.opening.id, revision_id=here.opening.revision_id, stage_key="documents",
        state=RoundState.OPEN, seed=1, **own,
    )  # fmt: skip
    panel = [PanelMember(id=new_id(), round_id=round_.id, membership_id=members[u.id].id, **own) for u in users]
    assigned = [
        Assignment(
            id=new_id(), round_id=round_.id, application_id=one.id, panel_member_id=member.id, order_no=n,
            submitted_at=clock.now() if member is panel[0] and n == 0 else None, **own,
        )
        for member in panel
        for n, one in enumerate(people)
    ]  # fmt: skip
    factories.save(round_, *panel, *assigned)


def test_a_reviewer_sees_his_own_scoring_alone(sqlite_app: Flask, here: City) -> None:
    users = [here.staff(Role.REVIEWER) for _ in range(2)]
    scoring(here, users, [here.application(family_name="漏洩見本") for _ in range(3)])

    page = browser(sqlite_app, users[0]).get(URL)

    assert tasks(page) == ["2 自分の採点が残っています 採点中の採点期"]
    assert "採点 2 件" in rail(page)
    assert "漏洩見本" not in page
    assert 'class="tiles' not in page


def test_another_citys_work_is_not_shown(sqlite_app: Flask, here: City) -> None:
    there = city("hamamatsu", "浜松市")
    there.application()
    mail(there.organisation, state=MailState.FAILED)
    page = person(sqlite_app, here, Role.HR).get(URL)

    assert tasks(page) == []
    assert "浜松" not in page
    person(sqlite_app, here, Role.HR).get("/staff/hamamatsu/", status=404)


def test_a_refusal_keeps_the_menu_and_the_way_back(sqlite_app: Flask) -> None:
    here, there = factories.organisation(), factories.organisation("hamamatsu", "浜松市")
    user = factories.staff(here, Role.HR)
    browser = Browser(sqlite_app)
    factories.sign_in(browser.client, user)
    menu = re.compile(r"<nav aria-label=\"職員メニュー\">.*?</nav>", re.DOTALL)

    pages = [
        browser.get("/staff/shinagawa/settings", status=403),
        browser.get("/staff/hamamatsu/openings", status=404),
        browser.get("/staff/shinagawa/no-such-page", status=404),
    ]

    assert len({menu.search(page)[0] for page in pages}) == 1  # type: ignore[index]
    assert all("自分のアカウント" in page and "ダッシュボードへ" in page and "浜松市" not in page for page in pages)
    factories.save(
        member := Membership(id=new_id(), organisation_id=there.id, staff_user_id=user.id),
        RoleGrant(organisation_id=there.id, membership_id=member.id, role=Role.AUDITOR, since=factories.LONG_AGO),
    )
    both = menu.search(browser.get("/staff/kobe/openings", status=404))[0]  # type: ignore[index]
    assert ("品川区</a>" in both, "浜松市</a>" in both, "募集管理" in both) == (True, True, False)
    assert "職員メニュー" not in Browser(sqlite_app).get("/staff/shinagawa/no-such-page", status=404)
