"""From 応募する to the receipt: no account, five steps, 確認, 完了 (design 15, 18, 22)."""

import uuid
from datetime import datetime
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.applicants import known_resume_code
from app.applications import drafting, queries
from app.applications.address import find
from app.applications.amended import amended
from app.applications.answers import Answers
from app.applications.apart import groups
from app.applications.carrying import title
from app.applications.choice_queries import applications_to, get_calls, purposes_of
from app.applications.choices import Calls, assessments, short_name
from app.applications.documents import Asked, asked
from app.applications.file_queries import UNSAFE_WORDS, unsafe_kinds
from app.applications.looking import file_limits
from app.applications.models import Draft
from app.applications.oddities import oddities
from app.applications.outcome import Outcome
from app.applications.step_page import StepPage
from app.applications.steps import Step, lists_needed, saved_digest, unfinished
from app.applications.summary import Slot, slots
from app.applications.two_versions import differences
from app.applications.typed import typed_pairs
from app.applications.using_limits import count_save
from app.core import clock
from app.core.access import allows, pressed_again, takes_idle
from app.core.arrival import arrived_at
from app.core.language import word
from app.eligibility.job_doubts import doubts
from app.jp.mail import mail_hint
from app.openings.content import OpeningContent

blueprint = Blueprint("apply", __name__)

COOKIE_DAYS = 30
CHECK = "check"  # in an address: the step was opened from 確認 and leads back there
TIME_IS_UP = "時間が経過したため、もう一度確認してください。"
STEP = "/apply/drafts/<uuid:draft_id>/<any(eligibility, contact, profile, career, questions):step>"


