"""訂正: one person writes with the editor of a draft, another approves; on the blueprint of an opening's pages."""

import uuid
from typing import Any

from flask import flash, g, redirect, render_template, request
from werkzeug.wrappers import Response

from app.accounts.queries import staff_names
from app.core import clock
from app.core.access import allows
from app.core.numbers import whole_number
from app.openings import amending, policy, queries, sections
from app.openings.amendable import FROZEN
from app.openings.amendment_models import Amendment, AmendmentState
from app.openings.amendment_queries import base_content, find_amendment, get_amendment, past_amendments
from app.openings.checklist import amendment_checklist, is_under_way, window_of
from app.openings.content import OpeningContent
from app.openings.differences import differences
from app.openings.forms_amendment import AskForm, SendBackForm
from app.openings.models import Opening
from app.openings.publication import blocking
from app.openings.publication_asked import Item
from app.openings.staff_routes import (
    HEAD,
    Answer,
    blueprint,
    crumbs,
    editor_page,
    forms_of_employment,
    opening_of_url,
    preview_page,
    section_of,
    tab_urls,
    url_to,
)

WRITTEN = "公開している内容はまだ変わりません。別の職員が承認すると、新しい版として公開します。"


@blueprint.get(f"{HEAD}/amendment")
@allows("opening.read")
def amendment(slug: str, opening_id: uuid.UUID) -> str:
    return _page(opening_of_url(opening_id))


def _page(opening: Opening, ask: AskForm | None = None, send_back: SendBackForm | None = None) -> str:
    """Show the amendment under way with its differences; the form that was sent with errors is `form`."""
    found, past = find_amendment(opening), past_amendments(opening)
    return render_template(
        "staff_openings/amendment.html",
        opening=opening,
        state=queries.closing_state(opening, clock.now()),
        amendment=found,
        past=past,
        names=_names([*past, *([found] if found else [])]),
        is_under_way=is_under_way(opening),
        sections=sections.AMENDED,
        tab_urls=tab_urls(opening, "edit_amendment"),
        **_compared(opening, found),
        ask_form=ask or AskForm(formdata=None, reason=found.reason if found else ""),
        send_back_form=send_back or SendBackForm(formdata=None),
        form=ask or send_back,
        can=_can(opening, found),
        crumbs=crumbs((opening.title, url_to("detail", opening)), ("訂正", None)),
    )


def _names(amendments: list[Amendment]) -> dict[uuid.UUID, str]:
    people = {who for one in amendments for who in (one.begun_by, one.asked_by, one.decided_by)}
    return staff_names(people)


def _compared(opening: Opening, found: Amendment | None) -> dict[str, Any]:
    if found is None:
        return {"differing": [], "items": [], "lacking": 0}
    before, after = base_content(found), OpeningContent.model_validate(found.content)
    items = _items(opening, found)
    return {
        "differing": differences(before, after, dict(forms_of_employment())),
        "items": items,
        "lacking": len(blocking(items)),
    }


def _items(opening: Opening, found: Amendment) -> list[Item]:
    after = OpeningContent.model_validate(found.content)
    return amendment_checklist(opening, g.organisation, base_content(found), after, at=clock.now())


def _can(opening: Opening, found: Amendment | None) -> dict[str, bool]:
    """Which buttons the page shows: the role's right and the state of both together."""
    may_write, may_approve = g.seat.may("amendment.prepare"), g.seat.may("amendment.approve")
    is_live, is_draft = policy.can_amend(opening, clock.now()), found and found.state is AmendmentState.DRAFT
    return {
        "begin": may_write and is_live and found is None,
        "edit": bool(may_write and is_live and is_draft),
        "drop": bool(may_write and is_draft),
        "decide": bool(found and may_approve and is_live and policy.can_decide_amendment(g.staff_user, found)),
        "take_back": bool(found and may_write and policy.can_take_amendment_back(g.staff_user, found)),
        "is_live": is_live,
    }


@blueprint.post(f"{HEAD}/amendment/begin")
@allows("amendment.prepare")
def begin_amendment(slug: str, opening_id: uuid.UUID) -> Response:
    opening = opening_of_url(opening_id)
    amending.begin(opening, by=g.staff_user, at=clock.now())
    return redirect(url_to("edit_amendment", opening, section="basic"), 303)


def _written(opening: Opening, found: Amendment) -> sections.Written:
    return sections.Written(OpeningContent.model_validate(found.content), window_of(opening), found.version)


def _edit_page(section: sections.Section, opening: Opening, found: Amendment, form: Any) -> str:
    following = sections.after(section.key)
    return editor_page(
        opening,
        section,
        form,
        _items(opening, found),
        sections=sections.AMENDED,
        following=sections.AMENDED[following.key] if following else None,
        tab_urls=tab_urls(opening, "edit_amendment"),
        save_url=url_to("save_amendment", opening, section=section.key),
        preview_url=url_to("preview_amendment", opening),
        state="訂正の下書き",
        warning=WRITTEN,
        last="保存して訂正の確認へ",
        locked=amending.FROZEN_NOW if section.key in FROZEN and is_under_way(opening) else "",
        crumbs=crumbs(
            (opening.title, url_to("detail", opening)), ("訂正", url_to("amendment", opening)), (section.label, None)
        ),
    )


