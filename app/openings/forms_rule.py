"""The settings of a criterion that counts years: the rule of 職務経験の通算 and what a call may add to it."""

from datetime import date
from typing import Any

from wtforms import BooleanField, DecimalField, IntegerField, SelectField, StringField
from wtforms.validators import NumberRange, Optional

from app.core.form_dates import DateParts
from app.core.forms import CheckboxGroup, EntryForm, MaxLength
from app.openings.criterion_words import EDUCATION_RANKS
from app.openings.form_parts import Lines
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
        [Optional(), NumberRange(1, 80, message="数える年数は1から80までの整数で入力してください")],
    )
    window_from = DateParts("数える期間の始まり")
    window_to = DateParts("数える期間の終わり")
    leave_kinds = CheckboxGroup("除く休業（選ばなければすべて数える）", choices=list(LEAVE_KINDS.items()))
    leave_min_months = _months("何か月以上の休業を除くか（0は長さを問わない）")
    exclude_student = BooleanField("学生の間の仕事は数えない")
    earliest_age = IntegerField(
        "何歳になる年度の、次の4月1日から数えるか",
        [Optional(), NumberRange(0, 99, message="数え始める年齢は0から99までの整数で入力してください")],
    )
    earliest_on = DateParts("この日より前を数えない")
    combine = SelectField("期間の足し方", choices=list(COMBINES.items()))
    day_rounding = SelectField("1か月に満たない日数", choices=list(ROUNDINGS.items()))

    of_which_months = _months("そのうち必要な月数（うち数）")
    of_which_fields = CheckboxGroup("うち数の分野", choices=list(FIELDS.items()))
    of_which_kinds = CheckboxGroup("うち数の雇用形態", choices=list(KINDS.items()))
    graduate = _months("大学院")
    university = _months("大学")
    junior_college = _months("短期大学")
    technical_college = _months("高等専門学校")
    vocational = _months("専修学校（専門課程）")
    high_school = _months("高等学校")
    excluded_names = Lines("数えない勤務先（1行に一つ）")
    headquartered_in = StringField("本社・本店がある都道府県で除くとき、その名前", [MaxLength(20)])

    PLAIN = ("threshold_months", "min_continuous_months", "min_continuous_in_window", "one_continuous_months")

    @classmethod
    def values(cls, rule: dict[str, Any]) -> dict[str, Any]:
        window, leave, earliest = (rule.get(name) or {} for name in ("window", "excluded_leave", "earliest"))
        plain = {
            name: rule[name] for name in (*cls.PLAIN, "kinds", "min_weekly_hours", "exclude_student") if name in rule
        }
        return plain | {
            "as_of": as_day(rule.get("as_of")),
            "fields_": rule.get("fields") or [],
            "last_years": window.get("last_years"),
            "window_from": as_day(window.get("from")),
            "window_to": as_day(window.get("to")),
            "leave_kinds": leave.get("kinds") or [],
            "leave_min_months": leave.get("min_months"),
            "earliest_age": earliest.get("age"),
            "earliest_on": as_day(earliest.get("date")),
            "combine": rule.get("combine") or "sum",
            "day_rounding": rule.get("day_rounding") or "carry_30",
        }

    def rule(self) -> dict[str, Any]:
        """The rule as it is stored; settings that set no condition are left out."""
        hours = self.min_weekly_hours.data
        rule = {name: self[name].data for name in (*self.PLAIN, "kinds", "exclude_student")}
        rule |= {
            "as_of": iso_day(self.as_of.data),
            "fields": self.fields_.data,
            "min_weekly_hours": float(hours) if hours is not None else None,
            "window": self._window(),
            "excluded_leave": self._leave(),
            "earliest": self._earliest(),
            "combine": self.combine.data if self.combine.data != "sum" else None,
            "day_rounding": self.day_rounding.data if self.day_rounding.data != "carry_30" else None,
        }
        return {name: value for name, value in rule.items() if value or name == "threshold_months"}

    def params(self) -> dict[str, Any]:
        """The settings of the criterion: the rule, and what is added to it."""
        table = [{"education": level, "months": self[level].data} for level in EDUCATION_RANKS if self[level].data]
        added = {"of_which": self._of_which(), "by_education": table, "excluded_employers": self._excluded()}
        rule = self.rule()
        if table:
            rule.pop("threshold_months")
        return {"rule": rule} | {name: value for name, value in added.items() if value}

    def has_table(self) -> bool:
        return any(self[level].data for level in EDUCATION_RANKS)

    def _of_which(self) -> dict[str, Any] | None:
        if not self.of_which_months.data:
            return None
        parts = {"fields": self.of_which_fields.data or [], "kinds": self.of_which_kinds.data or []}
        return {"threshold_months": self.of_which_months.data} | {name: some for name, some in parts.items() if some}

    def _excluded(self) -> dict[str, Any] | None:
        place = (self.headquartered_in.data or "").strip()
        excluded = {"names": list(self.excluded_names.data or ()), "headquartered_in": place}
        return {name: value for name, value in excluded.items() if value} or None

    @classmethod
    def added_values(cls, params: dict[str, Any]) -> dict[str, Any]:
        part, excluded = params.get("of_which") or {}, params.get("excluded_employers") or {}
        table = {row["education"]: row["months"] for row in params.get("by_education") or ()}
        return table | {
            "of_which_months": part.get("threshold_months"),
            "of_which_fields": part.get("fields") or [],
            "of_which_kinds": part.get("kinds") or [],
            "excluded_names": tuple(excluded.get("names") or ()),
            "headquartered_in": excluded.get("headquartered_in", ""),
        }

    def _window(self) -> dict[str, Any] | None:
        if self.last_years.data:
            return {"last_years": self.last_years.data}
        first, last = iso_day(self.window_from.data), iso_day(self.window_to.data)
        return {"from": first, "to": last} if first or last else None

    def _leave(self) -> dict[str, Any] | None:
        kinds = self.leave_kinds.data
        return {"kinds": kinds, "min_months": self.leave_min_months.data or 0} if kinds else None

    def _earliest(self) -> dict[str, Any] | None:
        if self.earliest_age.data is not None:
            return {"age": self.earliest_age.data}
        return {"date": iso_day(self.earliest_on.data)} if self.earliest_on.data else None


def as_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def iso_day(day: date | None) -> str | None:
    return day.isoformat() if day else None