@blueprint.url_value_preprocessor
def _read_more(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Read a step that is a little too large: its text is kept, its files are refused one by one (S7)."""
    if endpoint == "apply.save":
        request.max_content_length = 2 * current_app.config["MAX_CONTENT_LENGTH"]


def step_url(draft: Draft, step: Step | None, anchor: str = "", **flags: Any) -> str:
    """Give the address of a step of a draft, or of 確認 when no step is left."""
    if step is None:
        return url_for("apply.confirm", draft_id=draft.id, _anchor=anchor or None)
    return url_for("apply.step", draft_id=draft.id, step=step.value, _anchor=anchor or None, **flags)


def frame(calls: Calls, draft: Draft, answers: Answers) -> dict[str, Any]:
    """Give what every page of a draft shows around its content; `content` is what all its openings ask together."""
    left = unfinished(calls.content, answers)
    return {
        "call": calls.first,
        "calls": calls,
        "content": calls.content,
        "organisation": None if calls.is_several else calls.first.organisation,
        "place": title(calls),
        "draft": draft,
        **_step_urls(draft),
        "steps": [(one, one not in left) for one in Step],
        **_closing(calls, clock.now()),
        **_sent(draft, calls),
        "filled_from": answers.filled_from,
        "mail": answers.person.mail,
        "is_confirmed": g.applicant.confirmed_at is not None,
        "resume_code": known_resume_code(g.applicant),
    }


def _sent(draft: Draft, calls: Calls) -> dict[str, Any]:
    """Give what stands at the openings, and name those to which nothing was sent yet."""
    sent = applications_to(draft.applicant_id, calls)
    return {
        "sent": sent,
        "to_send": [short_name(one, calls.calls) for one in calls.calls if one.opening.id not in sent],
    }


def _closing(calls: Calls, at: datetime) -> dict[str, bool]:
    return {"is_over": calls.is_over(at), "is_open": calls.is_open(at), "is_called_off": calls.is_called_off}


def _step_urls(draft: Draft) -> dict[str, dict[str, str]]:
    """Give the addresses of the steps, in order and opened from 確認."""
    return {
        "urls": {one.value: step_url(draft, one) for one in Step},
        "check_urls": {one.value: step_url(draft, one, via=CHECK) for one in Step},
    }


def asks(content: OpeningContent) -> dict[str, Asked]:
    """Say for each document kind what its slot takes."""
    limits = file_limits()
    return {kind.key: asked(kind.media, limits) for kind in content.documents}


@blueprint.get(STEP)
@allows("draft.edit")
def step(draft_id: uuid.UUID, step: str) -> str:
    draft = queries.get_draft(g.applicant.id, draft_id)
    page = StepPage(draft, get_calls(draft, at=clock.now()), Step(step))
    if "tried" in request.args:
        page.ask_for_missing()
    return _show(page, drafting.StaleStep().message if "both" in request.args and page.shows_rival() else None)


def _show(page: StepPage, warning: str | None = None) -> str:
    """Show a step with its form as the page holds it."""
    answers = queries.answers_of(page.draft)
    around = frame(page.calls, page.draft, answers)
    return render_template(
        "apply/step.html",
        **around,
        step=page.step,
        unfinished=[one.value for one, is_done in around["steps"] if not is_done],
        form=page.form,
        seen=page.seen(),
        **_opened(page, answers),
        saved=saved_digest(page.step, answers),
        answers=answers,
        warning=warning,
        differing=differences(page.saved_form(), page.form) if warning else [],
        again=[one for one in amended(page.draft, page.calls) if page.step in one.steps],
        was_saved=page.draft.saved_at > page.draft.created_at,
        **_said_of(page, answers),
    )


def _opened(page: StepPage, answers: Answers) -> dict[str, Any]:
    """Say how the step was opened: to say what it lacks, from 確認, to be asked about what was saved."""
    return {
        "tried": "tried" in request.args,
        "via": CHECK if request.args.get("via") == CHECK else "",
        "odd": oddities(page.step, answers.person) if "ask" in request.args else [],
    }


def _said_of(page: StepPage, answers: Answers) -> dict[str, Any]:
    """Give what one of the steps says beside its own fields, and nothing of it for the others."""
    if page.step is Step.CAREER:
        return _said_of_career(page, answers)
    at, form = clock.now(), page.form
    return {
        "purposes": purposes_of(page.calls, at=at) if page.step is Step.ELIGIBILITY else [],
        "meant": _mail_meant(page, answers),
        "groups": groups(page.calls) if page.step is Step.QUESTIONS else [],
        "found": find(form.postal_code.data, form.address.data) if page.step is Step.PROFILE else None,
    }


def _said_of_career(page: StepPage, answers: Answers) -> dict[str, Any]:
    """Give what 経歴・書類 says of its lists and slots, and of the years once it was saved."""
    is_counted = Step.CAREER in answers.steps_done
    return {
        "meant": None,
        "needed": lists_needed(page.calls.content),
        "removed": page.removed(),
        "slots": _slots(page, answers),
        "asks": asks(page.calls.content),
        "most_in_all": file_limits().application_bytes,
        "doubts": doubts(answers.history, answers.person.birth_date, today=clock.today()),
        "assessed": assessments(page.calls, answers, kinds={"experience"}, today=clock.today()) if is_counted else [],
    }


def _mail_meant(page: StepPage, answers: Answers) -> str | None:
    """Name the mail domain that was probably meant, in the step that asks for the address and the one after it."""
    if page.step is Step.CONTACT:
        return mail_hint(page.form.mail.data or "")
    return mail_hint(answers.person.mail) if page.step is Step.CONTACT.following else None


def _slots(page: StepPage, answers: Answers) -> dict[str, list[Slot]]:
    """Lay out the file slots of a page with what stands in them and what was found unsafe."""
    return slots(
        page.calls.content,
        answers,
        refusals=dict.fromkeys(unsafe_kinds(page.draft.applicant_id, answers), UNSAFE_WORDS),
        url=lambda key: url_for("apply.file", draft_id=page.draft.id, kind_key=key),
    )


@blueprint.post(STEP)
@allows("draft.edit")
@takes_idle
@pressed_again(word("入力した内容を下書きに保存する"))
def save(draft_id: uuid.UUID, step: str) -> Response:
    """Save and go on; also with errors the answer is a redirect, so that Back and reload ask nobody to send again."""
    at = arrived_at()
    count_save(files=sum(bool(file.filename) for file in request.files.values()), at=clock.now())
    if g.applicant is None:
        return keep_for_later(draft_id, Step(step))
    draft = queries.hold_draft(g.applicant.id, draft_id)
    page = StepPage(draft, get_calls(draft, at=at), Step(step))
    via = CHECK if request.form.get("via") == CHECK else None
    try:
        outcome = page.take(request.form, request.files, at=at)
    except drafting.StaleStep:
        drafting.keep_rival(draft, page.step, typed_pairs(request.form.items(multi=True)), at=at)
        return redirect(step_url(draft, page.step, "two-versions", both=1, via=via), 303)
    if outcome.message:
        flash(outcome.message, "success")
    return _lead(draft, page.step, outcome, via)


def _lead(draft: Draft, step: Step, outcome: Outcome, via: str | None) -> Response:
    """Go where a press of a button leads."""
    if outcome.asks_about:
        return redirect(url_for("apply.together", draft_id=draft.id, slot=outcome.asks_about), 303)
    if outcome.verifies:
        return redirect(url_for("mypage.sign_in", next=step_url(draft, step, via=via)), 303)
    if outcome.goes_home:
        return redirect(url_for("mypage.home"), 303)
    flags = {"tried": 1 if outcome.is_tried else None, "ask": 1 if outcome.wonders else None, "via": via}
    return redirect(step_url(draft, outcome.step, outcome.anchor, **flags), 303)


def keep_for_later(draft_id: uuid.UUID, step: Step) -> Response:
    """Keep what a person typed whose time has run out, and ask for a code; the step shows it again afterwards."""
    draft = queries.hold_draft(g.idle_applicant.id, draft_id)
    try:
        drafting.keep_typed(
            draft,
            step,
            typed_pairs(request.form.items(multi=True)),
            checked=False,
            seen=request.form.get("seen", ""),
            at=arrived_at(),
        )
    except drafting.StaleStep:
        flash(f"{TIME_IS_UP}この画面の入力は、ほかの画面で先に保存された内容と違うため、保存していません。", "warning")
    else:
        flash(f"{TIME_IS_UP}入力した内容は保存しました。", "success")
    if any(file.filename for file in request.files.values()):
        flash("選んだファイルは保存していません。確認のあとで、もう一度選んでください。", "warning")
    return redirect(url_for("mypage.sign_in", next=step_url(draft, step)), 303)


from app.applications import (  # noqa: E402  # the same blueprint, apart
    apart_routes,  # noqa: F401
    autosave_routes,  # noqa: F401
    check_routes,  # noqa: F401
    choice_routes,  # noqa: F401
    file_routes,  # noqa: F401
    postal_routes,  # noqa: F401
    sending_routes,  # noqa: F401
    start_routes,  # noqa: F401
    withdrawal_routes,  # noqa: F401
)
