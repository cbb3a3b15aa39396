"""One request for accommodation to several cities: each gets its own, sealed by itself, and none learns of another."""

import uuid
from collections.abc import Sequence

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from app.core.access import allows, takes_idle
from app.core.arrival import arrived_at
from app.core.errors import StaleWrite
from app.core.numbers import whole_number
from app.correspondence import accommodation_queries as queries
from app.correspondence import accommodation_services as services
from app.correspondence.accommodation_queries import Case
from app.correspondence.accommodation_routes import CHANGED
from app.correspondence.forms import NeedsInCitiesForm, as_typed
from app.correspondence.needs import Needs
from app.correspondence.routes import again, blueprint

IN_DRAFT = "/apply/drafts/<uuid:draft_id>/accommodations"
OF_APPLICATIONS = "/my/accommodations"
GONE = "辞退や中止のために申し出られなくなった募集があります。選び直してください"


@blueprint.get(OF_APPLICATIONS)
@allows("accommodation.own")
def accommodations() -> str:
    return _show(queries.cases_of(g.applicant.id))


@blueprint.post(OF_APPLICATIONS)
@allows("accommodation.own")
@takes_idle
def ask_several() -> Response | tuple[str, int]:
    form = NeedsInCitiesForm()
    return _keep(form, queries.cases_of(g.applicant.id)) if g.applicant else (again(form), 422)


@blueprint.get(IN_DRAFT)
@allows("accommodation.own")
def accommodations_in_draft(draft_id: uuid.UUID) -> str:
    return _show(queries.cases_in_draft(g.applicant.id, draft_id), draft_id)


@blueprint.post(IN_DRAFT)
@allows("accommodation.own")
@takes_idle
def ask_several_in_draft(draft_id: uuid.UUID) -> Response | tuple[str, int]:
    form = NeedsInCitiesForm()
    return (
        _keep(form, queries.cases_in_draft(g.applicant.id, draft_id), draft_id) if g.applicant else (again(form), 422)
    )


def _show(cases: Sequence[Case], draft_id: uuid.UUID | None = None) -> str:
    asked = [(row.changed_at, case.needs) for case in cases if (row := case.accommodation) and row.sealed]
    said = max(asked, key=lambda one: one[0])[1] if asked else Needs()
    return _page(cases, NeedsInCitiesForm(**as_typed(said), cities=[]), draft_id)


def _page(cases: Sequence[Case], form: NeedsInCitiesForm, draft_id: uuid.UUID | None) -> str:
    form.seen.data = form.seen.data or " ".join(f"{case.opening.id}:{case.version}" for case in cases)
    form.cities.choices = [
        SelectChoice(str(case.opening.id), f"{case.organisation.name}　{case.opening.title}") for case in cases
    ]
    return render_template(
        "correspondence/accommodations.html",
        cases=cases,
        form=form,
        url=request.path,
        is_draft=draft_id is not None,
        back_url=url_for("apply.step", draft_id=draft_id, step="questions") if draft_id else url_for("mypage.home"),
        one_url=lambda case: _one_url(case, draft_id),
    )


def _one_url(case: Case, draft_id: uuid.UUID | None) -> str:
    if draft_id is not None:
        return url_for("correspondence.accommodation_in_draft", draft_id=draft_id, opening_id=case.opening.id)
    return url_for("correspondence.accommodation", application_id=case.application.id) if case.application else ""


def _keep(
    form: NeedsInCitiesForm, cases: Sequence[Case], draft_id: uuid.UUID | None = None
) -> Response | tuple[str, int]:
    if not form.validate():
        return _page(cases, form, draft_id), 422
    chosen = [case for case in cases if str(case.opening.id) in form.cities.data]
    if len(chosen) < len(set(form.cities.data)):
        form.cities.errors = [GONE]
        return _page(cases, form, draft_id), 422
    try:
        services.ask(chosen, form.needs(), seen=_seen(form.seen.data), at=arrived_at())
    except StaleWrite:
        form.words.errors, form.seen.data = [CHANGED], ""
        return _page(_again(draft_id), form, draft_id), 422
    names = "、".join(dict.fromkeys(case.organisation.name for case in chosen))
    flash(f"{names}への申し出を{'保存しました。応募と一緒に届きます。' if draft_id else '受け付けました。'}", "success")
    return redirect(request.path, 303)


def _again(draft_id: uuid.UUID | None) -> list[Case]:
    return queries.cases_in_draft(g.applicant.id, draft_id) if draft_id else queries.cases_of(g.applicant.id)


def _seen(text: str | None) -> dict[uuid.UUID, int]:
    """Read which version of each request the page showed; what our pages do not write counts as nothing seen."""
    found = {}
    for pair in (text or "").split():
        opening, _colon, version = pair.partition(":")
        try:
            found[uuid.UUID(opening)] = whole_number(version, -1)
        except ValueError:
            continue
    return found
