"""締切後に届いた応募: when each came, without what is in it, and the word of two people; on HR's blueprint."""

import uuid

from flask import flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import HiddenField, RadioField, TextAreaField

from app.accounts.looks import note_look
from app.applications import late_queries, late_services
from app.applications.late_models import LateOutcome
from app.applications.late_state import LateState
from app.applications.queries import Call, get_call
from app.applications.staff_routes import blueprint, crumbs, list_url
from app.core import clock
from app.core.access import allows
from app.core.forms import Form, MaxLength, Required, RequiredChoice
from app.core.numbers import whole_number
from app.openings.staff_queries import get_approved

LATE = "/staff/<slug>/openings/<uuid:opening_id>/late"
SAID = {
    LateState.PROPOSED: "判断を記録しました。もう1人の職員が同じ判断をすると、決まります。",
    LateState.ADMITTING: "受け付けることに決まりました。まもなく応募の一覧に加わり、本人に受付のメールを送ります。",
    LateState.REFUSED: "受け付けないことに決まりました。本人には、マイページにお知らせがあることをメールで知らせます。",
}


class RulingForm(Form):
    outcome = RadioField(
        "扱い", [RequiredChoice("扱いを選んでください")], choices=[(str(one), one.label) for one in LateOutcome]
    )
    late_reason = TextAreaField("理由", [Required("理由を入力してください"), MaxLength(1000)])
    seen = HiddenField()

    def version(self) -> int:
        return whole_number(self.seen.data, -1)


def _call(opening_id: uuid.UUID) -> Call:
    return get_call(get_approved(g.organisation.id, opening_id).id, at=clock.now())


@blueprint.get(LATE)
@allows("late.read")
def late(slug: str, opening_id: uuid.UUID) -> str:
    call = _call(opening_id)
    lines = late_queries.lines(call)
    note_look("list.late_attempts", f"opening:{opening_id}", rows=len(lines))
    return render_template(
        "staff_applications/late.html",
        call=call,
        opening=call.opening,
        lines=lines,
        may_rule=g.seat.may("late.rule"),
        may_open=g.seat.may("application.read"),
        crumbs=crumbs((call.opening.title, list_url(call.opening)), ("締切後に届いた応募", None)),
    )


@blueprint.get(f"{LATE}/<uuid:late_attempt_id>")
@allows("late.rule")
def late_one(slug: str, opening_id: uuid.UUID, late_attempt_id: uuid.UUID) -> str:
    page = _one(_call(opening_id), late_attempt_id, RulingForm(formdata=None))
    note_look("read.late_attempt", f"late_attempt:{late_attempt_id}")
    return page


def _one(call: Call, attempt_id: uuid.UUID, form: RulingForm) -> str:
    attempt = late_queries.get_attempt(g.organisation.id, call.opening.id, attempt_id)
    [line] = [one for one in late_queries.lines(call) if one.id == attempt.id]
    form.seen.data = str(len(line.rulings))
    if not line.is_complete:  # what lacks something is never admitted
        form.outcome.choices = [(str(LateOutcome.REFUSE), LateOutcome.REFUSE.label)]
    return render_template(
        "staff_applications/late_one.html",
        call=call,
        opening=call.opening,
        line=line,
        form=form,
        own=[one.outcome for one in line.rulings if one.ruled_by == g.staff_user.id],
        crumbs=crumbs(("締切後に届いた応募", _late_url(call)), (f"{line.number}件目", None)),
    )


def _late_url(call: Call) -> str:
    return url_for("staff_applications.late", slug=g.organisation.slug, opening_id=call.opening.id)


@blueprint.post(f"{LATE}/<uuid:late_attempt_id>")
@allows("late.rule")
def rule_late(slug: str, opening_id: uuid.UUID, late_attempt_id: uuid.UUID) -> Response | tuple[str, int]:
    call, form = _call(opening_id), RulingForm()
    attempt = late_queries.get_attempt(g.organisation.id, opening_id, late_attempt_id)
    if not form.validate():
        return _one(call, late_attempt_id, form), 422
    outcome, reason = LateOutcome(form.outcome.data), form.late_reason.data.strip()
    state = late_services.rule(attempt, call, outcome, reason, seen=form.version(), by=g.staff_user, at=clock.now())
    flash(SAID[state], "success")
    return redirect(_late_url(call), 303)
