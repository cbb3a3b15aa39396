"""Fill a new draft from another of the same person: what is asked alike is there, what differs is empty. Pure."""

from typing import Any

from app.applications.answers import Answers
from app.applications.choice_rules import still_done
from app.applications.choices import Calls, slot_keys
from app.applications.steps import Step


def carried(source: Calls, answers: Answers, target: Calls) -> Answers:
    """Give the first answers of a draft of `target`; declarations are made anew, what was only typed stays behind."""
    done = still_done(answers.steps_done, source.chosen, target.chosen)
    return answers.model_copy(
        update={
            "declarations": {},
            "statements": _same(source, target, "questions", answers.statements),
            "documents": _same(source, target, "documents", answers.documents),
            "typed": {},
            "rivals": {},
            "refused": {},
            "removed": None,
            "apart": [],
            "saved_for": {},
            "steps_done": [step for step in done if step != Step.ELIGIBILITY],
            "filled_from": title(source),
        }
    )


def title(calls: Calls) -> str:
    """Name what a draft is for."""
    if calls.campaign and calls.is_several:
        return calls.campaign.title
    return f"{calls.first.organisation.name} {calls.first.content.title}"


def _same(source: Calls, target: Calls, part: str, given: dict[str, Any]) -> dict[str, Any]:
    old, new = _keys(source, part), _keys(target, part)
    return {key: given[old[slot]] for slot, key in new.items() if slot in old and old[slot] in given}


def _keys(calls: Calls, part: str) -> dict[str, str]:
    """By what is asked, the key under which a draft of these openings keeps it."""
    found: dict[str, str] = {}
    for call in calls.chosen:
        for own, slot in slot_keys(getattr(call.content, part)).items():
            kept = calls.question_slots(call)[own] if part == "questions" else slot
            found.setdefault(slot, kept if calls.campaign else own)
    return found
