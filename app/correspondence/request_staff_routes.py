"""Requests for erasure as HR reads and answers them: by keeping everything, or by erasing at once (P-07, P-08)."""

import uuid

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.looks import note_look
from app.core import clock
from app.core.access import allows
from app.correspondence import erasing
from app.correspondence import request_queries as queries
from app.correspondence import request_services as services
from app.correspondence.erasing_queries import Erasable, get_erasable
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


@blueprint.get(f"{ONE}/erase")
@allows("erasure.answer")
def erase_form(slug: str, opening_id: uuid.UUID, application_id: uuid.UUID) -> str:
    return _confirm(get_erasable(g.organisation.id, opening_id, application_id, at=clock.now()), ErasureAnswerForm())


@blueprint.post(f"{ONE}/erase")
@allows("erasure.answer")
def erase(slug: str, opening_id: uuid.UUID, application_id: uuid.UUID) -> Response | tuple[str, int]:
    form, at = ErasureAnswerForm(), clock.now()
    what = get_erasable(g.organisation.id, opening_id, application_id, at=at)
    if not form.validate():
        return _confirm(what, form), 422
    erasing.erase(what, form.words.data, by=g.staff_user, at=at)
    flash(f"消しました。{ANSWERED}", "success")
    return redirect(request.path.removesuffix("/erase"), 303)


def _confirm(what: Erasable, form: ErasureAnswerForm) -> str:
    one_url = request.path.removesuffix("/erase")
    return render_template(
        "staff_correspondence/erase.html",
        what=what,
        form=form,
        url=request.path,
        back_url=one_url,
        crumbs=[
            ("削除の請求", url_for("staff_correspondence.erasures", slug=g.organisation.slug)),
            (what.of.opening.title, one_url),
            ("消して回答する", None),
        ],
    )


def _page(found: Erasure, form: ErasureAnswerForm) -> str:
    return render_template(
        "staff_correspondence/erasure.html",
        found=found,
        today=clock.today(),
        form=form,
        url=request.path,
        erase_url=f"{request.path}/erase",
        may_answer=g.seat.may("erasure.answer") and found.waiting is not None,
        crumbs=[
            ("削除の請求", url_for("staff_correspondence.erasures", slug=g.organisation.slug)),
            (found.opening.title, None),
        ],
    )
