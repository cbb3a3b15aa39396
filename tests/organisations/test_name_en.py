"""English pages name a city by its official English name with its own behind; its admin sets it."""

from app.core.access import Role
from app.organisations.models import Organisation
from tests import factories
from tests.applications.test_applying import rows
from tests.browsing import Browser
from tests.screening.arrange import browser


def test_an_english_page_names_the_city_in_both_languages_and_a_japanese_one_in_its_own(sqlite_app):
    opening = factories.opening(factories.organisation(name_en="Shinagawa City"))
    person = Browser(sqlite_app)

    english, japanese = person.get(f"/en/openings/{opening.id}"), person.get(f"/openings/{opening.id}")

    assert '<b>Shinagawa City (<span lang="ja">品川区</span>)</b>' in english
    assert english.count("The form is in Japanese.") == 2
    assert "What the public body wrote is shown in Japanese" in english
    assert "Shinagawa City" not in japanese


def test_the_admin_sets_and_takes_away_the_english_name(app):
    city = factories.organisation()
    admin = browser(app, factories.staff(city, Role.ADMIN))
    admin.get("/staff/shinagawa/settings")

    admin.post("/staff/shinagawa/settings/name", {"name_en": " Shinagawa City "})
    assert [one.name_en for one in rows(Organisation)] == ["Shinagawa City"]
    assert "英数字と記号で" in admin.post("/staff/shinagawa/settings/name", {"name_en": "品川"}, status=422).text
    admin.post("/staff/shinagawa/settings/name", {"name_en": ""})

    assert [one.name_en for one in rows(Organisation)] == [None]
