"""Requests for erasure as HR reads them, and answers them by keeping everything (P-07, P-08); erasing_routes erases."""

import uuid

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.looks import note_look
from app.core import clock
from app.core.access import allows
from app.correspondence import request_queries as queries
from app.correspondence import request_services as services
from app.correspondence.request_forms import ErasureAnswerForm
from app.correspondence.request_queries import Erasure
from app.correspondence.staff_routes import blueprint

ANSWERED = "回答しました。応募者には「お知らせがあります」というメールだけを送ります。"
ONE = "/staff/<slug>/openings/<uuid:opening_id>/applications/<uuid:application_id>/erasure"


@blueprint.get("/staff/<slug>/erasures")
@allows("erasure.read")
def erasures(slug: str) -> str:
    found = queries.listing(g.organisation.id, request.args.get("page", 1, type=int))
    note_look("list.erasures", f"organisation:{g.organisation.id}", rows=len(found.lines))

    def url(number: int) -> str:
        return url_for("staff_correspondence.erasures", slug=slug, page=number if number > 1 else None)

    return render_template("staff_correspondence/erasures.html", found=found, today=clock.today(), url=url)


@blueprint.get(ONE)
@allows("erasure.read")
def erasure(slug: str, opening_id: uuid.UUID, application_id: uuid.UUID) -> str:
    found = queries.get_erasure(g.organisation.id, opening_id, application_id)
    page = _page(found, ErasureAnswerForm())
    note_look("read.erasure", f"application:{application_id}", rows=len(found.requests))
    return page


@blueprint.post(ONE)
@allows("erasure.answer")
def answer_erasure(slug: str, opening_id: uuid.UUID, application_id: uuid.UUID) -> Response | tuple[str, int]:
    found, form = queries.get_erasure(g.organisation.id, opening_id, application_id), ErasureAnswerForm()
    if not form.validate():
        return _page(found, form), 422
    services.keep_all(found, form.words.data, by=g.staff_user, at=clock.now())
    flash(ANSWERED, "success")
    return redirect(request.path, 303)


def _page(found: Erasure, form: ErasureAnswerForm) -> str:
    return render_template(
        "staff_correspondence/erasure.html",
        found=found,
        today=clock.today(),
        form=form,
        url=request.path,
        erase_url=f"{request.path}/erase",
        may_answer=found.waiting is not None,
        crumbs=[
            ("削除の請求", url_for("staff_correspondence.erasures", slug=g.organisation.slug)),
            (found.opening.title, None),
        ],
    )
