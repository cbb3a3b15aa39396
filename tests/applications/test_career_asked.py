"""経歴・書類 asks for a job history where years are counted, and asks nobody else for one."""

import io
import re

import pytest
import time_machine

from tests import factories
from tests.applications.applying import ANSWERS, Person
from tests.applications.pdf import pdf

ASKED = "職歴を入力してください。職歴がないときは「職歴はありません」を選んでください"


def person(app, **content):
    return Person(app, factories.opening(factories.organisation(), content=factories.content(**content))).start()


def resume():
    return {"file_resume": (io.BytesIO(pdf()), "職務経歴書.pdf")}


def job(**more):
    fields = {f"jobs-0-{name}": value for name, value in more.items()}
    return {name: value for name, value in {**ANSWERS["career"], **fields}.items() if value}


def test_no_history_is_said_at_the_step_with_a_way_on_and_on_the_pages_that_follow(sqlite_app):
    who = person(sqlite_app)

    page = who.refused("career", resume())

    assert page.count(ASKED) == 2
    assert '<a href="#no_history">' in page
    assert f'<a href="{who.url("questions")}">あとで直すことにして、先に「設問」へ進む</a>' in page
    assert "職務経歴書.pdf" in page
    check = who.get(who.url("confirm"))
    assert re.search(r"<dt>職歴</dt><dd class=\"none\">未入力（必須）</dd>", check)
    assert re.search(r'>経歴・書類</a><span class="tag[^>]*>未完了', check)
    assert ASKED not in who.get(who.url("career"))  # who comes back later is not scolded
    assert who.save("career", {"no_history": "y"}).headers["Location"] == who.url("questions")


def test_where_no_years_are_counted_no_blank_job_asks_for_anything(sqlite_app):
    who = person(sqlite_app, criteria=[])

    page = who.get(who.url("career"))

    assert 'name="jobs-0-employer"' not in page
    assert re.search(r"職歴 <span class=\"opt\">任意</span></h2>", page)
    assert who.save("career", resume()).headers["Location"] == who.url("questions")
    check = who.get(who.url("confirm"))
    assert re.search(r"<dt>職歴</dt><dd class=\"none\">未入力（任意）</dd>", check)


def test_an_end_before_the_start_is_said_at_the_end_with_the_job_named(sqlite_app):
    who = person(sqlite_app)

    page = who.refused("career", job(is_current="", **{"end-year": "2014", "end-month": "3"}))

    link = '<a href="#jobs-0-end-year">職歴1（見本システム株式会社）：終了は開始より後の年月にしてください</a>'
    assert link in page
    assert re.search(r'id="jobs-0-end-year"[^>]*aria-invalid="true" aria-describedby="jobs-0-end-error"', page)
    assert not re.search(r'id="jobs-0-is_current"[^>]*aria-invalid', page)


@pytest.mark.parametrize(
    ("start", "is_refused"), [(("2026", "12", ""), True), (("2026", "11", ""), False), (("2026", "11", "24"), True)]
)
def test_a_job_still_to_begin_is_asked_for_its_planned_end(sqlite_app, start, is_refused):
    with time_machine.travel("2026-11-23T10:00:00+09:00"):
        who = person(sqlite_app)
        fields = job(**dict(zip(("start-year", "start-month", "start-day"), start, strict=True)))
        place = who.save("career", {**fields, **resume()}).headers["Location"]

        assert ("まだ始まっていない仕事は" in who.get(place)) is is_refused
        assert (place == who.url("questions")) is not is_refused


def test_a_job_still_to_begin_is_taken_with_its_planned_end(sqlite_app):
    with time_machine.travel("2026-11-23T10:00:00+09:00"):
        who = person(sqlite_app)
        planned = {"start-year": "2027", "start-month": "1", "end-year": "2030", "end-month": "3", "is_current": ""}
        assert who.save("career", {**job(**planned), **resume()}).headers["Location"] == who.url("questions")
