"""What a person asks about their data: drop a draft, mend the contact, ask a city to erase its record."""

import uuid

from flask import flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.applications.queries import find_calls, get_application, is_erased
from app.core import clock
from app.core.access import allows
from app.core.arrival import arrived_at
from app.correspondence import request_queries as queries
from app.correspondence import request_services as services
from app.correspondence.request_forms import ContactForm, ErasureForm
from app.correspondence.request_queries import Erasure
from app.correspondence.routes import blueprint
from app.organisations.periods import answer_by
from app.organisations.queries import settings_of

DROP = "/my/drafts/<uuid:draft_id>/drop"
CONTACT = "/my/applications/<uuid:application_id>/contact"
ERASURE = "/my/applications/<uuid:application_id>/erasure"


@blueprint.get(DROP)
@allows("request.own")
def drop_form(draft_id: uuid.UUID) -> str:
    found = queries.get_droppable(g.applicant.id, draft_id)
    calls = find_calls(one.id for one in found.openings)
    return render_template("correspondence/drop.html", found=found, calls=calls.values())


@blueprint.post(DROP)
@allows("request.own")
def drop(draft_id: uuid.UUID) -> Response:
    services.drop_draft(queries.get_droppable(g.applicant.id, draft_id))
    flash("下書きを消しました。", "success")
    return redirect(url_for("mypage.home"), 303)


@blueprint.get(CONTACT)
@allows("request.own")
def contact_form(application_id: uuid.UUID) -> str:
    one = get_application(g.applicant.id, application_id)
    return _contact_page(application_id, ContactForm(phone=one.phone, postal_code=one.postal_code, address=one.address))


@blueprint.post(CONTACT)
@allows("request.own")
def change_contact(application_id: uuid.UUID) -> Response | tuple[str, int]:
    form = ContactForm()
    if not form.validate():
        return _contact_page(application_id, form), 422
    one = get_application(g.applicant.id, application_id)
    if services.change_contact(one, form.contact(), at=arrived_at(), by=g.applicant.actor):
        flash("連絡先を直しました。自治体の画面でも、すぐに新しい連絡先になります。", "success")
    return redirect(url_for("mypage.application", application_id=application_id), 303)


def _contact_page(application_id: uuid.UUID, form: ContactForm) -> str:
    found = queries.erasure_of(g.applicant.id, application_id)
    return render_template("correspondence/contact.html", found=found, organisation=found.organisation, form=form)


@blueprint.get(ERASURE)
@allows("request.own")
def erasure_form(application_id: uuid.UUID) -> str:
    return _erasure_page(queries.erasure_of(g.applicant.id, application_id), ErasureForm())


@blueprint.post(ERASURE)
@allows("request.own")
def ask_erasure(application_id: uuid.UUID) -> Response | tuple[str, int]:
    form, found = ErasureForm(), queries.erasure_of(g.applicant.id, application_id)
    if not form.validate():
        return _erasure_page(found, form), 422
    services.ask_erasure(found, form.reason.data or "", at=arrived_at(), by=g.applicant.actor)
    flash("削除の請求を受け付けました。自治体の回答は、この画面に表示します。", "success")
    return redirect(url_for("correspondence.erasure_form", application_id=application_id), 303)


@blueprint.post(f"{ERASURE}/withdraw")
@allows("request.own")
def withdraw_erasure(application_id: uuid.UUID) -> Response:
    services.withdraw_erasure(queries.erasure_of(g.applicant.id, application_id), at=arrived_at(), by=g.applicant.actor)
    flash("削除の請求を取り下げました。応募の記録は、そのまま残ります。", "success")
    return redirect(url_for("correspondence.erasure_form", application_id=application_id), 303)


def _erasure_page(found: Erasure, form: ErasureForm) -> str:
    return render_template(
        "correspondence/erasure.html",
        found=found,
        is_erased=is_erased(found.application),
        held=queries.held_of(found.application),
        answer_by=answer_by(clock.today(), settings_of(found.organisation.id, at=clock.now())),
        organisation=found.organisation,
        form=form,
    )
