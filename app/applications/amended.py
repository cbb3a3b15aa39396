"""What a draft says once an opening that it names is amended (note 038, design 5, 18).

Nothing typed goes: what is asked in other words stands in the box of those words, to be looked at again. Only はい and
いいえ to a text that was changed is asked anew. `Answers.read` knows by step which amendment a person saved it under.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm.attributes import set_committed_value

from app.applications.answers import Answers, Typed
from app.applications.choice_rules import asked_in
from app.applications.choices import Calls, criteria_of, slot_keys
from app.applications.models import Application, ApplicationVersion, Draft
from app.applications.queries import Call, answers_of
from app.applications.steps import Step
from app.extensions import db
from app.openings.amendment_queries import Edition, editions
from app.openings.content import OpeningContent
from app.openings.differences import Difference, differences
from app.openings.revision_models import Revision, RevisionKind

BEGUN = "begun"  # in `Answers.read`: the amendment that stood when the opening was added to the draft


@dataclass(frozen=True)
class Amended:
    """An opening that was amended since it was begun or last sent: `before` is what was relied on until then.

    `steps` ask something that they did not ask when they were saved, by what they asked then.
    """

    call: Call
    before: OpeningContent
    amendments: tuple[Edition, ...]
    steps: Mapping[Step, OpeningContent]

    @property
    def changes(self) -> list[Difference]:
        return differences(self.before, self.call.content)


def is_amended(call: Call) -> bool:
    return call.revision.kind is RevisionKind.AMENDMENT


def amended(draft: Draft, calls: Calls) -> list[Amended]:
    """List the openings of a draft that were amended since; of most one comparison says that none was."""
    wanted = [call for call in calls.calls if is_amended(call)]
    found = [_amended(draft, answers_of(draft), call) for call in wanted]
    return [one for one in found if one.amendments]


def _amended(draft: Draft, answers: Answers, call: Call) -> Amended:
    known = [one for one in editions(call.opening) if one.number <= call.revision.number]
    base = _base(draft, answers, call, known)
    steps = {}
    for step in Step:
        number = max(base, answers.read.get(step, {}).get(str(call.opening.id), 0))
        then = _content(known, number)
        if not asked_in(step, [call]) <= asked_in(step, [replace(call, content=then)]):
            steps[step] = then
    return Amended(call, _content(known, base), tuple(one for one in known if one.number > base), steps)


def _content(known: list[Edition], number: int) -> OpeningContent:
    return next((one for one in reversed(known) if one.number <= number), known[0]).content


def _base(draft: Draft, answers: Answers, call: Call, known: list[Edition]) -> int:
    """Give the number of what the person relied on: when the opening was added, or when it was last sent."""
    begun = answers.read.get(BEGUN, {}).get(str(call.opening.id), 0)
    then = max((one.number for one in known if one.since <= draft.created_at), default=known[0].number)
    return max(begun, then, _sent_number(draft.applicant_id, call))


def _sent_number(applicant_id: uuid.UUID, call: Call) -> int:
    query = (
        select(func.max(Revision.number))
        .join(ApplicationVersion, ApplicationVersion.revision_id == Revision.id)
        .join(Application, Application.id == ApplicationVersion.application_id)
        .where(Application.applicant_id == applicant_id, Application.opening_id == call.opening.id)
    )
    return db.session.scalar(query) or 0


def bring_up(draft: Draft, calls: Calls) -> None:
    """Let the answers of a draft in hand stand where its openings ask for them now; the next save writes them so."""
    for one in amended(draft, calls):
        after = _brought(answers_of(draft), calls, one)
        # no change by itself: the page of a GET writes nothing
        set_committed_value(draft, "answers", after.model_dump(mode="json"))


def _brought(answers: Answers, calls: Calls, one: Amended) -> Answers:
    changed: dict[str, Any] = {"steps_done": [step for step in answers.steps_done if step not in one.steps]}
    if Step.ELIGIBILITY in one.steps:
        changed["declarations"] = _declared(answers, calls, one)
    if (then := one.steps.get(Step.CAREER)) is not None:
        moved = _moves(calls.slots(then.documents), calls.slots(one.call.content.documents))
        changed["documents"] = _carried(answers.documents, moved)
    if (then := one.steps.get(Step.QUESTIONS)) is not None:
        old = replace(one.call, content=then)
        moved = _moves(calls.question_slots(old), calls.question_slots(one.call))
        changed |= {"statements": _carried(answers.statements, moved), "typed": _typed(answers, moved)}
    return answers.model_copy(update=changed)


def _declared(answers: Answers, calls: Calls, one: Amended) -> dict[str, Any]:
    """Leave out what was declared to a text that is another one now; of a campaign the slot is another one already."""
    if calls.campaign is not None:
        return answers.declarations
    old, new = (slot_keys(criteria_of(content)) for content in (one.steps[Step.ELIGIBILITY], one.call.content))
    return {key: said for key, said in answers.declarations.items() if old.get(key) == new.get(key)}


def _moves(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """Say by slot of now where the answer under the same key stood."""
    return {slot: old[key] for key, slot in new.items() if key in old and old[key] != slot}


def _carried(given: dict[str, Any], moved: Mapping[str, str]) -> dict[str, Any]:
    return {slot: given[old] for slot, old in moved.items() if old in given} | given


def _typed(answers: Answers, moved: Mapping[str, str]) -> dict[str, Typed]:
    """Let what is half written stand in the boxes of now."""
    typed = answers.typed.get(Step.QUESTIONS)
    if typed is None:
        return answers.typed
    given = dict(typed.fields)
    named = {f"answer_{slot}": f"answer_{old}" for slot, old in moved.items()}
    more = [(name, given[old]) for name, old in named.items() if old in given and name not in given]
    return {**answers.typed, Step.QUESTIONS.value: typed.model_copy(update={"fields": [*typed.fields, *more]})}


def noted(answers: Answers, calls: Calls, step: str) -> Answers:
    """Note that a person saved a step, or added an opening (`BEGUN`), under the amendments that stand now."""
    now = {str(call.opening.id): call.revision.number for call in calls.calls if is_amended(call)}
    if not now:
        return answers
    return answers.model_copy(update={"read": {**answers.read, step: {**answers.read.get(step, {}), **now}}})
