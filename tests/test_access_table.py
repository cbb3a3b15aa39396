"""The table of access and the routes know each other (reliability A1)."""

import pytest
from flask import Flask

from app.core.access import ACTIONS, UndeclaredAction, action_of, allows, as_markdown, check_routes
from app.wiring import ROOT


def test_no_action_is_left_without_a_route(sqlite_app: Flask) -> None:
    used = {action_of(sqlite_app, rule.endpoint).name for rule in sqlite_app.url_map.iter_rules()}

    assert sorted(set(ACTIONS) - used) == []


def test_a_route_without_an_action_fails_the_build() -> None:
    app = Flask("bare")
    app.add_url_rule("/hidden", "hidden", lambda: "x")

    with pytest.raises(UndeclaredAction):
        check_routes(app)
    with pytest.raises(UndeclaredAction):
        allows("no.such.action")


def test_the_page_of_the_table_is_current() -> None:
    assert (ROOT / "docs/access.md").read_text(encoding="utf-8") == as_markdown()
