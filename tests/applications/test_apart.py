"""A question that two cities ask alike can be answered for each by itself."""

from app.applications.choices import apart_slot, slot_keys
from app.openings.content import OpeningContent
from tests.applications.applying import ANSWERS
from tests.applications.joint import joint
from tests.applications.test_several import both, versions_of

CITY = "港の手続を変えたい"


class Named:
    def __init__(self, opening):
        self.opening = opening


def field(calls, opening):
    shared = slot_keys(OpeningContent.model_validate(calls.first.content).questions)["motivation"]
    return shared, f"answer_{apart_slot(shared, Named(opening))}"


def test_each_city_gets_its_own_answer(sqlite_app):
    calls = joint()
    person = both(sqlite_app, calls)
    shared, first = field(calls, calls.first)
    _shared, second = field(calls, calls.second)
    person.save("questions", {**ANSWERS["questions"], "answer_city": CITY}, apart=shared)
    page = person.get(person.url("questions"))
    assert page.count(f">{ANSWERS['questions']['answer_motivation']}</textarea>".lstrip(">")) == 2

    person.save("questions", {first: "品川区で。", second: "大阪市で。", "answer_city": CITY})
    person.send()

    assert [versions_of(one)[0].answers["statements"]["motivation"] for one in calls.openings()] == [
        "品川区で。",
        "大阪市で。",
    ]
    assert "apart" not in versions_of(calls.first)[0].answers
    person.save("questions", {first: "品川区で。", second: "大阪市で。", "answer_city": CITY}, apart=shared)
    person.save("questions", {"answer_motivation": "品川区で。", "answer_city": CITY})
    person.send()
    assert [len(versions_of(one)) for one in calls.openings()] == [1, 2]
