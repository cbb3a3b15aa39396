import uuid
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.looks import note_look
from app.core import clock
from app.core.access import allows
from app.core.errors import StaleWrite
from app.openings.models import Opening
from app.openings.policy import goes_on
from app.openings.revision_models import Stage
from app.openings.staff_queries import get_approved
from app.reviews.queries import get_stage
from app.selection import board as boards
from app.selection import forms, policy, services
from app.selection.board import Board
from app.selection.gaps import gaps
from app.selection.left_over import left_over
from app.selection.sets import get_set, set_view, set_views

blueprint = Blueprint("staff_selection", __name__)


def _go(name: str, **values: Any) -> Response:
    return redirect(url_for(f"staff_selection.{name}", slug=g.organisation.slug, **values), 303)


def _stage(opening_id: uuid.UUID, stage_key: str | None) -> tuple[Opening, Stage]:
    """The opening and one of its stages, the first unless named."""
    opening = get_approved(g.organisation.id, opening_id)
    return opening, get_stage(opening, stage_key or boards.first_stage_key(opening))


@blueprint.get("/staff/<slug>/openings/<uuid:opening_id>/selection")
@allows("result.read")
def board(slug: str, opening_id: uuid.UUID) -> str:
    opening, stage = _stage(opening_id, request.args.get("stage"))
    found = boards.get_board(opening, stage, at=clock.now())
    top = request.args.get("top", type=int)
    note_look("read.board", f"opening:{opening_id}", rows=len(found.rows))
    return _show(opening, found, forms.board_form(found.standing, top=top), forms.ReleaseForm(formdata=None))


def _show(opening: Opening, found: Board, form: Any, release_form: Any) -> str:
    left = left_over(opening, found.stage, None, at=clock.now())
    release_form.left.data = left.token
    return render_template(
        "staff_selection/board.html",
        opening=opening,
        opening_id=opening.id,
        opening_title=opening.title,
        goes_on=goes_on(opening),
        board=found,
        tabs=boards.tabs(opening),
        form=form,
        release_form=release_form,
        bad_form=release_form if release_form.errors else form,
        **_sets(opening, found),
        gaps=gaps(found),
        left=left,
        may_decide=goes_on(opening) and g.seat.may("decision.enter", opening.id),
    )


def _sets(opening: Opening, found: Board) -> dict[str, Any]:
    """The result sets of an opening, the newest approved one of the board's stage, and who stands in no line of it.

    `is_held`: from its approval until it is carried out nobody decides.
    """
    sets = set_views(opening, at=clock.now())
    live = next((one for one in sets if one.is_approved and one.stage_key == found.stage.key), None)
    behind = found.left_behind({line.examinee_number for line in live.lines}) if live else ()
    return {"sets": sets, "live": live, "behind": behind, "is_held": live is not None and live.carried_out_at is None}


def _read_form(found: Board) -> Any:
    """The posted form of a board. Raises: StaleWrite when it was made from other rows."""
    form = forms.board_form(found.standing)
    if not forms.is_of_these_rows(form, found.standing):
        raise StaleWrite
    return form


@blueprint.post("/staff/<slug>/openings/<uuid:opening_id>/selection/<stage_key>/attendance")
@allows("decision.enter")
def attendance(slug: str, opening_id: uuid.UUID, stage_key: str) -> Response | tuple[str, int]:
    opening, stage = _stage(opening_id, stage_key)
    found = boards.get_board(opening, stage, at=clock.now())
    form = _read_form(found)
    if not form.validate():
        return _show(opening, found, form, forms.ReleaseForm(formdata=None)), 422
    marks = forms.read_attendance(form, found.standing)
    changed = services.record_attendance(opening, stage, marks, by=g.staff_user, at=clock.now())
    flash(f"出欠を{changed}件保存しました。", "success")
    return _go("board", opening_id=opening_id, stage=stage_key)


@blueprint.post("/staff/<slug>/openings/<uuid:opening_id>/selection/<stage_key>/decisions")
@allows("decision.enter")
def decide(slug: str, opening_id: uuid.UUID, stage_key: str) -> Response | tuple[str, int]:
    opening, stage = _stage(opening_id, stage_key)
    found = boards.get_board(opening, stage, at=clock.now())
    form = _read_form(found)
    if not form.validate():
        return _show(opening, found, form, forms.ReleaseForm(formdata=None)), 422
    choices = forms.read_choices(form, found.standing)
    changed = services.decide(opening, stage, choices, by=g.staff_user, at=clock.now())
    flash(f"判定を{changed}件保存しました。公開するまで、応募者には伝わりません。", "success")
    return _go("board", opening_id=opening_id, stage=stage_key)


