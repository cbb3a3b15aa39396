"""Requests for accommodation as HR with that grant reads and answers them; to everybody else nothing is here."""

import uuid

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.looks import note_look
from app.core import clock
from app.core.access import allows
from app.core.errors import StaleWrite
from app.core.numbers import whole_number
from app.correspondence import accommodation_queries as queries
from app.correspondence import accommodation_services as services
from app.correspondence.accommodation_queries import Case
from app.correspondence.accommodation_routes import CHANGED
from app.correspondence.forms import AccommodationAnswerForm
from app.correspondence.models import AccommodationState
from app.correspondence.staff_routes import blueprint

ONE = "/staff/<slug>/openings/<uuid:opening_id>/applications/<uuid:application_id>/accommodation"


@blueprint.get("/staff/<slug>/accommodations")
@allows("accommodation.read")
def accommodations(slug: str) -> str:
    found = queries.listing(g.organisation.id, request.args.get("page", 1, type=int))
    note_look("list.accommodations", f"organisation:{g.organisation.id}", rows=len(found.lines))

    def url(number: int) -> str:
        return url_for("staff_correspondence.accommodations", slug=slug, page=number if number > 1 else None)

    return render_template("staff_correspondence/accommodations.html", found=found, url=url, case_url=_line_url)


def _line_url(line: queries.Line) -> str:
    return url_for(
        "staff_correspondence.accommodation",
        slug=g.organisation.slug,
        opening_id=line.opening.id,
        application_id=line.application.id,
    )


@blueprint.get(ONE)
@allows("accommodation.read")
def accommodation(slug: str, opening_id: uuid.UUID, application_id: uuid.UUID) -> str:
    case = queries.get_case(g.organisation.id, opening_id, application_id)
    state = case.accommodation.state.value if case.accommodation else None
    return _show(case, AccommodationAnswerForm(state=state, words=case.answer, seen=str(case.version)))


@blueprint.post(ONE)
@allows("accommodation.answer")
def answer_accommodation(slug: str, opening_id: uuid.UUID, application_id: uuid.UUID) -> Response | tuple[str, int]:
    case, form = queries.get_case(g.organisation.id, opening_id, application_id), AccommodationAnswerForm()
    if not form.validate():
        return _show(case, form), 422
    state, words = AccommodationState(form.state.data), form.words.data or ""
    try:
        services.answer(case, state, words, seen=whole_number(form.seen.data, -1), by=g.staff_user, at=clock.now())
    except StaleWrite:
        form.words.errors, form.seen.data = [CHANGED], str(case.version)
        return _show(case, form), 422
    flash("回答を送りました。応募者には「お知らせがあります」というメールだけを送ります。", "success")
    return redirect(request.path, 303)


def _show(case: Case, form: AccommodationAnswerForm) -> str:
    page = render_template(
        "staff_correspondence/accommodation.html",
        case=case,
        form=form,
        url=request.path,
        crumbs=[
            ("配慮", url_for("staff_correspondence.accommodations", slug=g.organisation.slug)),
            (case.opening.title, None),
        ],
    )
    if case.accommodation is not None and request.method == "GET":
        note_look("read.accommodation", f"accommodation:{case.accommodation.id}")
    return page
