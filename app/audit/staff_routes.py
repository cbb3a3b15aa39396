"""The record of an organisation: what changed (a chain that shows tampering) and who looked; both also as a file."""

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.looks import note_look
from app.audit import queries, words
from app.audit.asked import APPLICANTS, SYSTEM, Asked
from app.audit.sheets import as_csv
from app.core.access import allows
from app.core.downloads import attachment
from app.core.templating import jst_log

blueprint = Blueprint("staff_audit", __name__)
CHECKED_AT_ONCE = 2_000  # links; a longer chain is checked when asked


def _names(things: Iterable[str]) -> Mapping[str, str]:
    """Name what the record speaks of; the rooms that know it stand to the right."""
    found: Mapping[str, str] = current_app.extensions["koubo.record_names"](g.organisation.id, things)
    return found


def _names_in(found: queries.EntryPage) -> Mapping[str, str]:
    return _names(thing for one in found.entries for thing in words.things_in(one.event.subject, one.detail))


def _frame(endpoint: str, asked: Asked, actions: Mapping[str, str]) -> dict[str, Any]:
    """Give what both pages show beside their rows: the filter and the addresses."""

    def url(**changes: Any) -> str:
        return url_for(f"staff_audit.{endpoint}", slug=g.organisation.slug, **asked.args(**changes))

    return {
        "asked": asked,
        "words": words,
        "url": url,
        "pages": lambda number: url(page=number),
        "file_url": url_for(f"staff_audit.{endpoint}_file", slug=g.organisation.slug, **asked.args()),
        "actors": [
            ("", "すべての人"),
            *queries.people(g.organisation.id),
            (APPLICANTS, "応募者"),
            (SYSTEM, "システム"),
        ],
        "actions": [("", "すべての操作"), *sorted(actions.items(), key=lambda one: one[1])],
    }


@blueprint.get("/staff/<slug>/audit")
@allows("audit.read")
def listing(slug: str) -> str:
    length, asked = queries.chain_length(g.organisation.id), Asked.of(request.args)
    is_checked = length <= CHECKED_AT_ONCE or "check" in request.args
    found = queries.entries(g.organisation.id, asked)
    return render_template(
        "staff_audit/listing.html",
        found=found,
        names=_names_in(found),
        length=length,
        is_checked=is_checked,
        checked=queries.checked(g.organisation.id) if is_checked else None,
        **_frame("listing", asked, words.ACTIONS),
    )


@blueprint.get("/staff/<slug>/audit/looks")
@allows("audit.read")
def looks(slug: str) -> str:
    asked = Asked.of(request.args)
    found = queries.looks(g.organisation.id, asked)
    names = _names(one.subject for one in found.looks)
    return render_template("staff_audit/looks.html", found=found, names=names, **_frame("looks", asked, words.LOOKS))


@blueprint.post("/staff/<slug>/audit/find")
@allows("audit.read")
def find(slug: str) -> Response:
    """Show what the record says of the application with a receipt number; the number stands in no address."""
    endpoint = "staff_audit.looks" if request.form.get("of") == "looks" else "staff_audit.listing"
    number = request.form.get("number", "")
    subject = current_app.extensions["koubo.subject_of"](g.organisation.id, number)
    if subject is None:
        flash("この受付番号の応募は見つかりません。番号を確かめてください（末尾の1文字は確認用です）。", "warning")
    return redirect(url_for(endpoint, slug=slug, subject=subject), 303)


@blueprint.get("/staff/<slug>/audit/changes.csv")
@allows("audit.read")
def listing_file(slug: str) -> Response:
    found = queries.all_entries(g.organisation.id, Asked.of(request.args))
    names = _names_in(found)
    rows = (
        (
            one.event.seq,
            jst_log(one.event.at),
            found.names[one.event.actor],
            words.action_word(one.event.action),
            words.subject_word(one.event.subject, names),
            "、".join(f"{name}：{value}" for name, value in words.detail_words(one.detail, names)),
            one.event.hash,
        )
        for one in found.entries
    )
    heads = ("番号", "日時（日本時間）", "行った人", "操作", "対象", "内容", "ハッシュ")
    return _file("変更の記録", as_csv(heads, rows), len(found.entries))


@blueprint.get("/staff/<slug>/audit/looks.csv")
@allows("audit.read")
def looks_file(slug: str) -> Response:
    found = queries.all_looks(g.organisation.id, Asked.of(request.args))
    names = _names(one.subject for one in found.looks)
    rows = (
        (
            jst_log(one.at),
            found.names[one.actor],
            words.look_word(one.action),
            words.subject_word(one.subject, names),
            one.rows,
        )
        for one in found.looks
    )
    return _file(
        "閲覧の記録", as_csv(("日時（日本時間）", "見た人", "操作", "対象", "表示した件数"), rows), len(found.looks)
    )


def _file(name: str, made: bytes, rows: int) -> Response:
    note_look("take.record", f"organisation:{g.organisation.id}", rows=rows)
    name = f"{g.organisation.short_name}_{name}.csv"
    return attachment(BytesIO(made), file_name=name, media="text/csv", size=len(made))
