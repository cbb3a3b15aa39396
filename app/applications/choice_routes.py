"""併願: which openings of the campaign one application names, and in which order; works without a script."""

import uuid
from datetime import datetime

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.applications import choosing, queries
from app.applications.choice_queries import applied_in, get_calls, open_calls_of
from app.applications.choice_rows import CannotChoose
from app.applications.choice_rules import can_reorder, order_until
from app.applications.models import Draft
from app.applications.routes import blueprint, frame
from app.applications.steps import first_open_step
from app.core import clock
from app.core.access import allows
from app.core.arrival import arrived_at

PLACES = {"up": -1, "down": 1}


@blueprint.get("/apply/drafts/<uuid:draft_id>/choices")
@allows("draft.edit")
def choices(draft_id: uuid.UUID) -> str:
    at = clock.now()
    draft = queries.get_draft(g.applicant.id, draft_id)
    calls, answers = get_calls(draft, at=at), queries.answers_of(draft)
    chosen = {call.opening.id for call in calls.chosen}
    standing = applied_in(draft.applicant_id, calls.campaign.id) if calls.campaign else {}
    others = open_calls_of(calls.campaign.id, at=at) if calls.campaign else []
    return render_template(
        "apply/choices.html",
        **frame(calls, draft, answers),
        others=[call for call in others if call.opening.id not in chosen],
        left_out=[one for opening_id, one in standing.items() if opening_id not in chosen],
        places_taken=len(chosen | standing.keys()),
        may_reorder=can_reorder(calls, at=at) and calls.is_several,
        order_until=order_until(calls.chosen),
        following=first_open_step(calls.content, answers),
    )


@blueprint.post("/apply/drafts/<uuid:draft_id>/choices")
@allows("draft.edit")
def choose(draft_id: uuid.UUID) -> Response:
    draft, at = queries.get_draft(g.applicant.id, draft_id), arrived_at()
    act, opening_id = request.form.get("act", ""), request.form.get("opening", type=uuid.UUID)
    try:
        if opening_id:
            flash(press(draft, act, opening_id, at=at), "success")
    except CannotChoose as refusal:
        flash(refusal.message, "warning")
    return redirect(url_for("apply.choices", draft_id=draft_id), 303)


def may_see_rank(draft: Draft) -> bool:
    """Say whether the cities are shown the order."""
    campaign = get_calls(draft, at=clock.now()).campaign
    return campaign is not None and campaign.shows_rank


def press(draft: Draft, act: str, opening_id: uuid.UUID, *, at: datetime) -> str:
    """Do what a button of the page says; give the sentence that says what was done."""
    if act == "add":
        choosing.add(draft, queries.get_call(opening_id, at=at), at=at)
        return "募集を加えました。同じ質問には、もう一度答える必要はありません。"
    if act == "remove":
        was_sent = queries.find_application(draft.applicant_id, opening_id) is not None
        choosing.remove(draft, opening_id, at=at)
        return "希望から外しました。送信済みの応募はそのまま残っています。" if was_sent else "希望から外しました。"
    choosing.move(draft, opening_id, PLACES.get(act, 0), at=at)
    if may_see_rank(draft):
        return "順番を変えました。応募済みの自治体には、確認の画面で送り直すと新しい順番が届きます。"
    return "順番を変えました。順番は自分用の控えです。自治体には見えないので、送り直す必要はありません。"
