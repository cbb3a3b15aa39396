"""A locked stage with decisions, and the people who prepare and approve."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.accounts.models import StaffUser
from app.core import clock
from app.core.access import Role
from app.extensions import db
from app.openings.staff_queries import get_approved
from app.reviews.queries import get_stage
from app.selection import services
from app.selection.board import Board, get_board
from app.selection.left_over import LeftOver, left_over
from app.selection.models import DecisionOutcome, ResultSet
from app.selection.services import Choice
from app.selection.sets import get_set
from tests import factories
from tests.reviews.arrange import Scene, act_for, scene

PASS, FAIL, RESERVE = DecisionOutcome.PASS, DecisionOutcome.FAIL, DecisionOutcome.RESERVE


@dataclass
class Meeting:
    """A scene whose round of documents is locked; application 0 has the highest total, then 1, then 2."""

    scene: Scene
    approver: StaffUser
    out_at: datetime | None = None  # behind the release of first results, carried out

    def board(self, stage_key: str = "documents") -> Board:
        act_for(self.scene.city)
        opening = get_approved(self.scene.city.id, self.scene.opening.id)
        found = get_board(opening, get_stage(opening, stage_key), at=clock.now())
        db.session.remove()
        return found

    def act(self, use_case: Any, *arguments: Any, stage_key: str = "documents", by: Any = None, **values: Any) -> Any:
        """Call a use case on a stage in a session of its own, as HR unless somebody else is named."""
        act_for(self.scene.city)
        opening = get_approved(self.scene.city.id, self.scene.opening.id)
        stage = get_stage(opening, stage_key)
        found = [get_set(opening, one.id) if isinstance(one, ResultSet) else one for one in arguments]
        values = {"by": by or self.scene.hr, "at": clock.now()} | values
        try:
            return use_case(opening, stage, *found, **values)
        finally:
            db.session.remove()

    def choice(self, n: int, outcome: DecisionOutcome | None, **values: Any) -> Choice:
        common = {"outcome": outcome, "place": None, "reason": "", "seen": 0}
        return Choice(application_id=self.scene.applications[n].id, **(common | values))

    def decided(self, *outcomes: DecisionOutcome) -> None:
        self.act(services.decide, [self.choice(n, outcome) for n, outcome in enumerate(outcomes)])

    def left(self, found: ResultSet | None = None, *, stage_key: str = "documents") -> LeftOver:
        """Who the results of a stage leave over, as its page names them."""
        act_for(self.scene.city)
        opening = get_approved(self.scene.city.id, self.scene.opening.id)
        left = left_over(opening, get_stage(opening, stage_key), found, at=clock.now())
        db.session.remove()
        return left

    def prepared(self, release_at: datetime | None = None) -> ResultSet:
        seen = self.left().token
        made: ResultSet = self.act(services.prepare_results, release_at=release_at or soon(), seen=seen)
        return made

    def approved(self, release_at: datetime | None = None) -> ResultSet:
        made = self.prepared(release_at)
        self.act(services.approve_results, made, seen=self.left(made).token, by=self.approver)
        return made


def soon() -> datetime:
    """A whole minute to come."""
    return clock.now().replace(second=0, microsecond=0) + timedelta(hours=1)


def meeting(*, locked: bool = True, **values: Any) -> Meeting:
    made = scene(**values)
    if locked:
        made.locked({(0, 0): (5, 5), (0, 1): (5, 5), (1, 0): (4, 4), (1, 1): (4, 4)})
    return Meeting(made, factories.staff(made.city, Role.APPROVER, display_name="決裁 花子"))