@blueprint.post("/staff/<slug>/openings/<uuid:opening_id>/selection/<stage_key>/results")
@allows("decision.enter")
def prepare(slug: str, opening_id: uuid.UUID, stage_key: str) -> Response | tuple[str, int]:
    opening, stage = _stage(opening_id, stage_key)
    release_form = forms.ReleaseForm()
    left = left_over(opening, stage, None, at=clock.now())
    if release_form.refuses(left, at=clock.now()):
        found = boards.get_board(opening, stage, at=clock.now())
        return _show(opening, found, forms.board_form(found.standing), release_form), 422
    release_at = release_form.release_at()
    seen, at = release_form.left.data or "", clock.now()
    made = services.prepare_results(opening, stage, release_at=release_at, seen=seen, by=g.staff_user, at=at)
    flash("結果を用意しました。ほかの決裁者が承認すると、その日時に公開されます。", "success")
    return _go("result", opening_id=opening_id, set_id=made.id)


@blueprint.get("/staff/<slug>/openings/<uuid:opening_id>/selection/results/<uuid:set_id>")
@allows("result.read")
def result(slug: str, opening_id: uuid.UUID, set_id: uuid.UUID) -> str:
    return _show_result(opening_id, set_id, forms.SeenForm(formdata=None))


def _show_result(opening_id: uuid.UUID, set_id: uuid.UUID, form: forms.SeenForm) -> str:
    opening, at = get_approved(g.organisation.id, opening_id), clock.now()
    row = get_set(opening, set_id)
    left = left_over(opening, get_stage(opening, row.stage_key), row, at=at)
    form.left.data = left.token
    return render_template(
        "staff_selection/result.html",
        opening=opening,
        opening_id=opening_id,
        opening_title=opening.title,
        goes_on=goes_on(opening),
        result=set_view(opening, row, at=at),
        left=left,
        form=form,
        is_mine=policy.is_preparer(g.staff_user, row),
        may_approve=g.seat.may("result.release", opening_id),
        may_void=g.seat.may("decision.enter", opening_id),
    )


@blueprint.post("/staff/<slug>/openings/<uuid:opening_id>/selection/results/<uuid:set_id>/approve")
@allows("result.release")
def approve(slug: str, opening_id: uuid.UUID, set_id: uuid.UUID) -> Response | tuple[str, int]:
    opening = get_approved(g.organisation.id, opening_id)
    found = get_set(opening, set_id)
    stage, form = get_stage(opening, found.stage_key), forms.SeenForm()
    if policy.may_still_approve(g.staff_user, found) and form.refuse_unseen(
        left_over(opening, stage, found, at=clock.now())
    ):
        return _show_result(opening_id, set_id, form), 422
    seen = form.left.data or ""
    services.approve_results(opening, stage, found, seen=seen, by=g.staff_user, at=clock.now())
    flash("承認しました。公開の日時になると、一覧・マイページ・メールで同時にお知らせします。", "success")
    return _go("result", opening_id=opening_id, set_id=set_id)


@blueprint.post("/staff/<slug>/openings/<uuid:opening_id>/selection/results/<uuid:set_id>/void")
@allows("decision.enter")
def void(slug: str, opening_id: uuid.UUID, set_id: uuid.UUID) -> Response:
    return _void(opening_id, set_id)


@blueprint.post("/staff/<slug>/openings/<uuid:opening_id>/selection/results/<uuid:set_id>/return")
@allows("result.release")
def send_back(slug: str, opening_id: uuid.UUID, set_id: uuid.UUID) -> Response:
    return _void(opening_id, set_id)


def _void(opening_id: uuid.UUID, set_id: uuid.UUID) -> Response:
    opening = get_approved(g.organisation.id, opening_id)
    found = get_set(opening, set_id)
    stage = get_stage(opening, found.stage_key)
    services.void_results(opening, stage, found, by=g.staff_user, at=clock.now())
    flash("結果を取り消しました。判定は残っています。直してから用意し直せます。", "success")
    return _go("board", opening_id=opening_id, stage=stage.key)
