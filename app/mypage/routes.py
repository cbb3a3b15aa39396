"""One page over all applications of a person in all cities, and how they sign in (design 3, 17)."""

import secrets
import uuid
from dataclasses import asdict
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from app.accounts import applicants
from app.accounts.applicant_sessions import was_ended
from app.accounts.applicants import CODE_COOKIE, WrongCode
from app.accounts.guard import APPLICANT_COOKIE
from app.applications import queries as own
from app.applications.answers import Answers
from app.applications.choice_queries import joint_campaign
from app.applications.file_queries import get_document
from app.applications.models import Application
from app.applications.outlook import unsent_changes
from app.applications.places import in_the_way
from app.applications.policy import UNDO_WITHIN, can_reinstate
from app.applications.summary import sections
from app.applications.words import masked_mail
from app.core import clock, storage
from app.core.access import allows
from app.core.addresses import own_path
from app.core.arrival import network_address
from app.core.csrf import drop_cookie, read_cookie, set_cookie
from app.core.downloads import attachment
from app.core.errors import NotFound
from app.correspondence.accommodation_queries import states_of
from app.correspondence.queries import questions_of, unread_by
from app.correspondence.request_queries import last_erasure
from app.mypage import calendar, queries, services
from app.mypage.forms import CodeForm, MailForm
from app.mypage.tasks import tasks

blueprint = Blueprint("mypage", __name__)

COOKIE_DAYS = 30
CODE_TYPED = "code_typed_at"  # in the form cookie: when a code was last typed in this browser
MAIL, NEXT, LEFT = "sign_in_mail", "sign_in_next", "left_behind"


def _way_back(path: str | None) -> str:
    """Take a way back only to pages of applicants; anything else leads to my page."""
    return own_path(path, under="/my/") or own_path(path, under="/apply/") or url_for("mypage.home")


@blueprint.get("/my/")
@allows("application.read_own")
def home() -> str:
    at = clock.now()
    drafts, entries = queries.draft_entries(g.applicant.id, at=at), queries.entries(g.applicant.id, at=at)
    return render_template(
        "mypage/home.html",
        entries=entries,
        together=queries.together(entries),
        drafts=drafts,
        tasks={one.draft.id: tasks(one.calls.content, own.answers_of(one.draft)) for one in drafts},
        late=queries.late_entries(g.applicant.id, at=at),
        changed=unsent_changes(g.applicant.id, at=at),
        unread=unread_by(g.applicant.id),
        questions=questions_of(g.applicant.id),
        mail=masked_mail(g.applicant.mail) if g.applicant.confirmed_at else None,
        left=session.get(LEFT) if g.applicant.confirmed_at else None,
        resume_code=applicants.known_resume_code(g.applicant),
    )


@blueprint.get("/my/sign-in")
@allows("applicant.sign_in")
def sign_in() -> str:
    session[NEXT] = _way_back(request.args.get("next"))
    mail = own.last_mail(g.applicant.id) if g.applicant else None
    return _ask_address(MailForm(mail=mail))


def _ask_address(form: MailForm) -> str:
    """Ask for the address, and say why to a browser that needed no code a while ago."""
    ended = g.applicant is None and was_ended(read_cookie(APPLICANT_COOKIE))
    return render_template("mypage/sign_in.html", form=form, is_held=g.applicant is not None, was_ended=ended)


@blueprint.post("/my/sign-in")
@allows("applicant.sign_in")
def ask_code() -> Response | tuple[str, int]:
    form = MailForm()
    if not form.validate():
        return _ask_address(form), 422
    browser = read_cookie(CODE_COOKIE) or secrets.token_urlsafe(32)
    held_by = read_cookie(APPLICANT_COOKIE)
    applicants.request_code(form.mail.data, browser, address=network_address(), at=clock.now(), held_by=held_by)
    session[MAIL] = form.mail.data
    answer = redirect(url_for("mypage.code"), 303)
    set_cookie(answer, CODE_COOKIE, browser)
    return answer


@blueprint.get("/my/code")
@allows("applicant.sign_in")
def code() -> str | Response:
    if MAIL not in session:
        return redirect(url_for("mypage.sign_in"), 303)
    return render_template("mypage/code.html", form=CodeForm(), mail=session[MAIL])


@blueprint.post("/my/code")
@allows("applicant.sign_in")
def enter_code() -> Response | tuple[str, int]:
    form, mail = CodeForm(), session.get(MAIL, "")
    if not form.validate():
        return render_template("mypage/code.html", form=form, mail=mail), 422
    try:
        signed_in = services.sign_in(
            mail,
            form.code.data,
            read_cookie(CODE_COOKIE) or "",
            holder=g.applicant,
            held=g.applicant_session.id if g.applicant_session else None,
            address=network_address(),
            at=clock.now(),
        )
    except WrongCode as wrong:
        form.code.errors = [wrong.message]
        return render_template("mypage/code.html", form=form, mail=mail), 422
    return _arrived(signed_in)


