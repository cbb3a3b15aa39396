"""Whatever goes wrong, what a person typed is there again (S7). Time run out: test_idle; files: test_drafts."""

import io
import re

import pytest
from sqlalchemy.exc import OperationalError

from app.accounts.models import ApplicantSession
from app.applications import step_page
from app.applications.models import Draft
from tests import factories
from tests.accounts.test_applicants import ask, enter, last_code
from tests.applications.applying import ANSWERS, SEEN, Person
from tests.applications.test_applying import rows

OURS = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
TEXT = "区の手続を、来なくても\r\n済むものに。髙﨑"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', re.S)


@pytest.fixture
def person(sqlite_app):
    return Person(sqlite_app, factories.opening(factories.organisation())).start()


def statement():
    return rows(Draft)[0].answers["statements"].get("motivation")


def press(person, *, status, token=None, text=TEXT, headers=OURS):
    """Open 設問, type, and press 保存して次へ."""
    seen = SEEN.search(person.get(person.url("questions"))).group(1)
    fields = {"seen": seen, "answer_motivation": text, "next": "1"}
    if token is not None:
        fields["csrf_token"] = token
    return person.post(person.url("questions"), fields, status=status, headers=headers).text


def press_again(person, page):
    """Press 入力した内容を下書きに保存する on the page that refused."""
    assert "入力した内容を下書きに保存する</button>" in page
    fields = dict(HIDDEN.findall(page))
    person.token = fields["csrf_token"]
    return person.post(person.url("questions"), fields)


def test_a_form_cookie_that_is_gone_costs_one_press(person):
    person.get(person.url("questions"))
    person.client.delete_cookie("koubo_form")
    old = person.token
    page = press(person, status=400, token=old)

    answer = press_again(person, page)

    assert answer.headers["Location"] == person.url("confirm")
    assert statement() == TEXT.replace("\r", "")


def copied(page):
    """Give the texts that a page shows to be copied."""
    return [text.replace("\r", "") for text in re.findall(r'<p class="card pre">(.*?)</p>', page, re.S)]


def test_a_cookie_that_is_gone_gives_the_text_back_and_it_is_saved_after_a_way_in(person):
    person.save("contact")
    code = re.search(r'id="resume-code">([^<]+)<', person.get("/my/sign-out")).group(1)
    seen = SEEN.search(person.get(person.url("questions"))).group(1)
    person.post("/my/sign-out")  # in another tab
    typed = {"seen": seen, "answer_motivation": TEXT, "next": "1"}

    page = person.post(person.url("questions"), typed, status=401, headers=OURS).text

    assert "保存も送信もしていません" in page
    assert "下の「入力した内容を下書きに保存する」を押します。入り直す前に押しても、入力した内容は消えません。" in page
    assert copied(page) == [TEXT.replace("\r", "")]
    assert statement() is None
    person.post("/my/resume", {"code": code})
    assert press_again(person, page).headers["Location"] == person.url("confirm")
    assert statement() == TEXT.replace("\r", "")


def test_with_all_cookies_gone_the_second_press_still_gives_the_text_back(person):
    person.get(person.url("questions"))
    old = person.token
    for name in ("koubo_form", "koubo_applicant"):
        person.client.delete_cookie(name)
    typed = {"csrf_token": old, "answer_motivation": TEXT, "next": "1"}
    first = person.post(person.url("questions"), typed, status=400, headers=OURS).text
    person.token = dict(HIDDEN.findall(first))["csrf_token"]

    page = person.post(person.url("questions"), {"answer_motivation": TEXT, "next": "1"}, status=401, headers=OURS).text

    assert copied(first) == copied(page) == [TEXT.replace("\r", "")]


def test_what_another_applicant_may_not_save_is_given_back_too(sqlite_app, person):
    other = Person(sqlite_app, person.opening).start()
    page = other.post(person.url("questions"), {"answer_motivation": TEXT}, status=404, headers=OURS).text

    assert copied(page) == [TEXT.replace("\r", "")]
    assert statement() is None


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "none"}, {"Sec-Fetch-Site": "cross-site"}])
def test_what_a_foreign_page_sent_is_not_given_back(person, headers):
    page = press(person, status=400, token="wrong", headers=headers)

    assert "入力した内容を下書きに保存する" not in page
    assert "来なくても" not in page
    assert statement() is None


@pytest.mark.parametrize(
    ("error", "status"), [(RuntimeError("x"), 500), (OperationalError("x", {}, RuntimeError("locked")), 503)]
)
def test_a_fault_of_ours_costs_one_press(person, monkeypatch, error, status):
    def fail(*_arguments, **_options):
        raise error

    with monkeypatch.context() as broken:
        broken.setattr(step_page.drafting, "save_step", fail)
        page = press(person, status=status)

    press_again(person, page)

    assert statement() == TEXT.replace("\r", "")


