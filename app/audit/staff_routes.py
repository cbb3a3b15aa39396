"""The record of an organisation: what changed (a chain that shows tampering) and who looked."""

from flask import Blueprint, g, render_template, request, url_for

from app.audit import queries, words
from app.core.access import allows

blueprint = Blueprint("staff_audit", __name__)
CHECKED_AT_ONCE = 2_000  # links; a longer chain is checked when asked


@blueprint.get("/staff/<slug>/audit")
@allows("audit.read")
def listing(slug: str) -> str:
    length = queries.chain_length(g.organisation.id)
    is_checked = length <= CHECKED_AT_ONCE or "check" in request.args
    return render_template(
        "staff_audit/listing.html",
        found=queries.entries(g.organisation.id, request.args.get("page", 1, type=int)),
        length=length,
        is_checked=is_checked,
        checked=queries.checked(g.organisation.id) if is_checked else None,
        words=words,
        url=lambda number=1: url_for("staff_audit.listing", slug=slug, page=number if number > 1 else None),
    )


@blueprint.get("/staff/<slug>/audit/looks")
@allows("audit.read")
def looks(slug: str) -> str:
    return render_template(
        "staff_audit/looks.html",
        found=queries.looks(g.organisation.id, request.args.get("page", 1, type=int)),
        words=words,
        url=lambda number=1: url_for("staff_audit.looks", slug=slug, page=number if number > 1 else None),
    )
