"""The stages of an opening with their rounds and how far they are, for the page of those who run them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.openings.models import Opening
from app.openings.queries import stages_of
from app.reviews import queries
from app.reviews.models import Round, RoundState
from app.reviews.queries import Candidate, MemberProgress
from app.reviews.renewed import renewed


@dataclass(frozen=True)
class RoundView:
    """A round with its panel's progress; no values."""

    id: uuid.UUID
    state: RoundState
    due_at: datetime | None
    opened_at: datetime | None
    locked_at: datetime | None
    early_reason: str | None
    members: tuple[MemberProgress, ...]
    addable: tuple[Candidate, ...]
    renewed_count: int = 0  # sheets submitted before the version that counts

    @property
    def open_count(self) -> int:
        return sum(member.open for member in self.members)

    @property
    def is_prepared(self) -> bool:
        return self.state is RoundState.PREPARED

    @property
    def is_open(self) -> bool:
        return self.state is RoundState.OPEN

    @property
    def is_locked(self) -> bool:
        return self.state is RoundState.LOCKED


@dataclass(frozen=True)
class StageRound:
    """A stage, its round if there is one, and how many stand in it."""

    key: str
    name: str
    blind: bool
    min_reviewers: int
    has_rubric: bool
    standing: int
    round: RoundView | None


def stage_rounds(opening: Opening, candidates: Sequence[Candidate]) -> list[StageRound]:
    """Lay out every stage of an opening in order."""
    rounds = queries.rounds_of(opening.organisation_id, opening.id)
    return [
        StageRound(
            stage.key,
            stage.name,
            stage.blind,
            stage.min_reviewers,
            bool(queries.rubric_of(opening.organisation_id, stage.revision_id, stage.key)),
            len(queries.standing(opening.organisation_id, opening.id, stage.key)),
            _view(rounds[stage.key], candidates) if stage.key in rounds else None,
        )
        for stage in stages_of(opening)
    ]


def _view(round_: Round, candidates: Sequence[Candidate]) -> RoundView:
    members = queries.panel_of(round_.organisation_id, round_.id)
    panel = {member.membership_id for member in members}
    return RoundView(
        round_.id,
        round_.state,
        round_.due_at,
        round_.opened_at,
        round_.locked_at,
        round_.early_reason,
        tuple(queries.progress(round_.organisation_id, round_.id)),
        tuple(one for one in candidates if one.membership_id not in panel),
        len(renewed(round_.organisation_id, [member.id for member in members])),
    )
