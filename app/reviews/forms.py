"""The forms of scoring: one made for each rubric, and those that prepare a round."""

import uuid
from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField, ValidationError

from app.core.access import OPENING_ROLES, Role
from app.core.form_dates import DateParts
from app.core.forms import CheckboxGroup, Form, MaxLength, Required, RequiredChoice
from app.core.numbers import whole_number
from app.reviews.desk import Desk, ItemView
from app.reviews.desk_services import Mark
from app.reviews.queries import Candidate

NOT_RATABLE = "0"
ROLES = [(role.value, role.label) for role in Role if role in OPENING_ROLES]
TIES = (
    ("family", "親族"),
    ("workplace", "同じ勤務先（元同僚を含む）"),
    ("business", "取引・利害関係"),
    ("private", "知人・私的な関係"),
    ("other", "そのほか"),
)


class EvidenceWhereAsked:
    """The level that was chosen may ask for its grounds (根拠)."""

    def __init__(self, item: ItemView) -> None:
        self.field = item.field
        self.label = item.label
        self.levels = {str(level.value) for level in item.levels if level.evidence_required}

    def __call__(self, form: Any, field: Any) -> None:
        if form[self.field].data in self.levels and not (field.data or "").strip():
            raise ValidationError(f"「{self.label}」の根拠を入力してください")


def evidence_name(item: ItemView) -> str:
    return item.field.replace("item", "evidence")


def scoring_form(desk: Desk) -> Any:
    """Make the form of a desk, filled with what was submitted before."""
    fields: dict[str, Any] = {
        "version": HiddenField(),
        "comment": TextAreaField("コメント", [MaxLength(2000)]),
        "internal_note": TextAreaField("内部メモ", [MaxLength(2000)]),
    }
    given: dict[str, Any] = {"version": desk.version, "comment": desk.comment, "internal_note": desk.internal_note}
    for item in desk.rubric:
        choices = [(str(level.value), level.anchor) for level in item.levels] + [(NOT_RATABLE, "評価不能")]
        chosen = RequiredChoice(f"「{item.label}」の段階を選んでください")
        fields[item.field] = RadioField(item.label, [chosen], choices=choices)
        if item.asks_evidence:
            checks = [EvidenceWhereAsked(item), MaxLength(1000)]
            fields[evidence_name(item)] = TextAreaField(f"{item.label}の根拠", checks)
        if (mark := desk.own.get(item.key)) is not None:
            given[item.field] = NOT_RATABLE if mark.value is None else str(mark.value)
            given[evidence_name(item)] = mark.evidence
    made: type[FlaskForm] = type("ScoringForm", (Form,), fields)
    return made(data=given)


def read_marks(form: Any, desk: Desk) -> dict[str, Mark]:
    """Read the marks of a valid form by item key."""
    marks = {}
    for item in desk.rubric:
        value = form[item.field].data
        evidence = form[evidence_name(item)].data or "" if item.asks_evidence else ""
        marks[item.key] = Mark(None if value == NOT_RATABLE else int(value), evidence.strip())
    return marks


class TieForm(Form):
    kind = RadioField("関係", [RequiredChoice("関係を選んでください")], choices=TIES)


class PrepareForm(Form):
    panel = CheckboxGroup("採点者", [Required("採点者を選んでください")], choices=[])
    due_on = DateParts("採点の期限")


class OpenForm(Form):
    """Why scoring begins while applications still come in; no field of the page once the deadline is past."""

    reason = StringField(
        "締切の前に採点を始める理由",
        [Required("応募の受付が続いています。締切の前に採点を始める理由を入力してください"), MaxLength(500)],
    )


class MemberForm(Form):
    """One member of staff, to be appointed or added to a panel."""

    member = SelectField("職員", [Required("職員を選んでください")], choices=[])


class AppointForm(MemberForm):
    role = RadioField("役割", [RequiredChoice("役割を選んでください")], choices=ROLES)


def offer_panel(form: PrepareForm, candidates: Sequence[Candidate]) -> PrepareForm:
    """Offer these members as reviewers, those appointed as reviewers ticked until somebody chooses."""
    form.panel.choices = [(str(one.membership_id), one.name) for one in candidates]
    if not form.is_submitted():
        form.panel.data = [str(one.membership_id) for one in candidates if Role.REVIEWER in one.roles]
    return form


def open_form(round_id: uuid.UUID, **values: Any) -> OpenForm:
    """The form that starts a round; its field is told apart from that of another stage by the round."""
    form = OpenForm(**values)
    form.reason.id = form.reason.label.field_id = f"reason-{round_id}"
    return form


def read_version(form: Any) -> int:
    """The version that the page was made from; -1, which no row has, when it is no number."""
    return whole_number(form.version.data, -1)
