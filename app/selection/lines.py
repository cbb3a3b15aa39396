"""What is frozen in a result set, its digest, and what a departure from the order of scores is. Pure."""

import hashlib
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from app.selection.models import DecisionOutcome


@dataclass(frozen=True)
class FrozenLine:
    """One application's result as it is approved, published and mailed."""

    application_id: uuid.UUID
    examinee_number: str
    decision_id: uuid.UUID
    outcome: DecisionOutcome
    place: int | None


@dataclass(frozen=True)
class Frame:
    """What a set says besides its lines."""

    opening_id: uuid.UUID
    stage_key: str
    release_at: datetime
    applied_count: int
    examined_count: int
    number: int = 1  # of the set in its stage


@dataclass(frozen=True)
class Judged:
    """A decision beside its total, to find departures from the order of scores (R-15)."""

    examinee_number: str
    total: Decimal | None
    outcome: DecisionOutcome
    reason: str


def digest(frame: Frame, lines: Iterable[FrozenLine]) -> str:
    """Digest a set: everything that is published of it, whatever the order of its lines."""
    canonical: dict[str, object] = {
        "opening": str(frame.opening_id),
        "stage": frame.stage_key,
        "release_at": frame.release_at.astimezone(UTC).isoformat(),
        "counts": [frame.applied_count, frame.examined_count],
        "lines": sorted(
            [str(line.application_id), line.examinee_number, str(line.decision_id), line.outcome.value, line.place]
            for line in lines
        ),
    }
    if frame.number > 1:  # the digests of first sets are older than the number
        canonical["number"] = frame.number
    text = json.dumps(canonical, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def unexplained(rows: Iterable[Judged]) -> list[str]:
    """The numbers that pass before somebody with a higher total and give no reason."""
    rows = list(rows)
    left_behind = [r.total for r in rows if r.outcome is not DecisionOutcome.PASS and r.total is not None]
    highest = max(left_behind, default=None)
    return [
        row.examinee_number
        for row in rows
        if row.outcome is DecisionOutcome.PASS
        and highest is not None
        and (row.total is None or row.total < highest)
        and not row.reason.strip()
    ]


def places_are_whole(places: Iterable[int | None]) -> bool:
    """Reserves have no places at all, or exactly 1 to n."""
    found = list(places)
    return all(place is None for place in found) or sorted(p or 0 for p in found) == list(range(1, len(found) + 1))
