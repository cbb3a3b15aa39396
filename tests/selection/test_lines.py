"""What is frozen in a result set has one digest, and a pass before a higher total needs a reason (R4, R-15)."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.selection.lines import Frame, FrozenLine, Judged, digest, unexplained
from tests.selection.arrange import FAIL, PASS, RESERVE

FRAME = Frame(uuid.uuid4(), "documents", datetime(2026, 12, 11, 0, 0, tzinfo=UTC), 5, 3)
LINE = FrozenLine(uuid.uuid4(), "100002", uuid.uuid4(), RESERVE, 1)
OTHER = FrozenLine(uuid.uuid4(), "100010", uuid.uuid4(), PASS, None)


def test_the_digest_does_not_know_the_order_of_the_lines() -> None:
    assert digest(FRAME, [LINE, OTHER]) == digest(FRAME, [OTHER, LINE])


@pytest.mark.parametrize(
    "change",
    [
        {"application_id": uuid.uuid4()},
        {"examinee_number": "100029"},
        {"decision_id": uuid.uuid4()},
        {"outcome": FAIL},
        {"place": 2},
        {"place": None},
    ],
)
def test_the_digest_changes_with_every_part_of_a_line(change: dict[str, Any]) -> None:
    assert digest(FRAME, [replace(LINE, **change), OTHER]) != digest(FRAME, [LINE, OTHER])


@pytest.mark.parametrize(
    "change",
    [
        {"opening_id": uuid.uuid4()},
        {"stage_key": "interview"},
        {"release_at": FRAME.release_at + timedelta(minutes=1)},
        {"applied_count": 6},
        {"examined_count": 4},
    ],
)
def test_the_digest_changes_with_all_that_a_set_says(change: dict[str, Any]) -> None:
    assert digest(replace(FRAME, **change), [LINE]) != digest(FRAME, [LINE])


@pytest.mark.parametrize(
    ("total", "reason", "named"),
    [
        (Decimal(80), "", []),
        (Decimal("79.99"), "", ["1"]),
        (Decimal("79.99"), "面接での受け答え", []),
        (Decimal("79.99"), "　", ["1"]),
        (None, "", ["1"]),
    ],
)
def test_who_passes_before_a_higher_total_or_without_one_needs_a_reason(
    total: Decimal | None, reason: str, named: list[str]
) -> None:
    passing, left_behind = Judged("1", total, PASS, reason), Judged("2", Decimal(80), FAIL, "")

    assert unexplained([passing, left_behind]) == named
    assert unexplained([passing]) == []
