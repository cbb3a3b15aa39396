"""Fields for what criteria look at besides jobs: last school, qualifications, language tests, days of work.

Each is made only where some criterion asks for it; the steps of applying and the pre-check share them.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from wtforms import BooleanField, FieldList, FormField, SelectField, StringField, ValidationError

from app.core import clock
from app.core.form_dates import PartialDateParts
from app.core.forms import EntryForm, MaxLength, Required
from app.core.language import sentence, word
from app.eligibility.criteria import Asked, Criterion, asked_of
from app.eligibility.facts import Availability, Education, LanguageTest, Qualification, Stated
from app.eligibility.job_forms import clean_text, iso, partial
from app.openings.content import CriterionKind
from app.openings.criterion_words import DAYS_A_WEEK, EDUCATIONS, SCHEMES, result_choices

MOST_PAPERS = 20
CHOOSE = ("", word("選んでください"))
OTHER_TEST = {word("その他"): [("other:", word("その他の試験"))]}


class EducationForm(EntryForm):
    """The last school; of its name nothing is asked, of its end only what a criterion needs (F-10)."""

    level = SelectField(word("最終学歴"), choices=[CHOOSE, *EDUCATIONS.items()])
    is_expected = BooleanField(word("まだ卒業していません（卒業見込みです）"))
    graduated_on = PartialDateParts(word("卒業（見込み）の年月"))

    def validate_level(self, field: Any) -> None:
        if not field.data and self.graduated_on is not None and self.graduated_on.raw_data:
            raise ValidationError(word("最終学歴を選んでください"))

    def written(self) -> Education | None:
        if not self.level.data:
            return None
        graduated_on = iso(self.graduated_on.data) if self.graduated_on is not None else None
        is_expected = bool(self.is_expected.data) if self.is_expected is not None else False
        return Education(level=self.level.data, graduated_on=graduated_on, is_expected=is_expected)


class QualificationForm(EntryForm):
    """One qualification by its name; an entry left wholly blank is none."""

    name = StringField(
        word("資格の名前"), [Required(word("資格の名前を入力してください")), MaxLength(120)], filters=[clean_text]
    )
    is_expected = BooleanField(word("まだ取得していません（取得見込みです）"))
    acquired_on = PartialDateParts(word("取得（見込み）の年月"))

    @property
    def own_name(self) -> str:
        return str(self.name.data or "")

    def is_blank(self) -> bool:
        return not (self.name.data or self.acquired_on.raw_data or self.is_expected.data)

    def validate(self, extra_validators: Any = None) -> bool:
        return self.is_blank() or bool(super().validate(extra_validators))

    def validate_acquired_on(self, field: Any) -> None:
        today = clock.today()
        if field.data and not self.is_expected.data and (field.data.year, field.data.month) > (today.year, today.month):
            raise ValidationError(word("これから取得する資格は、「取得見込みです」を選んでください"))

    def written(self) -> Qualification:
        return Qualification(
            name=self.name.data, acquired_on=iso(self.acquired_on.data), is_expected=bool(self.is_expected.data)
        )


def _number(value: str | None) -> str:
    return unicodedata.normalize("NFKC", value or "").strip().removesuffix("点")


class LanguageForm(EntryForm):
    """One result of a language test: the test with its level in one choice, and the score where it has one."""

    result = SelectField(word("試験と級"), choices=lambda: result_choices() | OTHER_TEST)
    name = StringField(word("試験の名前（「その他の試験」のとき）"), [MaxLength(120)], filters=[clean_text])
    score = StringField(word("点数（点数のある試験のとき）"), filters=[_number])

    @property
    def own_name(self) -> str:
        return ""

    def is_blank(self) -> bool:
        return not (self.result.data or self.name.data or self.score.data)

    def validate_result(self, field: Any) -> None:
        if not field.data and not self.is_blank():
            raise ValidationError(word("試験と級を選んでください"))

    def validate_name(self, field: Any) -> None:
        if self.result.data == "other:" and not field.data:
            raise ValidationError(word("試験の名前を入力してください"))

    def validate_score(self, field: Any) -> None:
        scheme = SCHEMES.get(str(self.result.data or "").partition(":")[0])
        if not field.data:
            if scheme is not None and not scheme.levels:
                raise ValidationError(sentence("%(test)sの点数を入力してください", test=scheme.label))
            return
        if not (field.data.isascii() and field.data.replace(".", "", 1).isdecimal() and len(field.data) < 7):
            raise ValidationError(word("点数は 900 のように数字で入力してください"))
        if scheme is not None and scheme.highest is not None and Decimal(field.data) > scheme.highest:
            most = sentence("%(test)sの点数は%(highest)sまでです", test=scheme.label, highest=scheme.highest)
            raise ValidationError(most)

    def written(self) -> LanguageTest:
        scheme, _, level = self.result.data.partition(":")
        score = Decimal(self.score.data) if self.score.data else None
        return LanguageTest(scheme=scheme, level=level, score=score, name=self.name.data if scheme == "other" else "")


DAYS = [(str(tenths), label) for tenths, label in DAYS_A_WEEK.items()]


class AvailabilityForm(EntryForm):
    """How many days the person can work; the least number only where a position takes few."""

    most = SelectField(word("働ける日数（多くて）"), choices=[CHOOSE, *DAYS])
    least = SelectField(word("少なくとも働きたい日数"), choices=[("", word("決めていません")), *DAYS])

    def validate_least(self, field: Any) -> None:
        least, most = (int(value) if value in dict(DAYS) else None for value in (field.data, self.most.data))
        if least and most and least > most:
            raise ValidationError(word("少なくとも働きたい日数が、働ける日数より多くなっています"))

    def written(self) -> Availability | None:
        least = self.least.data if self.least is not None else ""
        if not self.most.data:
            return None
        return Availability(most=int(self.most.data), least=int(least) if least else None)


class NoneBeside:
    """Refuses 「ありません」 beside entries."""

    def __init__(self, list_name: str, title: str) -> None:
        self.list_name, self.title = list_name, title

    def __call__(self, form: Any, field: Any) -> None:
        if field.data and any(not entry.form.is_blank() for entry in form[self.list_name]):
            both = sentence(
                "%(title)sを入力したときは、「%(label)s」の選択を外してください",
                title=self.title,
                label=field.label.text,
            )
            raise ValidationError(both)


def _school_form(criteria: Sequence[Criterion], is_needed: bool) -> type[EducationForm]:
    """Ask for the end of the school only where years are counted from it or 卒業見込み has a limit."""
    counts = any(one.params.get("by_education") for one in criteria)
    expected = any(str(one.kind) == CriterionKind.EDUCATION and one.params.get("expected_by") for one in criteria)
    parts: dict[str, Any] = {}
    if not counts and not expected:
        parts = {"graduated_on": None, "is_expected": None}
    elif not counts:
        parts = {"graduated_on": PartialDateParts(word("卒業見込みの年月（卒業した人は空欄にします）"))}
    if is_needed:
        parts["level"] = _needed_choice(word("最終学歴"), word("最終学歴を選んでください"), list(EDUCATIONS.items()))
    return type("AskedEducationForm", (EducationForm,), parts)


def _days_form(criteria: Sequence[Criterion], is_needed: bool) -> type[AvailabilityForm]:
    limits = [one for one in criteria if str(one.kind) == CriterionKind.AVAILABILITY and one.params.get("most")]
    parts: dict[str, Any] = {} if limits else {"least": None}
    if is_needed:
        parts["most"] = _needed_choice(word("働ける日数（多くて）"), word("働ける日数を選んでください"), DAYS)
    return type("AskedAvailabilityForm", (AvailabilityForm,), parts)


def _needed_choice(label: str, message: str, choices: list[tuple[str, str]]) -> SelectField:
    return SelectField(label, [Required(message)], choices=[CHOOSE, *choices])


def named_qualifications(criteria: Sequence[Criterion]) -> tuple[str, ...]:
    """Give the names of qualifications that criteria ask for, each once, without earlier names."""
    asked = [one.params.get("any_of", ()) for one in criteria if str(one.kind) == CriterionKind.QUALIFICATION]
    return tuple(dict.fromkeys(one["name"] for some in asked for one in some))


def paper_fields(criteria: Sequence[Criterion], needed: Mapping[Asked, bool]) -> dict[str, Any]:
    """Make the fields for school, qualifications and languages; `needed` says which may not stay empty."""
    fields: dict[str, Any] = {}
    if Asked.EDUCATION in needed:
        fields["education"] = FormField(_school_form(criteria, needed[Asked.EDUCATION]))
    if Asked.QUALIFICATIONS in needed:
        none = NoneBeside("qualifications", "資格")
        fields["qualifications"] = FieldList(FormField(QualificationForm), word("資格"), max_entries=MOST_PAPERS)
        fields["named_qualifications"] = named_qualifications(criteria)  # for the hint
        fields["no_qualifications"] = BooleanField(word("入力する資格はありません"), [none])
    if Asked.LANGUAGES in needed:
        none = NoneBeside("languages", "語学の結果")
        fields["languages"] = FieldList(FormField(LanguageForm), word("語学の結果"), max_entries=MOST_PAPERS)
        fields["no_languages"] = BooleanField(word("入力する語学の結果はありません"), [none])
    return fields


def day_fields(criteria: Sequence[Criterion], needed: Mapping[Asked, bool]) -> dict[str, Any]:
    """Make the field for days of work."""
    if Asked.AVAILABILITY not in needed:
        return {}
    return {"availability": FormField(_days_form(criteria, needed[Asked.AVAILABILITY]))}


def nothing_needed(criteria: Sequence[Criterion]) -> dict[Asked, bool]:
    """Name what the criteria ask, all of it free to stay empty."""
    return dict.fromkeys(asked_of(criteria), False)


def facts_written(form: Any) -> dict[str, Any]:
    """Read the facts out of a form that was validated, as far as it asks for them."""
    written: dict[str, Any] = {}
    for name in ("education", "availability"):
        if name in form:
            written[name] = form[name].form.written()
    for name in ("qualifications", "languages"):
        if name in form:
            entries = [entry.form.written() for entry in form[name] if not entry.form.is_blank()]
            written |= {name: entries, f"no_{name}": bool(form[f"no_{name}"].data)}
    return written


def fact_values(stated: Stated) -> dict[str, Any]:
    """Give stated facts as the fields of a form take them."""
    school, days = stated.education, stated.availability
    ended = partial(school.graduated_on) if school else None
    return {
        "education": {**school.model_dump(), "graduated_on": ended} if school else {},
        "qualifications": [
            one.model_dump() | {"acquired_on": partial(one.acquired_on)} for one in stated.qualifications
        ]
        or ([] if stated.no_qualifications else [{}]),
        "no_qualifications": stated.no_qualifications,
        "languages": [_language_values(one) for one in stated.languages] or ([] if stated.no_languages else [{}]),
        "no_languages": stated.no_languages,
        "availability": {name: str(value or "") for name, value in days.model_dump().items()} if days else {},
    }


def _language_values(one: LanguageTest) -> dict[str, Any]:
    score = f"{one.score.normalize():f}" if one.score is not None else ""
    return {"result": f"{one.scheme}:{one.level}", "name": one.name, "score": score}
