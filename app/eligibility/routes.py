"""応募資格セルフチェック before applying: for one opening, or all open ones of a campaign. Nothing is stored."""

import uuid
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.accounts.applicants import scaled
from app.core import clock
from app.core.access import allows, only_reads
from app.core.arrival import network_address
from app.core.errors import NotFound
from app.core.form_rows import change_rows
from app.core.language import own_path, page_url
from app.core.limits import Limit, count
from app.eligibility.check import Checked, check, shared
from app.eligibility.check_forms import CheckForm, check_form
from app.eligibility.sealed import seal, unseal
from app.openings import public_queries, queries
from app.openings.public_queries import Published
from app.openings.queries import ClosingState

blueprint = Blueprint("eligibility", __name__)

CHECKS_PER_ADDRESS = Limit("eligibility.check", 300, 3600)
Page = str | Response


@blueprint.get("/openings/<uuid:opening_id>/check")
@allows("eligibility.check")
def opening(opening_id: uuid.UUID) -> Page:
    return _asked(*_of_opening(opening_id))


@blueprint.post("/openings/<uuid:opening_id>/check")
@allows("eligibility.check")
@only_reads
def check_opening(opening_id: uuid.UUID) -> Page:
    _count()
    return _answered(*_of_opening(opening_id))


@blueprint.get("/campaigns/<slug>/check")
@allows("eligibility.check")
def campaign(slug: str) -> Page:
    return _asked(*_of_campaign(slug))


@blueprint.post("/campaigns/<slug>/check")
@allows("eligibility.check")
@only_reads
def check_campaign(slug: str) -> Page:
    _count()
    return _answered(*_of_campaign(slug))


def _count() -> None:
    count(scaled(CHECKS_PER_ADDRESS), network_address(), at=clock.now())


def _of_opening(opening_id: uuid.UUID) -> tuple[list[Published], dict[str, Any]]:
    """Find an opening with anything to check, and what its page says around the form."""
    row = public_queries.get_published(opening_id, clock.now())
    if not row.content.is_checkable:
        raise NotFound
    back = page_url("openings.detail", opening_id=opening_id)
    off = row.opening if queries.is_called_off(row.opening) else None
    around = {"organisation": row.organisation, "title": row.content.title, "back_url": back, "called_off_opening": off}
    return [] if off else [row], around


def _of_campaign(slug: str) -> tuple[list[Published], dict[str, Any]]:
    at = clock.now()
    found = public_queries.get_campaign(slug, at)
    rows = [
        row for row in public_queries.openings_of_campaign(found.id, at) if _is_open(row) and row.content.is_checkable
    ]
    back = page_url("openings.campaign", slug=slug)
    return rows, {"organisation": None, "title": found.title, "back_url": back, "called_off_opening": None}


def _is_open(row: Published) -> bool:
    return queries.closing_state(row.opening, clock.now()) is ClosingState.OPEN


def _open_ids(rows: list[Published]) -> set[uuid.UUID]:
    return {row.opening.id for row in rows if _is_open(row)}


def _form(rows: list[Published], typed: MultiDict[str, str] | None) -> CheckForm:
    return check_form([one for row in rows for one in row.content.criteria])(typed)


def _asked(rows: list[Published], around: dict[str, Any]) -> Page:
    typed = unseal(request.args.get("typed", ""), session.get("csrf_token", ""))
    return _page(rows, around, _form(rows, None), []) if typed is None else _shown(rows, around, MultiDict(typed))


def _answered(rows: list[Published], around: dict[str, Any]) -> Page:
    """Lead to the address that shows what came of it, or show it at once where that would be too long."""
    typed = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    sealed = seal(typed, session["csrf_token"])
    if sealed is None:
        return _shown(rows, around, request.form)
    return redirect(f"{own_path()}?{urlencode({'typed': sealed})}#here", 303)


def _shown(rows: list[Published], around: dict[str, Any], typed: MultiDict[str, str]) -> str:
    """Show the result above the form, which keeps what was typed; a button for rows only changes rows."""
    form = _form(rows, typed)
    if changed := change_rows(form, typed.get("add"), typed.get("remove")):
        return _page(rows, around, form, [], changed)
    if not form.validate():
        return _page(rows, around, form, [])
    return _page(rows, around, form, check(rows, form, today=clock.today(), open_ids=_open_ids(rows)))


def _page(
    rows: list[Published], around: dict[str, Any], form: CheckForm, checked: list[Checked], here: str = ""
) -> str:
    """`here` names the row at which the page opens again; with a result it opens at the result."""
    return render_template(
        "eligibility/check.html",
        rows=rows,
        form=form,
        checked=checked,
        shared=shared(checked),
        doubts=form.doubts(today=clock.today()) if checked else [],
        here=here,
        can_apply=_open_ids(rows),
        check_url=own_path(),
        **around,
    )
