"""Random schedules of requests under way at once, sixteen a database; bench/schedules.py plays five hundred."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from app.applications import queries
from app.core import clock
from app.extensions import db
from tests import factories
from tests.invariants import check_invariants, look, read_rows
from tests.schedules import Played, Player, double_versions, drawn, too_many
from tests.serving import served
from tests.test_invariants import outside_of

SEEDS = {"sqlite": range(1000, 1016), "postgresql": range(1016, 1032)}
CODE = re.compile(r"^\d{6}$", re.M)


@pytest.fixture
def player(app: Flask) -> Iterator[Player]:
    opening, outside = str(factories.opening(factories.organisation()).id), outside_of(app)

    def code_of(mail: str) -> str:
        mails = [row for row in read_rows(outside.url, "mail")["mail"] if row["recipient"] == mail]
        codes = [CODE.search(row["body"]) for row in sorted(mails, key=lambda row: row["created_at"])]
        return next(code.group() for code in reversed(codes) if code)

    db.session.remove()
    with served(app) as port:
        yield Player(port, opening, code_of)


def seeds() -> range:
    return SEEDS[db.engine.dialect.name]


def problems(app: Flask, played: list[Played]) -> list[str]:
    found = look(outside_of(app), now=clock.now())
    receipts = [seen for one in played for seen in one.receipts]
    broken = check_invariants(outside_of(app), now=clock.now(), seen=receipts)
    noted = [f"{one.schedule}: {problem}" for one in played for problem in one.problems]
    return [*noted, *map(str, broken), *double_versions(found), *too_many(found, played)]


def test_requests_at_once_never_send_twice_and_every_retry_has_the_same_receipt(app: Flask, player: Player) -> None:
    played = [player.play(drawn(seed)) for seed in seeds()]

    assert problems(app, played) == []
    assert all(one.receipts for one in played)


def test_without_the_look_for_what_was_sent_schedules_fail(
    app: Flask, player: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "find_submission", lambda *_a: None)
    monkeypatch.setattr(queries, "last_submission", lambda *_a: None)

    played = [player.play(drawn(seed)) for seed in seeds()[:8]]

    assert problems(app, played) != []
