"""What the engine found: the answer of the cases (`to_json`) and typed rows for pages that explain it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.eligibility.history import Engagement
from app.eligibility.words import Outcome, Reason


@dataclass(frozen=True, slots=True)
class JobRow:
    """One job: why it was not counted (`reason`, None if its spell was), and whether its hours must be asked."""

    index: int
    engagement: Engagement
    reason: Reason | None
    is_missing_hours: bool


@dataclass(frozen=True, slots=True)
class SpellRow:
    """One counted spell, rounded as the rule says: `pieces` are the days counted, both ends included."""

    employer: str
    indexes: tuple[int, ...]
    months: int
    days: int
    pieces: tuple[tuple[date, date], ...]

    def to_json(self) -> dict[str, object]:
        return {"employer": self.employer, "indexes": list(self.indexes), "months": self.months, "days": self.days}


@dataclass(frozen=True, slots=True)
class Result:
    """The count of one history by one rule; nobody is turned away by it, staff confirm."""

    outcome: Outcome
    met: bool
    total_months: int
    days: int
    threshold_months: int
    one_continuous_met: bool
    counted: tuple[SpellRow, ...]
    jobs: tuple[JobRow, ...]
    is_birth_date_missing: bool

    @property
    def years(self) -> int:
        return self.total_months // 12

    @property
    def months(self) -> int:
        """Months of the total beside its full years, 0 to 11."""
        return self.total_months % 12

    @property
    def short_by_months(self) -> int:
        return max(0, self.threshold_months - self.total_months)

    @property
    def excluded(self) -> tuple[JobRow, ...]:
        return tuple(job for job in self.jobs if job.reason is not None)

    def to_json(self) -> dict[str, object]:
        """Return the object that a case calls `expect`."""
        return {
            "outcome": str(self.outcome),
            "met": self.met,
            "total": {"years": self.years, "months": self.months, "days": self.days},
            "short_by_months": self.short_by_months,
            "one_continuous_met": self.one_continuous_met,
            "counted": [row.to_json() for row in self.counted],
            "excluded": [{"index": job.index, "reason": str(job.reason)} for job in self.excluded],
        }
