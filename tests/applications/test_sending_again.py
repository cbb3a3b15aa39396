"""Sending again: what was written for one city never reaches another unseen, and what changes is shown first."""

import io

from app.applications.models import Application, ApplicationVersion, Draft
from tests.applications.applying import ANSWERS
from tests.applications.joint import Seeker, joint
from tests.applications.pdf import pdf
from tests.applications.test_applying import rows
from tests.applications.test_several import both, versions_of
from tests.mypage.test_left_behind import confirm

FIRST = ANSWERS["questions"]["answer_motivation"]
OTHER = "もう一つの端末で、品川区だけに書いた文章です。"
NO_JOBS = {"no_history": "y"}
SAME = "変わりません。この募集には、新しい内容は届きません。"


def two_devices(app, calls):
    """Both cities from one browser, then the first alone with other words from a second; joined."""
    first = both(app, calls)
    first.send()
    confirm(first)
    second = Seeker(app, calls.first, calls.second).start()
    second.fill(questions={"answer_motivation": OTHER}, career={})
    second.save("career", NO_JOBS)
    second.send()
    confirm(second)
    return first


def said(opening):
    return [version.answers["statements"]["motivation"] for version in versions_kept(opening)]


def versions_kept(opening):
    [kept] = [one for one in rows(Application) if one.opening_id == opening.id and one.duplicate_of is None]
    found = [one for one in rows(ApplicationVersion) if one.application_id == kept.id]
    return sorted(found, key=lambda one: one.number)


def test_joining_leaves_the_draft_that_another_city_was_sent_from(app):
    calls = joint()
    two_devices(app, calls)

    assert said(calls.first) == [FIRST, OTHER]
    assert said(calls.second) == [FIRST]
    kept = [draft for draft in rows(Draft) if "statements" in draft.answers]
    assert sorted(FIRST in draft.answers["statements"].values() for draft in kept) == [False, True]


def test_what_another_device_wrote_for_one_city_never_reaches_the_other(app):
    calls = joint()
    person = two_devices(app, calls)

    page = person.get(person.url("confirm"))
    assert (page.count(SAME), OTHER in page, FIRST in page) == (1, True, True)
    assert "職歴はありません" in page
    person.send()

    assert said(calls.first) == [FIRST, OTHER, FIRST]
    assert said(calls.second) == [FIRST]


def test_adding_an_opening_back_leaves_what_the_draft_holds(sqlite_app):
    calls = joint()
    person = both(sqlite_app, calls)
    before = [draft.answers["statements"] for draft in rows(Draft)]
    person.choose("remove", calls.second)
    person.choose("add", calls.second)

    assert [draft.answers["statements"] for draft in rows(Draft)] == before


def test_the_page_names_before_and_after_of_each_city(sqlite_app):
    person = both(sqlite_app, joint())
    person.send()
    person.save("questions", {"answer_motivation": FIRST, "answer_city": "水道の手続も変えたい"})
    changed = person.get(person.url("confirm"))
    person.save("career", {**ANSWERS["career"], "file_resume": (io.BytesIO(pdf(3)), "職務経歴書.pdf")})

    swapped = person.get(person.url("confirm"))

    assert (changed.count(SAME), "港の手続を変えたい" in changed, "水道の手続も変えたい" in changed) == (1, True, True)
    assert (swapped.count(SAME), swapped.count("2ページ") > 0, swapped.count("3ページ") > 1) == (0, True, True)


def test_a_change_taken_back_is_sent_already(sqlite_app):
    calls = joint()
    person = both(sqlite_app, calls)
    person.send()
    person.save("questions", {"answer_motivation": "別の文章", "answer_city": "港の手続を変えたい"})
    assert "直した内容は、まだ送信していません" in person.get("/my/")
    person.save("questions", {"answer_motivation": FIRST, "answer_city": "港の手続を変えたい"})

    assert "直した内容は、まだ送信していません" not in person.get("/my/")
    assert "この内容は送信済みです" in person.get(person.url("confirm"))
    assert len(versions_of(calls.first)) == 1
