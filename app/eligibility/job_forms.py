"""The entries of a job history (職歴): dates may lack the day (design 23); asked is what the rules look at."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import BooleanField, FieldList, FormField, SelectField, StringField, TextAreaField, ValidationError

from app.core import clock
from app.core.form_dates import PartialDate, PartialDateParts
from app.core.forms import CheckboxGroup, EntryForm, MaxLength, Required
from app.core.language import word
from app.eligibility.criteria import field_label
from app.eligibility.facts import JobEntry, Leave
from app.eligibility.rules import Rule
from app.eligibility.words import Kind, LeaveKind
from app.jp.text import clean_name

MOST_JOBS, MOST_LEAVES = 30, 10
_HOURS = re.compile(r"[0-9]{1,3}(\.[0-9]{1,2})?")


def clean_text(value: str | None) -> str:
    """Read one line as typed, without control characters and outer spaces."""
    return clean_name(value or "")


def _hours(value: str | None) -> str:
    return unicodedata.normalize("NFKC", value or "").strip()


def iso(day: PartialDate | None) -> str | None:
    """Write a date as the engine reads it: YYYY-MM-DD, or YYYY-MM without the day."""
    if day is None:
        return None
    return f"{day.year:04d}-{day.month:02d}" + (f"-{day.day:02d}" if day.day else "")


def partial(text: str | None) -> PartialDate | None:
    """Read what `iso` wrote."""
    if not text:
        return None
    year, month, *day = (int(part) for part in text.split("-"))
    return PartialDate(year, month, day[0] if day else None)


def _ends_before(start: PartialDate, end: PartialDate) -> bool:
    """Say whether no choice of days lets the end stand after the start."""
    return (end.year, end.month, end.day or 31) < (start.year, start.month, start.day or 1)


def _is_ahead(day: PartialDate, of: date | None = None) -> bool:
    """Say whether a day comes after today, and after another day where one is given."""
    last = max(clock.today(), of or date.min)
    return (day.year, day.month, day.day or 1) > (last.year, last.month, last.day if day.day else 1)


class EmploymentForm(EntryForm):
    """With whom and how; made before the period, as errors are listed in the order in which fields are made."""

    employer = StringField(
        word("勤務先"), [Required(word("勤務先を入力してください")), MaxLength(200)], filters=[clean_text]
    )
    kind = SelectField(
        word("雇用の形"),
        [Required(word("雇用の形を選んでください"))],
        choices=[("", word("選んでください")), *((str(kind), kind.label) for kind in Kind)],
    )


class PeriodForm(EntryForm):
    """A start, and an end unless it still goes on; an entry left wholly blank is no entry."""

    start = PartialDateParts(word("開始"), [Required(word("開始の年と月を入力してください"))])
    end = PartialDateParts(word("終了"))
    is_current = BooleanField(word("いまも続いています"))

    def is_blank(self) -> bool:
        return not (self.start.raw_data or self.end.raw_data or self.is_current.data)

    def validate(self, extra_validators: Any = None) -> bool:
        return self.is_blank() or bool(super().validate(extra_validators))

    def validate_is_current(self, field: Any) -> None:
        if not field.data and not self.end.raw_data:
            raise ValidationError(word("終了の年と月を入力するか、「いまも続いています」を選んでください"))
        if field.data and self.end.raw_data:
            raise ValidationError(word("「いまも続いています」を選ぶときは、終了を空欄にしてください"))
        if field.data and self.start.data and not self.start.errors and _is_ahead(self.start.data):
            raise ValidationError(
                word(
                    "開始が先の日付です。まだ始まっていない仕事は「いまも続いています」を選ばず、終了の予定の年月を入力してください"
                )
            )

    def validate_end(self, field: Any) -> None:
        if self.start.data and field.data and _ends_before(self.start.data, field.data):
            raise ValidationError(word("終了は開始より後の年月にしてください"))

    def period(self) -> dict[str, str | None]:
        return {"start": iso(self.start.data) or "", "end": iso(self.end.data)}


class LeaveForm(PeriodForm):
    kind = SelectField(word("種類"), choices=[(str(kind), kind.label) for kind in LeaveKind])

    @property
    def own_name(self) -> str:
        return ""

    def entry(self) -> Leave:
        return Leave(kind=self.kind.data, **self.period())


class JobForm(PeriodForm, EmploymentForm):
    """One job with everything that a rule may look at; `job_form` leaves out what this opening's rules do not."""

    fields = CheckboxGroup(word("仕事の分野"), choices=[])
    weekly_hours = StringField(word("週の勤務時間"), filters=[_hours])
    student = BooleanField(word("学生の間の仕事です"))
    description = TextAreaField(word("仕事の内容"), [MaxLength(1000)], filters=[lambda text: plain_text(text)])
    leaves = FieldList(FormField(LeaveForm), word("休業"), max_entries=MOST_LEAVES)
    counted_until: date | None = None  # the last 基準日 of the rules: until then a job may be expected to go on

    @property
    def own_name(self) -> str:
        return str(self.employer.data or "")

    def is_blank(self) -> bool:
        described = self.description is not None and self.description.data
        return super().is_blank() and not self.employer.data and not described

    def validate_start(self, field: Any) -> None:
        if field.data and field.data.year < 1930:
            raise ValidationError(word("開始の年を確かめてください"))
        if field.data and _is_ahead(PartialDate(field.data.year - 1, *field.data[1:]), self.counted_until):
            raise ValidationError(
                word(
                    "開始が1年より先の年月です。年を確かめてください。まだ始まっていない仕事は、入力しなくてもかまいません"
                )
            )

    def validate_end(self, field: Any) -> None:
        super().validate_end(field)
        has_begun = self.start.data and not self.start.errors and not _is_ahead(self.start.data)
        if field.data and has_begun and _is_ahead(field.data, self.counted_until):
            raise ValidationError(
                word(
                    "終了が先の年月です。いまも続いている仕事は、終了を空欄にして「いまも続いています」を選んでください"
                )
            )

    def validate_weekly_hours(self, field: Any) -> None:
        if field.data and not (_HOURS.fullmatch(field.data) and float(field.data) <= 168):
            raise ValidationError(word("週の勤務時間は 38.75 のように数字で入力してください"))

    def entry(self) -> JobEntry:
        return JobEntry(
            employer=self.employer.data,
            kind=self.kind.data,
            fields=list(self.fields.data or []) if self.fields is not None else [],
            weekly_hours=float(self.weekly_hours.data)
            if self.weekly_hours is not None and self.weekly_hours.data
            else None,
            student=bool(self.student.data) if self.student is not None else False,
            leaves=[leave.form.entry() for leave in self.leaves if not leave.form.is_blank()]
            if self.leaves is not None
            else [],
            description=self.description.data if self.description is not None else "",
            **self.period(),
        )