def test_files_too_large_for_one_request_are_refused_one_by_one_and_the_jobs_are_kept(person):
    most = person.client.application.config["MAX_CONTENT_LENGTH"]
    large = {"file_resume": (io.BytesIO(b"%PDF-" + b"0" * (most + 1)), "大きい職務経歴書.pdf")}

    page = person.refused("career", {**ANSWERS["career"], **large})
    assert page.count("10MBより小さいファイルを選んでください（選んだファイルは32.1MB）") == 2
    assert rows(Draft)[0].answers["history"][0]["employer"] == "見本システム株式会社"


def test_the_limits_in_the_refusal_are_those_of_the_settings(person):
    settings = person.client.application.extensions["koubo.settings"]
    most = person.client.application.config["MAX_CONTENT_LENGTH"]
    person.get(person.url("confirm"))

    page = person.post(person.url("confirm"), {"key": "0" * (most + 1)}, status=413).text

    assert settings.max_file_bytes == 10 * 1024 * 1024
    assert "1つのファイルは10MBまで、1回の応募は合計30MBまでです。" in page


def test_a_closed_browser_finds_the_draft_again(sqlite_app, person):
    press(person, status=303)
    cookie = person.client.get_cookie("koubo_applicant")
    assert cookie.max_age == 30 * 86_400

    later = Person(sqlite_app, person.opening)
    later.client.set_cookie("koubo_applicant", cookie.value)

    assert "済むものに。髙﨑</textarea>" in later.get(person.url("questions"))
    assert "続きから書く" in later.get(f"/apply/openings/{person.opening.id}")


def test_another_device_opens_the_draft_with_a_six_digit_code(sqlite_app, person):
    person.save("contact")
    press(person, status=303)
    ask(person)
    enter(person, last_code())

    other = Person(sqlite_app, person.opening)
    ask(other)
    enter(other, last_code())

    assert "続きを書く" in other.get("/my/")
    assert "済むものに。髙﨑</textarea>" in other.get(person.url("questions"))


def test_the_back_button_shows_what_was_saved_and_going_on_from_it_is_not_stale(person):
    press(person, status=303)

    assert press(person, status=303, text="直した文章") == "" or statement() == "直した文章"
    assert statement() == "直した文章"


def test_before_a_shared_computer_forgets_a_draft_it_shows_how_to_open_it_again(sqlite_app, person):
    person.save("contact")
    page = person.get("/my/sign-out")
    code = re.search(r'id="resume-code">([^<]+)<', page).group(1)
    assert "もう開けません" in page

    person.post("/my/sign-out")

    assert person.client.get_cookie("koubo_applicant") is None
    assert all(session.ended_at for session in rows(ApplicantSession))
    other = Person(sqlite_app, person.opening)
    other.get("/my/resume")
    other.post("/my/resume", {"code": code})
    assert "続きを書く" in other.get("/my/")


def test_every_page_of_a_draft_leads_to_it(person):
    for step in (*ANSWERS, "confirm"):
        assert f'href="/my/sign-out?back={person.url(step)}"' in person.get(person.url(step))
    person.fill()
    done = person.send().headers["Location"]
    assert "/my/sign-out" in person.get(done)


def test_a_confirmed_person_needs_no_code_of_ours_to_come_back(person):
    person.fill().send()
    ask(person)
    enter(person, last_code())

    page = person.get("/my/sign-out")

    assert "再開コード" not in page
    assert "に届く6桁のコードを使います。" in page


def test_every_step_and_its_title_say_that_the_application_is_not_complete(person):
    for step in ANSWERS:
        page = person.get(person.url(step))
        assert "まだ応募は完了していません" in page
        assert "応募は未完了 " in re.search(r"<title>(.*?)</title>", page).group(1)
    person.fill()
    assert "応募は未完了 " in re.search(r"<title>(.*?)</title>", person.get(person.url("confirm"))).group(1)

    done = person.get(person.send().headers["Location"])

    assert "応募を受け付けました" in re.search(r"<title>(.*?)</title>", done).group(1)
    assert "未完了" not in re.search(r"<title>(.*?)</title>", done).group(1)


def test_the_domain_of_our_mail_is_said_before_the_address_is_typed(person):
    for url in (
        f"/apply/openings/{factories.opening(factories.organisation('kobe', '神戸市')).id}",
        person.url("contact"),
    ):
        assert "@koubo.example.jp から" in person.get(url)
