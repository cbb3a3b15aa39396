"""The kinds of criteria and how each is assessed. An assessment rejects nobody: staff confirm every one (design 6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Protocol

from app.eligibility.engine import Rule, parse_rule
from app.eligibility.explanation import STAFF_CONFIRM, Explanation, day_in_words, explain_imprecise
from app.eligibility.precision import evaluate_imprecise
from app.eligibility.reading import BadInput
from app.eligibility.words import Outcome

ENGINE_VERSION = "1"  # of everything in this package that an outcome depends on; a finding names it
FIELD_LABELS = {
    "digital": "デジタル・情報システム",
    "public_relations": "広報",
    "planning": "企画",
    "management": "管理職",
}

MEETS_WORD, STAFF_WORD = "満たしています", "職員が確認します"


class Criterion(Protocol):
    """A criterion of a revision: its row or its content."""

    @property
    def key(self) -> str: ...
    @property
    def kind(self) -> Any: ...
    @property
    def label(self) -> str: ...
    @property
    def required(self) -> bool: ...
    @property
    def params(self) -> dict[str, Any]: ...


class Answered(Protocol):
    """What a person answered, as far as criteria look at it."""

    declarations: dict[str, bool]

    def engine_history(self) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Assessed:
    """The outcome of one criterion with what a page shows of it and the working that a finding keeps (JSON)."""

    key: str
    kind: str
    label: str
    required: bool
    outcome: Outcome
    word: str  # a short word for a tag; never one of rejection
    sentence: str
    explanation: Explanation | None
    working: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """What one kind of criterion came to."""

    outcome: Outcome
    sentence: str
    working: dict[str, Any]
    explanation: Explanation | None = None


def assess(criterion: Criterion, answers: Answered, *, today: date | None = None) -> Assessed:
    """Assess one criterion from a person's answers; with `today` (in Japan) days still to come are called 見込み."""
    kind = str(criterion.kind)
    found = KINDS[kind](criterion.params, criterion.key, answers, today)
    return Assessed(
        key=criterion.key,
        kind=kind,
        label=criterion.label,
        required=criterion.required,
        outcome=found.outcome,
        word=_word(found),
        sentence=found.sentence,
        explanation=found.explanation,
        working={"kind": kind, "sentence": found.sentence, **found.working},
    )


def rules_of(criteria: Sequence[Criterion]) -> list[Rule]:
    """Read the experience rules among criteria, to know what a form must ask."""
    return [parse_rule(c.params["rule"]) for c in criteria if str(c.kind) == "experience"]


def needs_birth_date(criteria: Sequence[Criterion]) -> bool:
    """Say whether any criterion cannot be assessed without a birth date (design 25)."""
    return any(str(c.kind) == "birth_date" for c in criteria) or any(r.needs_birth_date() for r in rules_of(criteria))


def field_label(key: str) -> str:
    """Name a field of work in Japanese; an unknown key stands for itself."""
    return FIELD_LABELS.get(key, key)


def _word(found: Found) -> str:
    if found.outcome is Outcome.MEETS:
        return MEETS_WORD
    if found.outcome is Outcome.DOES_NOT_MEET and found.explanation and found.explanation.shortfall:
        return found.explanation.shortfall
    return STAFF_WORD


def _experience(params: Mapping[str, Any], _key: str, answers: Answered, today: date | None) -> Found:
    rule, history = parse_rule(params["rule"]), answers.engine_history()
    try:
        counted = evaluate_imprecise(rule, history)
    except BadInput as bad:
        sentence = f"職歴の一部を読み取れないため、計算していません。{STAFF_CONFIRM}"
        return Found(Outcome.CHECK, sentence, {"rule": rule.to_json(), "unread": str(bad)})
    explanation = explain_imprecise(rule, counted, today=today)
    working = {"rule": rule.to_json(), "result": counted.to_json(), "explanation": asdict(explanation)}
    return Found(explanation.outcome, explanation.sentence, working, explanation)


def _declaration(params: Mapping[str, Any], key: str, answers: Answered, _today: date | None) -> Found:
    text, answer = str(params.get("text", "")), answers.declarations.get(key)
    working = {"text": text, "answer": answer}
    if answer is None:
        return Found(Outcome.CHECK, "まだ回答していません。", working)
    if answer:
        return Found(Outcome.MEETS, "「はい」と回答しました。", working)
    return Found(Outcome.DOES_NOT_MEET, f"「いいえ」と回答しました。応募は送信できます。{STAFF_CONFIRM}", working)


def _birth_date(params: Mapping[str, Any], _key: str, answers: Answered, _today: date | None) -> Found:
    first, last = (_day(params.get(name)) for name in ("from", "to"))
    born = _day(answers.engine_history()["birth_date"])
    limits = {"from": _iso(first), "to": _iso(last), "birth_date": _iso(born)}
    words = (f"{day_in_words(first)}から" if first else "") + (f"{day_in_words(last)}まで" if last else "")
    if born is None:
        return Found(Outcome.CHECK, f"生年月日がまだ入力されていません（{words}に生まれた人が対象です）。", limits)
    fits = (first is None or first <= born) and (last is None or born <= last)
    sentence = f"生年月日は{day_in_words(born)}です（{words}に生まれた人が対象です）。"
    return Found(Outcome.MEETS if fits else Outcome.DOES_NOT_MEET, sentence + ("" if fits else STAFF_CONFIRM), limits)


def _person(_params: Mapping[str, Any], _key: str, _answers: Answered, _today: date | None) -> Found:
    return Found(Outcome.CHECK, "提出した内容をもとに、職員が確認します。", {})


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else value or None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


KINDS: dict[str, Callable[[Mapping[str, Any], str, Answered, date | None], Found]] = {
    "experience": _experience,
    "declaration": _declaration,
    "birth_date": _birth_date,
    "person": _person,
}
