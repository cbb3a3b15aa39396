"""What stands against sending, for 確認: what is missing, and box by box what was typed and cannot be read yet."""

from app.applications.answers import Answers
from app.applications.forms import step_form
from app.applications.steps import Missing, Step, missing_answers
from app.applications.typed import shown
from app.core.forms import error_list
from app.openings.content import OpeningContent


def in_the_way(content: OpeningContent, answers: Answers) -> list[Missing]:
    """List it in the order of the steps, each with the box where it is mended; an entry's fault names the entry.

    A step whose typed text could be read as it is, but was not saved, is named as a whole.
    """
    faults = [one for step in Step if step in answers.typed for one in _faults(step, content, answers)]
    boxes, steps = {one.field for one in faults}, {one.step for one in faults}
    missing = [
        one
        for one in missing_answers(content, answers)
        if (one.field and one.field not in boxes) or (not one.field and one.step not in steps)
    ]
    return sorted(faults + missing, key=lambda one: list(Step).index(one.step))


def _faults(step: Step, content: OpeningContent, answers: Answers) -> list[Missing]:
    form = step_form(step, content, answers, shown(answers.typed[step]))
    form.validate()
    return [Missing(step, message, box) for box, message in error_list(form)]
