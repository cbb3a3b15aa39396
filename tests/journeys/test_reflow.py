"""No page of applicants and visitors scrolls sideways on a small phone, nor on one at twice the size (WCAG 1.4.10)."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser

from app.accounts.guard import APPLICANT_COOKIE
from app.core.access import Scope
from tests.browsing import apart
from tests.journeys.walk import browser
from tests.matrix import address, routes
from tests.world import World

WIDTHS = (320, 188)  # what the rule names, and 375 at twice the size
STEPS = ("eligibility", "contact", "profile", "career", "questions")
IN_ENGLISH = ("openings.index", "openings.listing", "openings.detail", "openings.city")
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
FETCHED = re.compile(r"<(link|script) [^>]*>")
SEEN_AT_LEAST = {
    *("/openings", "/apply/openings", "/my/", "/my/applications", "/apply/submissions", "/en/openings"),
    *(f"/apply/drafts {step}" for step in (*STEPS, "confirm")),
}


def pages(app: Flask, world: World) -> Iterator[tuple[str, str]]:
    """The address and text of every page that opens for an applicant of the world, and of a form with an error."""
    client = app.test_client()
    client.set_cookie(APPLICANT_COOKIE, world.own.seeker.token)
    objects = world.own.seeker.objects | {"slug": world.own.slug, "stage_key": "documents", "code": "0000000"}
    for route in routes(app, Scope.PUBLIC, Scope.APPLICANT):
        if route.method != "GET" or not route.arguments <= objects.keys():
            continue
        for step in STEPS if "step" in route.arguments else ("",):
            path = address(app, route, objects | {"step": step})
            for one in (path, f"/en{path}") if route.endpoint in IN_ENGLISH else (path,):
                answer = apart(client.get, one)
                if (answer.status_code, answer.mimetype) == (200, "text/html"):
                    yield one, answer.text
    yield "a form with errors", apart(client.post, "/my/sign-in", data={"mail": ""}).text


def sideways(chromium: Browser, app: Flask, shown: list[tuple[str, str]]) -> Iterator[str]:
    """Which pages are wider than a window; the browser is given them with their styles, so it fetches nothing."""
    styles = "".join(
        (Path(str(app.static_folder)) / f"css/{n}.css").read_text() for n in ("tokens", "base", "components")
    )
    texts = {path: FETCHED.sub("", text).replace("</head>", f"<style>{styles}</style></head>") for path, text in shown}
    page = chromium.new_page(java_script_enabled=False)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        for path, text in texts.items():
            page.set_content(text, wait_until="domcontentloaded")
            wide = page.evaluate(SIDEWAYS)
            if wide > 0:
                yield f"{path} by {wide} px at {width}"


def kind(path: str) -> str:
    """What an address is of, without ids: /apply/drafts contact."""
    return re.sub(r"/[0-9a-f-]{36}/?", " ", path).strip()


@pytest.mark.journey
def test_nothing_scrolls_sideways_on_a_phone_at_twice_the_size(sqlite_app: Flask, world: World) -> None:
    shown = list(pages(sqlite_app, world))

    with browser() as chromium:
        found = list(sideways(chromium, sqlite_app, shown))

    assert found == []
    assert {kind(path) for path, _text in shown} >= SEEN_AT_LEAST
    assert "1件の入力を確かめてください" in shown[-1][1]