@blueprint.get(f"{HEAD}/amendment/edit/<section>")
@allows("amendment.prepare")
def edit_amendment(slug: str, opening_id: uuid.UUID, section: str) -> str:
    opening, chosen = opening_of_url(opening_id), section_of(section, sections.AMENDED)
    found = running(opening)
    amending.require_draft(opening, found, at=clock.now())
    return _edit_page(
        chosen, opening, found, sections.form_for(chosen, _written(opening, found), forms_of_employment())
    )


@blueprint.post(f"{HEAD}/amendment/edit/<section>")
@allows("amendment.prepare")
def save_amendment(slug: str, opening_id: uuid.UUID, section: str) -> Answer:
    opening, chosen = opening_of_url(opening_id), section_of(section, sections.AMENDED)
    found = running(opening)
    form = sections.form_for(chosen, _written(opening, found), forms_of_employment())
    if form.change_rows(request.form.get("add"), request.form.get("remove")):
        return _edit_page(chosen, opening, found, form)
    if not form.validate():
        return _edit_page(chosen, opening, found, form), 422
    content, _window = sections.written(form, _written(opening, found))
    seen = whole_number(form.version.data, 0)
    amending.save(opening, found, content, section=section, seen=seen, by=g.staff_user, at=clock.now())
    flash(f"「{chosen.label}」を保存しました。", "success")
    following = sections.after(section)
    if following is None:
        return redirect(url_to("amendment", opening), 303)
    return redirect(url_to("edit_amendment", opening, section=following.key), 303)


@blueprint.get(f"{HEAD}/amendment/preview")
@allows("opening.read")
def preview_amendment(slug: str, opening_id: uuid.UUID) -> str:
    opening = opening_of_url(opening_id)
    content = OpeningContent.model_validate(get_amendment(opening).content)
    return preview_page(opening, content, url_to("amendment", opening))


@blueprint.post(f"{HEAD}/amendment/ask")
@allows("amendment.prepare")
def ask_amendment(slug: str, opening_id: uuid.UUID) -> Answer:
    opening, form = opening_of_url(opening_id), AskForm()
    if not form.validate():
        return _page(opening, ask=form), 422
    found, reason, at = running(opening), form.reason.data.strip(), clock.now()
    amending.ask(opening, g.organisation, found, reason, seen=form.version(), by=g.staff_user, at=at)
    flash("訂正の承認を依頼しました。承認は、別の職員が行います。", "success")
    return redirect(url_to("amendment", opening), 303)


@blueprint.post(f"{HEAD}/amendment/approve")
@allows("amendment.approve")
def approve_amendment(slug: str, opening_id: uuid.UUID) -> Response:
    opening, found = _with_amendment(opening_id)
    amending.approve(opening, g.organisation, found, seen=AskForm().version(), by=g.staff_user, at=clock.now())
    flash("訂正を公開しました。応募者と下書きのある人に、メールで知らせます。", "success")
    return redirect(url_to("amendment", opening), 303)


@blueprint.post(f"{HEAD}/amendment/return")
@allows("amendment.approve")
def return_amendment(slug: str, opening_id: uuid.UUID) -> Answer:
    opening, found = _with_amendment(opening_id)
    form = SendBackForm()
    if not form.validate():
        return _page(opening, send_back=form), 422
    amending.send_back(found, form.reason.data.strip(), seen=form.version(), by=g.staff_user, at=clock.now())
    flash("差し戻しました。理由は募集担当の画面に示します。公開している内容は変わっていません。", "success")
    return redirect(url_to("amendment", opening), 303)


@blueprint.post(f"{HEAD}/amendment/take-back")
@allows("amendment.prepare")
def take_back_amendment(slug: str, opening_id: uuid.UUID) -> Response:
    opening, found = _with_amendment(opening_id)
    amending.take_back(found, seen=AskForm().version(), by=g.staff_user, at=clock.now())
    flash("承認の依頼を取り下げました。続けて直せます。", "success")
    return redirect(url_to("amendment", opening), 303)


@blueprint.post(f"{HEAD}/amendment/drop")
@allows("amendment.prepare")
def drop_amendment(slug: str, opening_id: uuid.UUID) -> Response:
    opening, found = _with_amendment(opening_id)
    amending.drop(found, seen=AskForm().version(), by=g.staff_user, at=clock.now())
    flash("訂正を取りやめました。公開している内容は変わっていません。", "success")
    return redirect(url_to("amendment", opening), 303)


def _with_amendment(opening_id: uuid.UUID) -> tuple[Opening, Amendment]:
    opening = opening_of_url(opening_id)
    return opening, running(opening)


def running(opening: Opening) -> Amendment:
    """Get the amendment that a page was about. Raises: AmendmentRefused when it is no longer under way."""
    found = find_amendment(opening)
    if found is None:
        raise amending.AmendmentRefused(amending.NOT_A_DRAFT)
    return found
