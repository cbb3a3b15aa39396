"""締切の延長・中止: one person prepares, another approves; on the blueprint of the opening's other pages."""

import uuid
from typing import Any

from flask import flash, g, redirect, render_template
from werkzeug.wrappers import Response

from app.accounts.queries import staff_names
from app.core import clock
from app.core.access import allows
from app.openings import policy, proposing, queries, staff_queries
from app.openings.forms_deadline import CancellationForm, DecisionForm, ExtensionForm
from app.openings.models import Opening
from app.openings.staff_routes import HEAD, Answer, blueprint, crumbs, opening_of_url, url_to


@blueprint.get(f"{HEAD}/deadline")
@allows("opening.read")
def deadline(slug: str, opening_id: uuid.UUID) -> str:
    return _page(opening_of_url(opening_id))


def _page(opening: Opening, **forms: Any) -> str:
    at, proposal = clock.now(), staff_queries.find_proposal(opening)
    decided, extensions = staff_queries.decided_proposals(opening), queries.extensions(opening)
    people = {who for one in (*decided, proposal) if one for who in (one.asked_by, one.decided_by)}
    return render_template(
        "staff_openings/deadline.html",
        opening=opening,
        state=queries.closing_state(opening, at),
        proposal=proposal,
        decided=decided,
        extensions=extensions,
        announcements=staff_queries.announcements_of(opening),
        passed=staff_queries.stages_passed(opening, proposal.closes_at) if proposal and proposal.closes_at else (),
        announced=[one for one in queries.stages_of(opening) if one.result_on],
        names=staff_names(people),
        **_forms(**forms),
        can=_can(opening),
        crumbs=crumbs((opening.title, url_to("detail", opening)), ("締切の延長・中止", None)),
    )


def _forms(extension: ExtensionForm | None = None, cancellation: CancellationForm | None = None) -> dict[str, Any]:
    """Give both forms, and as `form` the one that was sent with errors."""
    return {
        "extension_form": extension or ExtensionForm(formdata=None),
        "cancellation_form": cancellation or CancellationForm(formdata=None),
        "form": extension or cancellation,
    }


def _can(opening: Opening) -> dict[str, bool]:
    proposal, is_live = staff_queries.find_proposal(opening), policy.can_change_deadline(opening, clock.now())
    is_own = proposal is not None and policy.is_proposer(g.staff_user, proposal)
    may_prepare = g.seat.may("proposal.prepare") and is_live
    return {
        "extend": may_prepare and proposal is None and not proposing.has_scoring_begun(opening),
        "cancel": may_prepare and proposal is None,
        "decide": proposal is not None and not is_own and g.seat.may("proposal.approve"),
        "take_back": proposal is not None and is_own and g.seat.may("proposal.prepare"),
        "is_live": is_live,
    }


@blueprint.post(f"{HEAD}/deadline/extension")
@allows("proposal.prepare")
def propose_extension(slug: str, opening_id: uuid.UUID) -> Answer:
    opening, form, at = opening_of_url(opening_id), ExtensionForm(), clock.now()
    if not (form.validate() and form.check_later(opening, at)):
        return _page(opening, extension=form), 422
    proposing.propose_extension(opening, form.closes_at(), form.reason.data.strip(), by=g.staff_user, at=at)
    flash("締切の延長を申し出ました。別の職員が承認すると、公開され、メールで知らせます。", "success")
    return redirect(url_to("deadline", opening), 303)


@blueprint.post(f"{HEAD}/deadline/cancellation")
@allows("proposal.prepare")
def propose_cancellation(slug: str, opening_id: uuid.UUID) -> Answer:
    opening, form = opening_of_url(opening_id), CancellationForm()
    if not form.validate():
        return _page(opening, cancellation=form), 422
    proposing.propose_cancellation(opening, form.cancel_reason.data.strip(), by=g.staff_user, at=clock.now())
    flash("募集の中止を申し出ました。別の職員が承認すると、公開され、メールで知らせます。", "success")
    return redirect(url_to("deadline", opening), 303)


@blueprint.post(f"{HEAD}/deadline/approve")
@allows("proposal.approve")
def approve_proposal(slug: str, opening_id: uuid.UUID) -> Response:
    opening = opening_of_url(opening_id)
    proposal, seen = staff_queries.get_proposal(opening), DecisionForm().version()
    proposing.approve(opening, proposal, seen=seen, by=g.staff_user, at=clock.now())
    flash(
        f"{proposal.kind.label}を承認しました。公開の画面に示し、応募者と下書きのある人にメールで知らせます。",
        "success",
    )
    return redirect(url_to("deadline", opening), 303)


@blueprint.post(f"{HEAD}/deadline/decline")
@allows("proposal.approve")
def decline_proposal(slug: str, opening_id: uuid.UUID) -> Response:
    opening = opening_of_url(opening_id)
    proposal, seen = staff_queries.get_proposal(opening), DecisionForm().version()
    proposing.decline(proposal, seen=seen, by=g.staff_user, at=clock.now())
    flash("承認しませんでした。募集は変わっていません。", "success")
    return redirect(url_to("deadline", opening), 303)


@blueprint.post(f"{HEAD}/deadline/take-back")
@allows("proposal.prepare")
def take_back_proposal(slug: str, opening_id: uuid.UUID) -> Response:
    opening = opening_of_url(opening_id)
    proposal, seen = staff_queries.get_proposal(opening), DecisionForm().version()
    proposing.take_back(proposal, seen=seen, by=g.staff_user, at=clock.now())
    flash("申し出を取り下げました。募集は変わっていません。", "success")
    return redirect(url_to("deadline", opening), 303)
