"""The applicant's papers: each is read for the applicant of the cookie alone, and never handed to staff."""

import uuid
from io import BytesIO

from flask import current_app, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.applications import queries as own
from app.core import clock, pdf
from app.core.access import allows
from app.core.downloads import attachment
from app.core.errors import NotFound
from app.core.limits import Limit, count
from app.mypage import calendar, papers, queries
from app.mypage.routes import blueprint

PAPERS_PER_PERSON = Limit("paper.make", 30, 3600)


@blueprint.get("/my/applications/<uuid:application_id>/receipt")
@allows("application.read_own")
def receipt(application_id: uuid.UUID) -> str:
    found = papers.receipt(g.applicant.id, application_id, request.args.get("version", type=int))
    return render_template(
        "mypage/receipt.html", paper=found, organisation=found.call.organisation, can_pdf=pdf.can_render()
    )


@blueprint.get("/my/applications/<uuid:application_id>/receipt.pdf")
@allows("application.read_own")
def receipt_pdf(application_id: uuid.UUID) -> Response:
    found = papers.receipt(g.applicant.id, application_id, request.args.get("version", type=int))
    name = f"応募の控え_{found.application.receipt_number}.pdf"
    view = url_for("mypage.receipt", application_id=application_id, version=found.version.number)
    return paper(found, render_template("papers/receipt.html", paper=found), name, view)


@blueprint.get("/my/applications/<uuid:application_id>/ticket")
@allows("application.read_own")
def ticket(application_id: uuid.UUID) -> str:
    found = papers.ticket(g.applicant.id, application_id, at=clock.now())
    return render_template(
        "mypage/ticket.html", paper=found, organisation=found.call.organisation, can_pdf=pdf.can_render()
    )


@blueprint.get("/my/applications/<uuid:application_id>/ticket.pdf")
@allows("application.read_own")
def ticket_pdf(application_id: uuid.UUID) -> Response:
    found = papers.ticket(g.applicant.id, application_id, at=clock.now())
    name = f"受験票_{found.application.examinee_number}.pdf"
    view = url_for("mypage.ticket", application_id=application_id)
    return paper(found, render_template("papers/ticket.html", paper=found), name, view)


@blueprint.get("/my/applications/<uuid:application_id>/dates.ics")
@allows("application.read_own")
def dates(application_id: uuid.UUID) -> Response:
    at = clock.now()
    entry = queries.entry_of(own.get_application(g.applicant.id, application_id), at=at)
    if not calendar.has_dates(entry, at=at):
        flash("カレンダーに入れる、これからの日程はありません。", "warning")
        return redirect(url_for("mypage.application", application_id=application_id), 303)
    made = calendar.dates_of(entry, at=at, base_url=current_app.config["BASE_URL"])
    name = f"選考の日程_{entry.application.receipt_number}.ics"
    return attachment(BytesIO(made), file_name=name, media="text/calendar", size=len(made))


def paper(found: papers.Receipt | papers.Ticket, html: str, file_name: str, print_view: str) -> Response:
    """Answer with a page as PDF, made after the transaction has ended; where none comes out, with the page to print.

    Raises: NotFound where no PDF can be made at all.
    """
    if not pdf.can_render():
        raise NotFound
    papers.end_reading()
    count(PAPERS_PER_PERSON, str(g.applicant.id), at=clock.now())
    try:
        made = pdf.render(html)
    except pdf.NotMade as refusal:
        flash(refusal.message, "warning")
        return redirect(print_view, 303)
    papers.require_own(found, g.applicant.id)
    return attachment(BytesIO(made), file_name=file_name, media="application/pdf", size=len(made))
