"""Every unsafe request needs a token and comes from our own pages, on every address there is (reliability C3)."""

import pytest
from flask import Flask

from tests.browsing import Browser
from tests.core.walking import writable
from tests.page_checks import check_page

FORM_PAGE = "/my/sign-in"  # a public page with a form
REFUSED = "画面の有効期限が切れたか、別の場所から送信されました"


def test_no_address_takes_a_change_without_a_token(sqlite_app: Flask) -> None:
    answers = {}
    for endpoint, method, url in writable(sqlite_app):
        answer = sqlite_app.test_client().open(url, method=method, data={"x": "1"})
        answers[endpoint, method] = answer.status_code
        check_page(answer.text, url, status=answer.status_code)

    assert len(answers) > 10
    assert {key: status for key, status in answers.items() if status != 400} == {}


def test_the_refusal_says_what_to_do(sqlite_app: Flask) -> None:
    assert REFUSED in sqlite_app.test_client().post(FORM_PAGE).text


def test_a_token_of_another_browser_is_refused(sqlite_app: Flask) -> None:
    one, other = Browser(sqlite_app), Browser(sqlite_app)
    one.get(FORM_PAGE)
    other.get(FORM_PAGE)
    one.token = other.token

    assert REFUSED in one.post(FORM_PAGE, {"mail": "hanako@example.jp"}, status=400).text


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://localhost:8001"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
    ],
    ids=str,
)
def test_a_form_sent_from_elsewhere_is_refused_even_with_a_token(sqlite_app: Flask, headers: dict[str, str]) -> None:
    browser = Browser(sqlite_app)
    browser.get(FORM_PAGE)

    browser.post(FORM_PAGE, {"mail": "hanako@example.jp"}, status=400, headers=headers)


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "http://localhost"}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}],
    ids=str,
)
def test_a_form_of_ours_is_taken(sqlite_app: Flask, headers: dict[str, str]) -> None:
    browser = Browser(sqlite_app)
    browser.get(FORM_PAGE)

    browser.post(FORM_PAGE, {"mail": "hanako@example.jp"}, headers=headers)


def test_a_token_outlives_a_day(sqlite_app: Flask) -> None:
    import time_machine

    browser = Browser(sqlite_app)
    with time_machine.travel("2026-11-29T08:00:00Z", tick=False):
        browser.get(FORM_PAGE)
    with time_machine.travel("2026-12-20T08:00:00Z", tick=False):
        browser.post(FORM_PAGE, {"mail": "hanako@example.jp"})
