"""Each criterion in the words of the public notice: how it is judged, and the settings of its kind as sentences."""

from collections.abc import Callable
from datetime import date
from typing import Any

from pydantic import ValidationError

from app.core.date_words import day_in_words, months_in_words
from app.core.language import listed, sentence, word
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
    OfWhich,
    PersonParams,
    QualificationParams,
    ResidenceParams,
    YearsAfter,
    read_params,
)
from app.openings.criterion_words import EDUCATIONS, at_least, days_in_words, schools_in_words
from app.openings.rule_words import FIELDS, KINDS, sentences

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
        table = listed(_row(row) for row in params.by_education)
        said = [
            sentence("最終学歴ごとに次の年数を求めます：%(table)s。", table=table),
            sentence("最後の学校を卒業した日の翌日から数えます。"),
        ]
    said += sentences(params.rule, sentence("最終学歴に応じた年数") if params.by_education else "")
    if params.of_which:
        said.append(_of_which(params.of_which))
    if params.excluded_employers:
        said += _excluded(params.excluded_employers)
    return word("職歴の入力から計算します。"), said


def _row(row: YearsAfter) -> str:
    return listed((EDUCATIONS[row.education], months_in_words(row.months)), " ")


def _of_which(part: OfWhich) -> str:
    what = [FIELDS.get(one, one) for one in part.fields] + [KINDS.get(one, one) for one in part.kinds]
    return sentence(
        "そのうち「%(what)s」の仕事が%(least)s以上あることを求めます。",
        what=listed(what, "・"),
        least=months_in_words(part.threshold_months),
    )


def _excluded(excluded: ExcludedEmployers) -> list[str]:
    said = []
    if excluded.names:
        said.append(sentence("次の勤務先での期間は数えません：%(names)s。", names=listed(excluded.names)))
    if where := excluded.headquartered_in:
        said.append(sentence("本社・本店が%(where)sにある勤務先での期間は数えません。", where=where))
    return [*said, sentence("当たるかどうかは職員が確認します。")] if said else []


def _graduating(by: date | None) -> str:
    if by is None:
        return sentence("卒業見込みは含みません。")
    return sentence("%(by)sまでの卒業見込みを含みます。", by=jst_date(by))


def _acquiring(by: date | None) -> str:
    if by is None:
        return sentence("取得見込みは含みません。")
    return sentence("%(by)sまでの取得見込みを含みます。", by=jst_date(by))


def _education(params: EducationParams) -> Said:
    schools = schools_in_words(params.any_of)
    how = sentence("%(schools)sのどれかを卒業した人が対象です。学校の名前はお聞きしません。", schools=schools)
    same = [sentence("同等以上の学歴や実力も対象です。職員が確認します。")] if params.or_equivalent else []
    return how, [_graduating(params.expected_by), *same]


def _named(one: NamedQualification) -> str:
    if not one.aliases:
        return one.name
    return sentence("%(name)s（旧名称：%(aliases)s）", name=one.name, aliases=listed(one.aliases))


def _qualification(params: QualificationParams) -> Said:
    said = [_named(one) for one in params.any_of] + [_acquiring(params.expected_by)]
    if params.or_equivalent:
        said.append(sentence("同等以上の資格や実力も対象です。職員が確認します。"))
    return word("次の資格のうち、一つがあれば満たします。"), said


def _language(params: LanguageParams) -> Said:
    said = [at_least(one) for one in params.any_of]
    if params.or_equivalent:
        said.append(sentence("同等以上の語学力も対象です。職員が確認します。"))
    return word("次の語学の結果のうち、一つがあれば満たします。"), said


def birth_date_in_words(day: date) -> str:
    """Say a day in both calendars: 1963年4月2日（昭和38年）."""
    return sentence("%(day)s（%(era)s）", day=day_in_words(day), era=wareki_year(day))


def birth_range(params: BirthDateParams) -> str:
    """Say a range of birth dates, both ends included (L-09)."""
    first, last = (birth_date_in_words(day) if day else "" for day in (params.first, params.last))
    if not last:
        return sentence("%(first)s以降に生まれた人が対象です。", first=first)
    if not first:
        return sentence("%(last)s以前に生まれた人が対象です。", last=last)
    return sentence("%(first)s以降、%(last)s以前に生まれた人が対象です。", first=first, last=last)


def _birth_date(params: BirthDateParams) -> Said:
    return birth_range(params), []


def days_range(params: AvailabilityParams) -> str:
    """Say the days that a position takes: 週2日以上、週4日以下."""
    least, most = (days_in_words(days) if days else "" for days in (params.least, params.most))
    if not most:
        return sentence("%(least)s以上", least=least)
    if not least:
        return sentence("%(most)s以下", most=most)
    return sentence("%(least)s以上、%(most)s以下", least=least, most=most)


def _availability(params: AvailabilityParams) -> Said:
    return sentence("%(days)sで働ける人が対象です。", days=days_range(params)), []


def _declared(params: DeclarationParams) -> str:
    return sentence(
        "応募のときに「%(yes)s」「%(no)s」で申告します：%(text)s",
        yes=params.words[True],
        no=params.words[False],
        text=params.text,
    )


def _declaration(params: DeclarationParams) -> Said:
    return _declared(params) if params.yes else sentence("応募のときに申告します：%(text)s", text=params.text), []


def _nationality(params: DeclarationParams) -> Said:
    return _declared(params), [sentence("国籍そのものはお聞きしません。")]


def _residence(params: ResidenceParams) -> Said:
    if params.at == "application":
        return sentence("応募のときの住まいについて申告します：%(text)s", text=params.text), []
    return sentence("採用のときの住まいについて申告します：%(text)s", text=params.text), []


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
