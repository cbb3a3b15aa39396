import uuid
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts.looks import note_look
from app.core import clock
from app.core.access import Role, allows
from app.core.errors import NotFound
from app.openings.policy import goes_on
from app.openings.queries import takes_applications
from app.openings.staff_queries import get_approved
from app.reviews import desk_queries, desk_services, forms, queries, results, services
from app.reviews.desk import Desk
from app.reviews.impartial import impartial_candidates, impartial_members
from app.reviews.models import Assignment, Round
from app.reviews.progress import stage_rounds
from app.reviews.scoring import formula_text

blueprint = Blueprint("staff_reviews", __name__)


def _own(assignment_id: uuid.UUID) -> tuple[Assignment, Round]:
    """The signed-in reviewer's own assignment, of an opening for which the role still holds."""
    assignment, round_ = desk_queries.get_own_assignment(g.organisation.id, g.seat.membership.id, assignment_id)
    if not g.seat.may("rating.enter", round_.opening_id):
        raise NotFound
    return assignment, round_


def _go(name: str, **values: Any) -> Response:
    return redirect(url_for(f"staff_reviews.{name}", slug=g.organisation.slug, **values), 303)


@blueprint.get("/staff/<slug>/scoring")
@allows("rating.enter")
def queue(slug: str) -> str:
    openings = g.seat.openings_as(Role.REVIEWER, Role.CHAIR)
    found = desk_queries.queues(g.organisation.id, g.seat.membership.id, openings)
    return render_template("staff_reviews/queue.html", queues=found)


@blueprint.get("/staff/<slug>/scoring/<uuid:assignment_id>")
@allows("rating.enter")
def desk(slug: str, assignment_id: uuid.UUID) -> str:
    assignment, round_ = _own(assignment_id)
    found = desk_queries.get_desk(assignment, round_, g.seat.membership.id)
    note_look("read.blind", f"application:{assignment.application_id}")
    return _show(found, forms.scoring_form(found))


def _show(found: Desk, form: Any) -> str:
    return render_template(
        "staff_reviews/desk.html",
        desk=found,
        form=form,
        evidence_name=forms.evidence_name,
        ties=forms.TIES,
        earlier=found.queue.before(found.assignment_id),
    )


@blueprint.post("/staff/<slug>/scoring/<uuid:assignment_id>")
@allows("rating.enter")
def save(slug: str, assignment_id: uuid.UUID) -> Response | tuple[str, int]:
    assignment, round_ = _own(assignment_id)
    found = desk_queries.get_desk(assignment, round_, g.seat.membership.id)
    form = forms.scoring_form(found)
    if not form.validate():
        return _show(found, form), 422
    desk_services.submit_marks(
        assignment,
        forms.read_marks(form, found),
        comment=form.comment.data or "",
        internal_note=form.internal_note.data or "",
        version=forms.read_version(form),
        by=g.staff_user,
        at=clock.now(),
    )
    return _onward(found)


def _onward(found: Desk) -> Response:
    """Go on to the next application without marks, or to the queue when there is none."""
    following = found.queue.next_after(found.assignment_id)
    if following is None:
        flash(f"{found.queue.stage_name}の採点は、すべて提出しました。締切までは直せます。", "success")
        return _go("queue")
    return _go("desk", assignment_id=following.assignment_id)


@blueprint.post("/staff/<slug>/scoring/<uuid:assignment_id>/tie")
@allows("rating.enter")
def declare_tie(slug: str, assignment_id: uuid.UUID) -> Response | tuple[str, int]:
    assignment, round_ = _own(assignment_id)
    found = desk_queries.get_desk(assignment, round_, g.seat.membership.id)
    form = forms.TieForm()
    if not form.validate():
        flash("担当から外れるには、関係を選んでください。", "error")
        return _go("desk", assignment_id=assignment_id)
    desk_services.declare_tie(assignment, form.kind.data, by=g.staff_user, at=clock.now())
    flash(f"受験番号 {found.application.examinee_number} の担当から外れました。", "success")
    return _onward(found)


