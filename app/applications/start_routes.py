"""応募を始める: what to have ready, and the press that makes the draft (B1, design 15, 22)."""

import uuid

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.guard import APPLICANT_COOKIE
from app.applications import queries, starting
from app.applications.choice_queries import find_source, get_calls
from app.applications.choice_routes import added
from app.applications.choice_rows import CannotChoose
from app.applications.routes import COOKIE_DAYS, asks, blueprint, step_url
from app.applications.steps import counts_experience, first_open_step
from app.applications.using_limits import count_start
from app.core import clock
from app.core.access import allows
from app.core.arrival import arrived_at
from app.core.csrf import set_cookie


@blueprint.get("/apply/openings/<uuid:opening_id>")
@allows("draft.start")
def start(opening_id: uuid.UUID) -> str:
    at = clock.now()
    call = queries.get_call(opening_id, at=at)
    found = starting.begun(call, g.applicant, at=at)
    return render_template(
        "apply/start.html",
        call=call,
        organisation=call.organisation,
        begun=found,
        draft_url=step_url(found.draft, found.following) if found.draft else None,
        is_open=call.is_open(at),
        is_over=call.is_over(at),
        counts_experience=counts_experience(call.content),
        asks=asks(call.content),
    )


@blueprint.post("/apply/openings/<uuid:opening_id>")
@allows("draft.start")
def begin(opening_id: uuid.UUID) -> Response:
    count_start(at=clock.now())
    at = arrived_at()
    call = queries.get_call(opening_id, at=at)
    source = find_source(g.applicant.id) if g.applicant and "copy" in request.form else None
    try:
        started = starting.start(call, applicant=g.applicant, at=at, source=source)
    except CannotChoose as refusal:
        joint = starting.begun(call, g.applicant, at=at).joint
        refusal.way = ("希望する募集を見直す", url_for("apply.choices", draft_id=joint.id)) if joint else None
        raise
    if started.reopened:
        flash(added(started.reopened), "success")
    following = first_open_step(get_calls(started.draft, at=at).content, queries.answers_of(started.draft))
    answer = redirect(step_url(started.draft, following), 303)
    if started.token is not None:
        set_cookie(answer, APPLICANT_COOKIE, started.token, days=COOKIE_DAYS)
    return answer
