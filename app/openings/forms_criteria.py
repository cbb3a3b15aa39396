"""The section 応募資格 of the editor: each criterion with the settings of its kind."""

from datetime import date
from typing import Any

from wtforms import (
    BooleanField,
    DecimalField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import NumberRange, Optional, StopValidation

from app.core.form_dates import DateParts
from app.core.forms import CheckboxGroup, EntryForm, MaxLength, Required
from app.openings.content import CriterionKind, OpeningContent
from app.openings.form_parts import SectionForm, fresh_keys
from app.openings.publication_schedule import Window
from app.openings.rule_words import FIELDS, KINDS, LEAVE_KINDS

MOST_MONTHS = 1200
ROUNDINGS = {
    "carry_30": "足し合わせて30日で1か月",
    "drop": "勤務先ごとに切り捨て",
    "half_up_15": "勤務先ごとに15日以上を1か月",
}
COMBINES = {"sum": "すべて通算する", "longest": "最も長い一つの勤務先だけ"}


def _months(label: str) -> IntegerField:
    message = f"{label}は0から{MOST_MONTHS}までの整数で入力してください"
    return IntegerField(label, [Optional(), NumberRange(0, MOST_MONTHS, message=message)])


class RuleEntry(EntryForm):
    """The rule of 職務経験の通算; what is left empty sets no condition."""

    threshold_months = _months("必要な月数（5年は60）")
    as_of = DateParts("基準日")
    kinds = CheckboxGroup("数える雇用形態（選ばなければすべて）", choices=list(KINDS.items()))
    fields_ = CheckboxGroup("数える分野（選ばなければすべて）", choices=list(FIELDS.items()))
    min_weekly_hours = DecimalField(
        "週の勤務時間の下限", [Optional(), NumberRange(0, 168, message="週の勤務時間は0から168までです")]
    )
    min_continuous_months = _months("一つの勤務先で続けて必要な月数")
    min_continuous_in_window = BooleanField("その長さを、数える期間の中で測る")
    one_continuous_months = _months("どこか一つの勤務先で必要な月数")
    last_years = IntegerField(
        "基準日までの何年間だけ数えるか",
        [Optional(), NumberRange(1, 80, message="1から80までの整数で入力してください")],
    )
    window_from = DateParts("数える期間の始まり")
    window_to = DateParts("数える期間の終わり")
    leave_kinds = CheckboxGroup("除く休業（選ばなければすべて数える）", choices=list(LEAVE_KINDS.items()))
    leave_min_months = _months("何か月以上の休業を除くか（0は長さを問わない）")
    exclude_student = BooleanField("学生の間の仕事は数えない")
    earliest_age = IntegerField(
        "何歳になる年度の、次の4月1日から数えるか",
        [Optional(), NumberRange(0, 99, message="0から99までの整数で入力してください")],
    )
    earliest_on = DateParts("この日より前を数えない")
    combine = SelectField("期間の足し方", choices=list(COMBINES.items()))
    day_rounding = SelectField("1か月に満たない日数", choices=list(ROUNDINGS.items()))

    PLAIN = ("threshold_months", "min_continuous_months", "min_continuous_in_window", "one_continuous_months")

    @classmethod
    def values(cls, rule: dict[str, Any]) -> dict[str, Any]:
        window, leave, earliest = (rule.get(name) or {} for name in ("window", "excluded_leave", "earliest"))
        plain = {
            name: rule[name] for name in (*cls.PLAIN, "kinds", "min_weekly_hours", "exclude_student") if name in rule
        }
        return plain | {
            "as_of": _day(rule.get("as_of")),
            "fields_": rule.get("fields") or [],
            "last_years": window.get("last_years"),
            "window_from": _day(window.get("from")),
            "window_to": _day(window.get("to")),
            "leave_kinds": leave.get("kinds") or [],
            "leave_min_months": leave.get("min_months"),
            "earliest_age": earliest.get("age"),
            "earliest_on": _day(earliest.get("date")),
            "combine": rule.get("combine") or "sum",
            "day_rounding": rule.get("day_rounding") or "carry_30",
        }

    def rule(self) -> dict[str, Any]:
        """The rule as it is stored; settings that set no condition are left out."""
        hours = self.min_weekly_hours.data
        rule = {name: self[name].data for name in (*self.PLAIN, "kinds", "exclude_student")}
        rule |= {
            "as_of": _iso(self.as_of.data),
            "fields": self.fields_.data,
            "min_weekly_hours": float(hours) if hours is not None else None,
            "window": self._window(),
            "excluded_leave": self._leave(),
            "earliest": self._earliest(),
            "combine": self.combine.data if self.combine.data != "sum" else None,
            "day_rounding": self.day_rounding.data if self.day_rounding.data != "carry_30" else None,
        }
        return {name: value for name, value in rule.items() if value or name == "threshold_months"}

    def _window(self) -> dict[str, Any] | None:
        if self.last_years.data:
            return {"last_years": self.last_years.data}
        first, last = _iso(self.window_from.data), _iso(self.window_to.data)
        return {"from": first, "to": last} if first or last else None

    def _leave(self) -> dict[str, Any] | None:
        kinds = self.leave_kinds.data
        return {"kinds": kinds, "min_months": self.leave_min_months.data or 0} if kinds else None

    def _earliest(self) -> dict[str, Any] | None:
        if self.earliest_age.data is not None:
            return {"age": self.earliest_age.data}
        return {"date": _iso(self.earliest_on.data)} if self.earliest_on.data else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


class CriterionEntry(EntryForm):
    key = HiddenField()
    label = StringField("資格", [Required("応募資格の文を入力してください"), MaxLength(200)])
    required = SelectField("必須か歓迎か", choices=[("1", "必須"), ("", "歓迎")])
    kind = SelectField("確かめ方", choices=[(kind.value, kind.label) for kind in CriterionKind])
    text = StringField("申告してもらう文", [MaxLength(400)])
    born_from = DateParts("この日以降に生まれた人")
    born_to = DateParts("この日以前に生まれた人")
    rule = FormField(RuleEntry, "年数の数え方")

    def validate_kind(self, field: Any) -> None:
        if field.data == CriterionKind.EXPERIENCE and self.rule.form.threshold_months.data is None:
            raise StopValidation("年数で確かめるときは、必要な月数も入力してください")

    def params(self) -> dict[str, Any]:
        kind = CriterionKind(self.kind.data)
        if kind is CriterionKind.EXPERIENCE:
            return {"rule": self.rule.form.rule()}
        if kind is CriterionKind.DECLARATION:
            return {"text": (self.text.data or "").strip()}
        if kind is CriterionKind.BIRTH_DATE:
            return {"from": _iso(self.born_from.data), "to": _iso(self.born_to.data)}
        return {}


class CriteriaForm(SectionForm):
    criteria = FieldList(FormField(CriterionEntry), max_entries=40)
    disqualification_text = TextAreaField("欠格条項", [MaxLength(8000)])

    @staticmethod
    def values(content: OpeningContent, _window: Window) -> dict[str, Any]:
        return {
            "disqualification_text": content.disqualification_text,
            "criteria": [
                {
                    "key": one.key,
                    "label": one.label,
                    "required": "1" if one.required else "",
                    "kind": one.kind.value,
                    "text": one.params.get("text", ""),
                    "born_from": _day(one.params.get("from")),
                    "born_to": _day(one.params.get("to")),
                    "rule": RuleEntry.values(one.params.get("rule") or {}),
                }
                for one in content.criteria
            ],
        }

    def content(self, content: OpeningContent) -> OpeningContent:
        entries = [entry.form for entry in self.criteria.entries]
        keys = fresh_keys((entry.key.data for entry in entries), "criterion_")
        criteria = [
            {
                "key": key,
                "kind": entry.kind.data,
                "label": entry.label.data,
                "required": bool(entry.required.data),
                "params": entry.params(),
            }
            for key, entry in zip(keys, entries, strict=True)
        ]
        text = (self.disqualification_text.data or "").replace("\r\n", "\n").strip()
        return OpeningContent.model_validate(
            content.model_dump() | {"criteria": criteria, "disqualification_text": text}
        )

    def window(self, window: Window) -> Window:
        return window
