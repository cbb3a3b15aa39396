import itertools

import pytest

from app.openings.models import Opening, OpeningState
from app.openings.workflow import MoveRefused, move

S = OpeningState
ALLOWED = {
    (S.DRAFT, S.IN_REVIEW),
    (S.DRAFT, S.ARCHIVED),
    (S.IN_REVIEW, S.DRAFT),
    (S.IN_REVIEW, S.APPROVED),
    (S.APPROVED, S.DRAFT),
    (S.APPROVED, S.WITHDRAWN),
    (S.ARCHIVED, S.DRAFT),
}


@pytest.mark.parametrize(("old", "new"), itertools.product(S, S))
def test_the_whole_table_of_moves(old: OpeningState, new: OpeningState) -> None:
    opening = Opening(state=old)

    if (old, new) in ALLOWED:
        move(opening, new)
        assert opening.state is new
        return
    with pytest.raises(MoveRefused):
        move(opening, new)
    assert opening.state is old
