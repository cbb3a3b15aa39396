"""同じ内容で別の自治体にも応募する: only what differs is written again, and files are shared safely."""

import re

import pytest
from sqlalchemy import update

from app.applications.models import Application, ApplicationVersion, Draft, StoredFile
from app.core import storage
from app.core.context import SYSTEM, bind
from app.extensions import db
from tests import factories
from tests.applications.applying import ANSWERS, Person
from tests.applications.test_applying import rows


@pytest.fixture
def person(app):
    return Person(app, factories.opening(factories.organisation())).start().fill()


@pytest.fixture
def other(app):
    questions = [*factories.content().as_json()["questions"], {"key": "port", "label": "港への思い"}]
    content = factories.content(title="港のDX担当", questions=questions)
    return factories.opening(factories.organisation("kobe", "神戸市"), content=content)


def begin(person, opening, **fields):
    """Press the button of the start page, in the same browser."""
    page = person.get(f"/apply/openings/{opening.id}")
    person.draft = person.post(f"/apply/openings/{opening.id}", fields).headers["Location"].split("/")[3]
    return page


def test_the_second_city_asks_only_what_differs(person, other):
    person.send()

    page = begin(person, other, copy="1")

    assert "「品川区 DX推進担当」に書いた内容から" in page
    confirm = person.get(person.url("confirm"))
    assert "前に書いた内容を写してあります" in confirm
    assert ANSWERS["questions"]["answer_motivation"] in confirm
    asked = re.findall(r"「([^「」]+)」(?:は、「[^」]+」か「|に回答してください)", confirm)
    assert asked == ["欠格条項に当たらないこと", "港への思い"]  # the declaration and the new question
    person.save("eligibility")
    person.save("questions", {**ANSWERS["questions"], "answer_port": "港をよくしたい"})
    person.send()
    assert len(rows(Application)) == 2
    kept = [one.answers for one in rows(ApplicationVersion)]
    assert {one["filled_from"] for one in kept} == {""}
    assert "品川区" not in str(next(one for one in kept if "port" in one["statements"]))


def test_without_the_press_nothing_is_copied(person, other):
    begin(person, other)

    assert ANSWERS["questions"]["answer_motivation"] not in person.get(person.url("questions"))


def test_nobody_gets_what_another_person_wrote(app, person, other):
    stranger = Person(app, other)

    page = begin(stranger, other, copy="1")

    assert "同じ内容で応募を始める" not in page
    assert ANSWERS["contact"]["mail"] not in stranger.get(stranger.url("contact"))


def test_a_draft_that_names_another_persons_file_neither_opens_it_nor_can_be_sent(app, person, other):
    [theirs] = rows(StoredFile)
    stranger = Person(app, other).start().fill()
    [draft] = [one for one in rows(Draft) if str(one.id) == stranger.draft]
    draft.answers["documents"]["resume"]["stored_file_id"] = str(theirs.id)
    db.session.remove()
    bind(db.session, SYSTEM)
    db.session.execute(update(Draft).where(Draft.id == draft.id).values(answers=draft.answers))
    db.session.commit()
    db.session.remove()

    stranger.get(f"/apply/drafts/{stranger.draft}/files/resume", status=404)
    assert 'name="key"' not in stranger.get(stranger.url("confirm"))  # nothing to press: the file is asked for again


@pytest.mark.parametrize("first", [0, 1])
def test_a_file_of_two_drafts_goes_only_when_neither_holds_it(person, other, first):
    one = person.draft
    begin(person, other, copy="1")
    drafts = [one, person.draft]
    [kept] = rows(StoredFile)

    person.draft = drafts[first]
    person.save("career", ANSWERS["career"], **{"remove-file": "resume"})
    person.save("career", ANSWERS["career"], remove="jobs-0")

    assert [file.id for file in rows(StoredFile)] == [kept.id]
    assert storage.has_size(kept.key, kept.size)
    person.draft = drafts[1 - first]
    assert "職務経歴書.pdf" in person.get(person.url("career"))
    person.save("career", ANSWERS["career"], **{"remove-file": "resume"})
    person.save("career", ANSWERS["career"], remove="jobs-0")
    assert rows(StoredFile) == []
    assert len(rows(Draft)) == 2
