"""The openings that one draft names, in order, and what they ask together: each identical thing once (design 18, 19).

A draft keeps its answers by slot. Of an opening draft the slots are the opening's own keys. Of a campaign draft they
are named after what is asked, so that adding, removing and reordering openings never mixes answers. Pure.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.applications.answers import Answers
from app.applications.asked import only_asked
from app.applications.queries import Call
from app.eligibility.criteria import KINDS, Assessed, assess
from app.openings.content import CriterionContent, CriterionKind, DocumentContent, OpeningContent, QuestionContent
from app.openings.models import Campaign, OpeningState

Asked = CriterionContent | QuestionContent | DocumentContent


@dataclass(frozen=True)
class Calls:
    """The openings of one draft, and what those that still take applications ask together (`content`, by slot)."""

    chosen: tuple[Call, ...]  # all, in the person's order
    calls: tuple[Call, ...]  # those that are neither over nor withdrawn; all, when none is left
    content: OpeningContent
    campaign: Campaign | None = None
    ranks: Mapping[UUID, int] = field(default_factory=dict)  # by opening, where the campaign asks for an order

    apart: Set[str] = frozenset()  # the slots of questions that are answered for each opening by itself

    @property
    def first(self) -> Call:
        return self.calls[0]

    @property
    def is_several(self) -> bool:
        return len(self.chosen) > 1

    @property
    def closed(self) -> tuple[Call, ...]:
        """Those chosen that no longer take applications while others do."""
        return tuple(call for call in self.chosen if call not in self.calls)

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
        known = deadlines(self.chosen)
        return next((last for last in known if at <= last), known[-1] if known else None)

    def own(self, call: Call, answers: Answers) -> Answers:
        """Give the answers as one opening sees them: what it asks, under its own keys, and nothing of the others."""
        content = call.content
        own = {
            "declarations": self._own(criteria_of(content), answers.declarations),
            "statements": self._given(self.question_slots(call), answers.statements),
            "documents": self._own(content.documents, answers.documents),
        }
        return only_asked(content, answers.model_copy(update=own))

    def _own(self, asked: Sequence[Asked], given: dict[str, Any]) -> dict[str, Any]:
        return self._given(self.slots(asked), given)

    def _given(self, slots: dict[str, str], given: dict[str, Any]) -> dict[str, Any]:
        return {key: given[slot] for key, slot in slots.items() if slot in given}

    def askers(self, slot: str) -> list[str]:
        """Name the openings that receive the answer to one question."""
        asking = [call for call in self.calls if slot in self.question_slots(call).values()]
        return [short_name(call, self.calls) for call in asking]

    def question_slots(self, call: Call) -> dict[str, str]:
        """Say where the draft keeps the answers to one opening's questions: shared, or for this opening alone."""
        slots = self.slots(call.content.questions)
        return {key: apart_slot(slot, call) if slot in self.apart else slot for key, slot in slots.items()}

    def slots(self, asked: Sequence[Asked]) -> dict[str, str]:
        """Say where the draft keeps what one opening asks: by its own key the slot's."""
        return slot_keys(asked) if self.campaign else {one.key: one.key for one in asked}

    def visible_rank(self, call: Call) -> int | None:
        """The rank that the city is shown: only where the campaign says so."""
        is_shown = self.campaign is not None and self.campaign.shows_rank
        return self.ranks.get(call.opening.id) if is_shown else None

    def sent_to(self, opening_ids: Set[UUID]) -> "Calls":
        """Narrow to the openings that are sent to (none named: all); what only others ask is not asked."""
        wanted = tuple(call for call in self.chosen if call.opening.id in opening_ids) or self.chosen
        if self.campaign is None or wanted == self.calls:
            return self
        return replace(self, calls=wanted, content=_content(self.campaign, wanted, self.apart))


def deadlines(chosen: Iterable[Call]) -> list[datetime]:
    """List the announced deadlines in order; an opening that was called off has none while others go on."""
    chosen = tuple(chosen)
    going = [call for call in chosen if not call.is_called_off] or chosen
    return sorted(call.opening.closes_at for call in going if call.opening.closes_at is not None)


def one_call(call: Call) -> Calls:
    """Take one opening by itself; its slots are its own keys."""
    return Calls((call,), (call,), call.content)


def together(
    campaign: Campaign,
    chosen: Sequence[Call],
    ranks: Mapping[UUID, int],
    *,
    at: datetime,
    apart: Set[str] = frozenset(),
) -> Calls:
    """Put openings of a campaign together as of an instant."""
    live = tuple(one for one in chosen if one.opening.state is OpeningState.APPROVED and not one.is_over(at))
    calls = live or tuple(chosen)
    return Calls(tuple(chosen), calls, _content(campaign, calls, apart), campaign, ranks, apart)


def _content(campaign: Campaign, calls: Sequence[Call], apart: Set[str]) -> OpeningContent:
    """What is identical is one slot, what differs names the city that asks."""
    return OpeningContent(
        title=campaign.title,
        criteria=_merged(calls, criteria_of),
        questions=_grouped(_merged(calls, lambda content: content.questions, apart)),
        documents=_merged(calls, lambda content: content.documents),
    )


def criteria_of(content: OpeningContent) -> tuple[CriterionContent, ...]:
    """Give the criteria, each declaration with its city's 欠格条項: what is declared to one is not said to another.

    Which declaration is about that text is not known, so that one too many may be asked again and none too few.
    """
    text = content.disqualification_text.strip()
    return tuple(
        one.model_copy(update={"params": {**one.params, "about": text}})
        if text and one.kind is CriterionKind.DECLARATION
        else one
        for one in content.criteria
    )


def apart_slot(slot: str, call: Call) -> str:
    """Name the slot in which one opening's own answer to a shared question stands."""
    return f"{slot}x{call.opening.id.hex[:12]}"


def base_slot(slot: str) -> str:
    """Name the shared slot to which an opening's own slot belongs; a shared one is its own."""
    return slot.partition("x")[0]  # digits of a digest hold no x


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


def _merged(
    calls: Sequence[Call], part: Callable[[OpeningContent], Sequence[Any]], apart: Set[str] = frozenset()
) -> tuple[Any, ...]:
    """Give the slots of one part as things asked."""
    slots: dict[str, Any] = {}
    askers: dict[str, list[Call]] = {}
    for call in calls:
        own = slot_keys(part(call.content))
        for one in part(call.content):
            slot = apart_slot(own[one.key], call) if own[one.key] in apart else own[one.key]
            slots[slot] = _stricter(slots[slot], one) if slot in slots else one.model_copy(update={"key": slot})
            askers.setdefault(slot, []).append(call)
    return tuple(_named(one, askers[slot], calls) for slot, one in slots.items())


def _grouped(questions: tuple[QuestionContent, ...]) -> tuple[QuestionContent, ...]:
    """Put what is answered for each opening by itself together, where the first of it stands."""
    places = {base: place for place, base in reversed([(n, base_slot(one.key)) for n, one in enumerate(questions)])}
    return tuple(sorted(questions, key=lambda one: places[base_slot(one.key)]))


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


def named(calls: Calls, some: Sequence[Call]) -> str:
    """Begin a sentence about some of several openings with their names; of one opening none is needed."""
    return f"{'、'.join(short_name(call, calls.chosen) for call in some)}：" if calls.is_several else ""


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
