"""Enter in a field of the career step, in a real browser: it saves and takes nothing away."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.serving import make_server

from app.applications.models import Draft
from app.core.context import SYSTEM, bind
from app.extensions import db
from tests import factories
from tests.applications.applying import ANSWERS, Person
from tests.journeys.walk import Walk, browser

SECOND = {"jobs-1-employer": "例示データ合同会社", "jobs-1-start-year": "2012", "jobs-1-start-month": "4"}


@pytest.fixture
def address(sqlite_app: Flask) -> Iterator[str]:
    """The application on a port of this machine."""
    server = make_server("127.0.0.1", 0, sqlite_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


def employers() -> list[str]:
    bind(db.session, SYSTEM)
    (draft,) = db.session.scalars(select(Draft)).all()
    typed = draft.answers["typed"].get("career", {}).get("fields", [])
    found = [job["employer"] for job in draft.answers["history"]]
    db.session.remove()
    return found or [value for name, value in typed if name.endswith("employer")]


def open_career(walk: Walk, person: Person) -> None:
    for cookie in ("koubo_applicant", "koubo_form"):
        found = person.client.get_cookie(cookie)
        assert found
        walk.context.add_cookies([{"name": cookie, "value": found.value, "url": walk.url}])
    walk.go(person.url("career"))


def test_enter_in_an_employer_saves_and_removes_nothing(sqlite_app: Flask, address: str) -> None:
    person = Person(sqlite_app, factories.opening(factories.organisation())).start()
    person.save("career", {**ANSWERS["career"], **SECOND}, status=303, add="jobs")

    with browser() as chromium:
        walk = Walk(chromium, address, name="enter", width=375)
        open_career(walk, person)
        walk.fill({"jobs-1-employer": "改めた名前株式会社"})
        with walk.page.expect_navigation():
            walk.page.press('[name="jobs-1-employer"]', "Enter")
        tree = walk.page.locator("main").aria_snapshot()
        stops = walk.page.evaluate(
            "[...document.querySelectorAll('main form button')].filter(b => b.tabIndex >= 0).map(b => b.name)"
        )

    assert employers() == ["見本システム株式会社", "改めた名前株式会社", ""]
    assert stops[0] == "remove"
    assert tree.count('button "保存') == 2
