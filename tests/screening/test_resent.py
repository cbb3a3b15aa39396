"""An application that came again: HR reads what changed, and sees on the list that it did."""

from flask import Flask

from app.applications.answers import Answers
from app.applications.models import ApplicationVersion
from app.applications.rulings import Ruling
from app.applications.screening_models import Confirmation, Finding, FindingOutcome
from app.applications.voided import repeatable
from app.core.access import Role
from app.extensions import db
from tests import factories
from tests.screening.arrange import MET, browser, city, confirm, looks, rows, view_of


def test_the_page_and_the_list_say_what_came_again(sqlite_app: Flask) -> None:
    place = city()
    once, twice = place.application(), place.application()
    factories.another_version(twice)
    hr = browser(sqlite_app, place.staff(Role.HR))

    assert "第1版 → 第2版 で変わったところ" in hr.get(place.url(twice.id))
    assert "で変わったところ" not in hr.get(place.url(once.id))
    assert hr.get(place.url()).count("送り直し 第2版") == 1


def test_an_earlier_version_is_read_as_it_was_and_that_is_recorded(sqlite_app: Flask) -> None:
    place = city()
    twice = place.application()
    confirm(place, twice, place.staff(Role.HR, display_name="前の人"), regular_years="meets")
    factories.another_version(twice)
    hr = browser(sqlite_app, place.staff(Role.HR))

    page = hr.get(place.url(twice.id, "versions", 1))
    first = next(one.id for one in rows(ApplicationVersion) if one.number == 1)

    assert ["第2版に置きかわりました" in page, "第1版 → 第2版 で変わったところ" in page] == [True, True]
    assert ["前の人：<b>満たす</b>" in page, "前の版の確認は無効" in page, "確認を記録する" in page] == [
        True,
        False,
        False,
    ]
    assert looks() == [("read.version", f"application_version:{first}", 1)]
    hr.get(place.url(twice.id, "versions", 3), status=404)
    browser(sqlite_app, place.staff(Role.AUTHOR)).get(place.url(twice.id, "versions", 1), status=404)


def confirmed_of(version: int) -> list[tuple[str, str, str]]:
    """What stands confirmed of the version of this number."""
    of = {one.id for one in rows(ApplicationVersion) if one.number == version}
    found = [one for one in rows(Confirmation) if one.application_version_id in of]
    return sorted((one.criterion_key, one.outcome.value, one.reason) for one in found)


def test_what_a_resend_voided_is_named_and_confirmed_anew_in_one_press(sqlite_app: Flask) -> None:
    place = city()
    twice, someone = place.application(), place.staff(Role.HR, display_name="前の人")
    confirm(place, twice, someone, given={"regular_years": Ruling(FindingOutcome.DOES_NOT_MEET, "期間が足りない")})
    confirm(place, twice, someone, article16="meets")
    factories.another_version(twice)
    hr = browser(sqlite_app, place.staff(Role.HR))
    page = hr.get(place.url(twice.id))

    assert page.count("前の人が「<b>") == 2
    assert page.count("この要件に関わる内容は変わっていません。") == 2
    assert hr.get(place.url()).count("前の版で確認") == 2
    assert "前の確認のまま、2件を記録する" in page
    seen = view_of(place, twice.id).seen
    db.session.remove()
    hr.press(place.url(twice.id, "confirm-again"), {"seen": seen})

    assert confirmed_of(2) == [("article16", "meets", ""), ("regular_years", "does_not_meet", "期間が足りない")]
    assert "前の確認のまま" not in hr.get(place.url(twice.id))


def test_only_what_rests_on_the_same_is_repeated(sqlite_app: Flask) -> None:
    place = city()
    twice = place.application()
    confirm(place, twice, place.staff(Role.HR), **MET)
    again = factories.another_version(twice)
    answers = Answers.model_validate(again.answers)
    findings = [one for one in rows(Finding) if one.application_version_id == again.id]

    def left(**changed: object) -> set[str]:
        view = view_of(place, twice.id)
        view.__dict__["answers"] = answers.model_copy(update=changed)  # the cached property
        return set(repeatable(view))

    moved = answers.person.model_copy(update={"phone": "0311112222"})
    job = answers.history[0].model_copy(update={"employer": "別の会社"})
    assert len(findings) == 3
    assert left(person=moved) == set(MET)
    assert left(statements={"motivation": "別の文"}) == {"regular_years", "article16"}
    assert left(history=[job]) == {"article16"}
