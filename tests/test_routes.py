"""The addresses that people keep in bookmarks and mails: one that changes or goes is a decision, made in routes.txt."""

from pathlib import Path

from flask import Flask

LIST = Path(__file__).with_name("routes.txt")


def test_the_addresses_are_those_of_the_list(sqlite_app: Flask) -> None:
    found = sorted(
        f"{rule.rule} {method} {rule.endpoint}"
        for rule in sqlite_app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    )

    assert found == LIST.read_text(encoding="utf-8").splitlines()
