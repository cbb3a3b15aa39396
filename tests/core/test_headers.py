"""Every answer carries the same exact headers: pages, redirects, errors, files (reliability C4)."""

from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app import create_app
from tests.browsing import Browser
from tests.conftest import test_settings
from tests.core.walking import readable, writable

EXPECTED = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
}


def wrong(answer: TestResponse, url: str) -> list[str]:
    """Name what the headers of an answer lack or say too much."""
    found = [
        f"{url}: {name} is {answer.headers.get(name)!r}"
        for name, value in EXPECTED.items()
        if answer.headers.get(name) != value
    ]
    found += [f"{url}: tells {name}" for name in ("Server", "X-Powered-By", "Via") if name in answer.headers]
    if "X-Request-Id" not in answer.headers:
        found.append(f"{url}: no X-Request-Id")
    return found


def test_every_address_answers_with_them(sqlite_app: Flask) -> None:
    seen, problems = set(), []
    for _endpoint, url in readable(sqlite_app):
        answer = sqlite_app.test_client().get(url)
        seen.add(answer.status_code)
        problems += wrong(answer, url)
    for _endpoint, method, url in writable(sqlite_app):
        problems += wrong(sqlite_app.test_client().open(url, method=method), url)

    assert problems == []
    assert {200, 302, 404} <= seen
    assert 500 not in seen


@pytest.mark.parametrize(
    ("method", "url", "status"),
    [("GET", "/nowhere", 404), ("DELETE", "/livez", 405), ("GET", "/static/none.css", 404), ("GET", "/my", 308)],
)
def test_errors_and_redirects_carry_them_too(sqlite_app: Flask, method: str, url: str, status: int) -> None:
    answer = sqlite_app.test_client().open(url, method=method)

    assert (answer.status_code, wrong(answer, url)) == (status, [])


PLACES = "/apply/postal-codes/"  # the places of a postal code: the same for everybody, of nobody


def test_a_refused_press_of_an_applicant_may_be_gone_back_to_and_one_of_staff_not(sqlite_app: Flask) -> None:
    person = Browser(sqlite_app)
    kept = []
    for url, code in (("/my/resume", {"code": "x"}), ("/staff/sign-in", {"mail": "x"})):
        person.get(url)
        kept.append(person.post(url, code, status=422).headers["Cache-Control"])

    assert kept == ["private, no-cache", "no-store"]


def test_pages_are_kept_by_no_cache_and_hashed_files_for_a_year(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    for _endpoint, url in readable(sqlite_app):
        if not url.startswith(("/static", PLACES)):
            assert "no-store" in client.get(url).headers.get("Cache-Control", ""), url

    places = client.get(f"{PLACES}1408715")
    assert (places.headers["Cache-Control"], "Set-Cookie" in places.headers) == ("public, max-age=86400", False)
    hashed = client.get("/static/css/base.css?v=12345678")
    assert hashed.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "immutable" not in client.get("/static/css/base.css").headers["Cache-Control"]
    assert "immutable" not in client.get("/static/none.css?v=1").headers["Cache-Control"]


def test_files_carry_no_cookie_and_do_not_vary_by_one(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    client.get("/my/sign-in")

    answer = client.get("/static/css/base.css?v=12345678")

    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_the_cookie_is_for_our_pages_and_no_script(sqlite_app: Flask) -> None:
    cookie = sqlite_app.test_client().get("/my/sign-in").headers["Set-Cookie"]

    assert cookie.startswith("koubo_form=")
    assert "; HttpOnly; Path=/; SameSite=Lax" in cookie


def test_where_cookies_are_secure_their_name_is_bound_to_the_host(tmp_path: Path) -> None:
    app = create_app(test_settings(tmp_path, secure_cookies=True))

    assert app.config["SESSION_COOKIE_NAME"] == "__Host-koubo_form"
    assert app.config["SESSION_COOKIE_SECURE"] is True
