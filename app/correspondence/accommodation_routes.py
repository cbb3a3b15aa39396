"""Accommodation (合理的配慮) on its own page: beside a draft, and of an application, also after the deadline."""

import uuid
from collections.abc import Callable

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.core.access import allows, takes_idle
from app.core.arrival import arrived_at
from app.core.errors import StaleWrite
from app.core.numbers import whole_number
from app.correspondence import accommodation_queries as queries
from app.correspondence import accommodation_services as services
from app.correspondence.accommodation_queries import Case
from app.correspondence.forms import NeedsForm, as_typed
from app.correspondence.routes import again, blueprint

IN_DRAFT = "/apply/drafts/<uuid:draft_id>/openings/<uuid:opening_id>/accommodation"
OF_APPLICATION = "/my/applications/<uuid:application_id>/accommodation"
CHANGED = "画面を開いたあとに、申し出か回答が変わりました。下の内容を確かめて、もう一度送信してください"


@blueprint.get(IN_DRAFT)
@allows("accommodation.own")
def accommodation_in_draft(draft_id: uuid.UUID, opening_id: uuid.UUID) -> str:
    return _show(queries.case_in_draft(g.applicant.id, draft_id, opening_id), _draft_url(draft_id))


@blueprint.post(IN_DRAFT)
@allows("accommodation.own")
@takes_idle
def ask_in_draft(draft_id: uuid.UUID, opening_id: uuid.UUID) -> Response | tuple[str, int]:
    return _keep(lambda: queries.case_in_draft(g.applicant.id, draft_id, opening_id), _draft_url(draft_id))


@blueprint.post(f"{IN_DRAFT}/withdraw")
@allows("accommodation.own")
def withdraw_in_draft(draft_id: uuid.UUID, opening_id: uuid.UUID) -> Response:
    return _withdraw(queries.case_in_draft(g.applicant.id, draft_id, opening_id))


@blueprint.get(OF_APPLICATION)
@allows("accommodation.own")
def accommodation(application_id: uuid.UUID) -> str:
    return _show(queries.case_of(g.applicant.id, application_id), _application_url(application_id))


@blueprint.post(OF_APPLICATION)
@allows("accommodation.own")
@takes_idle
def ask_accommodation(application_id: uuid.UUID) -> Response | tuple[str, int]:
    return _keep(lambda: queries.case_of(g.applicant.id, application_id), _application_url(application_id))


@blueprint.post(f"{OF_APPLICATION}/withdraw")
@allows("accommodation.own")
def withdraw_accommodation(application_id: uuid.UUID) -> Response:
    return _withdraw(queries.case_of(g.applicant.id, application_id))


def _draft_url(draft_id: uuid.UUID) -> str:
    return url_for("apply.step", draft_id=draft_id, step="questions")


def _application_url(application_id: uuid.UUID) -> str:
    return url_for("mypage.application", application_id=application_id)


def _show(case: Case, back_url: str) -> str:
    return _page(case, NeedsForm(**as_typed(case.needs), seen=str(case.version)), back_url)


def _page(case: Case, form: NeedsForm, back_url: str) -> str:
    return render_template(
        "correspondence/accommodation.html",
        case=case,
        organisation=case.organisation,
        form=form,
        url=request.path,
        back_url=back_url,
    )


def _keep(find: Callable[[], Case], back_url: str) -> Response | tuple[str, int]:
    form = NeedsForm()
    if g.applicant is None:
        return again(form), 422
    valid, case = form.validate(), find()
    if not valid:
        return _page(case, form, back_url), 422
    try:
        services.ask([case], form.needs(), seen={case.opening.id: whole_number(form.seen.data, -1)}, at=arrived_at())
    except StaleWrite:
        form.words.errors, form.seen.data = [CHANGED], str(find().version)
        return _page(find(), form, back_url), 422
    flash("申し出を受け付けました。" if case.application else "申し出を保存しました。応募と一緒に届きます。", "success")
    return redirect(request.path, 303)


def _withdraw(case: Case) -> Response:
    services.withdraw(case, at=arrived_at())
    flash("申し出を取り下げました。書いた内容は消しました。", "success")
    return redirect(request.path.removesuffix("/withdraw"), 303)
