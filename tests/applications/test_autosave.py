"""What an open page saves by itself (S7): kept as typed, never checked, never in the way of 次へ or of another tab."""

from datetime import timedelta

import pytest
import time_machine

from app.applications.models import Draft
from app.core import clock
from tests import factories
from tests.accounts.test_applicants import ask, enter, last_code
from tests.applications.applying import ANSWERS, SEEN, Person
from tests.applications.test_applying import rows

TYPED = {"answer_motivation": "区の手続を、来なくても済むものに。髙﨑"}


@pytest.fixture
def person(app):
    return Person(app, factories.opening(factories.organisation())).start()


def opened(person, step="questions"):
    found = SEEN.search(person.get(person.url(step)))
    assert found
    return found.group(1)


def autosave(person, seen, fields, *, turn=1, step="questions", status=200):
    typed = {"seen": seen, "turn": str(turn), **fields}
    return person.post(f"{person.url(step)}/typed", typed, status=status).json


def answers():
    return rows(Draft)[0].answers


def test_what_is_typed_is_kept_with_the_servers_time_and_the_step_is_not_done(person):
    with time_machine.travel((clock.now() + timedelta(days=1)).replace(hour=5, minute=3, second=22), tick=False):
        said = autosave(person, opened(person), {"answer_motivation": ""})

        page = person.get(person.url("questions"))
    assert said == {"at": "14:03:22"}
    assert "（最終保存 14:03:22）" in page
    assert "エラー：" not in page  # the empty required box is not complained of
    assert answers()["steps_done"] == []


def test_what_was_kept_stands_in_the_step_again_and_confirm_names_it(person):
    autosave(person, opened(person), TYPED)

    assert f"{TYPED['answer_motivation']}</textarea>" in person.get(person.url("questions"))
    assert "設問に書きかけの内容があります。開いて「保存して次へ」を押してください" in person.get(person.url("confirm"))


def test_what_a_page_sends_by_itself_in_vain_spoils_no_token_of_the_page(person):
    seen = opened(person)
    for name in ("koubo_form", "koubo_applicant"):
        person.client.delete_cookie(name)
    script = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "empty"}

    answer = person.post(f"{person.url('questions')}/typed", {"seen": seen, **TYPED}, status=400, headers=script)

    assert answer.headers.getlist("Set-Cookie") == []
    assert TYPED["answer_motivation"] not in answer.text


def test_next_of_the_same_page_is_not_stale_for_it(person):
    seen = opened(person)
    for turn, text in enumerate(("一", "二", "三"), 1):
        autosave(person, seen, {"answer_motivation": text}, turn=turn)

    answer = person.post(person.url("questions"), {"seen": seen, "answer_motivation": "三と四"})

    assert answer.headers["Location"] == person.url("confirm")
    assert (answers()["statements"], answers()["typed"]) == ({"motivation": "三と四"}, {})


def test_an_autosave_that_arrives_after_next_changes_nothing(person):
    seen = opened(person)
    autosave(person, seen, {"answer_motivation": "一"}, turn=1)
    person.post(person.url("questions"), {"seen": seen, **TYPED})

    autosave(person, seen, {"answer_motivation": "一"}, turn=2, status=409)

    assert answers()["statements"] == {"motivation": TYPED["answer_motivation"]}
    assert answers()["typed"] == {}


def test_an_autosave_that_was_overtaken_changes_nothing(person):
    seen = opened(person)
    autosave(person, seen, {"answer_motivation": "あとの内容"}, turn=20)

    autosave(person, seen, {"answer_motivation": "先の内容"}, turn=10)

    assert answers()["typed"]["questions"]["fields"] == [["answer_motivation", "あとの内容"]]


@pytest.mark.parametrize("how", ["autosave", "next"])
def test_another_tabs_newer_save_is_told_and_not_overwritten(person, how):
    mine, other = opened(person), opened(person)
    if how == "autosave":
        autosave(person, other, TYPED)
    else:
        person.post(person.url("questions"), {"seen": other, **TYPED})
    before = answers()

    said = autosave(person, mine, {"answer_motivation": "こちらの画面"}, turn=9, status=409)

    assert said["message"].startswith("この手順は、ほかの画面で先に保存されました。")
    assert answers() == before
    page = person.save_stale("questions", mine, {"answer_motivation": "こちらの画面"})
    assert "こちらの画面" in page
    assert {**answers(), "rivals": {}} == before


def test_neither_token_nor_turn_nor_name_of_the_page_is_kept_as_an_answer(person):
    autosave(person, opened(person, "contact"), {"mail": "mih"}, step="contact")

    assert answers()["typed"]["contact"]["fields"] == [["mail", "mih"]]


@pytest.mark.parametrize("turn", ["", "-1", "abc", "9" * 40, "１"])
def test_a_turn_that_is_none_is_the_first(person, turn):
    autosave(person, opened(person), TYPED, turn=turn)

    assert f"{TYPED['answer_motivation']}</textarea>" in person.get(person.url("questions"))


def test_a_session_whose_time_has_run_out_keeps_it_and_says_so(person):
    person.fill()
    ask(person)
    enter(person, last_code())
    seen = opened(person)

    with time_machine.travel(clock.now() + timedelta(hours=2, minutes=1)):
        autosave(person, seen, TYPED, status=401)
        answer = person.post(person.url("questions"), {"seen": seen, "answer_motivation": "さらに先"})

    assert answer.headers["Location"].startswith("/my/sign-in?next=")
    assert answers()["typed"]["questions"]["fields"] == [["answer_motivation", "さらに先"]]


def test_a_draft_of_somebody_else_takes_nothing(app, person):
    stranger = Person(app, person.opening).start()
    seen = opened(person)
    before = answers()

    stranger.draft = person.draft
    stranger.post(f"{person.url('questions')}/typed", {"seen": seen, "turn": "1", **TYPED}, status=404)

    assert answers() == before


def test_what_a_sent_draft_gets_typed_into_it_is_not_sent_by_that(person):
    person.fill().send()

    autosave(person, opened(person), TYPED)

    assert "直した内容は、まだ送信していません" in person.get(person.url("confirm"))
    assert ANSWERS["questions"]["answer_motivation"] in person.get("/my/") or "送信していません" in person.get("/my/")