def plain_text(text: str | None) -> str:
    """Keep free text as typed; line breaks become one character each and control characters go."""
    lines = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"}).strip("\n")


def job_form(rules: Sequence[Rule]) -> type[JobForm]:
    """Make the form of one job: what no rule of the opening looks at is not asked."""
    fields = sorted({field for rule in rules for field in rule.fields})
    choices = [(field, field_label(field)) for field in fields]
    parts: dict[str, Any] = {
        "fields": CheckboxGroup(word("仕事の分野"), choices=choices) if fields else None,
        "weekly_hours": JobForm.weekly_hours if any(rule.min_weekly_hours for rule in rules) else None,
        "student": JobForm.student if any(rule.exclude_student for rule in rules) else None,
        "leaves": JobForm.leaves if any(rule.excluded_leave for rule in rules) else None,
        "counted_until": max((rule.as_of for rule in rules), default=None),
    }
    return type("OpeningJobForm", (JobForm,), parts)


def job_values(job: JobEntry) -> dict[str, Any]:
    """Give a job's values as the form's fields take them."""
    values = job.model_dump(exclude={"start", "end", "leaves", "weekly_hours"})
    hours = "" if job.weekly_hours is None else f"{job.weekly_hours:g}"
    return {
        **values,
        **_period(job),
        "weekly_hours": hours,
        "leaves": [{"kind": x.kind, **_period(x)} for x in job.leaves],
    }


def _period(entry: JobEntry | Leave) -> dict[str, Any]:
    return {
        "start": partial(entry.start),
        "end": partial(entry.end),
        "is_current": bool(entry.start) and entry.end is None,
    }
