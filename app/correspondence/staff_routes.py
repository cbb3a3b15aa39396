"""HR of a city: who waits for an answer, one thread, the answer, a first message to one person."""

import uuid
from functools import partial

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.looks import note_look
from app.applications.policy import can_open
from app.core import clock
from app.core.access import allows
from app.core.numbers import whole_number
from app.correspondence import attachment_queries, queries, queue_queries, services
from app.correspondence.attachment_models import AttachedFile
from app.correspondence.conversation import Conversation
from app.correspondence.enclosing import enclose, slot
from app.correspondence.forms import ANSWER_CHARACTERS, AnswerForm, LetterForm
from app.correspondence.models import MessageKind, Side
from app.organisations.file_rule import Unscanned, unscanned_files

blueprint = Blueprint("staff_correspondence", __name__)

THREAD = "/staff/<slug>/messages/<uuid:thread_id>"
OF_APPLICATION = "/staff/<slug>/openings/<uuid:opening_id>/applications/<uuid:application_id>/messages"


@blueprint.get("/staff/<slug>/messages")
@allows("message.read")
def listing(slug: str) -> str:
    waiting_only = request.args.get("show") != "all"
    found = queue_queries.queue(g.organisation.id, request.args.get("page", 1, type=int), waiting_only=waiting_only)
    note_look("list.messages", f"organisation:{g.organisation.id}", rows=len(found.lines))

    def url(number: int = 1, show: str | None = None if waiting_only else "all") -> str:
        return url_for("staff_correspondence.listing", slug=slug, show=show, page=number if number > 1 else None)

    return render_template(
        "staff_correspondence/listing.html", found=found, waiting_only=waiting_only, url=url, thread_url=_line_url
    )


def _line_url(line: queue_queries.Line) -> str:
    return url_for("staff_correspondence.thread", slug=g.organisation.slug, thread_id=line.thread.id)


@blueprint.get(THREAD)
@allows("message.read")
def thread(slug: str, thread_id: uuid.UUID) -> str:
    return _show(queries.conversation_in(g.organisation.id, thread_id))


@blueprint.post(THREAD)
@allows("message.send")
def answer(slug: str, thread_id: uuid.UUID) -> Response | tuple[str, int]:
    return _answer(queries.conversation_in(g.organisation.id, thread_id))


@blueprint.post(f"{THREAD}/no-answer")
@allows("message.send")
def no_answer(slug: str, thread_id: uuid.UUID) -> Response:
    found = queries.conversation_in(g.organisation.id, thread_id)
    services.need_no_answer(found, LetterForm().letter(), by=g.staff_user, at=clock.now())
    flash("返信不要にしました。応募者には何も送っていません。", "success")
    return redirect(url_for("staff_correspondence.listing", slug=slug), 303)


@blueprint.get(OF_APPLICATION)
@allows("message.read")
def of_application(slug: str, opening_id: uuid.UUID, application_id: uuid.UUID) -> str:
    return _show(queries.conversation_at(g.organisation.id, opening_id, application_id))


@blueprint.post(OF_APPLICATION)
@allows("message.send")
def write(slug: str, opening_id: uuid.UUID, application_id: uuid.UUID) -> Response | tuple[str, int]:
    return _answer(queries.conversation_at(g.organisation.id, opening_id, application_id))


def _show(found: Conversation) -> str:
    form = AnswerForm(seen=str(found.count))
    form.enclosed = attachment_queries.waiting(found, g.staff_user)
    page = _page(found, form)
    if found.thread is not None:
        note_look("read.messages", f"message_thread:{found.thread.id}", rows=found.count)
        services.note_read(found, Side.CITY)
    return page


def _answer(found: Conversation) -> Response | tuple[str, int]:
    form, at = AnswerForm(), clock.now()
    typed = form.validate()
    if not (enclose(form, found, by=g.staff_user, at=at) and typed):
        return _page(found, form), 422
    try:
        services.answer(found, form.letter(), seen=whole_number(form.seen.data, -1), by=g.staff_user, at=at)
    except services.Crossed as crossed:
        form.body.errors = [crossed.message]
        form.seen.data = str(found.count)
        return _page(found, form), 422
    flash("送信しました。応募者には「お知らせがあります」というメールを送ります。", "success")
    return redirect(request.path, 303)


def _page(found: Conversation, form: AnswerForm) -> str:
    slug, one, thread_id = g.organisation.slug, found.application, found.thread.id if found.thread else None
    where = {"slug": slug, "opening_id": found.opening.id}
    return render_template(
        "staff_correspondence/thread.html",
        found=found,
        form=form,
        limit=ANSWER_CHARACTERS,
        me=MessageKind.FROM_CITY,
        may_send=g.seat.may("message.send"),
        url=request.path,
        file_url=partial(_file_url, thread_id, unscanned_files(g.organisation.id, at=clock.now())),
        slot=slot(),
        application_url=url_for("staff_applications.detail", application_id=one.id, **where) if one else None,
        crumbs=[("メッセージ", url_for("staff_correspondence.listing", slug=slug)), (found.opening.title, None)],
    )


def _file_url(thread_id: uuid.UUID | None, unscanned: Unscanned, file: AttachedFile) -> str | None:
    """Give the address at which this organisation's staff open a file, None while they do not."""
    if thread_id is None or not can_open(file, unscanned):
        return None
    slug = g.organisation.slug
    return url_for("staff_correspondence.attached_file", slug=slug, thread_id=thread_id, file_id=file.id)


from app.correspondence import (  # noqa: E402  # the same blueprint
    accommodation_staff_routes,  # noqa: F401
    attachment_staff_routes,  # noqa: F401
    erasing_routes,  # noqa: F401
    request_staff_routes,  # noqa: F401
)
