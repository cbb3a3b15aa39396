"""Withdrawing an application and taking that back, on the person's own pages."""

import uuid

from flask import flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import TextAreaField

from app.applications import queries, services
from app.applications.choice_queries import joint_campaign
from app.applications.policy import UNDO_WITHIN
from app.applications.routes import blueprint
from app.core.access import allows
from app.core.arrival import arrived_at
from app.core.errors import DomainError
from app.core.forms import Form, MaxLength
from app.core.templating import jst
from app.eligibility.job_forms import plain_text


class WithdrawForm(Form):
    reason = TextAreaField("辞退の理由", [MaxLength(500)], filters=[plain_text])


@blueprint.get("/my/applications/<uuid:application_id>/withdraw")
@allows("application.withdraw")
def withdraw_form(application_id: uuid.UUID) -> str:
    return _page(application_id, WithdrawForm())


@blueprint.post("/my/applications/<uuid:application_id>/withdraw")
@allows("application.withdraw")
def withdraw(application_id: uuid.UUID) -> Response | tuple[str, int]:
    form = WithdrawForm()
    if not form.validate():
        return _page(application_id, form), 422
    application = queries.get_application(g.applicant.id, application_id)
    at = arrived_at()
    services.withdraw(application, reason=form.reason.data, at=at, by=g.applicant.actor)
    flash(f"辞退の申し出を受け付けました。{jst(at + UNDO_WITHIN)}まで、この画面で取り消せます。", "success")
    return redirect(url_for("mypage.application", application_id=application_id), 303)


@blueprint.post("/my/applications/<uuid:application_id>/reinstate")
@allows("application.withdraw")
def reinstate(application_id: uuid.UUID) -> Response:
    application = queries.get_application(g.applicant.id, application_id)
    try:
        services.reinstate(application, at=arrived_at(), by=g.applicant.actor)
    except DomainError as refusal:
        refusal.way = "応募に戻る", url_for("mypage.application", application_id=application_id)
        raise
    flash("辞退を取り消しました。応募は、もとのとおり受け付けられています。", "success")
    return redirect(url_for("mypage.application", application_id=application_id), 303)


def _page(application_id: uuid.UUID, form: WithdrawForm) -> str:
    application = queries.get_application(g.applicant.id, application_id)
    call = queries.call_of(application, queries.versions_of(application)[0])
    return render_template(
        "apply/withdraw.html",
        form=form,
        application=application,
        call=call,
        organisation=call.organisation,
        campaign=joint_campaign(call.opening),
    )
