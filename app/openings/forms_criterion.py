"""One criterion in the editor: its words, its kind, and the boxes of every kind, of which one is used."""

import re
from collections.abc import Callable
from typing import Any

from wtforms import BooleanField, FieldList, FormField, HiddenField, SelectField, StringField

from app.core.form_dates import DateParts
from app.core.forms import CheckboxGroup, EntryForm, MaxLength, Required
from app.openings.content import CriterionContent, CriterionKind
from app.openings.criterion_params import MOST_WORDS
from app.openings.criterion_words import DAYS_A_WEEK, EDUCATION_RANKS, EDUCATIONS, result_choices
from app.openings.form_parts import Lines
from app.openings.forms_rule import RuleEntry, as_day, iso_day

DAYS = [("", "決めない"), *((str(tenths), label) for tenths, label in DAYS_A_WEEK.items())]
OLD_NAME = "／"  # between a qualification and its earlier names, on one line
SEPARATORS = re.compile("[／/、，]")  # what people type there


class BarEntry(EntryForm):
    """The least result of one language test."""

    result = SelectField("試験と級", choices=result_choices())
    score = StringField("点数", [MaxLength(6)])

    def bar(self) -> dict[str, Any]:
        scheme, _, level = str(self.result.data or "").partition(":")
        return {"scheme": scheme, "level": level or None, "score": (self.score.data or "").strip() or None}


class CriterionEntry(EntryForm):
    key = HiddenField()
    label = StringField("資格", [Required("応募資格の文を入力してください"), MaxLength(200)])
    required = SelectField("必須か歓迎か", choices=[("1", "必須"), ("", "歓迎")])
    kind = SelectField("確かめ方", choices=[(kind.value, kind.label) for kind in CriterionKind])
    text = StringField("申告してもらう文", [MaxLength(400)])
    yes_words = StringField("「はい」に当たる選択肢の言葉", [MaxLength(MOST_WORDS)])
    no_words = StringField("「いいえ」に当たる選択肢の言葉", [MaxLength(MOST_WORDS)])
    residence_at = SelectField("いつの住まいか", choices=[("hire", "採用のとき"), ("application", "応募のとき")])
    born_from = DateParts("この日以降に生まれた人")
    born_to = DateParts("この日以前に生まれた人")
    educations = CheckboxGroup("卒業していればよい学校", choices=[(one, EDUCATIONS[one]) for one in EDUCATION_RANKS])
    qualifications = Lines("資格（1行に一つ）", longest=400)
    tests = FieldList(FormField(BarEntry), max_entries=10)
    or_equivalent = BooleanField("同等以上も対象にする（職員が確認します）")
    expected_by = DateParts("見込みを認める期限")
    days_least = SelectField("勤務日数の下限", choices=DAYS)
    days_most = SelectField("勤務日数の上限", choices=DAYS)
    rule = FormField(RuleEntry, "年数の数え方")

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for what a count of years rests on, beside the boxes that are empty."""
        return bool(super().validate(extra_validators)) and not self._lacks_of_years()

    def _lacks_of_years(self) -> bool:
        rule, lacking = self.rule.form, {}
        if self.kind.data != CriterionKind.EXPERIENCE:
            return False
        if rule.threshold_months.data is None and not rule.has_table():
            lacking[rule.threshold_months] = "年数で確かめるときは、必要な月数も入力してください"
        if rule.as_of.data is None:
            lacking[rule.as_of] = "年数をいつまで数えるか、基準日を入力してください"
        for box, message in lacking.items():
            box.errors = [*box.errors, message]
        return bool(lacking)

    def params(self) -> dict[str, Any]:
        kind = CriterionKind(self.kind.data)
        return PARAMS_OF[kind](self) if kind in PARAMS_OF else {}

    def declared(self) -> dict[str, Any]:
        said = {"yes": self.yes_words.data or "", "no": self.no_words.data or ""}
        own = {name: words.strip() for name, words in said.items() if words.strip()}
        return {"text": (self.text.data or "").strip(), **own}

    def named(self) -> list[dict[str, Any]]:
        """One qualification a line, its earlier names after ／ or what people type for it."""
        lines = [
            [part.strip() for part in SEPARATORS.split(line) if part.strip()] for line in self.qualifications.data or ()
        ]
        return [{"name": name, "aliases": aliases} for name, *aliases in filter(None, lines)]


PARAMS_OF: dict[CriterionKind, Callable[[CriterionEntry], dict[str, Any]]] = {
    CriterionKind.EXPERIENCE: lambda one: one.rule.form.params(),
    CriterionKind.EDUCATION: lambda one: {
        "any_of": one.educations.data or [],
        **({"or_equivalent": True} if one.or_equivalent.data else {}),
        "expected_by": iso_day(one.expected_by.data),
    },
    CriterionKind.QUALIFICATION: lambda one: {
        "any_of": one.named(),
        "or_equivalent": bool(one.or_equivalent.data),
        "expected_by": iso_day(one.expected_by.data),
    },
    CriterionKind.LANGUAGE: lambda one: {
        "any_of": [entry.form.bar() for entry in one.tests],
        "or_equivalent": bool(one.or_equivalent.data),
    },
    CriterionKind.BIRTH_DATE: lambda one: {"from": iso_day(one.born_from.data), "to": iso_day(one.born_to.data)},
    CriterionKind.AVAILABILITY: lambda one: {
        "least": int(one.days_least.data or 0) or None,
        "most": int(one.days_most.data or 0) or None,
    },
    CriterionKind.NATIONALITY: lambda one: one.declared(),
    CriterionKind.RESIDENCE: lambda one: {**one.declared(), "at": one.residence_at.data},
    CriterionKind.DECLARATION: lambda one: one.declared(),
}


def entry_values(criterion: CriterionContent) -> dict[str, Any]:
    """Give the settings of a criterion as the boxes of its kind take them."""
    params, kind = criterion.params, criterion.kind
    any_of = params.get("any_of") or []
    return {
        "text": params.get("text", ""),
        "yes_words": params.get("yes", ""),
        "no_words": params.get("no", ""),
        "residence_at": params.get("at", "hire"),
        "born_from": as_day(params.get("from")),
        "born_to": as_day(params.get("to")),
        "educations": any_of if kind is CriterionKind.EDUCATION else [],
        "qualifications": tuple(
            OLD_NAME.join([one["name"], *one.get("aliases", ())])
            for one in (any_of if kind is CriterionKind.QUALIFICATION else ())
        ),
        "tests": [_bar_values(one) for one in (any_of if kind is CriterionKind.LANGUAGE else ())],
        "or_equivalent": bool(params.get("or_equivalent")),
        "expected_by": as_day(params.get("expected_by")),
        "days_least": str(params.get("least") or ""),
        "days_most": str(params.get("most") or ""),
        "rule": RuleEntry.values(params.get("rule") or {}) | RuleEntry.added_values(params),
    }


def _bar_values(bar: dict[str, Any]) -> dict[str, Any]:
    return {"result": f"{bar['scheme']}:{bar.get('level') or ''}", "score": bar.get("score") or ""}