def _arrived(signed_in: services.SignedIn) -> Response:
    """Lead to where the person wanted to go, with a new cookie when the browser holds somebody else from here on."""
    session.pop(MAIL, None)
    session[CODE_TYPED] = int(clock.now().timestamp())
    wanted = _way_back(session.pop(NEXT, None))
    if signed_in.left is not None:
        session[LEFT] = asdict(signed_in.left)
        wanted = url_for("mypage.home")  # the page wanted belonged to the applicant whom this browser held before
    elif signed_in.has_merged and not wanted.startswith("/apply/drafts/"):
        wanted = url_for("mypage.home")
    answer = redirect(wanted, 303)
    set_cookie(answer, APPLICANT_COOKIE, signed_in.token, days=COOKIE_DAYS)
    flash("メールアドレスを確認しました。", "success")
    if signed_in.ended:
        flash("この応募をほかの端末でも開いていました。ほかの端末では、もう一度コードが必要になります。", "warning")
    if signed_in.has_merged:
        flash("この端末で書いた応募と下書きを、同じメールアドレスのマイページにまとめました。", "success")
    return answer


@blueprint.get("/my/received")
@allows("applicant.sign_in")
def received() -> str:
    return render_template("mypage/received.html", is_held=g.applicant is not None)


@blueprint.get("/my/sign-out")
@allows("application.read_own")
def leave() -> str:
    at = clock.now()
    held = queries.draft_entries(g.applicant.id, at=at), queries.entries(g.applicant.id, at=at)
    return render_template(
        "mypage/leave.html",
        drafts=held[0],
        entries=held[1],
        mail=masked_mail(g.applicant.mail) if g.applicant.confirmed_at else None,
        resume_code=applicants.resume_code(g.applicant.id) if any(held) and not g.applicant.confirmed_at else None,
        back=_way_back(request.args.get("back")),
    )


@blueprint.post("/my/sign-out")
@allows("application.read_own")
def sign_out() -> Response:
    services.leave_device(g.applicant_session, g.applicant, at=clock.now())
    for name in (LEFT, MAIL, NEXT):
        session.pop(name, None)
    answer = redirect(url_for("mypage.sign_in"), 303)
    drop_cookie(answer, APPLICANT_COOKIE)
    answer.headers["Clear-Site-Data"] = '"cache"'  # the pages that core.headers lets a browser go back to
    flash("この端末から、応募の情報を消しました。送った応募と下書きは残っています。", "success")
    return answer


@blueprint.get("/my/applications/<uuid:application_id>")
@allows("application.read_own")
def application(application_id: uuid.UUID) -> str:
    at = clock.now()
    entry = queries.entry_of(own.get_application(g.applicant.id, application_id), at=at)
    return render_template(
        "mypage/application.html",
        entry=entry,
        organisation=entry.call.organisation,
        changed=unsent_changes(g.applicant.id, at=at),
        **_sent(entry.application),
        is_erased=own.is_erased(entry.application),
        draft=own.find_draft(g.applicant.id, entry.application.opening_id),
        may_rejoin=joint_campaign(entry.call.opening) is not None and entry.call.is_announced_open(at),
        is_open=entry.call.is_open(at),
        has_dates=calendar.has_dates(entry, at=at),
        is_withdrawn=entry.withdrawn_at is not None,
        **_taking_back(entry, at=at),
        **_asked(entry.application),
        mail=masked_mail(entry.application.mail),
    )


def _asked(application: Application) -> dict[str, Any]:
    """Say what the person asked of the city besides, and what of its answers is not read yet."""
    return {
        "erasure": last_erasure(application),
        "accommodation": states_of(application.applicant_id).get(application.opening_id),
        "unread": unread_by(application.applicant_id),
    }


def _taking_back(entry: queries.Entry, *, at: datetime) -> dict[str, Any]:
    """Say whether a withdrawal can still be taken back, until when, and what is in the way."""
    may = can_reinstate(entry.withdrawn_at, at=at)
    return {
        "can_reinstate": may,
        "until": entry.withdrawn_at + UNDO_WITHIN if entry.withdrawn_at else None,
        "campaign": joint_campaign(entry.call.opening),
        "in_the_way": in_the_way(entry.application, entry.call.opening) if may else None,
    }


def _sent(application: Application) -> dict[str, Any]:
    """Give what was sent, as the opening asked for it when the last version came."""
    versions = own.versions_of(application)
    call = own.call_of(application, versions[0])
    content = call.content
    return {
        "versions": versions,
        "answered": call.revision,
        "labels": {kind.key: kind.label for kind in content.documents},
        "sections": sections(content, Answers.model_validate(versions[0].answers), lambda _step: None),
    }


@blueprint.get("/my/applications/<uuid:application_id>/files/<uuid:document_id>")
@allows("application.read_own")
def file(application_id: uuid.UUID, document_id: uuid.UUID) -> Response:
    document = get_document(own.get_application(g.applicant.id, application_id), document_id)
    kept = document.stored_file
    if kept.is_unsafe:
        raise NotFound
    return attachment(storage.open_file(kept.key), file_name=document.file_name, media=kept.media, size=kept.size)


from app.mypage import contact_routes, data_routes, paper_routes, resume_routes  # noqa: E402, F401  # the same blueprint, pages of their own
