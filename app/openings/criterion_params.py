"""What each kind of criterion is set to, typed: read at publication, by the notice and by the assessment.

A draft may hold anything; `faults` says in sentences what its author still has to mend.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from app.openings.content import CriterionKind
from app.openings.criterion_words import SCHEMES, answer_words

Name = Annotated[str, Field(min_length=1, max_length=120)]
Months = Annotated[int, Field(ge=1, le=1200)]
Tenths = Annotated[int, Field(ge=1, le=70)]
Level = Literal["graduate", "university", "junior_college", "technical_college", "vocational", "high_school"]
MOST_WORDS = 40  # of a choice of a declaration


class Params(BaseModel):
    """Settings of one kind; a validator that refuses raises ValueError with a sentence for the author."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, populate_by_name=True)


class OfWhich(Params):
    """A part of the years that must be of one field or kind of employment (5年のうち3年)."""

    threshold_months: Months
    fields: tuple[Name, ...] = ()
    kinds: tuple[Name, ...] = ()

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if not (self.fields or self.kinds):
            raise ValueError("うち数の分野か雇用形態を選んでください")
        return self


class YearsAfter(Params):
    """The months asked of people whose last school was of this level."""

    education: Level
    months: Months


class ExcludedEmployers(Params):
    """Employers at which time does not count: by name, or all with their head office in a prefecture."""

    names: tuple[Name, ...] = ()
    headquartered_in: Annotated[str, Field(max_length=20)] = ""


class ExperienceParams(Params):
    """`rule` is of 職務経験の通算; with `by_education` the table gives the months and counting begins at graduation."""

    rule: dict[str, Any] = {}
    of_which: OfWhich | None = None
    by_education: tuple[YearsAfter, ...] = ()
    excluded_employers: ExcludedEmployers | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        levels = [row.education for row in self.by_education]
        if len(levels) != len(set(levels)):
            raise ValueError("学歴の表に同じ学歴が二度あります")
        if levels and self.rule.get("earliest"):
            raise ValueError("学歴の表があるときは卒業の翌日から数えるため、数え始める日は空欄にしてください")
        if not levels and not self.rule.get("threshold_months"):
            raise ValueError("必要な月数を入力してください")
        if self.of_which and self.of_which.threshold_months > self.most_months:
            raise ValueError("うち数の月数が、全体の月数を超えています")
        return self

    @property
    def most_months(self) -> int:
        return max((row.months for row in self.by_education), default=int(self.rule.get("threshold_months") or 0))

    def whole(self, months: int | None = None) -> dict[str, Any]:
        """The rule of the whole count, with the months of the table where there is one."""
        asked = self.most_months if months is None else months
        return {**self.rule, "threshold_months": asked} if self.by_education else self.rule

    def part(self) -> dict[str, Any] | None:
        """The rule of the part count: the whole one with its own months, fields and kinds."""
        if self.of_which is None:
            return None
        own: dict[str, Any] = {"threshold_months": self.of_which.threshold_months, "one_continuous_months": None}
        if self.of_which.fields:
            own["fields"] = list(self.of_which.fields)
        if self.of_which.kinds:
            own["kinds"] = list(self.of_which.kinds)
        return {**self.rule, **own}


class EducationParams(Params):
    """Schools of which one must be finished, or, with `expected_by`, will be by that day (卒業見込み)."""

    any_of: Annotated[tuple[Level, ...], Field(min_length=1)]
    or_equivalent: bool = False  # 同等以上 is for a person to judge
    expected_by: date | None = None


class NamedQualification(Params):
    name: Name
    aliases: tuple[Name, ...] = ()  # 旧名称


class QualificationParams(Params):
    """Qualifications of which one is enough; `or_equivalent` (同等以上) is for a person to judge."""

    any_of: Annotated[tuple[NamedQualification, ...], Field(min_length=1)]
    or_equivalent: bool = False
    expected_by: date | None = None  # None: 取得見込み does not count


class LanguageBar(Params):
    """The least result of one test: a level, a score, or the score at that level (HSK6級180点)."""

    scheme: str
    level: str | None = None
    score: Decimal | None = None

    @model_validator(mode="after")
    def _is_of_the_scheme(self) -> Self:
        scheme = SCHEMES.get(self.scheme)
        if scheme is None:
            raise ValueError("語学の試験を一覧から選んでください")
        if bool(scheme.levels) != bool(self.level) or (self.level and self.level not in scheme.levels):
            raise ValueError(f"{scheme.label}は{'級を選んでください' if scheme.levels else '級を空欄にしてください'}")
        if not scheme.levels and self.score is None:
            raise ValueError(f"{scheme.label}は点数を入力してください")
        if self.score is not None and not (scheme.highest is not None and 0 < self.score <= scheme.highest):
            most = f"点数は{scheme.highest}以下で入力してください" if scheme.highest else "点数を空欄にしてください"
            raise ValueError(f"{scheme.label}の{most}")
        return self


