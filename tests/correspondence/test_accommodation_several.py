"""One request for accommodation to several cities: each gets its own, and none learns of another (design 22)."""

from datetime import timedelta
from typing import Any

import time_machine

from app.applications.models import Application
from app.audit.models import AuditEvent
from app.core import clock
from app.core.access import Role
from app.correspondence.models import Accommodation
from app.organisations.models import Organisation
from tests import factories
from tests.applications.joint import Joint, Seeker, joint
from tests.correspondence.arrange import hidden, holding, place
from tests.screening.arrange import browser, rows

WORDS = "手話通訳を付けてほしい（見本）"
TYPED = {"chosen": ["sign_or_writing"], "words": WORDS, "contact": ""}
URL = "/my/accommodations"
CITY = {"answer_city": "港の手続を変えたい"}


def sent(app: Any) -> tuple[Joint, Seeker]:
    calls = joint()
    person = Seeker(app, calls.first, calls.second).start().add(calls.second).fill(questions=CITY)
    person.send()
    return calls, person


def ids(*openings: Any) -> list[str]:
    return [str(one.id) for one in openings]


def ask(person: Any, *openings: Any, url: str = URL, status: int = 303, **fields: Any) -> str:
    typed = {**hidden(person.get(url)), **TYPED, "cities": ids(*openings), **fields}
    return str(person.post(url, typed, status=status).text)


def city_of(opening: Any) -> Any:
    [city] = [one for one in rows(Organisation) if one.id == opening.organisation_id]
    return city


def as_hr_reads_it(app: Any, opening: Any) -> str:
    hr = browser(app, factories.staff(city_of(opening), Role.HR, Role.ACCOMMODATION))
    [application] = [one for one in rows(Application) if one.opening_id == opening.id]
    slug = city_of(opening).slug
    return str(hr.get(f"/staff/{slug}/openings/{opening.id}/applications/{application.id}/accommodation"))


def test_each_city_ticked_gets_its_own_and_none_learns_of_another(app) -> None:
    calls, person = sent(app)
    third = factories.opening(factories.organisation("kobe", "神戸市"))

    ask(person, calls.first)
    assert [one.opening_id for one in rows(Accommodation)] == [calls.first.id]
    page = person.get(URL)
    assert WORDS in page  # said once, offered for the next city
    assert "checked" not in page[page.index("申し出る相手") :]
    for _press in range(2):
        ask(person, calls.first, calls.second)
    ask(person, third, status=422)

    kept = sorted(rows(Accommodation), key=lambda row: row.opening_id != calls.first.id)
    assert [one.organisation_id for one in kept] == [one.organisation_id for one in calls.openings()]
    assert [one.version for one in kept] == [1, 1]
    assert kept[0].sealed != kept[1].sealed
    chains = [one.chain for one in rows(AuditEvent) if one.action == "ask.accommodation"]
    assert len(set(chains)) == len(chains) == 2
    for opening, other in (calls.openings(), calls.openings()[::-1]):
        page = as_hr_reads_it(app, opening)
        assert WORDS in page
        assert city_of(other).name not in page


def test_a_change_replaces_all_or_none_and_only_what_the_page_showed(app) -> None:
    calls, person = sent(app)
    ask(person, *calls.openings())
    before = hidden(person.get(URL))
    ask(person, calls.second, words="大阪市には別の内容（見本）")
    both = {**TYPED, "words": "両方に（見本）", "cities": ids(*calls.openings())}

    page = person.post(URL, {**before, **both}, status=422).text

    assert "両方に（見本）" in page
    assert page.count("checked") == 3  # what was chosen, and both cities
    assert sorted(row.version for row in rows(Accommodation)) == [1, 2]
    person.post(URL, {**hidden(page), **both})
    assert sorted(row.version for row in rows(Accommodation)) == [2, 3]


def test_nobody_ticked_and_a_city_that_is_gone_are_said_beside_the_boxes(sqlite_app) -> None:
    calls, person = sent(sqlite_app)
    fields = {**hidden(person.get(URL)), **TYPED}
    assert "申し出る相手を選んでください" in person.post(URL, fields, status=422).text
    for one in rows(Application):
        if one.opening_id == calls.second.id:
            factories.withdrawn(one)

    page = person.post(URL, {**fields, "cities": ids(*calls.openings())}, status=422).text

    assert "選び直してください" in page
    assert "大阪市" not in page[page.index("<main") :]
    assert rows(Accommodation) == []


def test_beside_a_draft_of_several_cities_it_waits_for_the_applications(sqlite_app) -> None:
    calls = joint()
    person = Seeker(sqlite_app, calls.first, calls.second).start().add(calls.second).fill(questions=CITY)
    url = f"/apply/drafts/{person.draft}/accommodations"
    assert url in person.get(person.url("questions"))

    ask(person, *calls.openings(), url=url)

    assert len(rows(Accommodation)) == 2
    assert rows(AuditEvent) == [one for one in rows(AuditEvent) if one.action != "ask.accommodation"]
    assert "申し出られる応募はありません" in person.get(URL)
    person.send()
    assert all(WORDS in as_hr_reads_it(sqlite_app, one) for one in calls.openings())
    stranger = Seeker(sqlite_app, calls.first).start()
    stranger.get(url, status=404)
    stranger.post(url, {**TYPED, "cities": ids(calls.first)}, status=404)


def test_what_was_ticked_outlasts_the_session(sqlite_app) -> None:
    here = place(sqlite_app)
    fields = {**hidden(here.person.get(URL)), **TYPED, "cities": ids(here.city.opening)}

    with time_machine.travel(clock.now() + timedelta(hours=2, minutes=2)):
        page = here.person.post(URL, fields, status=422).text
        assert rows(Accommodation) == []
        again = holding(sqlite_app, here.application.applicant_id)
        again.get(URL)
        again.post(URL, {**fields, **hidden(page)})

    assert f'name="cities" value="{here.city.opening.id}"' in page
    assert len(rows(Accommodation)) == 1
