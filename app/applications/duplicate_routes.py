"""重複の確認: two applications with one address side by side, and what staff make of them; on HR's blueprint."""

import uuid
from typing import Any

from flask import flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import HiddenField, RadioField, TextAreaField

from app.accounts.looks import note_look
from app.accounts.queries import staff_names
from app.applications import duplicate_services, policy, screening_detail, suspicion
from app.applications.changes import changes
from app.applications.duplicates import Double, get_double
from app.applications.screening_detail import ApplicationView
from app.applications.staff_routes import ONE, blueprint, crumbs
from app.core import clock
from app.core.access import allows
from app.core.forms import Form, MaxLength, Required, RequiredChoice
from app.core.numbers import whole_number

PAIR = f"{ONE}/duplicates/<uuid:other_id>"
APART = "apart"


class DuplicateForm(Form):
    """The choices name the two applications, by which is the earlier."""

    which = RadioField("扱い", [RequiredChoice("扱いを選んでください")])
    duplicate_reason = TextAreaField("理由", [Required("理由を入力してください"), MaxLength(1000)])
    seen = HiddenField()

    def kept_id(self) -> uuid.UUID | None:
        """Give the application to screen of one person; None for two people."""
        return None if self.which.data == APART else uuid.UUID(self.which.data)


def _both(opening_id: uuid.UUID, application_id: uuid.UUID, other_id: uuid.UUID) -> tuple[ApplicationView, Double]:
    view = screening_detail.get_view(g.organisation.id, opening_id, application_id)
    return view, get_double(view.application, other_id)


def _form(view: ApplicationView, double: Double, **values: Any) -> DuplicateForm:
    form, pair = DuplicateForm(**values), (view.application, double.application)
    form.which.choices = [(APART, "別人として扱う（それぞれを審査する）")] + [
        (str(one.id), f"同じ人として扱い、{one.receipt_number}（{one.family_name} {one.given_name}）を審査する")
        for one, rest in (pair, pair[::-1])
        if policy.can_keep(one, rest)
    ]
    return form


@blueprint.get(PAIR)
@allows("application.read")
def duplicate(slug: str, opening_id: uuid.UUID, application_id: uuid.UUID, other_id: uuid.UUID) -> str:
    view, double = _both(opening_id, application_id, other_id)
    page = _show(view, double, _form(view, double, formdata=None))
    for one in (application_id, other_id):
        note_look("read.application", f"application:{one}")
    return page


def _show(view: ApplicationView, double: Double, form: DuplicateForm) -> str:
    other = screening_detail.get_view(g.organisation.id, view.opening.id, double.application.id)
    form.seen.data = str(len(double.rulings))
    first, second = sorted((view, other), key=lambda one: one.application.received_at)
    own = {"slug": g.organisation.slug, "opening_id": view.opening.id, "application_id": view.application.id}
    return render_template(
        "staff_applications/duplicate.html",
        opening=view.opening,
        double=double,
        pair=(first, second),
        signs={one.application.id: suspicion.labels(one.application.check_reason) for one in (view, other)},
        changes=changes(first.answers, first.content, second.answers, second.content),
        form=form,
        names=staff_names([one.ruled_by for one in double.rulings]),
        url=url_for("staff_applications.settle_duplicate", other_id=double.application.id, **own),
        may_settle=g.seat.may("application.accept"),
        crumbs=crumbs(
            (view.application.receipt_number, url_for("staff_applications.detail", **own)), ("重複の確認", None)
        ),
    )


@blueprint.post(PAIR)
@allows("application.accept")
def settle_duplicate(
    slug: str, opening_id: uuid.UUID, application_id: uuid.UUID, other_id: uuid.UUID
) -> Response | tuple[str, int]:
    view, double = _both(opening_id, application_id, other_id)
    form = _form(view, double)
    if not form.validate():
        return _show(view, double, form), 422
    kept_id, reason = form.kept_id(), form.duplicate_reason.data.strip()
    seen = whole_number(form.seen.data, -1)
    duplicate_services.settle(view.application, other_id, kept_id, reason, seen=seen, by=g.staff_user, at=clock.now())
    flash("扱いを記録しました。応募者には何も伝えません。", "success")
    return redirect(
        url_for("staff_applications.detail", slug=slug, opening_id=opening_id, application_id=application_id), 303
    )
