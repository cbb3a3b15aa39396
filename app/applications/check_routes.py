"""From 応募資格セルフチェック to a draft, only when the person presses the button."""

import uuid

from flask import g, redirect, request
from werkzeug.wrappers import Response

from app.accounts.guard import APPLICANT_COOKIE
from app.applications import from_check, queries
from app.applications.choice_queries import get_calls
from app.applications.routes import COOKIE_DAYS, blueprint, step_url
from app.applications.steps import first_open_step
from app.applications.using_limits import count_start
from app.core import clock
from app.core.access import allows
from app.core.arrival import arrived_at
from app.core.csrf import set_cookie


@blueprint.post("/apply/openings/<uuid:opening_id>/checked")
@allows("draft.start")
def begin_checked(opening_id: uuid.UUID) -> Response:
    count_start(at=clock.now())
    at = arrived_at()
    call = queries.get_call(opening_id, at=at)
    started = from_check.start_filled(call, request.form.items(multi=True), applicant=g.applicant, at=at)
    following = first_open_step(get_calls(started.draft, at=at).content, queries.answers_of(started.draft))
    answer = redirect(step_url(started.draft, following), 303)
    if started.token is not None:
        set_cookie(answer, APPLICANT_COOKIE, started.token, days=COOKIE_DAYS)
    return answer
