"""The five steps of applying (design 22): what each one asks and what is still missing. Pure."""

import hashlib
import json
from collections.abc import Iterator, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.applications.answers import Answers
from app.eligibility.criteria import Asked, asked_of, needs_birth_date, rules_of
from app.openings.content import DECLARED, CriterionContent, OpeningContent
from app.openings.criterion_words import answer_words

CAREER_FACTS = (
    "history",
    "no_history",
    "education",
    "qualifications",
    "no_qualifications",
    "languages",
    "no_languages",
)


_KANA = dict.fromkeys(("family_kana", "given_kana"), "（ふりがな）")


class Step(StrEnum):
    ELIGIBILITY = "eligibility"
    CONTACT = "contact"
    PROFILE = "profile"
    CAREER = "career"
    QUESTIONS = "questions"

    @property
    def label(self) -> str:
        return {
            "eligibility": "応募資格",
            "contact": "メールと氏名",
            "profile": "基本情報",
            "career": "経歴・書類",
            "questions": "設問",
        }[self.value]

    @property
    def following(self) -> "Step | None":
        steps = list(Step)
        place = steps.index(self) + 1
        return steps[place] if place < len(steps) else None


@dataclass(frozen=True)
class Missing:
    """Something that must be there before the application can be sent, and the step where it is given."""

    step: Step
    message: str
    field: str = ""  # the id of the box where it is given


def declarations(content: OpeningContent) -> list[CriterionContent]:
    """List the criteria that a person answers with はい or いいえ."""
    return [criterion for criterion in content.criteria if criterion.kind in DECLARED]


def answer_missing(criterion: CriterionContent) -> str:
    """Ask for the answer to a declaration by the words of its choices."""
    words = answer_words(criterion.params)
    return f"「{criterion.label}」は、「{words[True]}」か「{words[False]}」を選んでください"


def asks_birth_date(content: OpeningContent) -> bool:
    """Say whether a criterion or the experience rule needs the birth date (design 25)."""
    return needs_birth_date(content.criteria)


def counts_experience(content: OpeningContent) -> bool:
    """Say whether jobs are counted for this opening."""
    return bool(rules_of(content.criteria))


def lists_needed(content: OpeningContent) -> dict[str, bool]:
    """Say of each list of 経歴 whether a required criterion looks at it: otherwise it may stay empty."""
    asked = asked_of(content.criteria)
    papers = {"qualifications": Asked.QUALIFICATIONS, "languages": Asked.LANGUAGES}
    return {"jobs": counts_experience(content)} | {name: asked.get(fact, False) for name, fact in papers.items()}


def missing_answers(content: OpeningContent, answers: Answers) -> list[Missing]:
    """List what must still be given, in the order of the steps; 確認 shows it and `submit` refuses with it."""
    found = [*_of_eligibility(content, answers), *_of_person(content, answers), *_of_career(content, answers)]
    found += _of_questions(content, answers)
    left = [one for one in found if not is_typed(one.step, one.field, answers)]
    said = {one.step for one in left}
    unread = [Missing(step, _unread(step, answers)) for step in Step if _is_unread(step, answers, said)]
    return sorted(left + unread, key=lambda missing: list(Step).index(missing.step))


def is_typed(step: Step, field: str, answers: Answers) -> bool:
    """Say whether something stands in the box that could not be read yet: it is not missing, it is to be mended.

    The box that says that there is none of a list (no_languages) stands for the list.
    """
    typed = answers.typed.get(step)
    boxes = [name for name, value in typed.fields if value.strip()] if typed else []
    meant = {field, field.removeprefix("no_")}
    return any(
        name == one or name.startswith(f"{one}-") or one.startswith(f"{name}-") for name in boxes for one in meant
    )


def _is_unread(step: Step, answers: Answers, said: Set[Step]) -> bool:
    """Say whether a step holds text that was not read, unless it is one of those of which an empty box is named."""
    return step in answers.typed and not (answers.typed[step].checked and step in said)


def _unread(step: Step, answers: Answers) -> str:
    if answers.typed[step].checked:
        return f"{step.label}に直すところがあります"
    return f"{step.label}に書きかけの内容があります。開いて「保存して次へ」を押してください"


def _is_needed(content: OpeningContent, asked: Asked) -> bool:
    """Say whether a required criterion looks at something."""
    return asked_of(content.criteria).get(asked, False)


def _of_eligibility(content: OpeningContent, answers: Answers) -> list[Missing]:
    found = []
    if _is_needed(content, Asked.AVAILABILITY) and answers.availability is None:
        found.append(Missing(Step.ELIGIBILITY, "働ける日数を選んでください", "availability-most"))
    return found + [
        Missing(Step.ELIGIBILITY, answer_missing(criterion), f"declare_{criterion.key}-0")
        for criterion in declarations(content)
        if criterion.key not in answers.declarations
    ]


