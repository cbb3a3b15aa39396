"""What is done at the console: the first admin, disabling, starting anew (reliability X1)."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.accounts.models import StaffState, StaffUser
from app.core import clock
from app.core.access import Role
from app.organisations.models import Organisation
from tests import factories
from tests.accounts.walks import LINK, accept, give_password, go, leads_to, link_in, mails, rows
from tests.browsing import Browser

GOOD = "晴れの日も 雨の日も 歩いて通う"
SHINAGAWA = {
    "--slug": "shinagawa",
    "--code": "131091",
    "--name": "品川区",
    "--kind": "ward",
    "--short-name": "SNG",
    "--mark": "品",
    "--admin-mail": "kanri@shinagawa.example.jp",
    "--admin-name": "見本 管理",
}


def run(app: Flask, *arguments: str) -> str:
    return app.test_cli_runner().invoke(args=arguments).output


def create(app: Flask, **changed: str) -> str:
    options = SHINAGAWA | {f"--{name.replace('_', '-')}": value for name, value in changed.items()}
    return run(app, "create-organisation", *(part for pair in options.items() for part in pair))


def test_the_first_admin_gets_a_one_time_link_printed_and_mailed(app: Flask) -> None:
    output = create(app)

    [city] = rows(select(Organisation))
    printed = LINK.search(output)
    assert printed is not None
    assert (city.name, city.prefecture, city.code, city.hue) == ("品川区", "東京都", "131091", "hue-blue")
    assert link_in(mails("staff-invitation")[0]) == printed.group(1)
    person = Browser(app)
    accept(person, printed.group(1), GOOD)
    assert leads_to(person, "/staff/") == "/staff/shinagawa/"
    assert go(person, "/staff/shinagawa/members").status_code == 200


def test_the_first_link_lasts_a_day(sqlite_app: Flask) -> None:
    create(sqlite_app)
    link = link_in(mails("staff-invitation")[0])

    with time_machine.travel(clock.now() + timedelta(hours=24)):
        late = Browser(sqlite_app)
        go(late, link)
        late.get("/staff/invitation", status=410)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("slug", "sign-in"),
        ("slug", "Shinagawa"),
        ("slug", "account"),
        ("code", "131092"),
        ("code", "13109"),
        ("short_name", "品川"),
        ("mark", "品川区"),
        ("name", " "),
    ],
)
def test_bad_values_make_nothing(sqlite_app: Flask, name: str, value: str) -> None:
    assert create(sqlite_app, **{name: value}).startswith("Error: ")
    assert rows(select(Organisation)) == []


def test_an_account_that_exists_joins_as_first_admin(sqlite_app: Flask) -> None:
    create(sqlite_app)
    accept(Browser(sqlite_app), link_in(mails("staff-invitation")[0]), GOOD)

    output = create(sqlite_app, slug="kobe", code="281000", name="神戸市", short_name="KOB", mark="神")

    assert "The admin's account has joined." in output
    assert [mail.subject for mail in mails("staff-joined")] == ["【神戸市】職員として登録されました"]


def test_no_account_stands_in_a_new_installation(app: Flask) -> None:
    assert rows(select(StaffUser)) == []


def test_a_person_who_lost_everything_starts_anew(app: Flask) -> None:
    user, password, _secret = factories.active_staff_with_password(factories.organisation(), Role.HR)

    output = run(app, "staff", "restart", user.mail)

    printed = LINK.search(output)
    assert printed is not None
    give_password(Browser(app), user.mail, password, status=422)
    _new, codes = accept(Browser(app), printed.group(1), GOOD)
    assert len(codes) == 10


def test_unknown_addresses_are_named(sqlite_app: Flask) -> None:
    assert run(sqlite_app, "staff", "disable", "nobody@example.jp").startswith("Error: このメールアドレスの")


def test_accounts_not_seen_for_ninety_days_are_disabled(app: Flask) -> None:
    city = factories.organisation()
    idle, seen = factories.staff(city), factories.staff(city)
    factories.sign_in(app.test_client(), seen, at=clock.now() - timedelta(days=89))
    factories.sign_in(app.test_client(), idle, at=clock.now() - timedelta(days=91))

    assert run(app, "staff", "disable-idle") == "1 disabled\n"

    states = dict.fromkeys([idle.id, seen.id])
    states.update({user.id: user.state for user in rows(select(StaffUser))})
    assert states == {idle.id: StaffState.DISABLED, seen.id: StaffState.ACTIVE}
