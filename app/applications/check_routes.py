"""From 応募資格セルフチェック to a draft, only when the person presses the button."""

import uuid

from flask import g, redirect, request
from werkzeug.wrappers import Response

from app.accounts.applicants import scaled
from app.accounts.guard import APPLICANT_COOKIE
from app.applications import from_check, queries
from app.applications.routes import COOKIE_DAYS, STARTS_PER_ADDRESS, blueprint, step_url
from app.applications.steps import first_open_step
from app.core import clock
from app.core.access import allows
from app.core.arrival import arrived_at, network_address
from app.core.csrf import set_cookie
from app.core.limits import count


@blueprint.post("/apply/openings/<uuid:opening_id>/checked")
@allows("draft.start")
def begin_checked(opening_id: uuid.UUID) -> Response:
    count(scaled(STARTS_PER_ADDRESS), network_address(), at=clock.now())
    at = arrived_at()
    call = queries.get_call(opening_id, at=at)
    started = from_check.start_filled(call, request.form.items(multi=True), applicant=g.applicant, at=at)
    following = first_open_step(call.content, queries.answers_of(started.draft))
    answer = redirect(step_url(started.draft, following), 303)
    if started.token is not None:
        set_cookie(answer, APPLICANT_COOKIE, started.token, days=COOKIE_DAYS)
    return answer
