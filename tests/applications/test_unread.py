"""確認 names what was typed and cannot be read yet by its entry and box, and calls none of it missing."""

import pytest

from tests import factories
from tests.applications.applying import ANSWERS, Person

FE = {"key": "fe", "kind": "qualification", "label": "基本情報", "params": {"any_of": [{"name": "基本情報技術者試験"}]}}
JOB = ANSWERS["career"]
TWO = JOB | {
    "jobs-1-employer": "例示商事株式会社",
    "jobs-1-kind": "regular",
    "jobs-1-start-year": "2010",
    "jobs-1-start-month": "13",
    "jobs-1-end-year": "2014",
    "jobs-1-end-month": "3",
}
UNREAD, LEFT_OUT = "入力した内容に、直すところがあります", "未入力（必須）"


@pytest.fixture
def person(sqlite_app):
    content = factories.content(criteria=[*factories.CRITERIA, FE], documents=[])
    found = Person(sqlite_app, factories.opening(factories.organisation(), content=content)).start()
    for step in ("eligibility", "contact", "profile", "questions"):
        found.save(step)
    return found


def lead(person, box):
    return f'<a href="{person.url("career")}?via=check#{box}">'


def test_the_job_that_has_something_to_mend_is_named_with_the_way_to_its_box(person):
    person.refused("career", {**TWO, "no_qualifications": "y"})

    page = person.get(person.url("confirm"))

    assert f"{lead(person, 'jobs-1-start-month')}職歴2（例示商事株式会社）：" in page
    assert f'<dt>職歴</dt><dd class="none">{UNREAD}</dd>' in page
    assert [words in page for words in ("職歴を入力してください", "経歴・書類に直すところがあります")] == [False, False]
    assert 'id="jobs-1-start-month"' in person.get(f"{person.url('career')}?via=check")


def test_a_qualification_likewise(person):
    person.refused("career", {**JOB, "qualifications-0-name": "基本情報", "qualifications-0-acquired_on-year": "20xx"})

    page = person.get(person.url("confirm"))

    assert f"{lead(person, 'qualifications-0-acquired_on-year')}資格1（基本情報）：" in page
    assert "資格を入力してください。ないときは" not in page


def test_an_empty_box_is_still_called_missing_once(person):
    person.refused("contact", {**ANSWERS["contact"], "mail": "naoshita", "given_name": ""})

    page = person.get(person.url("confirm"))

    assert page.count(">名を入力してください</a>") == 1
    assert "name@example.jp のような形で" in page
    assert page.count(LEFT_OUT) == 2  # 職歴 and 資格


def test_a_saved_step_that_is_half_written_since_says_that_what_stands_there_is_the_saved_text(person):
    before = person.get(person.url("confirm"))
    person.refused("contact", {**ANSWERS["contact"], "family_name": "例示", "mail": "naoshita"})
    page = person.get(person.url("confirm"))

    behind = "書きかけの内容があります。ここに出ているのは、前に保存した内容です。"
    assert (before.count(behind), page.count(behind)) == (0, 1)
    assert page.index(behind) < page.index('<dd class="pre">見本 春香</dd>') < page.index('id="s-profile"')


def test_what_could_be_read_but_was_never_saved_is_named_by_its_step(person):
    person.save("career", {**JOB, "no_qualifications": "y"}, add="jobs")

    page = person.get(person.url("confirm"))

    assert "経歴・書類に書きかけの内容があります。開いて「保存して次へ」を押してください" in page
