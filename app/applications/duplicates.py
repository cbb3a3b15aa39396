"""Applications to one opening with one address, one of the two unconfirmed, and what staff made of them (design 16)."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from app.applications.duplicate_columns import makes_pair
from app.applications.models import Application
from app.applications.screening_models import DuplicateOutcome, DuplicateRuling
from app.core.errors import NotFound
from app.extensions import db

Pair = tuple[uuid.UUID, uuid.UUID]


class DuplicateState(StrEnum):
    """How one application of a pair stands after the last word on it; in the order in which they hold it up."""

    SET_ASIDE = "set_aside"
    OPEN = "open"
    KEPT = "kept"
    APART = "apart"

    @property
    def label(self) -> str:
        return {
            "set_aside": "同じ人：もう一方を審査",
            "open": "重複確認中",
            "kept": "同じ人：こちらを審査",
            "apart": "別人と確認",
        }[self.value]

    @property
    def tone(self) -> str:
        return "warn" if self.stops else "line"

    @property
    def is_open(self) -> bool:
        return self is DuplicateState.OPEN

    @property
    def stops(self) -> bool:
        """Whether the application is not accepted while this stands."""
        return self in (DuplicateState.OPEN, DuplicateState.SET_ASIDE)


@dataclass(frozen=True)
class Double:
    """The other application of a pair, and what was said of the two, the last first."""

    application: Application
    rulings: tuple[DuplicateRuling, ...]

    @property
    def state(self) -> DuplicateState:
        """How the pair stands for the one whose page shows this."""
        if not self.rulings:
            return DuplicateState.OPEN
        last = self.rulings[0]
        if last.outcome is DuplicateOutcome.APART:
            return DuplicateState.APART
        return DuplicateState.SET_ASIDE if last.kept_id == self.application.id else DuplicateState.KEPT


def worst(doubles: Iterable[Double]) -> DuplicateState | None:
    """Say what holds an application up most among its pairs; None when it has none."""
    order = list(DuplicateState)
    return min((one.state for one in doubles), key=order.index, default=None)


def pair_of(one: uuid.UUID, other: uuid.UUID) -> Pair:
    """Name a pair as it is stored, whichever of the two is looked at."""
    return (one, other) if one.bytes < other.bytes else (other, one)


def duplicates_among(organisation_id: uuid.UUID, given: Sequence[Application]) -> dict[uuid.UUID, list[Double]]:
    """Find other live applications to the opening with the same mail, one of the two unconfirmed, by receipt."""
    if not given:
        return {}
    found = [(row[0], row[1]) for row in db.session.execute(_pairs(organisation_id, [one.id for one in given]))]
    said = _rulings(organisation_id, [pair_of(application_id, other.id) for application_id, other in found])
    doubles: dict[uuid.UUID, list[Double]] = defaultdict(list)
    for application_id, other in found:
        doubles[application_id].append(Double(other, tuple(said[pair_of(application_id, other.id)])))
    return doubles


def _pairs(organisation_id: uuid.UUID, ids: Sequence[uuid.UUID]) -> Select[uuid.UUID, Application]:
    one, other = aliased(Application), aliased(Application)
    return (
        select(one.id, other)
        .join(other, makes_pair(one, other))
        .where(one.organisation_id == organisation_id, one.id.in_(ids))
        .order_by(other.received_at, other.id)
    )


def _rulings(organisation_id: uuid.UUID, pairs: Sequence[Pair]) -> dict[Pair, list[DuplicateRuling]]:
    said: dict[Pair, list[DuplicateRuling]] = defaultdict(list)
    if not pairs:
        return said
    query = select(DuplicateRuling).where(
        DuplicateRuling.organisation_id == organisation_id,
        DuplicateRuling.first_id.in_({first for first, _second in pairs}),
        DuplicateRuling.second_id.in_({second for _first, second in pairs}),
    )
    for row in db.session.scalars(query.order_by(DuplicateRuling.number.desc())):
        said[(row.first_id, row.second_id)].append(row)
    return said


def get_double(application: Application, other_id: uuid.UUID) -> Double:
    """Get the pair that an application makes with another. Raises: NotFound when they are no pair, or no longer."""
    doubles = duplicates_among(application.organisation_id, [application]).get(application.id, [])
    found = next((one for one in doubles if one.application.id == other_id), None)
    if found is None:
        raise NotFound
    return found
