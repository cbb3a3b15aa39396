"""A question that several openings ask alike: answered for each by itself, and put together again. No text goes. Pure.

What stands in the boxes is `typed` where there is any, else `statements`. A text that is not sent any more stays among
`statements` under its own slot, which nobody reads meanwhile, and stands in its box again when the question is parted.
"""

from dataclasses import dataclass

from app.applications.answers import Answers, Typed
from app.applications.choices import Calls, apart_slot, base_slot, short_name
from app.applications.queries import Call
from app.applications.steps import Step
from app.eligibility.job_forms import plain_text
from app.openings.content import QuestionContent

Fields = list[tuple[str, str]]


@dataclass(frozen=True)
class Text:
    """One text that could be sent to all: `slot` is where it stands, `city` whose box that is ("": the shared one)."""

    slot: str
    city: str
    said: str

    @property
    def words(self) -> str:
        return f"{self.city}に書いた回答" if self.city else "前に共通で書いた回答"


@dataclass(frozen=True)
class Group:
    """One question as the page shows it: its boxes, each with whose it is ("": of all that ask)."""

    slot: str
    label: str
    cities: tuple[str, ...]
    boxes: list[tuple[QuestionContent, str]]

    @property
    def is_parted(self) -> bool:
        return len(self.boxes) > 1

    @property
    def is_shared(self) -> bool:
        return len(self.cities) > 1 and not self.is_parted


def groups(calls: Calls) -> list[Group]:
    """Put the boxes of each question together, in the order of what is asked."""
    if calls.campaign is None:
        return [Group(one.key, one.label, (), [(one, "")]) for one in calls.content.questions]
    found: dict[str, list[QuestionContent]] = {}
    for one in calls.content.questions:
        found.setdefault(base_slot(one.key), []).append(one)
    return [_group(calls, slot, some) for slot, some in found.items()]


def _group(calls: Calls, slot: str, questions: list[QuestionContent]) -> Group:
    asked = asking(calls, slot)
    cities = tuple(short_name(call, calls.calls) for call in asked)
    if len(questions) == 1:
        return Group(slot, questions[0].label, cities, [(questions[0], "")])
    first = asked[0].content.questions
    label = next(one.label for one in first if calls.slots(first)[one.key] == slot)
    return Group(slot, label, cities, list(zip(questions, cities, strict=True)))


def asking(calls: Calls, slot: str) -> list[Call]:
    """List the openings that ask a question, in the person's order."""
    return [call for call in calls.calls if slot in calls.slots(call.content.questions).values()]


def parted(calls: Calls, answers: Answers, slot: str) -> Answers:
    """Give each opening a box of its own: with the text that stood there before, else with the shared one."""
    standing, own = _standing(answers), _own_slots(calls, slot)
    shared, kept = standing.get(slot, ""), answers.statements
    boxes = {box: kept.get(box, shared) for box in own}
    has_home = not shared.strip() or any(box not in kept or kept[box] == shared for box in own)
    statements = {key: said for key, said in kept.items() if key != slot or not has_home}
    statements |= {} if has_home else {slot: shared}
    after = answers.model_copy(update={"statements": statements, "apart": sorted({*answers.apart, slot})})
    return _typed(after, {**standing, **boxes}, without={slot})


def texts(calls: Calls, answers: Answers, slot: str) -> list[Text]:
    """List what differs among the texts of a parted question, empty ones left out."""
    standing = _standing(answers)
    found = [Text(apart_slot(slot, call), short_name(call, calls.calls), "") for call in asking(calls, slot)]
    given = [Text(one.slot, one.city, standing.get(one.slot, "")) for one in [*found, Text(slot, "", "")]]
    return [one for place, one in enumerate(given) if one.said.strip() and not _stands_in(one, given[:place])]


def _stands_in(text: Text, others: list[Text]) -> bool:
    return text.said.strip() in {one.said.strip() for one in others}


def joined(calls: Calls, answers: Answers, slot: str, source: str) -> Answers:
    """Send the text of one box to all; what differs from it is kept for the day on which the question is parted."""
    standing, own = _standing(answers), _own_slots(calls, slot)
    shared = standing.get(source, "")
    others = {box: plain_text(standing.get(box, "")) for box in own if box != source}
    kept = {box: said for box, said in others.items() if said.strip() and said.strip() != shared.strip()}
    statements = {key: said for key, said in answers.statements.items() if key not in own} | kept
    apart = [one for one in answers.apart if one != slot]
    after = answers.model_copy(update={"statements": statements, "apart": apart})
    return _typed(after, {**standing, slot: shared}, without=set(own))


def aligned(calls: Calls, fields: Fields) -> Fields:
    """Bring fields of a page that was opened before a question was parted or put together into the boxes of now."""
    given = dict(fields)
    for slot in {base_slot(one.key) for one in calls.content.questions}:
        names = {f"answer_{apart_slot(slot, call)}": short_name(call, calls.calls) for call in asking(calls, slot)}
        shared, own = f"answer_{slot}", [name for name in names if name in given]
        if slot in calls.apart and shared in given and not own:
            fields = [*fields, *((name, given[shared]) for name in names)]
        elif slot not in calls.apart and own and shared not in given:
            said = [f"【{names[name]}】\n{given[name]}" for name in own if given[name].strip()]
            same = len({given[name].strip() for name in own}) == 1
            fields = [*fields, (shared, given[own[0]] if same else "\n\n".join(said))]
    return fields


def _own_slots(calls: Calls, slot: str) -> list[str]:
    return [apart_slot(slot, call) for call in asking(calls, slot)]


def _standing(answers: Answers) -> dict[str, str]:
    """By slot, what stands in the boxes and what is kept behind them."""
    typed = answers.typed.get(Step.QUESTIONS)
    fields = dict(typed.fields) if typed else {}
    return answers.statements | {name.removeprefix("answer_"): said for name, said in fields.items()}


def _typed(answers: Answers, standing: dict[str, str], *, without: set[str]) -> Answers:
    fields = [(f"answer_{slot}", said) for slot, said in standing.items() if slot not in without]
    return answers.model_copy(update={"typed": {**answers.typed, Step.QUESTIONS.value: Typed(fields=fields)}})
