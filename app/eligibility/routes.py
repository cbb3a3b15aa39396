"""応募資格セルフチェック before applying: for one opening, or all open ones of a campaign. Nothing is stored."""

import uuid
from typing import Any

from flask import Blueprint, render_template, request, url_for

from app.accounts.applicants import scaled
from app.core import clock
from app.core.access import allows, only_reads
from app.core.arrival import network_address
from app.core.errors import NotFound
from app.core.form_rows import change_rows
from app.core.limits import Limit, count
from app.eligibility.check import Checked, check
from app.eligibility.check_forms import CheckForm, check_form
from app.openings import queries
from app.openings.queries import ClosingState, Published

blueprint = Blueprint("eligibility", __name__)

CHECKS_PER_ADDRESS = Limit("eligibility.check", 300, 3600)
Page = str | tuple[str, int]


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
    row = queries.get_published(opening_id, clock.now())
    if not row.content.is_checkable:
        raise NotFound
    back = url_for("openings.detail", opening_id=opening_id)
    return [row], {"organisation": row.organisation, "title": row.content.title, "back_url": back}


def _of_campaign(slug: str) -> tuple[list[Published], dict[str, Any]]:
    at = clock.now()
    found = queries.get_campaign(slug, at)
    rows = [row for row in queries.openings_of_campaign(found.id, at) if _is_open(row) and row.content.is_checkable]
    back = url_for("openings.campaign", slug=slug)
    return rows, {"organisation": None, "title": found.title, "back_url": back}


def _is_open(row: Published) -> bool:
    return queries.closing_state(row.opening, clock.now()) is ClosingState.OPEN


def _open_ids(rows: list[Published]) -> set[uuid.UUID]:
    return {row.opening.id for row in rows if _is_open(row)}


def _form(rows: list[Published]) -> CheckForm:
    criteria = [one for row in rows for one in row.content.criteria]
    return check_form(criteria)(request.form if request.method == "POST" else None)


def _asked(rows: list[Published], around: dict[str, Any]) -> Page:
    return _page(rows, around, _form(rows), [])


def _answered(rows: list[Published], around: dict[str, Any]) -> Page:
    """Show the result above the form, which keeps what was typed; a button for rows only changes rows."""
    form = _form(rows)
    if changed := change_rows(form, request.form.get("add"), request.form.get("remove")):
        return _page(rows, around, form, [], changed)
    if not form.validate():
        return _page(rows, around, form, []), 422
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
        here=here,
        can_apply=_open_ids(rows),
        check_url=request.path,
        **around,
    )
