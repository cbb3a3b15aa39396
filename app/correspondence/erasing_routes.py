"""Erasing what a person asked to erase: HR prepares, another person approves; on the blueprint of the messages."""

import uuid
from typing import Any

from flask import flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts.looks import note_look
from app.accounts.queries import staff_names
from app.core import clock
from app.core.access import allows
from app.correspondence import erasing, policy
from app.correspondence import erasing_consent as consent
from app.correspondence.erasing_queries import Erasable, get_erasable
from app.correspondence.request_forms import ErasureAnswerForm, ErasureDeclineForm, SeenForm
from app.correspondence.staff_routes import blueprint

ERASE = "/staff/<slug>/openings/<uuid:opening_id>/applications/<uuid:application_id>/erasure/erase"
ASKED = "削除の承認を依頼しました。別の人事担当か決裁者が承認すると消え、応募者に回答が届きます。"
DONE = "消しました。応募者には「お知らせがあります」というメールだけを送ります。"


def _what(opening_id: uuid.UUID, application_id: uuid.UUID) -> Erasable:
    return get_erasable(g.organisation.id, opening_id, application_id, at=clock.now())


@blueprint.get(ERASE)
@allows("erasure.approve")
def erase_form(slug: str, opening_id: uuid.UUID, application_id: uuid.UUID) -> str:
    page = _page(_what(opening_id, application_id))
    note_look("read.erasure", f"application:{application_id}", rows=1)
    return page


@blueprint.post(ERASE)
@allows("erasure.answer")
def propose_erasure(slug: str, opening_id: uuid.UUID, application_id: uuid.UUID) -> Response | tuple[str, int]:
    what, form = _what(opening_id, application_id), ErasureAnswerForm()
    if not form.validate():
        return _page(what, form=form), 422
    consent.propose(what, form.words.data, by=g.staff_user, at=clock.now())
    flash(ASKED, "success")
    return _back(what)


@blueprint.post(f"{ERASE}/approve")
@allows("erasure.approve")
def approve_erasure(slug: str, opening_id: uuid.UUID, application_id: uuid.UUID) -> Response:
    what = _what(opening_id, application_id)
    erasing.erase(what, seen=SeenForm().version(), by=g.staff_user, at=clock.now())
    flash(DONE, "success")
    return _back(what)


@blueprint.post(f"{ERASE}/decline")
@allows("erasure.approve")
def decline_erasure(slug: str, opening_id: uuid.UUID, application_id: uuid.UUID) -> Response | tuple[str, int]:
    what, form = _what(opening_id, application_id), ErasureDeclineForm()
    if not form.validate():
        return _page(what, decline_form=form), 422
    consent.decline(what, form.note.data, seen=form.version(), by=g.staff_user, at=clock.now())
    flash("差し戻しました。何も消えていません。", "success")
    return _back(what)


@blueprint.post(f"{ERASE}/take-back")
@allows("erasure.answer")
def take_erasure_back(slug: str, opening_id: uuid.UUID, application_id: uuid.UUID) -> Response:
    what = _what(opening_id, application_id)
    consent.take_back(what, seen=SeenForm().version(), by=g.staff_user, at=clock.now())
    flash("承認の依頼を取り下げました。何も消えていません。", "success")
    return _back(what)


def _own(what: Erasable) -> dict[str, Any]:
    of = what.of
    return {"slug": g.organisation.slug, "opening_id": of.opening.id, "application_id": of.application.id}


def _back(what: Erasable) -> Response:
    """Lead on to the request for those who read it; an approver sees the page of the erasure alone."""
    reads = g.seat.may("erasure.read")
    return redirect(url_for(f"staff_correspondence.{'erasure' if reads else 'erase_form'}", **_own(what)), 303)


def _can(what: Erasable) -> dict[str, bool]:
    """Which buttons the page shows: the role's right and the state of the request together."""
    row, may_answer = what.proposal, g.seat.may("erasure.answer")
    return {
        "propose": may_answer and what.of.waiting is not None and row is None,
        "decide": row is not None and policy.can_consent(g.staff_user, row),
        "take_back": may_answer and row is not None and row.asked_by == g.staff_user.id,
    }


def _page(what: Erasable, form: ErasureAnswerForm | None = None, decline_form: ErasureDeclineForm | None = None) -> str:
    reads, row, own = g.seat.may("erasure.read"), what.proposal, _own(what)
    back_url = url_for("staff_correspondence.erasure", **own) if reads else None
    listing = ("削除の請求", url_for("staff_correspondence.erasures", slug=g.organisation.slug))
    return render_template(
        "staff_correspondence/erase.html",
        what=what,
        form=form or ErasureAnswerForm(formdata=None),
        decline_form=decline_form or ErasureDeclineForm(formdata=None),
        bad_form=form or decline_form,
        own=own,
        names=staff_names([one.asked_by for one in (row, what.declined) if one]),
        reads=reads,
        can=_can(what),
        back_url=back_url,
        crumbs=[listing, (what.of.opening.title, back_url), ("応募のデータの削除", None)] if reads else [],
    )
