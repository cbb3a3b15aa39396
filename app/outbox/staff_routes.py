"""The log of an organisation's mails: what went to whom, what failed, send again."""

import uuid

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.looks import note_look
from app.core import clock
from app.core.access import allows
from app.outbox import queries, services
from app.outbox.models import MailState
from app.outbox.words import error_word, kind_word

blueprint = Blueprint("staff_outbox", __name__)


def _state() -> MailState | None:
    asked = request.args.get("state", "")
    return MailState(asked) if asked in set(MailState) else None


@blueprint.get("/staff/<slug>/mails")
@allows("mail.read")
def listing(slug: str) -> str:
    state = _state()
    found = queries.mails(g.organisation.id, state, request.args.get("page", 1, type=int))
    note_look("list.mails", f"organisation:{g.organisation.id}", rows=len(found.mails))

    def url(number: int = 1, state: MailState | None = state) -> str:
        return url_for("staff_outbox.listing", slug=slug, state=state, page=number if number > 1 else None)

    return render_template(
        "staff_outbox/listing.html",
        found=found,
        state=state,
        tabs=[(None, "すべて", sum(found.counts.values())), *((s, s.label, found.counts[s]) for s in MailState)],
        url=url,
        kind_word=kind_word,
        error_word=error_word,
        may_resend=g.seat.may("mail.resend"),
    )


@blueprint.get("/staff/<slug>/mails/<uuid:mail_id>")
@allows("mail.read")
def detail(slug: str, mail_id: uuid.UUID) -> str:
    mail = queries.get_mail(g.organisation.id, mail_id)
    body = queries.find_body(g.organisation.id, mail_id)
    note_look("read.mail", f"mail:{mail.id}")
    return render_template(
        "staff_outbox/detail.html",
        mail=mail,
        body=body,
        kind=kind_word(mail.kind),
        error=error_word(mail.last_error),
        may_resend=g.seat.may("mail.resend") and mail.can_be_resent,
        crumbs=[("メール", url_for("staff_outbox.listing", slug=slug)), (mail.subject, None)],
    )


@blueprint.post("/staff/<slug>/mails/<uuid:mail_id>/resend")
@allows("mail.resend")
def resend(slug: str, mail_id: uuid.UUID) -> Response:
    services.send_again(g.organisation.id, mail_id, by=g.staff_user.actor, at=clock.now())
    flash("メールをもう一度送信待ちに入れました。", "success")
    return redirect(url_for("staff_outbox.detail", slug=slug, mail_id=mail_id), 303)
