"""HR: openings with their applicants, the list, one application, its files; confirm and accept."""

import uuid
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.looks import note_look
from app.applications import list_queries, policy, screening, screening_detail, screening_queries, suspicion, voided
from app.applications.applicant_list import PER_PAGE, Asked, Mark, Sort
from app.applications.file_queries import get_document
from app.applications.models import Application, StoredFile
from app.applications.reaching import count_unsent
from app.applications.screening_detail import ApplicationView
from app.applications.screening_models import FindingOutcome
from app.applications.staff_forms import RulingsForm, SearchForm, rulings_form
from app.applications.standing import Standing
from app.applications.summary import sections
from app.core import clock, storage
from app.core.access import allows
from app.core.downloads import attachment
from app.core.errors import DomainError, NotFound
from app.files.kept import ScanState
from app.openings.models import Opening
from app.openings.policy import goes_on as is_going_on
from app.openings.revision_models import Criterion
from app.openings.staff_queries import get_approved
from app.organisations.file_rule import unscanned_files
from app.outbox.queries import mails_about

blueprint = Blueprint("staff_applications", __name__)

LIST = "/staff/<slug>/openings/<uuid:opening_id>/applications"
ONE = f"{LIST}/<uuid:application_id>"


def list_url(opening: Opening, **args: Any) -> str:
    return url_for("staff_applications.listing", slug=g.organisation.slug, opening_id=opening.id, **args)


