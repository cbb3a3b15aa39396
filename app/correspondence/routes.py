"""A person's messages with a city: about an application of theirs, or about an opening before applying."""

import uuid
from datetime import datetime

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.applications import queries as own
from app.core import clock
from app.core.access import allows, takes_idle
from app.core.arrival import arrived_at
from app.core.errors import TooManyTries
from app.core.forms import Form
from app.core.limits import Limit, count
from app.correspondence import attachment_queries, policy, queries, services
from app.correspondence.attachment_models import AttachedFile
from app.correspondence.conversation import Conversation
from app.correspondence.enclosing import enclose, slot
from app.correspondence.forms import QUESTION_CHARACTERS, QuestionForm
from app.correspondence.models import MessageKind, Side

blueprint = Blueprint("correspondence", __name__)

A_DAY = Limit("message.ask", 20, 86_400)
SENT = "送信しました。返事があると、メールでお知らせします。"


@blueprint.get("/my/applications/<uuid:application_id>/messages")
@allows("message.own")
def messages(application_id: uuid.UUID) -> str:
    found = queries.conversation_of(g.applicant.id, application_id)
    page = _page(found, _begun(found))
    services.note_read(found, Side.APPLICANT)
    return page


@blueprint.post("/my/applications/<uuid:application_id>/messages")
@allows("message.own")
@takes_idle
def send(application_id: uuid.UUID) -> Response | tuple[str, int]:
    form, at = QuestionForm(), arrived_at()
    if g.applicant is None:
        form.lose()
        return again(form), 422
    typed = form.validate() and _is_within_limit(form, at=at)
    found = queries.conversation_of(g.applicant.id, application_id)
    if not (enclose(form, found, by=g.applicant, at=at) and typed):
        return _page(found, form), 422
    services.ask(found, form.letter(), by=g.applicant, at=at)
    flash(SENT, "success")
    return redirect(url_for("correspondence.messages", application_id=application_id), 303)


@blueprint.get("/apply/openings/<uuid:opening_id>/questions")
@allows("message.ask")
def ask_form(opening_id: uuid.UUID) -> str | Response:
    found = _about(opening_id)
    if found is not None and found.application is not None:
        return redirect(url_for("correspondence.messages", application_id=found.application.id))
    page = _ask_page(opening_id, found, _begun(found) if found else QuestionForm())
    if found is not None:
        services.note_read(found, Side.APPLICANT)
    return page


@blueprint.post("/apply/openings/<uuid:opening_id>/questions")
@allows("message.ask")
def ask(opening_id: uuid.UUID) -> Response | tuple[str, int]:
    form, at = QuestionForm(), arrived_at()
    typed = form.validate() and _is_within_limit(form, at=at)
    found = _about(opening_id)
    if not policy.takes_questions(own.get_call(opening_id, at=at).is_called_off, is_begun=bool(found and found.shown)):
        return redirect(url_for("correspondence.ask_form", opening_id=opening_id), 303)
    if found is None:
        form.lose()
        return _ask_page(opening_id, None, form), 422
    if not (enclose(form, found, by=g.applicant, at=at) and typed):
        return _ask_page(opening_id, found, form), 422
    services.ask(found, form.letter(), by=g.applicant, at=at)
    flash(SENT, "success")
    return redirect(url_for("correspondence.ask_form", opening_id=opening_id), 303)


def _about(opening_id: uuid.UUID) -> Conversation | None:
    """Give the messages of who asks, None to somebody whom nothing could be sent back to. Raises: NotFound."""
    if g.applicant is None:
        return None
    found = queries.conversation_about(opening_id, g.applicant.id, at=clock.now())
    return found if policy.can_ask(g.applicant, found.application) else None


def again(form: Form) -> str:
    """Keep what was typed by somebody whose time ran out, and show nothing else."""
    sign_in_url = url_for("mypage.sign_in", next=request.path)
    return render_template("correspondence/again.html", form=form, url=request.path, sign_in_url=sign_in_url)


def _begun(found: Conversation) -> QuestionForm:
    """Give an empty message, with the files that wait to be sent."""
    form = QuestionForm()
    form.enclosed = attachment_queries.waiting(found, g.applicant)
    return form


def file_url(file: AttachedFile) -> str | None:
    """Give the address at which a person opens a file, None while it is not to be opened."""
    opens = attachment_queries.opens_for_person(file)
    return url_for("correspondence.attached_file", file_id=file.id) if opens else None


def _is_within_limit(form: QuestionForm, *, at: datetime) -> bool:
    """Count a message; above the limit say so beside the field, so that nothing typed is lost."""
    if g.applicant is None:
        return False
    try:
        count(A_DAY, str(g.applicant.id), at=at)
    except TooManyTries as over:
        form.body.errors = [
            f"1日に送れるメッセージは{A_DAY.times}件までです。約{-(-over.retry_after // 3600)}時間後にまた送れます。"
            "お急ぎのときは、電話でお問い合わせください"
        ]
        return False
    return True


def _page(found: Conversation, form: QuestionForm) -> str:
    return render_template(
        "correspondence/messages.html",
        found=found,
        organisation=found.organisation,
        form=form,
        limit=QUESTION_CHARACTERS,
        me=MessageKind.FROM_APPLICANT,
        file_url=file_url,
        slot=slot(),
    )


def _ask_page(opening_id: uuid.UUID, found: Conversation | None, form: QuestionForm) -> str:
    call = own.get_call(opening_id, at=clock.now())
    return render_template(
        "correspondence/ask.html",
        call=call,
        found=found,
        is_begun=found is not None and bool(found.shown),
        organisation=call.organisation,
        form=form,
        limit=QUESTION_CHARACTERS,
        me=MessageKind.FROM_APPLICANT,
        file_url=file_url,
        slot=slot(),
        sign_in_url=url_for("mypage.sign_in", next=url_for("correspondence.ask_form", opening_id=opening_id)),
    )


from app.correspondence import (  # noqa: E402  # the same blueprint
    accommodation_routes,  # noqa: F401
    accommodation_several_routes,  # noqa: F401
    attachment_routes,  # noqa: F401
    request_routes,  # noqa: F401
)
