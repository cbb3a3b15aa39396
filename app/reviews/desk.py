"""What the reviewer's pages receive: frozen values, never a row (smell 17)."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from app.reviews.blind import BlindApplication
from app.reviews.models import RoundState


@dataclass(frozen=True)
class LevelView:
    value: int
    anchor: str
    evidence_required: bool


@dataclass(frozen=True)
class ItemView:
    """A rubric item; `field` is the name of its form field."""

    key: str
    field: str
    label: str
    weight: int
    levels: tuple[LevelView, ...]

    @property
    def asks_evidence(self) -> bool:
        return any(level.evidence_required for level in self.levels)


@dataclass(frozen=True)
class OwnMark:
    """A mark that counts; value None is 評価不能."""

    value: int | None
    evidence: str

    @property
    def words(self) -> str:
        return "評価不能" if self.value is None else str(self.value)


@dataclass(frozen=True)
class OtherSheet:
    """Another reviewer's submitted marks by item key, without his name."""

    label: str
    marks: dict[str, OwnMark]
    comment: str


@dataclass(frozen=True)
class QueueEntry:
    assignment_id: uuid.UUID
    examinee_number: str
    submitted: bool
    is_renewed: bool = False  # a newer version came after the sheet was submitted


@dataclass(frozen=True)
class Queue:
    """A reviewer's assignments of one round in his own order."""

    round_id: uuid.UUID
    opening_id: uuid.UUID
    opening_title: str
    stage_name: str
    state: RoundState
    due_at: datetime | None
    entries: tuple[QueueEntry, ...]
    is_called_off: bool = False

    @property
    def done(self) -> int:
        return sum(1 for entry in self.entries if entry.submitted)

    @property
    def percent(self) -> int:
        return 100 * self.done // len(self.entries) if self.entries else 0

    def next_after(self, assignment_id: uuid.UUID | None) -> QueueEntry | None:
        """The first entry after this one (from the start without one) that is not submitted, round to the front."""
        place = self._place(assignment_id) + 1
        turned = self.entries[place:] + self.entries[:place]
        return next((e for e in turned if not e.submitted and e.assignment_id != assignment_id), None)

    def before(self, assignment_id: uuid.UUID) -> QueueEntry | None:
        place = self._place(assignment_id)
        return self.entries[place - 1] if place > 0 else None

    def _place(self, assignment_id: uuid.UUID | None) -> int:
        ids = [entry.assignment_id for entry in self.entries]
        return ids.index(assignment_id) if assignment_id in ids else -1


@dataclass(frozen=True)
class Desk:
    """One application in front of one reviewer."""

    assignment_id: uuid.UUID
    version: int
    submitted: bool
    can_score: bool
    application: BlindApplication
    rubric: tuple[ItemView, ...]
    own: dict[str, OwnMark]
    comment: str
    internal_note: str
    others: tuple[OtherSheet, ...]
    queue: Queue
    renewed_at: datetime | None = None  # when the version came that is newer than the submitted sheet
