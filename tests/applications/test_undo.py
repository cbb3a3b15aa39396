"""What was taken out of 経歴・書類 is said by name and put back by one press, until it is sent or another follows."""

import io

import pytest

from app.applications.models import ApplicationVersion, Draft, StoredFile
from tests import factories
from tests.applications.applying import ANSWERS, Person
from tests.applications.pdf import pdf
from tests.applications.test_applying import rows

TWO = {
    **ANSWERS["career"],
    "jobs-1-employer": "見本株式会社",
    "jobs-1-kind": "contract",
    "jobs-1-start-year": "2010",
    "jobs-1-description": "広報紙の編集",
}
SAID = "職歴2（見本株式会社）を削除しました。"


@pytest.fixture
def person(sqlite_app):
    return Person(sqlite_app, factories.opening(factories.organisation())).start()


def without_second():
    return {name: value for name, value in TWO.items() if not name.startswith("jobs-1-")}


def bytes_kept(app):
    return [path for path in app.extensions["koubo.settings"].files_dir.rglob("*") if path.is_file()]


def upload(person, name="職務経歴書.pdf"):
    person.save("career", {**ANSWERS["career"], "file_resume": (io.BytesIO(pdf()), name)}, upload="file_resume")


def test_a_removed_job_is_named_and_comes_back_whole(person):
    place = person.save("career", TWO, remove="jobs-1").headers["Location"]
    page = person.get(place)

    assert place == f"{person.url('career')}#removed"
    assert 'id="removed" role="status" tabindex="-1"' in page
    assert SAID in page
    assert "広報紙の編集" not in page
    person.get(person.url("confirm"))
    place = person.save("career", without_second(), restore="1").headers["Location"]
    page = person.get(place)
    assert place == f"{person.url('career')}#jobs-1"
    assert 'id="jobs-1" tabindex="-1"' in page
    assert "広報紙の編集" in page
    assert SAID not in page


def test_a_job_comes_back_behind_one_that_took_its_place(person):
    person.save("career", TWO, remove="jobs-0")
    new = {"jobs-0-employer": "あとの会社", **{name: TWO[name] for name in TWO if name.startswith("jobs-1-")}}

    person.save("career", new, restore="1")

    typed = dict(rows(Draft)[0].answers["typed"]["career"]["fields"])
    found = [typed[f"jobs-{n}-employer"] for n in range(3)]
    assert found == ["あとの会社", "見本株式会社", "見本システム株式会社"]


def test_a_removed_file_comes_back_with_its_bytes_and_goes_when_another_is_taken_out(sqlite_app, person):
    upload(person)
    place = person.save("career", **{"remove-file": "resume"}).headers["Location"]
    page = person.get(place)
    assert "職務経歴書（職務経歴書.pdf）を削除しました。" in page
    assert rows(Draft)[0].answers["documents"] == {}

    place = person.save("career", restore="1").headers["Location"]
    page = person.get(place)
    assert place == f"{person.url('career')}#file_resume-got"
    assert "を削除しました" not in page
    assert list(rows(Draft)[0].answers["documents"]) == ["resume"]
    person.save("career", **{"remove-file": "resume"})
    person.save("career", TWO, remove="jobs-1")
    assert rows(StoredFile) == []
    assert bytes_kept(sqlite_app) == []


def test_a_new_file_in_the_slot_takes_the_place_of_the_removed_one(sqlite_app, person):
    upload(person)
    person.save("career", **{"remove-file": "resume"})

    upload(person, "二.pdf")

    assert "を削除しました" not in person.get(person.url("career"))
    assert len(rows(StoredFile)) == len(bytes_kept(sqlite_app)) == 1


def test_what_was_removed_is_not_sent_and_is_not_offered_afterwards(person):
    person.fill()
    person.save("career", TWO, remove="jobs-1")
    person.save("career")
    assert SAID in person.get(person.url("career"))

    person.send()

    assert SAID not in person.get(person.url("career"))
    assert "removed" not in rows(ApplicationVersion)[0].answers


def test_a_stale_page_takes_nothing_out(sqlite_app, person):
    upload(person)
    person.save("career", **{"remove-file": "resume"})
    person.post(person.url("career"), {**TWO, "seen": "old.page", "remove": "jobs-1"})

    kept = rows(Draft)[0].answers
    assert kept["removed"]["entry"] == "resume"
    assert len(rows(StoredFile)) == len(bytes_kept(sqlite_app)) == 1


def test_a_file_in_its_slot_is_read_out_with_the_field(person):
    place = person.save(
        "career", {**ANSWERS["career"], "file_resume": (io.BytesIO(pdf(2)), "a.pdf")}, upload="file_resume"
    ).headers["Location"]
    page = person.get(place)

    assert place.endswith("#file_resume-got")
    assert 'id="file_resume-got" tabindex="-1"' in page
    assert 'aria-describedby="file_resume-hint file_resume-got file_resume-swap"' in page
