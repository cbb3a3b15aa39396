"""Each criterion in the words of the public notice: how it is judged, and the settings of its kind as sentences."""

from collections.abc import Callable
from datetime import date
from typing import Any

from pydantic import ValidationError

from app.core.language import word
from app.core.templating import jst_date
from app.jp.wareki import wareki_year
from app.openings.content import CriterionContent, CriterionKind
from app.openings.criterion_params import (
    AvailabilityParams,
    BirthDateParams,
    DeclarationParams,
    EducationParams,
    ExcludedEmployers,
    ExperienceParams,
    LanguageParams,
    NamedQualification,
    PersonParams,
    QualificationParams,
    ResidenceParams,
    read_params,
)
from app.openings.criterion_words import EDUCATIONS, bar_in_words, days_in_words, schools_in_words
from app.openings.rule_words import FIELDS, KINDS, months, sentences

Said = tuple[str, list[str]]
NOT_SET = word("確かめ方がまだ入力されていません。")


def say(criterion: CriterionContent) -> Said:
    """Say how a criterion is judged, in one sentence and in those of its settings; of a draft as far as it goes."""
    try:
        params = read_params(criterion.kind, criterion.params)
    except ValidationError:
        return NOT_SET, []
    return SAYERS[criterion.kind](params)


def _experience(params: ExperienceParams) -> Said:
    said = []
    if params.by_education:
        table = "、".join(f"{EDUCATIONS[row.education]} {months(row.months)}" for row in params.by_education)
        said = [f"最終学歴ごとに次の年数を求めます：{table}。", "最後の学校を卒業した日の翌日から数えます。"]
    said += sentences(params.rule, "最終学歴に応じた年数" if params.by_education else "")
    if params.of_which:
        what = [FIELDS.get(one, one) for one in params.of_which.fields]
        what += [KINDS.get(one, one) for one in params.of_which.kinds]
        said.append(
            f"そのうち「{'・'.join(what)}」の仕事が{months(params.of_which.threshold_months)}以上あることを求めます。"
        )
    if params.excluded_employers:
        said += _excluded(params.excluded_employers)
    return word("職歴の入力から計算します。"), said


def _excluded(excluded: ExcludedEmployers) -> list[str]:
    said = [f"次の勤務先での期間は数えません：{'、'.join(excluded.names)}。"] if excluded.names else []
    if excluded.headquartered_in:
        said.append(f"本社・本店が{excluded.headquartered_in}にある勤務先での期間は数えません。")
    return [*said, "当たるかどうかは職員が確認します。"] if said else []


def _expected(by: date | None, word: str) -> str:
    return f"{jst_date(by)}までの{word}を含みます。" if by else f"{word}は含みません。"


def _education(params: EducationParams) -> Said:
    how = f"{schools_in_words(params.any_of)}のどれかを卒業した人が対象です。学校の名前はお聞きしません。"
    same = ["同等以上の学歴や実力も対象です。職員が確認します。"] if params.or_equivalent else []
    return how, [_expected(params.expected_by, "卒業見込み"), *same]


def _named(one: NamedQualification) -> str:
    return f"{one.name}（旧名称：{'、'.join(one.aliases)}）" if one.aliases else one.name


def _qualification(params: QualificationParams) -> Said:
    said = [_named(one) for one in params.any_of] + [_expected(params.expected_by, "取得見込み")]
    if params.or_equivalent:
        said.append("同等以上の資格や実力も対象です。職員が確認します。")
    return word("次の資格のうち、一つがあれば満たします。"), said


def _language(params: LanguageParams) -> Said:
    said = [f"{bar_in_words(one.scheme, one.level, one.score)}以上" for one in params.any_of]
    if params.or_equivalent:
        said.append("同等以上の語学力も対象です。職員が確認します。")
    return word("次の語学の結果のうち、一つがあれば満たします。"), said


def birth_date_in_words(day: date) -> str:
    """Say a day in both calendars: 1963年4月2日（昭和38年）."""
    return f"{day.year}年{day.month}月{day.day}日（{wareki_year(day)}）"


def birth_range(params: BirthDateParams) -> str:
    """Say a range of birth dates, both ends included (L-09)."""
    parts = [f"{birth_date_in_words(params.first)}以降" if params.first else ""]
    parts.append(f"{birth_date_in_words(params.last)}以前" if params.last else "")
    return "、".join(part for part in parts if part) + "に生まれた人が対象です。"


def _birth_date(params: BirthDateParams) -> Said:
    return birth_range(params), []


def days_range(params: AvailabilityParams) -> str:
    """Say the days that a position takes: 週2日以上、週4日以下."""
    parts = [f"{days_in_words(params.least)}以上" if params.least else ""]
    parts.append(f"{days_in_words(params.most)}以下" if params.most else "")
    return "、".join(part for part in parts if part)


def _availability(params: AvailabilityParams) -> Said:
    return f"{days_range(params)}で働ける人が対象です。", []


def _by_words(params: DeclarationParams) -> str:
    return f"「{params.words[True]}」「{params.words[False]}」で"


def _declaration(params: DeclarationParams) -> Said:
    return f"応募のときに{_by_words(params) if params.yes else ''}申告します：{params.text}", []


def _nationality(params: DeclarationParams) -> Said:
    return f"応募のときに{_by_words(params)}申告します：{params.text}", ["国籍そのものはお聞きしません。"]


def _residence(params: ResidenceParams) -> Said:
    when = "応募のときの住まい" if params.at == "application" else "採用のときの住まい"
    return f"{when}について申告します：{params.text}", []


def _person(_params: PersonParams) -> Said:
    return word("書類と面接で職員が判断します。"), []


SAYERS: dict[CriterionKind, Callable[[Any], Said]] = {
    CriterionKind.EXPERIENCE: _experience,
    CriterionKind.EDUCATION: _education,
    CriterionKind.QUALIFICATION: _qualification,
    CriterionKind.LANGUAGE: _language,
    CriterionKind.BIRTH_DATE: _birth_date,
    CriterionKind.AVAILABILITY: _availability,
    CriterionKind.NATIONALITY: _nationality,
    CriterionKind.RESIDENCE: _residence,
    CriterionKind.DECLARATION: _declaration,
    CriterionKind.PERSON: _person,
}
