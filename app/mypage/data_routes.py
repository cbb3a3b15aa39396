"""One's own data, to see and to take away as JSON and PDF: asked for with a fresh code, noted, limited."""

import json
from io import BytesIO

from flask import flash, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from app.accounts.applicant_sessions import count_others
from app.audit.chain import record_look
from app.core import clock, pdf
from app.core.access import allows
from app.core.downloads import attachment
from app.core.limits import Limit, count
from app.mypage import own_data, papers, services
from app.mypage.own_data_paper import at as at_words
from app.mypage.own_data_paper import chapters
from app.mypage.routes import CODE_TYPED, blueprint

TAKES_PER_PERSON = Limit("own_data.take", 10, 86_400)
CODE_COUNTS_SECONDS = 1800


def has_fresh_code() -> bool:
    """Say whether a confirmed person typed a code in this browser lately; one who owns no address has none to type."""
    typed = session.get(CODE_TYPED, 0)
    return g.applicant.confirmed_at is None or clock.now().timestamp() - typed <= CODE_COUNTS_SECONDS


@blueprint.get("/my/data")
@allows("own_data.read")
def data() -> str:
    at = clock.now()
    found = own_data.own_data(g.applicant, at=at)
    return render_template(
        "mypage/data.html",
        held=own_data.held(found),
        is_fresh=has_fresh_code(),
        can_pdf=pdf.can_render(),
        others=count_others(g.applicant, g.applicant_session.id, at=at),
    )


@blueprint.post("/my/data/devices")
@allows("application.read_own")
def end_others() -> Response:
    services.end_others(g.applicant_session, at=clock.now())
    flash("ほかの端末を終了しました。ほかの端末では、もう一度コードが必要になります。", "success")
    return redirect(url_for("mypage.data"), 303)


@blueprint.post("/my/data")
@allows("own_data.read")
def take_data() -> Response:
    if not has_fresh_code():
        flash("自分の情報を受け取る前に、もう一度メールアドレスを確認してください。", "warning")
        return redirect(url_for("mypage.sign_in", next=url_for("mypage.data")), 303)
    who, at = g.applicant, clock.now()
    count(TAKES_PER_PERSON, str(who.id), at=at)
    found = own_data.own_data(who, at=at)
    is_pdf = request.form.get("as") == "pdf" and pdf.can_render()
    paper = {"data": found, "chapters": chapters(found), "made_at": at_words(found["made_at"])}
    html = render_template("papers/own_data.html", **paper) if is_pdf else ""
    papers.end_reading()
    record_look("take.own_data", f"applicant:{who.id}", by=who.actor, organisation_id=None, rows=len(found))
    if is_pdf:
        return _as_pdf(html)
    made = json.dumps(found, ensure_ascii=False, indent=2).encode()
    return attachment(BytesIO(made), file_name="自分の情報.json", media="application/json", size=len(made))


def _as_pdf(html: str) -> Response:
    """Answer with the PDF; where none comes out, with the page that offers JSON."""
    try:
        made = pdf.render(html, is_long=True)
    except pdf.NotMade as refusal:
        flash(f"{refusal.message}「JSONで受け取る」からは、同じ内容をすぐに受け取れます。", "warning")
        return redirect(url_for("mypage.data"), 303)
    return attachment(BytesIO(made), file_name="自分の情報.pdf", media="application/pdf", size=len(made))
