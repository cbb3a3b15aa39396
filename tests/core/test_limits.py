"""Limits are counted in the database, so that they hold over processes, restarts and threads (B5, V5)."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.core import limits
from app.core.context import SYSTEM, bind
from app.core.database import read_only
from app.core.errors import TooManyTries
from app.core.limits import Limit, RateCount
from app.extensions import db
from tests.at_once import at_once

LIMIT = Limit("sign_in", times=3, seconds=300)
AT = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)  # the beginning of a window
ADDRESS = "hanako@example.jp"


def tries(limit: Limit, subject: str, count: int, *, at: datetime = AT) -> None:
    for _ in range(count):
        limits.count(limit, subject, at=at)


def is_over(limit: Limit, subject: str, *, at: datetime = AT) -> bool:
    db.session.remove()
    bind(db.session, SYSTEM)
    over = limits.is_over(limit, subject, db.session, at=at)
    db.session.remove()
    return over


def test_so_many_tries_are_allowed_and_the_next_is_refused(app: Flask) -> None:
    tries(LIMIT, ADDRESS, 3)

    with pytest.raises(TooManyTries):
        limits.count(LIMIT, ADDRESS, at=AT)


def test_the_refusal_says_when_the_window_ends(app: Flask) -> None:
    tries(LIMIT, ADDRESS, 3)

    with pytest.raises(TooManyTries) as refusal:
        limits.count(LIMIT, ADDRESS, at=AT + timedelta(seconds=120))

    assert (refusal.value.status, refusal.value.retry_after) == (429, 180)
    assert refusal.value.message == "回数が多いため、しばらく受け付けられません。約3分後にもう一度お試しください。"


def test_the_next_window_begins_at_nought(app: Flask) -> None:
    tries(LIMIT, ADDRESS, 3, at=AT + timedelta(seconds=299))

    tries(LIMIT, ADDRESS, 3, at=AT + timedelta(seconds=300))

    assert is_over(LIMIT, ADDRESS, at=AT + timedelta(seconds=300))
    assert not is_over(LIMIT, ADDRESS, at=AT + timedelta(seconds=600))


def test_one_subjects_tries_do_not_touch_another_or_another_limit(app: Flask) -> None:
    tries(LIMIT, ADDRESS, 3)

    tries(LIMIT, "taro@example.jp", 3)
    tries(Limit("code", times=3, seconds=300), ADDRESS, 3)
    tries(Limit("sign_in", times=3, seconds=3600), ADDRESS, 3)

    assert is_over(LIMIT, ADDRESS)


def test_asking_does_not_count(app: Flask) -> None:
    tries(LIMIT, ADDRESS, 2)

    assert [is_over(LIMIT, ADDRESS) for _ in range(5)] == [False] * 5
    tries(LIMIT, ADDRESS, 1)
    assert is_over(LIMIT, ADDRESS)


def test_no_address_stands_in_the_table(app: Flask) -> None:
    tries(LIMIT, ADDRESS, 1)

    bind(db.session, SYSTEM)
    keys = list(db.session.scalars(select(RateCount.key)))
    assert [len(key) for key in keys] == [64]
    assert ADDRESS not in keys[0]


def test_a_try_stays_counted_when_the_request_is_taken_back(app: Flask) -> None:
    tries(LIMIT, ADDRESS, 3)
    db.session.rollback()

    assert is_over(LIMIT, ADDRESS)


def test_a_reading_request_counts_too(app: Flask) -> None:
    read_only(True)
    tries(LIMIT, ADDRESS, 3)

    with pytest.raises(TooManyTries):
        limits.count(LIMIT, ADDRESS, at=AT)
    read_only(False)


def test_threads_at_once_get_no_try_more(app: Flask) -> None:
    refused = []

    def try_three_times() -> None:
        for _ in range(3):
            try:
                limits.count(LIMIT, ADDRESS, at=AT)
            except TooManyTries as error:
                refused.append(error)

    at_once(app, *[try_three_times] * 8)

    bind(db.session, SYSTEM)
    assert len(refused) == 24 - LIMIT.times
    assert db.session.scalar(select(func.sum(RateCount.n))) == 24
