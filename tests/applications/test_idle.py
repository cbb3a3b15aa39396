"""Two hours without a request cost a confirmed applicant the session and nothing that was typed (design 50)."""

import io
from datetime import timedelta

import pytest
import time_machine

from app.accounts.models import ApplicantSession
from app.applications.models import Application, Draft, Submission
from app.core import clock
from tests import factories
from tests.accounts.test_applicants import ask, enter, last_code
from tests.applications.applying import ANSWERS, SEEN, Person
from tests.applications.pdf import pdf
from tests.applications.test_applying import rows

TYPED = "区の手続を、来なくても済むものに。\r\n髙﨑"
SAVED = "時間が経過したため、もう一度確認してください。入力した内容は保存しました。"


@pytest.fixture
def opening(app):
    return factories.opening(factories.organisation())


@pytest.fixture
def person(app, opening):
    found = Person(app, opening).start().fill()
    ask(found)
    enter(found, last_code())
    return found


def late(person, step, typed, *, hours=2, minutes=1, status=303):
    """Open a step, wait, and press 保存して次へ."""
    found = SEEN.search(person.get(person.url(step)))
    assert found
    with time_machine.travel(clock.now() + timedelta(hours=hours, minutes=minutes)):
        return person.post(person.url(step), {"seen": found.group(1), **typed}, status=status)


def later():
    return time_machine.travel(clock.now() + timedelta(hours=2, minutes=2))


def test_what_was_typed_stands_in_the_step_again_after_the_code(person):
    answer = late(person, "questions", {"answer_motivation": TYPED})

    step = person.url("questions")
    with later():
        page = person.get(answer.headers["Location"])
        assert SAVED in page
        person.post("/my/sign-in", {"mail": "mihon@example.jp"})
        back = enter(person, last_code()).headers["Location"]
        shown = person.get(back)
    assert back == step
    assert "来なくても済むものに。\n髙﨑</textarea>" in shown
    assert rows(Draft)[0].answers["statements"] == {"motivation": ANSWERS["questions"]["answer_motivation"]}


def test_the_time_that_has_run_out_opens_no_page_whatever_is_posted(person):
    seen_at = max(session.seen_at for session in rows(ApplicantSession))
    answer = late(person, "questions", {"answer_motivation": TYPED})

    assert answer.headers["Location"].startswith("/my/sign-in?next=")
    assert TYPED not in answer.text
    assert max(session.seen_at for session in rows(ApplicantSession)) - seen_at < timedelta(hours=1)
    with later():
        for url in (person.url("questions"), person.url("confirm"), "/my/"):
            assert person.client.get(url).status_code == 302, url


def test_nothing_is_sent_and_the_person_is_told_so(person):
    fields = person.ready_to_send()

    with later():
        answer = person.send(fields)
        page = person.get(answer.headers["Location"])

    assert "応募はまだ送信していません。" in page
    assert (rows(Application), rows(Submission)) == ([], [])


def test_only_the_draft_of_the_cookies_own_applicant_takes_it(app, opening, person):
    other = Person(app, opening).start()
    before = [row.answers for row in rows(Draft) if str(row.id) == other.draft]
    mine, person.draft = person.draft, other.draft

    with later():
        person.post(person.url("questions"), {"seen": "", "answer_motivation": TYPED}, status=404)
        person.draft = mine

    assert [row.answers for row in rows(Draft) if str(row.id) == other.draft] == before


def test_a_browser_that_was_signed_out_keeps_nothing(person):
    token = person.client.get_cookie("koubo_applicant").value
    person.get("/my/")
    person.post("/my/sign-out")
    person.client.set_cookie("koubo_applicant", token)
    before = rows(Draft)[0].answers

    with later():
        person.post(person.url("questions"), {"seen": "", "answer_motivation": TYPED}, status=401)

    assert rows(Draft)[0].answers == before


def test_a_later_save_from_another_screen_is_not_overwritten(person):
    seen = SEEN.search(person.get(person.url("questions"))).group(1)
    person.save("questions", {"answer_motivation": "ほかの画面の内容"})
    before = rows(Draft)[0].answers

    with later():
        fields = {"seen": seen, "answer_motivation": TYPED}
        answer = person.post(person.url("questions"), fields)
        page = person.get(answer.headers["Location"])

    assert "保存していません。" in page
    assert SAVED not in page
    assert rows(Draft)[0].answers == before


def test_pressing_twice_keeps_it_once(person):
    seen = SEEN.search(person.get(person.url("questions"))).group(1)
    fields = {"seen": seen, "answer_motivation": TYPED}

    with later():
        for _press in range(2):
            page = person.get(person.post(person.url("questions"), fields).headers["Location"])
            assert SAVED in page


def test_a_file_that_was_chosen_is_said_to_be_missing(person):
    file = {"file_resume": (io.BytesIO(pdf(2)), "新しい職務経歴書.pdf")}
    answer = late(person, "career", {**ANSWERS["career"], **file})

    with later():
        assert "選んだファイルは保存していません。" in person.get(answer.headers["Location"])


def test_two_hours_are_still_in_time(person):
    answer = late(person, "questions", {"answer_motivation": TYPED}, minutes=-1)

    assert answer.headers["Location"] == person.url("confirm")
