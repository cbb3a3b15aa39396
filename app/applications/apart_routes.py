"""Several texts to one question: which of them goes to all openings is chosen here, with all of them in view."""

import uuid

from flask import flash, g, redirect, render_template
from werkzeug.wrappers import Response
from wtforms import RadioField

from app.applications import drafting, queries
from app.applications.apart import Text, groups, texts
from app.applications.choice_queries import get_calls
from app.applications.choices import Calls
from app.applications.models import Draft
from app.applications.routes import blueprint, frame, step_url
from app.applications.steps import Step
from app.core import clock
from app.core.access import allows
from app.core.arrival import arrived_at
from app.core.forms import Form, RequiredChoice


class TogetherForm(Form):
    source = RadioField("全部の自治体に送る回答", [RequiredChoice("どの回答を全部の自治体に送るか選んでください")])


@blueprint.get("/apply/drafts/<uuid:draft_id>/together/<slot>")
@allows("draft.edit")
def together(draft_id: uuid.UUID, slot: str) -> str:
    draft = queries.get_draft(g.applicant.id, draft_id)
    calls, found = _texts(draft, slot)
    return _page(draft, calls, slot, _form(found))


@blueprint.post("/apply/drafts/<uuid:draft_id>/together/<slot>")
@allows("draft.edit")
def put_together(draft_id: uuid.UUID, slot: str) -> Response | tuple[str, int]:
    draft = queries.hold_draft(g.applicant.id, draft_id)
    calls, found = _texts(draft, slot)
    form = _form(found)
    if found and not form.validate():
        return _page(draft, calls, slot, form), 422
    if found:
        drafting.put_together(draft, calls, slot, form.source.data, at=arrived_at())
        flash("1つの回答にまとめました。ほかの回答は、自治体ごとに別の回答を書くと、また欄に入ります。", "success")
    return redirect(step_url(draft, Step.QUESTIONS, f"question-{slot}"), 303)


def _texts(draft: Draft, slot: str) -> tuple[Calls, list[Text]]:
    """Give the texts among which is chosen; none where the question is not answered for each opening by itself."""
    calls = get_calls(draft, at=clock.now())
    return calls, texts(calls, queries.answers_of(draft), slot) if slot in calls.apart else []


def _form(found: list[Text]) -> TogetherForm:
    form = TogetherForm()
    form.source.choices = [(one.slot, one.words) for one in found]
    form.texts = {one.slot: one.said for one in found}
    return form


def _page(draft: Draft, calls: Calls, slot: str, form: TogetherForm) -> str:
    answers = queries.answers_of(draft)
    group = next((one for one in groups(calls) if one.slot == slot), None)
    return render_template("apply/together.html", **frame(calls, draft, answers), form=form, group=group)
