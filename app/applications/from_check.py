"""A draft begun from 応募資格セルフチェック: what was typed there is put aside in the steps that ask for it."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from app.accounts.models import Applicant
from app.applications import drafting, queries
from app.applications.answers import Answers, Typed
from app.applications.choice_queries import get_calls
from app.applications.choices import criteria_of
from app.applications.forms import DECLARE
from app.applications.queries import Call
from app.applications.starting import Started, start
from app.applications.steps import CAREER_FACTS, Step, declarations
from app.applications.typed import says_something
from app.eligibility.check_forms import declared_name
from app.openings.content import OpeningContent

Pairs = list[tuple[str, str]]
CAREER = frozenset({"jobs", *CAREER_FACTS} - {"history"})


def start_filled(call: Call, typed: Iterable[tuple[str, str]], *, applicant: Applicant | None, at: datetime) -> Started:
    """Begin a draft as `starting.start` does and put aside what was typed; a step that was begun keeps what it has.

    Nothing counts as answered by it: each step is opened and saved as usual. Raises: NotOpen.
    """
    started = start(call, applicant=applicant, at=at)
    answers = queries.answers_of(started.draft)
    slots = get_calls(started.draft, at=at).slots(criteria_of(call.content))
    fields = by_step(call.content, typed, slots)
    fresh = {step.value: Typed(fields=own) for step, own in fields.items() if _is_untouched(step, answers)}
    drafting.put_aside(started.draft, fresh, at=at)
    return started


def _is_untouched(step: Step, answers: Answers) -> bool:
    return step not in answers.steps_done and step not in answers.typed


def by_step(content: OpeningContent, typed: Iterable[tuple[str, str]], slots: Mapping[str, str]) -> dict[Step, Pairs]:
    """Sort what was typed by the step that asks for it; a step of which nothing was typed is left out."""
    keys = {declared_name(one): f"{DECLARE}{slots[one.key]}" for one in declarations(content)}
    found: dict[Step, Pairs] = {}
    for name, value in typed:
        part = name.partition("-")[0]
        if name in keys:
            found.setdefault(Step.ELIGIBILITY, []).append((keys[name], value))
        elif step := _step_of(part):
            found.setdefault(step, []).append((name, value))
    return {step: pairs for step, pairs in found.items() if any(says_something(*pair) for pair in pairs)}


def _step_of(part: str) -> Step | None:
    if part in CAREER:
        return Step.CAREER
    return {"birth_date": Step.PROFILE, "availability": Step.ELIGIBILITY}.get(part)