def crumbs(*more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    return [("応募・選考", url_for("staff_applications.openings", slug=g.organisation.slug)), *more]


def _one_url(view: ApplicationView, endpoint: str = "detail") -> str:
    where = {"slug": g.organisation.slug, "opening_id": view.opening.id, "application_id": view.application.id}
    return url_for(f"staff_applications.{endpoint}", **where)


@blueprint.get("/staff/<slug>/applications")
@allows("application.list")
def openings(slug: str) -> str:
    rows = screening_queries.openings_with_counts(g.organisation.id, at=clock.now())
    return render_template("staff_applications/openings.html", rows=rows, standings=list(Standing), list_url=list_url)


@blueprint.post("/staff/<slug>/applications/find")
@allows("application.list")
def find(slug: str) -> Response:
    """Open the application of a receipt number that somebody reads out on the telephone."""
    found = screening_queries.find_by_receipt_number(g.organisation.id, request.form.get("number", ""))
    if found is None:
        flash("この受付番号の応募は見つかりません。番号を確かめてください（末尾の1文字は確認用です）。", "warning")
        return redirect(url_for("staff_applications.openings", slug=slug), 303)
    place = url_for("staff_applications.detail", slug=slug, opening_id=found.opening_id, application_id=found.id)
    return redirect(place, 303)  # that page notes who looked


@blueprint.get(LIST)
@allows("application.list")
def listing(slug: str, opening_id: uuid.UUID) -> str:
    return _show_list(get_approved(g.organisation.id, opening_id), Asked.of(request.args))


def _show_list(opening: Opening, asked: Asked) -> str:
    typed = _typed(opening, asked.search) if asked.search else None
    found = list_queries.applicants(opening, asked, typed=typed)
    action = "search.applications" if typed is not None else "list.applications"
    note_look(action, f"opening:{opening.id}", rows=len(found.lines))
    return render_template(
        "staff_applications/listing.html",
        opening=opening,
        goes_on=is_going_on(opening),
        **_criteria(opening),
        found=found,
        drafts=count_unsent(opening.id),
        asked=asked,
        form=SearchForm(formdata=None, typed=typed),
        typed=typed,
        marks=_marks([line.application for line in found.lines]),
        tabs=[(None, "すべて", sum(found.counts.values())), *((s, s.label, found.counts[s]) for s in Standing)],
        **_list_links(opening, asked),
        crumbs=crumbs((opening.title, None)),
    )


def _criteria(opening: Opening) -> dict[str, Any]:
    found = screening_queries.criteria_of(opening)
    return {"criteria": found, "subjects": _subjects(found)}


def _subjects(criteria: Sequence[Criterion]) -> list[tuple[str, str]]:
    """Give the criteria whose computed outcome the list is filtered by, as choices."""
    each = [(one.key, f"要件{n}　{one.label[:16]}") for n, one in enumerate(criteria, 1)]
    return [("", "必須の要件すべて"), *each]


def _list_links(opening: Opening, asked: Asked) -> dict[str, Any]:
    """Give the addresses of this list in another order, with another filter, at another page."""
    kept = ("standing", "search")  # what the form of filters leaves as it is
    return {
        "sorts": {sort.value: (list_url(opening, **asked.sorted_by(sort)), asked.direction(sort)) for sort in Sort},
        "url": lambda **changes: list_url(opening, **asked.args(**changes)),
        "pages": lambda number: list_url(opening, **asked.args(page=number)),
        "kept": [(name, value) for name, value in asked.args().items() if name in kept and value is not None],
        "sizes": [(size, f"{size}件ずつ") for size in PER_PAGE],
        "marks_asked": [(mark.value, mark.label) for mark in Mark],
        "outcomes": [(outcome.value, outcome.label) for outcome in FindingOutcome],
        "orders": [(sort.value, sort.label) for sort in Sort],
    }


def _marks(applications: list[Application]) -> dict[uuid.UUID, Any]:
    """What the room to the right has to say of these applications to this seat."""
    found: dict[uuid.UUID, Any] = current_app.extensions["koubo.marks"](g.seat, applications)
    return found


def _typed(opening: Opening, search_id: uuid.UUID) -> str:
    mine = g.organisation.id, opening.id, search_id, g.staff_user.id
    found = screening_queries.find_search(*mine, at=clock.now())
    if found is None:
        raise NotFound
    return found


@blueprint.post(f"{LIST}/search")
@allows("application.list")
def search(slug: str, opening_id: uuid.UUID) -> Response:
    opening = get_approved(g.organisation.id, opening_id)
    form = SearchForm()
    if not form.validate():
        flash("探す言葉（氏名、かな、受付番号、メールアドレス）を入力してください。", "error")
        return redirect(list_url(opening), 303)
    row = screening.search(opening, form.typed.data, by=g.staff_user, at=clock.now())
    return redirect(list_url(opening, search=row.id), 303)


def _view(opening_id: uuid.UUID, application_id: uuid.UUID) -> ApplicationView:
    return screening_detail.get_view(g.organisation.id, opening_id, application_id)


@blueprint.get(ONE)
@allows("application.read")
def detail(slug: str, opening_id: uuid.UUID, application_id: uuid.UUID) -> str:
    view = _view(opening_id, application_id)
    page = _show(view, rulings_form(view.criteria, view.seen))
    note_look("read.application", f"application:{application_id}")
    return page


def _show(view: ApplicationView, form: RulingsForm) -> str:
    return render_template(
        "staff_applications/detail.html",
        view=view,
        form=form,
        sections=sections(view.content, view.answers, lambda _step: None),
        changes=screening_detail.changes_of_last(view),
        same=voided.repeatable(view),
        labels={kind.key: kind.label for kind in view.content.documents},
        mails=mails_about(g.organisation.id, view.application.id),
        **_may(view),
        signs=suspicion.labels(view.application.check_reason),
        marks=_marks([view.application]).get(view.application.id, ()),
        **_ways(view),
        crumbs=crumbs((view.opening.title, list_url(view.opening)), (view.application.receipt_number, None)),
    )


def _ways(view: ApplicationView) -> dict[str, Any]:
    """Give the addresses to which this page leads, None where there is nothing for this seat."""
    next_id = screening_detail.find_next(view)
    where = {"slug": g.organisation.slug, "opening_id": view.opening.id}
    messages = url_for("staff_correspondence.of_application", application_id=view.application.id, **where)
    return {
        "urls": {name: _one_url(view, name) for name in ("confirm", "confirm_again", "accept", "clear_mark")},
        "messages_url": messages if g.seat.may("message.read") else None,
        "next_url": url_for("staff_applications.detail", application_id=next_id, **where) if next_id else None,
    }


def _may(view: ApplicationView) -> dict[str, Any]:
    """Say what this seat may do here as things stand."""
    goes_on = is_going_on(view.opening)
    return {
        "goes_on": goes_on,
        "may_confirm": goes_on
        and g.seat.may("finding.confirm")
        and policy.can_confirm(view.application, view.standing),
        "may_accept": goes_on
        and g.seat.may("application.accept")
        and policy.can_accept(view.application, view.standing, view.duplicate),
        "can_open": documents_that_open(),
    }


def documents_that_open() -> Callable[[StoredFile], bool]:
    """Give what says of a file whether this organisation's staff open it."""
    return partial(policy.can_open, unscanned=unscanned_files(g.organisation.id, at=clock.now()))


@blueprint.post(f"{ONE}/confirm")
@allows("finding.confirm")
def confirm(slug: str, opening_id: uuid.UUID, application_id: uuid.UUID) -> Response | tuple[str, int]:
    view = _view(opening_id, application_id)
    form = rulings_form(view.criteria, view.seen)
    if not form.validate():
        return _show(view, form), 422
    rows = screening.confirm(view, form.rulings(), seen=form.seen.data or "", by=g.staff_user, at=clock.now())
    if rows:
        flash(f"{len(rows)}件の確認を記録しました。", "success")
    else:
        flash("変わったところがないため、何も記録していません。")
    return redirect(_one_url(view), 303)


@blueprint.post(f"{ONE}/accept")
@allows("application.accept")
def accept(slug: str, opening_id: uuid.UUID, application_id: uuid.UUID) -> Response:
    view = _view(opening_id, application_id)
    try:
        accepted = screening.accept(view, seen=request.form.get("seen", ""), by=g.staff_user, at=clock.now())
    except DomainError as refusal:
        refusal.way = "応募の画面に戻る", _one_url(view)
        raise
    flash(f"受理しました。受験番号は {accepted.examinee_number} です。応募者にお知らせのメールを送ります。", "success")
    return redirect(_one_url(view), 303)


@blueprint.post(f"{ONE}/clear-mark")
@allows("application.accept")
def clear_mark(slug: str, opening_id: uuid.UUID, application_id: uuid.UUID) -> Response:
    view = _view(opening_id, application_id)
    screening.clear_mark(view, by=g.staff_user, at=clock.now())
    flash("「自動送信の疑い」の印を外しました。外したことは監査記録に残ります。", "success")
    return redirect(_one_url(view), 303)


@blueprint.get(f"{ONE}/documents/<uuid:document_id>")
@allows("document.read")
def document(slug: str, opening_id: uuid.UUID, application_id: uuid.UUID, document_id: uuid.UUID) -> Response:
    found = get_document(_view(opening_id, application_id).application, document_id)
    file = found.stored_file
    if not policy.can_open(file, unscanned_files(g.organisation.id, at=clock.now())):
        raise NotFound
    stream = storage.open_file(file.key)
    unscanned = file.scan_state is ScanState.UNSCANNED
    note_look("open.unscanned_document" if unscanned else "open.document", f"application_document:{found.id}")
    return attachment(stream, file_name=found.file_name, media=file.media, size=file.size)


from app.applications import duplicate_routes, late_routes, version_routes  # noqa: E402, F401  # the same blueprint, more pages
