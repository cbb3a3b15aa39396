import uuid
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.queries import staff_names
from app.core import clock
from app.core.access import allows
from app.core.errors import NotFound
from app.core.numbers import whole_number
from app.openings import amendment_queries, policy, queries, sections, services, staff_queries
from app.openings.checklist import checklist
from app.openings.content import OpeningContent
from app.openings.forms import ApproveForm, NewForm, ReasonForm, VersionForm
from app.openings.models import Opening, OpeningState
from app.openings.notice import make_notice
from app.openings.publication import blocking
from app.openings.publication_asked import Item

blueprint = Blueprint("staff_openings", __name__, url_prefix="/staff/<slug>/openings")

HEAD = "/<uuid:opening_id>"
VOIDED = "保存すると、承認の依頼や承認は取り消され、下書きに戻ります。"
Answer = str | tuple[str, int] | Response


def opening_of_url(opening_id: uuid.UUID) -> Opening:
    return staff_queries.get_opening(g.organisation.id, opening_id)


def url_to(endpoint: str, opening: Opening | None = None, **more: Any) -> str:
    place: dict[str, Any] = {"opening_id": opening.id} if opening is not None else {}
    return url_for(f"staff_openings.{endpoint}", slug=g.organisation.slug, **place, **more)


def crumbs(*more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    return [("募集管理", url_to("listing")), *more]


@blueprint.get("")
@allows("opening.read")
def listing(slug: str) -> str:
    at = clock.now()
    openings = staff_queries.openings_of(g.organisation.id)
    rows = [(one, queries.closing_state(one, at)) for one in openings]
    return render_template("staff_openings/listing.html", rows=rows, may_edit=g.seat.may("opening.edit"))


@blueprint.get("/new")
@allows("opening.edit")
def new(slug: str) -> str:
    return render_template("staff_openings/new.html", form=NewForm(), crumbs=crumbs(("新しい募集", None)))


@blueprint.post("/new")
@allows("opening.edit")
def create(slug: str) -> Answer:
    form = NewForm()
    if not form.validate():
        return render_template("staff_openings/new.html", form=form, crumbs=crumbs(("新しい募集", None))), 422
    opening = services.create(g.organisation, form.title.data.strip(), by=g.staff_user, at=clock.now())
    flash("下書きを作りました。続けて内容を書いてください。", "success")
    return redirect(url_to("edit", opening, section="basic"), 303)


@blueprint.get(HEAD)
@allows("opening.read")
def detail(slug: str, opening_id: uuid.UUID) -> str:
    return _detail(opening_of_url(opening_id), ReasonForm())


def _detail(opening: Opening, form: ReasonForm, asked: str = "") -> str:
    at = clock.now()
    items = checklist(opening, g.organisation, at=at)
    return render_template(
        "staff_openings/detail.html",
        opening=opening,
        state=queries.closing_state(opening, at),
        items=items,
        lacking=len(blocking(items)),
        sections=sections.SECTIONS,
        tab_urls=tab_urls(opening),
        revisions=staff_queries.revisions_of(opening),
        public_numbers=amendment_queries.public_numbers(opening, at),
        names=staff_names([opening.submitted_by, opening.approved_by]),
        form=form,
        asked=asked,
        can=_can(opening),
        is_published=policy.is_published(opening, at),
        crumbs=crumbs((opening.title, None)),
    )


def _can(opening: Opening) -> dict[str, bool]:
    """Which buttons the page shows: the role's right and the opening's state together."""
    author, approver = g.seat.may("opening.edit"), g.seat.may("opening.approve")
    return {
        "edit": author and policy.can_edit(opening, clock.now()),
        "submit": author and policy.can_submit(opening),
        "duplicate": author,
        "archive": author and policy.can_archive(opening),
        "restore": author and policy.can_restore(opening),
        "approve": approver and policy.can_approve(g.staff_user, opening),
        "withdraw": approver and policy.can_withdraw(g.staff_user, opening, clock.now()),
        "change_deadline": policy.can_change_deadline(opening, clock.now()),
        "amend": policy.can_amend(opening, clock.now()),
        "own": approver and policy.is_own_submission(g.staff_user, opening),
    }


def section_of(key: str, known: dict[str, sections.Section]) -> sections.Section:
    if key not in known:
        raise NotFound
    return known[key]


def tab_urls(opening: Opening, endpoint: str = "edit") -> dict[str, str]:
    """Give the address of each section of the editor, of an opening or of its amendment."""
    return {key: url_to(endpoint, opening, section=key) for key in sections.SECTIONS}


def forms_of_employment() -> list[tuple[str, str]]:
    return [(one.key, one.label) for one in staff_queries.forms_of(g.organisation.id)]


def editor_page(opening: Opening, section: sections.Section, form: Any, items: list[Item], **own: Any) -> str:
    """Show a section of the editor, of an opening or of its amendment; `own` is what differs between them."""
    return render_template(
        "staff_openings/edit.html",
        opening=opening,
        section=section,
        items=items,
        lacking=len(blocking(items)),
        form=form,
        touched=request.form.get("add") or request.form.get("remove") or "",
        **own,
    )


def _edit_page(section: sections.Section, opening: Opening, form: Any) -> str:
    return editor_page(
        opening,
        section,
        form,
        checklist(opening, g.organisation, at=clock.now()),
        sections=sections.SECTIONS,
        following=sections.after(section.key),
        tab_urls=tab_urls(opening),
        save_url=url_to("save", opening, section=section.key),
        preview_url=url_to("preview", opening),
        state=opening.state.label,
        warning="" if opening.state is OpeningState.DRAFT else VOIDED,
        last="保存して点検へ",
        locked="",
        crumbs=crumbs((opening.title, url_to("detail", opening)), (section.label, None)),
    )


@blueprint.get(f"{HEAD}/edit/<section>")
@allows("opening.edit")
def edit(slug: str, opening_id: uuid.UUID, section: str) -> str:
    opening, chosen = opening_of_url(opening_id), section_of(section, sections.SECTIONS)
    if not policy.can_edit(opening, clock.now()):
        raise services.Published
    return _edit_page(chosen, opening, sections.form_for(chosen, sections.of_opening(opening), forms_of_employment()))


@blueprint.post(f"{HEAD}/edit/<section>")
@allows("opening.edit")
def save(slug: str, opening_id: uuid.UUID, section: str) -> Answer:
    opening, chosen = opening_of_url(opening_id), section_of(section, sections.SECTIONS)
    form = sections.form_for(chosen, sections.of_opening(opening), forms_of_employment())
    if form.change_rows(request.form.get("add"), request.form.get("remove")):
        return _edit_page(chosen, opening, form)
    if not form.validate():
        return _edit_page(chosen, opening, form), 422
    content, window = sections.written(form, sections.of_opening(opening))
    services.save(
        opening,
        g.organisation,
        content,
        window,
        version=whole_number(form.version.data, 0),
        by=g.staff_user,
        at=clock.now(),
    )
    flash(f"「{chosen.label}」を保存しました。", "success")
    following = sections.after(section)
    return redirect(url_to("edit", opening, section=following.key) if following else url_to("detail", opening), 303)


@blueprint.get(f"{HEAD}/preview")
@allows("opening.read")
def preview(slug: str, opening_id: uuid.UUID) -> str:
    opening = opening_of_url(opening_id)
    return preview_page(opening, OpeningContent.model_validate(opening.content), url_to("detail", opening))


def preview_page(opening: Opening, content: OpeningContent, back_url: str) -> str:
    """Show a content as its public page would look."""
    key = content.terms.form_key
    form = queries.find_form_version(g.organisation.id, key)
    notice = make_notice(
        content,
        dict(forms_of_employment()).get(key or ""),
        basis=form.basis if form else None,
        opens_at=opening.opens_at,
        closes_at=opening.closes_at,
        at=clock.now(),
    )
    return render_template(
        "staff_openings/preview.html", opening=opening, notice=notice, said=notice.content, back_url=back_url
    )


@blueprint.post(f"{HEAD}/duplicate")
@allows("opening.edit")
def duplicate(slug: str, opening_id: uuid.UUID) -> Answer:
    copy = services.duplicate(opening_of_url(opening_id), g.organisation, by=g.staff_user, at=clock.now())
    flash("複製した下書きです。日付は1年後にしてあります。文の中の日付は、書き直してください。", "success")
    return redirect(url_to("edit", copy, section="basic"), 303)


@blueprint.post(f"{HEAD}/submit")
@allows("opening.edit")
def submit(slug: str, opening_id: uuid.UUID) -> Answer:
    opening = opening_of_url(opening_id)
    services.submit(
        opening, g.organisation, version=whole_number(VersionForm().version.data, 0), by=g.staff_user, at=clock.now()
    )
    flash("承認を依頼しました。承認は、別の職員が行います。", "success")
    return redirect(url_to("detail", opening), 303)


@blueprint.post(f"{HEAD}/approve")
@allows("opening.approve")
def approve(slug: str, opening_id: uuid.UUID) -> Answer:
    opening = opening_of_url(opening_id)
    services.approve(opening, g.organisation, seen=ApproveForm().seen.data or "", by=g.staff_user, at=clock.now())
    flash("承認しました。公開の日時になると、だれでも見られます。", "success")
    return redirect(url_to("detail", opening), 303)


@blueprint.post(f"{HEAD}/return")
@allows("opening.approve")
def return_(slug: str, opening_id: uuid.UUID) -> Answer:
    opening, form = opening_of_url(opening_id), ReasonForm()
    if not form.validate():
        return _detail(opening, form, "return"), 422
    services.return_to_author(opening, form.reason.data.strip(), by=g.staff_user, at=clock.now())
    flash("差し戻しました。理由は募集担当の画面に示します。", "success")
    return redirect(url_to("detail", opening), 303)


@blueprint.post(f"{HEAD}/withdraw")
@allows("opening.approve")
def withdraw(slug: str, opening_id: uuid.UUID) -> Answer:
    opening, form = opening_of_url(opening_id), ReasonForm()
    if not form.validate():
        return _detail(opening, form, "withdraw"), 422
    services.withdraw(opening, form.reason.data.strip(), by=g.staff_user, at=clock.now())
    flash("募集を中止しました。", "success")
    return redirect(url_to("detail", opening), 303)


@blueprint.post(f"{HEAD}/archive")
@allows("opening.edit")
def archive(slug: str, opening_id: uuid.UUID) -> Answer:
    opening = opening_of_url(opening_id)
    services.archive(opening, version=whole_number(VersionForm().version.data, 0), by=g.staff_user, at=clock.now())
    flash("下書きを保管に移しました。", "success")
    return redirect(url_to("listing"), 303)


@blueprint.post(f"{HEAD}/restore")
@allows("opening.edit")
def restore(slug: str, opening_id: uuid.UUID) -> Answer:
    opening = opening_of_url(opening_id)
    services.restore(opening, version=whole_number(VersionForm().version.data, 0), by=g.staff_user, at=clock.now())
    flash("下書きに戻しました。", "success")
    return redirect(url_to("detail", opening), 303)


from app.openings import amendment_routes, deadline_routes  # noqa: E402, F401  # the same blueprint, pages of their own
