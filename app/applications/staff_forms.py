"""The form with which staff confirm the criteria of one application: a choice and a reason each."""

from collections.abc import Sequence
from typing import Any

from wtforms import HiddenField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import Optional

from app.applications.rulings import REASON_CHARACTERS, Ruling, needs_reason
from app.applications.screening_detail import CriterionView
from app.applications.screening_models import FindingOutcome
from app.core.forms import Form, MaxLength, Required

CHOICES = [
    (FindingOutcome.MEETS.value, "満たす"),
    (FindingOutcome.DOES_NOT_MEET.value, "満たさない"),
    (FindingOutcome.CHECK.value, "まだ確認できない"),
]


OUTCOMES = frozenset(FindingOutcome)


class SearchForm(Form):
    typed = StringField("応募者を探す", validators=[Required("探す言葉を入力してください"), MaxLength(200)])


class _Reason:
    """A reason is there where the decision needs one."""

    def __init__(self, criterion: CriterionView) -> None:
        self.criterion = criterion

    def __call__(self, form: Any, field: Any) -> None:
        chosen = form[f"outcome_{self.criterion.content.key}"].data
        if chosen not in OUTCOMES or (field.data or "").strip():
            return
        if needs_reason(self.criterion.content.kind, self.criterion.computed, FindingOutcome(chosen)):
            raise ValidationError(f"{field.label.text}を入力してください（計算と違う判定です）")


class RulingsForm(Form):
    """Fields are added for each criterion by `rulings_form`."""

    seen = HiddenField()
    criteria: Sequence[CriterionView] = ()

    def pairs(self) -> list[tuple[CriterionView, Any, Any]]:
        """Give each criterion with its two fields, for the page."""
        return [(one, self[f"outcome_{one.content.key}"], self[f"reason_{one.content.key}"]) for one in self.criteria]

    def rulings(self) -> dict[str, Ruling]:
        """Give what was decided; a criterion without a choice is left alone."""
        return {
            one.content.key: Ruling(FindingOutcome(outcome.data), (reason.data or "").strip())
            for one, outcome, reason in self.pairs()
            if outcome.data in OUTCOMES
        }


def rulings_form(criteria: Sequence[CriterionView], seen: str) -> RulingsForm:
    """Make the form for the criteria of one application, filled with what stands.

    Only what was computed as met is chosen beforehand; nothing negative ever is.
    """
    fields: dict[str, Any] = {"criteria": criteria}
    values: dict[str, Any] = {"seen": seen}
    for number, one in enumerate(criteria, 1):
        key = one.content.key
        fields[f"outcome_{key}"] = RadioField(f"要件{number}の判定", choices=CHOICES, validators=[Optional()])
        fields[f"reason_{key}"] = TextAreaField(
            f"要件{number}の理由", validators=[MaxLength(REASON_CHARACTERS), _Reason(one)]
        )
        values[f"outcome_{key}"], values[f"reason_{key}"] = _beforehand(one)
    made: RulingsForm = type("RulingsForm", (RulingsForm,), fields)(data=values)
    return made


def _beforehand(criterion: CriterionView) -> tuple[str | None, str]:
    if criterion.last is not None:
        return criterion.last.outcome.value, criterion.last.reason
    return (FindingOutcome.MEETS.value if criterion.computed is FindingOutcome.MEETS else None), ""