@blueprint.get("/staff/<slug>/openings/<uuid:opening_id>/rounds")
@allows("round.progress")
def rounds(slug: str, opening_id: uuid.UUID) -> str:
    opening = get_approved(g.organisation.id, opening_id)
    return _rounds(opening, forms.PrepareForm(formdata=None), None)


def _members(opening_id: uuid.UUID, at: datetime) -> list[tuple[str, str]]:
    """The members of the organisation who do not know the candidates, as choices of a form."""
    able = impartial_members(g.organisation.id, opening_id, at=at)
    return [(str(one.id), one.staff_user.display_name) for one in able]


def _rounds(opening: Any, form: Any, bad_stage: str | None, bad_open: dict[uuid.UUID, Any] | None = None) -> str:
    at = clock.now()
    able = impartial_candidates(g.organisation.id, opening.id, at=at)
    stages = stage_rounds(opening, able)
    prepared = [one.round.id for one in stages if one.round and one.round.is_prepared]
    early = {key: forms.open_form(key, formdata=None) for key in prepared if takes_applications(opening, at)}
    return render_template(
        "staff_reviews/rounds.html",
        opening=opening,
        opening_id=opening.id,
        opening_title=opening.title,
        stages=stages,
        form=forms.offer_panel(form, able),
        bad_stage=bad_stage,
        bad_form=next(iter((bad_open or {}).values()), form),
        early=early | (bad_open or {}),
        candidates=queries.candidates(g.organisation.id, opening.id, at=at),
        members=_members(opening.id, at),
        **_may(opening),
    )


def _may(opening: Any) -> dict[str, bool]:
    """Say what this seat may do here as things stand."""
    return {
        "goes_on": goes_on(opening),
        "may_prepare": goes_on(opening) and g.seat.may("round.prepare", opening.id),
        "may_read": g.seat.may("rating.read_all", opening.id),
    }


@blueprint.post("/staff/<slug>/openings/<uuid:opening_id>/rounds/<stage_key>/prepare")
@allows("round.prepare")
def prepare(slug: str, opening_id: uuid.UUID, stage_key: str) -> Response | tuple[str, int]:
    opening = get_approved(g.organisation.id, opening_id)
    stage, at = queries.get_stage(opening, stage_key), clock.now()
    form = forms.offer_panel(forms.PrepareForm(), impartial_candidates(g.organisation.id, opening.id, at=at))
    if not form.validate():
        return _rounds(opening, form, stage_key), 422
    panel = {uuid.UUID(one) for one in form.panel.data}
    services.prepare_round(opening, stage, panel, due_on=form.due_on.data, by=g.staff_user, at=at)
    flash(f"{stage.name}の採点期を用意しました。始めると採点者に表示されます。", "success")
    return _go("rounds", opening_id=opening_id)


@blueprint.post("/staff/<slug>/openings/<uuid:opening_id>/reviewers")
@allows("round.prepare")
def appoint(slug: str, opening_id: uuid.UUID) -> Response:
    opening, at = get_approved(g.organisation.id, opening_id), clock.now()
    form = forms.AppointForm()
    everybody = queries.members(g.organisation.id, at=at)
    form.member.choices = [(str(one.id), one.staff_user.display_name) for one in everybody]
    if not form.validate():
        flash("採点者にする職員と役割を選んでください。", "error")
        return _go("rounds", opening_id=opening_id)
    services.appoint(opening, uuid.UUID(form.member.data), Role(form.role.data), by=g.staff_user, at=at)
    flash("この募集の役割を付けました。", "success")
    return _go("rounds", opening_id=opening_id)


