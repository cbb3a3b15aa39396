"""What is left until a deadline goes on by the server's clock, in a real browser under our content security policy."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, Route

from app.core.headers import HEADERS
from tests.core.bare import NOW, ROOT, bare_app, render
from tests.journeys.walk import browser

PAGE = """<!doctype html><title>締切</title>{% from "macros/time.html" import due %}{{ due(closes_at, now()) }}
<script type="module" src="/static/js/main.js"></script>"""


def serve(page: Page, html: str) -> None:
    """Answer a made-up address with the page and our static files."""

    def answer(route: Route) -> None:
        path = route.request.url.partition("koubo.test/")[2]
        if path.startswith("static/"):
            route.fulfill(path=ROOT / path, content_type="text/javascript", headers=HEADERS)
        else:
            route.fulfill(body=html, content_type="text/html; charset=utf-8", headers=HEADERS)

    page.route("**/*", answer)


def test_without_the_module_the_words_of_the_server_stand() -> None:
    html = render(bare_app(), PAGE, closes_at=NOW + timedelta(minutes=31))

    assert "<small data-left>あと31分</small>" in html
    assert f'data-now="{"2026-11-23T14:05:10+09:00"}"' in html


@pytest.mark.journey
def test_what_is_left_goes_on_and_is_told_before_and_after_the_deadline() -> None:
    html = render(bare_app(), PAGE, closes_at=NOW + timedelta(minutes=31))
    with browser() as chromium:
        page = chromium.new_page()
        page.clock.install(time=NOW - timedelta(hours=5))  # the clock of this machine is wrong
        serve(page, html)
        page.goto("http://koubo.test/")
        page.evaluate("() => import('/static/js/remaining.js').then(() => true)")  # main.js has asked for it before
        seen = []
        for minutes in (1, 25, 5, 1):
            page.clock.run_for(minutes * 60_000)
            seen.append((page.inner_text("[data-left]"), page.inner_text("[data-line]").partition("。")[0]))

    assert seen == [
        ("あと30分", "締切まで30分を切りました"),
        ("あと5分", "締切まで5分を切りました"),
        ("あと1分未満", "締切まで5分を切りました"),
        ("受付終了", "締切を過ぎました"),
    ]