class LanguageParams(Params):
    any_of: Annotated[tuple[LanguageBar, ...], Field(min_length=1)]
    or_equivalent: bool = False


class BirthDateParams(Params):
    """Birth dates, both ends included; never an age (the school year's edge is 4月2日)."""

    first: date | None = Field(None, alias="from")
    last: date | None = Field(None, alias="to")

    @model_validator(mode="after")
    def _is_a_range(self) -> Self:
        if not (self.first or self.last):
            raise ValueError("生年月日の範囲を書いてください")
        if self.first and self.last and self.last < self.first:
            raise ValueError("生年月日の終わりが始まりより前です")
        return self


class AvailabilityParams(Params):
    """Days a week times ten that the position takes: at least, at most."""

    least: Tenths | None = None
    most: Tenths | None = None

    @model_validator(mode="after")
    def _is_a_range(self) -> Self:
        if self.least is None and self.most is None:
            raise ValueError("勤務できる日数の範囲を選んでください")
        if self.least is not None and self.most is not None and self.most < self.least:
            raise ValueError("勤務日数の上限が下限より少なくなっています")
        return self


class DeclarationParams(Params):
    """A text that the person declares with はい or いいえ; the answer is kept, nothing else.

    `yes` and `no` are the words of the choices where はい and いいえ could be misread (of a text in the negative).
    """

    text: Annotated[str, Field(min_length=1, max_length=400)]
    yes: Annotated[str, Field(max_length=MOST_WORDS)] = ""
    no: Annotated[str, Field(max_length=MOST_WORDS)] = ""

    @model_validator(mode="after")
    def _names_both_or_none(self) -> Self:
        if bool(self.yes) != bool(self.no) or (self.yes and self.yes == self.no):
            raise ValueError("申告の選択肢の言葉は、二つとも、違う言葉で入力してください")
        return self

    @property
    def words(self) -> dict[bool | None, str]:
        return answer_words({"yes": self.yes, "no": self.no})


class ResidenceParams(DeclarationParams):
    at: Literal["application", "hire"] = "hire"


class PersonParams(Params):
    pass


PARAMS: dict[CriterionKind, type[Params]] = {
    CriterionKind.EXPERIENCE: ExperienceParams,
    CriterionKind.EDUCATION: EducationParams,
    CriterionKind.QUALIFICATION: QualificationParams,
    CriterionKind.LANGUAGE: LanguageParams,
    CriterionKind.BIRTH_DATE: BirthDateParams,
    CriterionKind.AVAILABILITY: AvailabilityParams,
    CriterionKind.NATIONALITY: DeclarationParams,
    CriterionKind.RESIDENCE: ResidenceParams,
    CriterionKind.DECLARATION: DeclarationParams,
    CriterionKind.PERSON: PersonParams,
}
FIELD_FAULTS = {
    "text": "申告してもらう文を書いてください",
    "any_of": "どれか一つでよいものを、一つ以上書いてください",
    "education": "学歴を選んでください",
    "threshold_months": "うち数の月数を入力してください",
    "months": "学歴ごとの月数を入力してください",
    "scheme": "語学の試験を一覧から選んでください",
    "name": "資格の名前を書いてください",
}


def read_params(kind: CriterionKind, raw: Mapping[str, Any]) -> Params:
    """Read the settings of a criterion. Raises: ValidationError."""
    return PARAMS[kind].model_validate(dict(raw))


def faults(kind: CriterionKind, raw: Mapping[str, Any]) -> Iterator[str]:
    """Say what is wrong with the settings of a criterion, each thing once."""
    try:
        read_params(kind, raw)
    except ValidationError as refused:
        errors = refused.errors()  # a list whose only entry is refused is also called too short
        told = [one for one in errors if one["type"] != "too_short"] or errors
        yield from dict.fromkeys(_sentence(one) for one in told)


def _sentence(error: Any) -> str:
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    names = [part for part in error["loc"] if isinstance(part, str)]
    return FIELD_FAULTS.get(names[-1] if names else "", "確かめ方の入力に読み取れないところがあります")
