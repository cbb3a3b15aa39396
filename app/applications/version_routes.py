"""Earlier versions of an application, read only, and what one voided recorded anew; on HR's blueprint."""

import uuid

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.looks import note_look
from app.applications import screening, screening_detail, voided
from app.applications.staff_routes import ONE, blueprint, crumbs, documents_that_open
from app.applications.summary import sections
from app.core import clock
from app.core.access import allows


@blueprint.get(f"{ONE}/versions/<int:number>")
@allows("application.read")
def version(slug: str, opening_id: uuid.UUID, application_id: uuid.UUID, number: int) -> str:
    last = screening_detail.get_view(g.organisation.id, opening_id, application_id)
    view = screening_detail.get_earlier(last, number)
    one_url = url_for("staff_applications.detail", slug=slug, opening_id=opening_id, application_id=application_id)
    page = render_template(
        "staff_applications/version.html",
        view=view,
        last=last.version,
        versions=last.versions,
        since=screening_detail.changes_between(view.version, last.version),
        changes=screening_detail.changes_of_last(view),
        sections=sections(view.content, view.answers, lambda _step: None),
        labels={kind.key: kind.label for kind in view.content.documents},
        can_open=documents_that_open(),
        one_url=one_url,
        crumbs=crumbs((view.application.receipt_number, one_url), (f"第{number}版", None)),
    )
    note_look("read.version", f"application_version:{view.version.id}")
    return page


@blueprint.post(f"{ONE}/confirm-again")
@allows("finding.confirm")
def confirm_again(slug: str, opening_id: uuid.UUID, application_id: uuid.UUID) -> Response:
    view = screening_detail.get_view(g.organisation.id, opening_id, application_id)
    same = voided.rulings_again(voided.repeatable(view))
    rows = screening.confirm(view, same, seen=request.form.get("seen", ""), by=g.staff_user, at=clock.now())
    flash(f"前の版と同じ確認を、{len(rows)}件記録しました。", "success")
    return redirect(
        url_for("staff_applications.detail", slug=slug, opening_id=opening_id, application_id=application_id), 303
    )
