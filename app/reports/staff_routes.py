"""The dashboard: what to do today first, then numbers with their basis."""

from flask import Blueprint, g, render_template

from app.applications import screening_queries
from app.applications.standing import Standing
from app.core import clock
from app.core.access import allows
from app.reports import queries
from app.reports.menu import link
from app.reports.todo import tasks

blueprint = Blueprint("staff_reports", __name__)


@blueprint.get("/staff/<slug>/")
@allows("dashboard.read")
def dashboard(slug: str) -> str:
    at, own = clock.now(), g.organisation.id
    may_list, may_read = g.seat.may("application.list"), g.seat.may("opening.read")
    counted = screening_queries.openings_with_counts(own, at=at) if may_list else []
    return render_template(
        "staff_reports/dashboard.html",
        at=at,
        tasks=tasks(g.seat, counted, at=at),
        open_openings=queries.open_openings(own, at=at) if may_read else None,
        counted=counted if may_list else None,
        received=sum(row.total for row in counted),
        received_today=sum(row.today for row in counted),
        waiting=sum(row.counts[Standing.WAITING] + row.counts[Standing.RECHECK] for row in counted if row.goes_on),
        openings_url=link("staff_openings.listing", slug=slug),
        applications_url=link("staff_applications.openings", slug=slug),
    )