@blueprint.post("/staff/<slug>/openings/<uuid:opening_id>/rounds/<uuid:round_id>/reviewers")
@allows("round.prepare")
def add_reviewer(slug: str, opening_id: uuid.UUID, round_id: uuid.UUID) -> Response:
    opening, at = get_approved(g.organisation.id, opening_id), clock.now()
    round_ = queries.get_round(g.organisation.id, opening_id, round_id)
    form = forms.MemberForm()
    able = queries.candidates(g.organisation.id, opening_id, at=at)
    form.member.choices = [(str(one.membership_id), one.name) for one in able]
    if not form.validate():
        flash("加える採点者を選んでください。", "error")
        return _go("rounds", opening_id=opening_id)
    services.add_reviewer(opening, round_, uuid.UUID(form.member.data), by=g.staff_user, at=at)
    flash("採点者を加えました。", "success")
    return _go("rounds", opening_id=opening_id)


@blueprint.post("/staff/<slug>/openings/<uuid:opening_id>/rounds/<uuid:round_id>/open")
@allows("round.prepare")
def open_round(slug: str, opening_id: uuid.UUID, round_id: uuid.UUID) -> Response | tuple[str, int]:
    opening, at = get_approved(g.organisation.id, opening_id), clock.now()
    round_ = queries.get_round(g.organisation.id, opening_id, round_id)
    form = forms.open_form(round_id)
    if takes_applications(opening, at) and not form.validate():
        return _rounds(opening, forms.PrepareForm(formdata=None), None, {round_id: form}), 422
    services.open_round(opening, round_, early_reason=form.reason.data or "", by=g.staff_user, at=at)
    flash("採点を始めました。採点者の画面に表示されています。", "success")
    return _go("rounds", opening_id=opening_id)


@blueprint.post("/staff/<slug>/openings/<uuid:opening_id>/rounds/<uuid:round_id>/discard")
@allows("round.prepare")
def discard_round(slug: str, opening_id: uuid.UUID, round_id: uuid.UUID) -> Response:
    opening = get_approved(g.organisation.id, opening_id)
    round_ = queries.get_round(g.organisation.id, opening_id, round_id)
    services.discard_round(opening, round_, by=g.staff_user, at=clock.now())
    flash("採点期を取りやめました。採点者を選び直して、用意し直せます。", "success")
    return _go("rounds", opening_id=opening_id)


@blueprint.post("/staff/<slug>/openings/<uuid:opening_id>/rounds/<uuid:round_id>/assign")
@allows("round.prepare")
def catch_up(slug: str, opening_id: uuid.UUID, round_id: uuid.UUID) -> Response:
    opening = get_approved(g.organisation.id, opening_id)
    round_ = queries.get_round(g.organisation.id, opening_id, round_id)
    made = services.catch_up(opening, round_, by=g.staff_user, at=clock.now())
    flash(f"割当を{made}件加えました。" if made else "加える割当はありませんでした。", "success")
    return _go("rounds", opening_id=opening_id)


@blueprint.post("/staff/<slug>/openings/<uuid:opening_id>/rounds/<uuid:round_id>/lock")
@allows("round.prepare")
def lock_round(slug: str, opening_id: uuid.UUID, round_id: uuid.UUID) -> Response:
    opening = get_approved(g.organisation.id, opening_id)
    round_ = queries.get_round(g.organisation.id, opening_id, round_id)
    services.lock_round(opening, round_, by=g.staff_user, at=clock.now())
    flash("採点を締め切り、順位を計算しました。点はもう変更できません。", "success")
    return _go("ranking", opening_id=opening_id, round_id=round_id)


@blueprint.get("/staff/<slug>/openings/<uuid:opening_id>/rounds/<uuid:round_id>")
@allows("rating.read_all")
def ranking(slug: str, opening_id: uuid.UUID, round_id: uuid.UUID) -> str:
    opening = get_approved(g.organisation.id, opening_id)
    round_ = queries.get_round(g.organisation.id, opening_id, round_id)
    found = results.get_ranking(round_)
    note_look("read.ratings", f"round:{round_id}", rows=len(found.lines))
    return render_template(
        "staff_reviews/ranking.html",
        opening_id=opening_id,
        opening_title=opening.title,
        stage_name=queries.get_stage(opening, round_.stage_key).name,
        ranking=found,
        formula=formula_text(),
        locked_at=round_.locked_at,
    )
