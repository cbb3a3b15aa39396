"""An application that came again: HR reads what changed, and sees on the list that it did."""

from flask import Flask

from app.core.access import Role
from tests import factories
from tests.screening.arrange import browser, city


def test_the_page_and_the_list_say_what_came_again(sqlite_app: Flask) -> None:
    place = city()
    once, twice = place.application(), place.application()
    factories.another_version(twice)
    hr = browser(sqlite_app, place.staff(Role.HR))

    assert "第1版 → 第2版 で変わったところ" in hr.get(place.url(twice.id))
    assert "で変わったところ" not in hr.get(place.url(once.id))
    assert hr.get(place.url()).count("送り直しあり（第2版・") == 1
