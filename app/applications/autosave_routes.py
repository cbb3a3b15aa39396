"""What an open page of a step saves by itself (S7, WCAG 2.2.5): answers for a script, words for people in the page."""

import uuid

from flask import g, request
from werkzeug.wrappers import Response

from app.applications import drafting, queries
from app.applications.routes import STEP, blueprint
from app.applications.steps import Step
from app.applications.typed import typed_pairs
from app.applications.using_limits import count_save
from app.core import clock
from app.core.access import allows, takes_idle
from app.core.arrival import arrived_at
from app.core.templating import jst_clock

_LAST_TURN = 2**53 - 1  # as far as a script counts


def _turn(text: str) -> int:
    return min(int(text), _LAST_TURN) if text.isascii() and text.isdecimal() and len(text) <= 16 else 0


@blueprint.post(f"{STEP}/typed")
@allows("draft.edit")
@takes_idle
def autosave(draft_id: uuid.UUID, step: str) -> Response | tuple[dict[str, str], int]:
    """Keep what is typed: 200; 401 where it is kept and a code is asked next; 409 where another page was first."""
    at = arrived_at()
    count_save(files=0, at=clock.now())
    person = g.applicant or g.idle_applicant
    draft = queries.hold_draft(person.id, draft_id)
    fields, seen = typed_pairs(request.form.items(multi=True)), request.form.get("seen", "")
    try:
        drafting.autosave(draft, Step(step), fields, turn=_turn(request.form.get("turn", "")), seen=seen, at=at)
    except drafting.StaleStep as stale:
        return {"message": stale.message}, 409
    return {"at": jst_clock(at)}, 200 if g.applicant else 401
