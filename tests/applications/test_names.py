"""A name goes to the byte through page, staff page and mail (ux 4.5): rare kanji, variation selectors, Latin, long."""

import pytest

from app.applications.models import ApplicationVersion
from app.core.access import Role
from app.outbox.models import Mail
from tests import factories
from tests.applications.applying import ANSWERS, Person
from tests.applications.test_applying import rows
from tests.browsing import Browser
from tests.mypage.test_left_behind import confirm

NAMES = [
    ("髙﨑", "𠮷野"),
    ("葛\U000e0100飾", "祇\ufe00園"),  # variation selectors
    ("O’Connor", "Anne-Marie Łucja"),
    ("Nguyễn", "Văn A"),
    ("ファン・デル・ベルグ", "ヤン"),
    ("か\u3099", "が"),  # not composed, and composed
]


@pytest.mark.parametrize(("family", "given"), NAMES)
def test_a_name_is_the_same_on_confirm_in_the_version_with_staff_and_in_the_mail(sqlite_app, family, given):
    city = factories.organisation()
    person = Person(sqlite_app, factories.opening(city)).start()
    person.fill(contact={"family_name": family, "given_name": given})
    confirm(person)
    assert f"{family} {given}" in person.get(person.url("confirm"))
    person.send()
    hr = Browser(sqlite_app)
    factories.sign_in(hr.client, factories.staff(city, Role.HR))

    (version,) = rows(ApplicationVersion)
    page = hr.get(f"/staff/{city.slug}/openings/{person.opening.id}/applications/{version.application_id}")

    assert (version.answers["person"]["family_name"], version.answers["person"]["given_name"]) == (family, given)
    assert f"{family} {given}" in page
    assert [f"{family} {given}" in mail.body for mail in rows(Mail) if mail.kind == "application-received"] == [True]


@pytest.mark.parametrize("character", ["\ue000", "\U000f0000"])
def test_a_character_that_only_one_computer_can_show_is_refused_with_what_to_do(sqlite_app, character):
    person = Person(sqlite_app, factories.opening(factories.organisation())).start()

    page = person.refused("contact", {**ANSWERS["contact"], "family_name": f"{character}田"})

    assert page.count("代わりの文字を入力し、正しい字形は「氏名の文字について」の欄でお知らせください。") == 2
