"""The openings that one draft names, in order, and what they ask together: each identical thing once (design 18, 19).

A draft keeps its answers by slot. Of an opening draft the slots are the opening's own keys. Of a campaign draft they
are named after what is asked, so that adding, removing and reordering openings never mixes answers. Pure.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.applications.answers import Answers
from app.applications.queries import Call
from app.eligibility.criteria import KINDS, Assessed, assess
from app.openings.content import CriterionContent, DocumentContent, OpeningContent, QuestionContent
from app.openings.models import Campaign

Asked = CriterionContent | QuestionContent | DocumentContent


@dataclass(frozen=True)
class Slots:
    """Where the draft keeps what one opening asks: by the opening's own key the key of the slot."""

    criteria: dict[str, str]
    questions: dict[str, str]
    documents: dict[str, str]


@dataclass(frozen=True)
class Calls:
    """The openings of one draft in order, and what they ask together (`content`, by slot)."""

    calls: tuple[Call, ...]
    content: OpeningContent
    slots: tuple[Slots, ...]  # one for each call
    campaign: Campaign | None = None

    @property
    def first(self) -> Call:
        return self.calls[0]

    @property
    def is_several(self) -> bool:
        return len(self.calls) > 1

    def is_open(self, at: datetime) -> bool:
        """Say whether any of the openings takes what arrives at this instant."""
        return any(call.is_open(at) for call in self.calls)

    def is_over(self, at: datetime) -> bool:
        """Say whether the last instant of every opening has passed."""
        return all(call.is_over(at) for call in self.calls)

    @property
    def is_called_off(self) -> bool:
        return all(call.is_called_off for call in self.calls)

    def deadline(self, at: datetime) -> datetime | None:
        """The next announced deadline that is still to come; when all have passed, the last one."""
        known = sorted(call.opening.closes_at for call in self.calls if call.opening.closes_at is not None)
        return next((last for last in known if at <= last), known[-1] if known else None)

    def own(self, call: Call, answers: Answers) -> Answers:
        """Give the answers as one opening sees them: what it asks, under its own keys, and nothing of the others."""
        slots = self.slots[self.calls.index(call)]
        own = {
            "declarations": _own(slots.criteria, answers.declarations),
            "statements": _own(slots.questions, answers.statements),
            "documents": _own(slots.documents, answers.documents),
        }
        return answers.model_copy(update=own)


def _own(slots: dict[str, str], given: dict[str, Any]) -> dict[str, Any]:
    return {key: given[slot] for key, slot in slots.items() if slot in given}


def one_call(call: Call) -> Calls:
    """Take one opening by itself; its slots are its own keys."""
    content = call.content
    own = [{one.key: one.key for one in part} for part in (content.criteria, content.questions, content.documents)]
    return Calls((call,), content, (Slots(*own),))


def together(campaign: Campaign, calls: Sequence[Call]) -> Calls:
    """Put openings of a campaign together: what is identical is one slot, what differs names the city that asks."""
    criteria, of_criteria = _merged(calls, lambda content: content.criteria)
    questions, of_questions = _merged(calls, lambda content: content.questions)
    documents, of_documents = _merged(calls, lambda content: content.documents)
    content = OpeningContent(title=campaign.title, criteria=criteria, questions=questions, documents=documents)
    slots = tuple(Slots(*maps) for maps in zip(of_criteria, of_questions, of_documents, strict=True))
    return Calls(tuple(calls), content, slots, campaign)


def slot_keys(asked: Iterable[Asked]) -> dict[str, str]:
    """Name the slot of each thing that one opening asks, after what is asked; what stands twice has two slots."""
    found: dict[str, str] = {}
    for one in asked:
        said = json.dumps([type(one).__name__, *_said(one)], ensure_ascii=False, sort_keys=True, default=str)
        times = 0
        while (slot := f"s{hashlib.sha256(f'{times}{said}'.encode()).hexdigest()[:20]}") in found.values():
            times += 1
        found[one.key] = slot
    return found


def _said(one: Asked) -> list[Any]:
    """What makes a thing what it is; limits are not in it (`_stricter`)."""
    if isinstance(one, CriterionContent):
        return [one.kind, one.label, one.params]
    if isinstance(one, DocumentContent):
        return [one.label, one.hint, one.media]
    return [one.label, one.hint]


def _merged(calls: Sequence[Call], part: Callable[[OpeningContent], Sequence[Any]]) -> Any:
    """Give the slots of one part as things asked, and for each call its own keys with their slots."""
    keys = [slot_keys(part(call.content)) for call in calls]
    slots: dict[str, Any] = {}
    askers: dict[str, list[Call]] = {}
    for call, own in zip(calls, keys, strict=True):
        for one in part(call.content):
            slot = own[one.key]
            slots[slot] = _stricter(slots[slot], one) if slot in slots else one.model_copy(update={"key": slot})
            askers.setdefault(slot, []).append(call)
    return tuple(_named(one, askers[slot], calls) for slot, one in slots.items()), keys


def _stricter(one: Any, other: Any) -> Any:
    """Ask what satisfies both: required where either requires it, the smaller number of characters."""
    limits: dict[str, Any] = {"required": one.required or other.required}
    if isinstance(one, QuestionContent):
        limits["max_characters"] = min(one.max_characters, other.max_characters)
    return one.model_copy(update=limits)


def _named(one: Any, askers: list[Call], calls: Sequence[Call]) -> Any:
    """Say who asks where not all do."""
    if len(askers) == len(calls):
        return one
    who = f"（{'・'.join(short_name(call, calls) for call in askers)}）"
    named = {"label": one.label + who}
    if isinstance(one, CriterionContent) and one.params.get("text"):
        return one.model_copy(update={**named, "params": {**one.params, "text": one.params["text"] + who}})
    return one.model_copy(update=named)


def short_name(call: Call, calls: Iterable[Call]) -> str:
    """Name an opening by its city, and by its title besides where the city has several of them."""
    city = call.organisation
    same = [one for one in calls if one.organisation.id == city.id]
    return city.name if len(same) == 1 else f"{city.name} {call.content.title}"


def call_for(calls: Calls, opening_id: UUID) -> Call | None:
    """Find the call of an opening."""
    return next((call for call in calls.calls if call.opening.id == opening_id), None)


def assessments(
    calls: Calls, answers: Answers, *, today: date, kinds: Set[str] = frozenset(KINDS)
) -> list[tuple[Call, list[Assessed]]]:
    """Assess the criteria of these kinds for each opening by itself; one that has none of them is left out."""
    found = []
    for call in calls.calls:
        own = calls.own(call, answers)
        some = [assess(one, own, today=today) for one in call.content.criteria if str(one.kind) in kinds]
        found += [(call, some)] if some else []
    return found