def _of_person(content: OpeningContent, answers: Answers) -> list[Missing]:
    person = answers.person
    wanted = [
        (Step.CONTACT, "メールアドレス", "mail"),
        (Step.CONTACT, "姓", "family_name"),
        (Step.CONTACT, "名", "given_name"),
        (Step.CONTACT, "せい", "family_kana"),
        (Step.CONTACT, "めい", "given_kana"),
        (Step.PROFILE, "住所", "address"),
        (Step.PROFILE, "電話番号", "phone"),
    ]
    lacking = [one for one in wanted if not getattr(person, one[2])]
    if asks_birth_date(content) and not person.birth_date:
        lacking.append((Step.PROFILE, "生年月日", "birth_date-year"))
    return [Missing(step, f"{label}{_KANA.get(field, '')}を入力してください", field) for step, label, field in lacking]


def _of_career(content: OpeningContent, answers: Answers) -> list[Missing]:
    found = [Missing(Step.CAREER, *one) for one in facts_missing(content, answers)]
    return found + [
        Missing(Step.CAREER, f"{kind.label}のファイルを送ってください", f"file_{kind.key}")
        for kind in content.documents
        if kind.required and kind.key not in answers.documents
    ]


def facts_missing(content: OpeningContent, answers: Answers) -> Iterator[tuple[str, str]]:
    """Say what a required criterion needs of 経歴 and is not there, with the box where it is given."""
    if counts_experience(content) and not answers.history and not answers.no_history:
        yield "職歴を入力してください。職歴がないときは「職歴はありません」を選んでください", "jobs"
    if _is_needed(content, Asked.EDUCATION) and answers.education is None:
        yield "最終学歴を選んでください", "education-level"
    if _is_needed(content, Asked.QUALIFICATIONS) and not (answers.qualifications or answers.no_qualifications):
        yield "資格を入力してください。ないときは「入力する資格はありません」を選んでください", "no_qualifications"
    if _is_needed(content, Asked.LANGUAGES) and not (answers.languages or answers.no_languages):
        yield (
            "語学の結果を入力してください。ないときは「入力する語学の結果はありません」を選んでください",
            "no_languages",
        )


def _of_questions(content: OpeningContent, answers: Answers) -> Iterator[Missing]:
    for question in content.questions:
        said = answers.statements.get(question.key, "")
        over = len(said) - question.max_characters
        if question.required and not said.strip():
            yield Missing(Step.QUESTIONS, f"「{question.label}」に回答してください", f"answer_{question.key}")
        elif over > 0:  # written for another opening that allows more
            most = question.max_characters
            message = f"「{question.label}」は{most}文字以内です。{over}文字減らしてください"
            yield Missing(Step.QUESTIONS, message, f"answer_{question.key}")


def unfinished(content: OpeningContent, answers: Answers) -> list[Step]:
    """List the steps that were not saved or lack something, in order."""
    lacking = {missing.step for missing in missing_answers(content, answers)}
    return [step for step in Step if step not in answers.steps_done or step in lacking]


def first_open_step(content: OpeningContent, answers: Answers) -> Step | None:
    """Find the first step that is not done; None when only 確認 is left."""
    return next(iter(unfinished(content, answers)), None)


def step_digest(step: Step, answers: Answers) -> str:
    """Digest what a step holds, so that a page opened before somebody else's save is recognised."""
    typed = answers.typed.get(step)
    return _digest([_held(step, answers), typed.model_dump(include={"fields", "checked"}) if typed else None])


def saved_digest(step: Step, answers: Answers) -> str:
    """Digest what was last read and saved of a step: what an open page keeps by itself does not change it."""
    return _digest(_held(step, answers))


def _digest(held: Any) -> str:
    return hashlib.sha256(json.dumps(held, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]


def _held(step: Step, answers: Answers) -> Any:
    person = answers.person.model_dump()
    stated = answers.model_dump(mode="json", include={*CAREER_FACTS, "availability"})
    profile = {"birth_date", "phone", "postal_code", "address"}
    return {
        Step.ELIGIBILITY: [answers.declarations, stated["availability"]],
        Step.CONTACT: {name: value for name, value in person.items() if name not in profile},
        Step.PROFILE: {name: person[name] for name in profile},
        Step.CAREER: [stated[name] for name in CAREER_FACTS],
        Step.QUESTIONS: [answers.statements, answers.apart] if answers.apart else answers.statements,
    }[step]
