"""Every address of the application, with made-up values where a rule has arguments."""

import uuid
from collections.abc import Iterator

from flask import Flask
from werkzeug.routing import AnyConverter, BaseConverter, IntegerConverter, Rule, UUIDConverter

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def address(app: Flask, rule: Rule) -> str:
    """Build an address of a rule: a random id for each uuid, 1 for each number, x for each text, one of a choice."""
    values = {name: _made_up(rule._converters[name]) for name in rule.arguments}
    if rule.endpoint == "static":
        values = {"filename": "css/base.css"}
    return app.url_map.bind("localhost").build(rule.endpoint, values, method=next(iter(rule.methods or {"GET"})))


def _made_up(converter: BaseConverter) -> object:
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return {UUIDConverter: uuid.uuid4(), IntegerConverter: 1}.get(type(converter), "x")


def readable(app: Flask) -> Iterator[tuple[str, str]]:
    """Endpoint and address of each rule that can be read."""
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            yield rule.endpoint, address(app, rule)


def writable(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Endpoint, method and address of each rule that can change something."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - SAFE):
            yield rule.endpoint, method, address(app, rule)
