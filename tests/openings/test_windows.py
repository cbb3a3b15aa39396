from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.context import PUBLIC, bind
from app.core.errors import NotFound
from app.extensions import db
from app.openings import public_queries, queries
from app.openings.models import OpeningState
from app.openings.queries import ClosingState
from app.openings.revision_models import Criterion, RubricItem, Stage
from tests import factories

PUBLISHED = datetime(2026, 11, 2, 0, 0, tzinfo=UTC)
OPENS = datetime(2026, 11, 9, 0, 0, tzinfo=UTC)
CLOSES = datetime(2026, 11, 30, 8, 15, tzinfo=UTC)
BEFORE = timedelta(microseconds=-1)
AFTER = timedelta(microseconds=1)
MOMENTS = [
    (PUBLISHED + BEFORE, ClosingState.HIDDEN),
    (PUBLISHED, ClosingState.UPCOMING),
    (OPENS + BEFORE, ClosingState.UPCOMING),
    (OPENS, ClosingState.OPEN),
    (CLOSES, ClosingState.OPEN),
    (CLOSES + AFTER, ClosingState.CLOSED),
]


@pytest.mark.parametrize(("at", "expected"), MOMENTS)
def test_an_opening_is_visible_open_and_closed_to_the_microsecond(
    app: Flask, at: datetime, expected: ClosingState
) -> None:
    row = factories.opening(factories.organisation(), published_at=PUBLISHED, opens_at=OPENS, closes_at=CLOSES)
    bind(db.session, PUBLIC)

    found = db.session.scalars(db.select(queries.Opening).where(queries.visible(at))).all()
    conditions = {
        ClosingState.UPCOMING: queries.is_upcoming(at),
        ClosingState.OPEN: queries.is_open(at),
        ClosingState.CLOSED: queries.is_closed(at),
    }
    true = [
        state
        for state, condition in conditions.items()
        if db.session.scalar(db.select(queries.Opening.id).where(condition)) == row.id
    ]

    assert [one.id for one in found] == ([] if expected is ClosingState.HIDDEN else [row.id])
    assert true == ([] if expected is ClosingState.HIDDEN else [expected])
    assert queries.closing_state(row, at) is expected


def test_before_its_publication_an_opening_is_not_found(sqlite_app: Flask) -> None:
    row = factories.opening(factories.organisation(), published_at=PUBLISHED, opens_at=OPENS, closes_at=CLOSES)
    bind(db.session, PUBLIC)

    with pytest.raises(NotFound):
        public_queries.get_published(row.id, PUBLISHED + BEFORE)
    assert public_queries.get_published(row.id, PUBLISHED).content.title == "DX推進担当"


@pytest.mark.parametrize("state", [OpeningState.DRAFT, OpeningState.IN_REVIEW, OpeningState.ARCHIVED])
def test_no_other_state_is_ever_visible(sqlite_app: Flask, state: OpeningState) -> None:
    row = factories.opening(factories.organisation(), published_at=PUBLISHED, opens_at=OPENS, closes_at=CLOSES)
    row.state = state

    assert {queries.closing_state(row, at) for at, _expected in MOMENTS} == {ClosingState.HIDDEN}


def test_an_approved_revision_has_a_row_for_each_thing_it_holds(app: Flask) -> None:
    row = factories.opening(factories.organisation())
    bind(db.session, PUBLIC)

    def owned(table: Any) -> list[Any]:
        return list(db.session.scalars(select(table).where(table.revision_id == row.revision_id).order_by(table.seq)))

    assert [one.key for one in owned(Criterion)] == ["regular_years", "article16", "knowledge"]
    assert [one.key for one in owned(Stage)] == ["documents", "interview"]
    assert [len(item.levels) for item in owned(RubricItem)] == [5, 5, 5, 5]
