"""What the footer links to, each city's own texts, and the two files for machines."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from app import create_app
from app.core import clock
from app.organisations.models import LegalText, LegalTextKind
from app.organisations.texts import first_texts
from config import Environment, unsafe_reasons
from tests import factories
from tests.browsing import Browser, apart
from tests.conftest import test_settings as settings_of
from tests.core.test_settings import production

FOOTER = ("/privacy", "/accessibility", "/terms")


def test_every_link_of_the_footer_leads_to_a_page(sqlite_app: Flask) -> None:
    browser = Browser(sqlite_app)
    home = browser.get("/")

    for url in FOOTER:
        assert f'href="{url}"' in home
        browser.get(url)


def test_the_footer_of_a_citys_page_leads_to_what_the_city_says(sqlite_app: Flask) -> None:
    city, other = factories.organisation(), factories.organisation("osaka", "大阪市", contact_email="osaka@example.jp")
    browser = Browser(sqlite_app)
    home = browser.get("/cities/shinagawa/")

    for url in FOOTER:
        assert f'href="/cities/shinagawa{url}"' in home
        page = browser.get(f"/cities/shinagawa{url}")
        assert [city.contact_email in page, other.contact_email in page] == [True, False]
        browser.get(f"/cities/nowhere{url}", status=404)
        assert city.name in browser.get(url)


def test_the_page_of_privacy_leads_to_each_citys_own(app: Flask) -> None:
    factories.organisation()
    closed = factories.organisation("gone", "廃止市", closed_at=clock.now())
    browser = Browser(app)

    page = browser.get("/privacy")

    assert 'href="/cities/shinagawa/privacy"' in page
    assert closed.name not in page
    browser.get("/cities/gone/privacy", status=404)
    browser.get("/cities/nowhere/privacy", status=404)


def test_a_citys_page_shows_its_texts_in_force_and_its_contact(app: Flask) -> None:
    city, other = factories.organisation(), factories.organisation("osaka", "大阪市")
    factories.save(*first_texts(city.id, city=city.name, effective_on=date(2026, 4, 1)))
    later = {"kind": LegalTextKind.PRIVACY, "number": 2, "effective_on": date(2026, 12, 1)}
    factories.save(LegalText(organisation_id=city.id, body="品川区が自分で書いた文です。", **later))
    factories.save(*first_texts(other.id, city=other.name, effective_on=date(2026, 4, 1)))
    browser = Browser(app)

    with time_machine.travel(datetime(2026, 11, 30, 14, 59, 59, tzinfo=UTC)):
        before = browser.get("/cities/shinagawa/privacy")
    with time_machine.travel(datetime(2026, 11, 30, 15, 0, 0, tzinfo=UTC)):
        after = browser.get("/cities/shinagawa/privacy")

    assert [before.count("第1版"), after.count("第1版"), after.count("第2版")] == [3, 2, 1]
    assert "品川区が自分で書いた文です。" in after
    assert "品川区が自分で書いた文です。" not in before
    assert "大阪市" not in after
    assert city.contact_email in after


def test_what_a_city_has_not_yet_worded_is_marked(sqlite_app: Flask) -> None:
    city = factories.organisation()
    first, *_ = first_texts(city.id, city=city.name, effective_on=date(2026, 4, 1))
    factories.save(first)
    browser = Browser(sqlite_app)

    unworded = browser.get("/cities/shinagawa/privacy")
    own = {"kind": first.kind, "number": 2, "effective_on": date(2026, 4, 1)}
    factories.save(LegalText(organisation_id=city.id, body="区の文です。", **own))

    worded = browser.get("/cities/shinagawa/privacy")
    marked = [page.partition('id="kept"')[0].count(">ひな形<") for page in (unworded, worded)]
    assert marked == [1, 0]


def test_a_city_without_texts_says_so(sqlite_app: Flask) -> None:
    factories.organisation(contact_department="", contact_phone="", contact_hours="", contact_email="")

    assert "公開された文はありません" in Browser(sqlite_app).get("/cities/shinagawa/privacy")


def test_the_footer_of_a_citys_pages_leads_to_its_own_page(sqlite_app: Flask) -> None:
    city = factories.organisation()
    opening = factories.opening(city)
    browser = Browser(sqlite_app)

    for url in (f"/openings/{opening.id}", "/cities/shinagawa/", f"/apply/openings/{opening.id}"):
        page = browser.get(url)
        assert 'href="/cities/shinagawa/privacy"' in page, url
        assert 'href="/privacy"' not in page, url


def test_staff_find_their_way_in_from_any_public_page(sqlite_app: Flask) -> None:
    browser = Browser(sqlite_app)

    assert '<a href="/staff/">職員の方</a>' in browser.get("/")
    assert "職員ログイン" in browser.get("/staff/", follow=True)


def robots(app: Flask) -> str:
    return apart(app.test_client().get, "/robots.txt").text


def test_robots_read_what_is_public_and_nothing_of_a_demo(sqlite_app: Flask, tmp_path: Path) -> None:
    demo = create_app(settings_of(sqlite_app.extensions["koubo.settings"].data_dir, environment=Environment.DEMO))

    found = robots(sqlite_app)

    assert found == "User-agent: *\nDisallow: /apply/\nDisallow: /my/\nDisallow: /staff/\n"
    assert robots(demo) == "User-agent: *\nDisallow: /\n"


def test_the_security_contact_is_told_only_where_one_is_set(sqlite_app: Flask) -> None:
    address = "/.well-known/security.txt"
    folder = sqlite_app.extensions["koubo.settings"].data_dir
    told = create_app(settings_of(folder, security_contact="mailto:security@koubo.example.jp"))

    with time_machine.travel(datetime(2026, 11, 30, 8, 15, tzinfo=UTC)):
        answer = apart(told.test_client().get, address)

    assert apart(sqlite_app.test_client().get, address).status_code == 404
    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.text.splitlines() == [
        "Contact: mailto:security@koubo.example.jp",
        "Expires: 2027-05-29T00:00:00Z",
        "Preferred-Languages: ja, en",
        "Canonical: http://localhost/.well-known/security.txt",
    ]


@pytest.mark.parametrize("contact", ["security@koubo.example.jp", "http://koubo.example.jp/security"])
def test_a_security_contact_that_is_no_address_is_refused(contact: str, tmp_path: Path) -> None:
    found = unsafe_reasons(production(tmp_path, security_contact=contact))

    assert found == ["KOUBO_SECURITY_CONTACT: must begin with mailto: or https://"]
