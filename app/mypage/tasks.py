"""What is done and what is missing in a draft, step by step, for those who return (作業一覧)."""

from dataclasses import dataclass

from app.applications.answers import Answers
from app.applications.steps import Step, missing_answers
from app.openings.content import OpeningContent


@dataclass(frozen=True)
class Task:
    """A step with what it still lacks."""

    step: Step
    is_done: bool
    missing: list[str]

    @property
    def word(self) -> str:
        return "完了" if self.is_done else "未完了"


def tasks(content: OpeningContent, answers: Answers) -> list[Task]:
    """List the five steps in order; a step never opened is not done and names nothing yet."""
    lacks = missing_answers(content, answers)
    return [_task(step, [one.message for one in lacks if one.step is step], answers) for step in Step]


def _task(step: Step, lacks: list[str], answers: Answers) -> Task:
    is_saved = step in answers.steps_done
    return Task(step, is_saved and not lacks, lacks if is_saved else [])
