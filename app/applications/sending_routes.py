"""確認 and 完了: what will be sent and to whom, the press that sends it, the receipts (design 13, 18)."""

import secrets
import uuid
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.applicants import resume_code
from app.applications import queries, sending_services
from app.applications.amended import amended
from app.applications.answers import Answers
from app.applications.apart import groups
from app.applications.choice_queries import applications_to, get_calls, purposes_of
from app.applications.choices import Calls, assessments
from app.applications.file_queries import unsafe_files
from app.applications.late_queries import latest_attempts
from app.applications.outlook import is_sent, outlooks
from app.applications.places import given_up
from app.applications.receipts import receipts_of
from app.applications.routes import CHECK, TIME_IS_UP, blueprint, frame, step_url
from app.applications.sending_rules import NOTHING_SENT, Late, NotReady, OthersLeft
from app.applications.sending_services import Press
from app.applications.summary import sections
from app.applications.unread import in_the_way
from app.applications.words import masked_mail
from app.core import clock, pdf
from app.core.access import allows, pressed_again, takes_idle
from app.core.arrival import arrived_at, network_address
from app.core.language import word
from app.core.numbers import whole_number
from app.eligibility.job_doubts import doubts
from app.jp.mail import mail_hint

NOTHING = uuid.UUID(int=0)


@blueprint.get("/apply/drafts/<uuid:draft_id>/confirm")
@allows("draft.edit")
def confirm(draft_id: uuid.UUID) -> str:
    at = clock.now()
    draft = queries.get_draft(g.applicant.id, draft_id)
    calls, answers = get_calls(draft, at=at), queries.answers_of(draft)
    return render_template(
        "apply/confirm.html",
        **frame(calls, draft, answers),
        sections=sections(calls.content, answers, lambda one: step_url(draft, one, via=CHECK)),
        shared=[group for group in groups(calls) if group.is_shared],
        assessed=assessments(calls, answers, today=clock.today()),
        missing=in_the_way(calls.content, answers) + unsafe_files(draft.applicant_id, calls.content, answers),
        doubts=doubts(answers.history, answers.person.birth_date, today=clock.today()),
        meant=mail_hint(answers.person.mail),
        purposes=purposes_of(calls, at=at),
        key=secrets.token_urlsafe(24),
        last=queries.last_submission(draft),
        **_outlook(calls, answers),
        amendments=amended(draft, calls),
        gives_up=given_up(draft, calls.campaign, at=at),
    )


def _outlook(calls: Calls, answers: Answers) -> dict[str, Any]:
    """Say what sending would do at each of the openings."""
    found = outlooks(calls, answers, applications_to(g.applicant.id, calls))
    is_back = any(one.is_back for one in found)
    return {"outlooks": found, "is_unchanged": is_sent(answers, found), "takes_back": is_back}


@blueprint.post("/apply/drafts/<uuid:draft_id>/confirm")
@allows("draft.edit")
@takes_idle
@pressed_again(word("応募をもう一度送信する"))
def send(draft_id: uuid.UUID) -> Response | tuple[str, int]:
    if g.applicant is None:
        return _code_first(draft_id)
    try:
        submission = sending_services.submit(g.applicant.id, draft_id, _press())
    except Late as late:
        return _late(late, draft_id)
    except NotReady as refusal:
        refusal.way = "確認の画面を開き直す", url_for("apply.confirm", draft_id=draft_id)
        raise
    return redirect(url_for("apply.done", submission_id=submission.id), 303)


def _code_first(draft_id: uuid.UUID) -> Response:
    flash(f"{TIME_IS_UP}応募はまだ送信していません。", "warning")
    return redirect(url_for("mypage.sign_in", next=url_for("apply.confirm", draft_id=draft_id)), 303)


def _press() -> Press:
    return Press(
        key=request.form.get("key", "")[:64] or secrets.token_urlsafe(24),
        seen=whole_number(request.form.get("seen"), -1),
        at=arrived_at(),
        to=frozenset(_id(one) for one in request.form.getlist("to")),
        read=frozenset(_id(one) for one in request.form.getlist("read")),
        address=network_address(),
    )


def _id(text: str) -> uuid.UUID:
    """Read an id; what is none becomes the id of nothing, so that it is refused and not left out."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return NOTHING


def _late(late: Late, draft_id: uuid.UUID) -> tuple[str, int]:
    """Say that it came late and is kept; 409, as nothing was sent."""
    has_others = isinstance(late, OthersLeft)
    text = render_template(
        "apply/late.html",
        late=late.calls,
        full=late.full,
        organisation=late.calls[0].organisation if len(late.calls) == 1 else None,
        received_at=arrived_at(),
        references={one.opening_id: one.reference for one, _state in latest_attempts(g.applicant.id)},
        confirm_url=url_for("apply.confirm", draft_id=draft_id) if has_others else None,
        nothing_sent=NOTHING_SENT,
    )
    return text, 409


@blueprint.get("/apply/submissions/<uuid:submission_id>")
@allows("draft.edit")
def done(submission_id: uuid.UUID) -> str:
    found = queries.get_submission(g.applicant.id, submission_id)
    receipts = receipts_of(g.applicant.id, found)
    application = receipts[0].application
    return render_template(
        "apply/done.html",
        receipts=receipts,
        application=application,
        organisation=receipts[0].call.organisation if len(receipts) == 1 else None,
        draft=queries.find_draft(g.applicant.id, application.opening_id),
        mail=masked_mail(application.mail),
        is_confirmed=g.applicant.confirmed_at is not None,
        resume_code=None if g.applicant.confirmed_at else resume_code(g.applicant.id),
        can_pdf=pdf.can_render(),
    )
