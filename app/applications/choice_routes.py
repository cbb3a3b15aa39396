"""併願: which openings of the campaign one application names, and in which order; works without a script."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.applications import choosing, queries
from app.applications.choice_queries import applied_in, get_calls
from app.applications.choice_rows import CannotChoose
from app.applications.choice_rules import can_reorder, holding, order_until
from app.applications.models import Draft
from app.applications.places import offers
from app.applications.routes import blueprint, frame
from app.applications.steps import Step, first_open_step
from app.core import clock
from app.core.access import allows
from app.core.arrival import arrived_at

ADDED = "募集を加えました。同じ質問には、もう一度答える必要はありません。"
PLACES = {"up": -1, "down": 1}


@blueprint.get("/apply/drafts/<uuid:draft_id>/choices")
@allows("draft.edit")
def choices(draft_id: uuid.UUID) -> str:
    at = clock.now()
    draft = queries.get_draft(g.applicant.id, draft_id)
    calls, answers = get_calls(draft, at=at), queries.answers_of(draft)
    chosen = {call.opening.id for call in calls.chosen}
    standing = applied_in(draft.applicant_id, calls.campaign.id) if calls.campaign else {}
    return render_template(
        "apply/choices.html",
        **frame(calls, draft, answers),
        offers=offers(draft, calls.campaign, at=at) if calls.campaign else [],
        left_out=[one for opening_id, one in standing.items() if opening_id not in chosen],
        places_taken=len(holding(queries.find_calls(chosen | standing.keys()).values())),
        may_reorder=can_reorder(calls, at=at) and calls.is_several,
        order_until=order_until(calls.chosen),
        following=first_open_step(calls.content, answers),
        moved=request.args.get("moved", type=uuid.UUID),
    )


@blueprint.post("/apply/drafts/<uuid:draft_id>/choices")
@allows("draft.edit")
def choose(draft_id: uuid.UUID) -> Response:
    draft, at = queries.get_draft(g.applicant.id, draft_id), arrived_at()
    act, opening_id = request.form.get("act", ""), request.form.get("opening", type=uuid.UUID)
    try:
        if opening_id and act in PLACES:
            choosing.move(draft, opening_id, PLACES[act], at=at)
            here = url_for("apply.choices", draft_id=draft_id, moved=opening_id, _anchor=f"choice-{opening_id}")
            return redirect(here, 303)
        if opening_id:
            flash(press(draft, act, opening_id, at=at), "success")
    except CannotChoose as refusal:
        flash(refusal.message, "warning")
    return redirect(url_for("apply.choices", draft_id=draft_id), 303)


def added(reopened: Sequence[Step]) -> str:
    """Say that an opening was added, and in which finished steps it asks something new."""
    if not reopened:
        return ADDED
    steps = "」と「".join(step.label for step in reopened)
    return f"{ADDED}ただし「{steps}」には、この募集だけの新しい質問があります。送信する前に答えてください。"


def press(draft: Draft, act: str, opening_id: uuid.UUID, *, at: datetime) -> str:
    """Do what a button of the page says; give the sentence that says what was done."""
    if act == "add":
        return added(choosing.add(draft, queries.get_call(opening_id, at=at), at=at))
    choosing.remove(draft, opening_id, at=at)
    return "希望から外しました。書いた回答は残っています。もう一度加えると、続きから書けます。"
