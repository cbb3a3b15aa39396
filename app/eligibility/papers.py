"""Schools, qualifications and language tests of which one is enough. What the machine cannot tell is for a person."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from app.core.date_words import day_in_words
from app.core.language import listed, paragraph, sentence, word
from app.eligibility.facts import Education, LanguageTest, Qualification
from app.eligibility.found import Answered, Found, days_of, given_in_words, settled, to_check
from app.eligibility.words import Outcome
from app.jp.text import search_key
from app.openings.criterion_params import EducationParams, LanguageBar, LanguageParams, QualificationParams
from app.openings.criterion_words import EDUCATION_RANKS, EDUCATIONS, SCHEMES, at_least, bar_in_words, schools_in_words

_BETWEEN = re.compile(r"[\s・･,、.()（）「」『』\-‐－]")
_ENDINGS = ("試験", "検定", "資格")
LEAST_NAME = 3
BY_STAFF = word("同等以上かどうかは職員が確認します。")
ENTERED_AFTER = {  # what who is still at a school has finished already; 高専 is entered after 中学校
    "graduate": "university",
    "university": "high_school",
    "junior_college": "high_school",
    "vocational": "high_school",
}


def is_in_time(given: str | None, by: date | None) -> Outcome:
    """Say whether something expected on a day, or in a month, comes by another; without a limit it does not count."""
    if by is None:
        return Outcome.DOES_NOT_MEET
    if given is None:
        return Outcome.CHECK
    first, last = days_of(given)
    if last <= by:
        return Outcome.MEETS
    return Outcome.CHECK if first <= by else Outcome.DOES_NOT_MEET


def assess_education(params: EducationParams, _key: str, answers: Answered, _today: date | None) -> Found:
    """Compare the last school with those named; one of a higher rank has been through the lower."""
    wanted, school = schools_in_words(params.any_of), answers.education
    working: dict[str, object] = {"any_of": list(params.any_of), "education": school.model_dump() if school else None}
    if school is None:
        missing = sentence("最終学歴をまだ入力していません。（%(wanted)sが対象です）", wanted=wanted)
        return to_check(missing, working, sentence("最終学歴を確認します。"))
    name, rank = EDUCATIONS.get(school.level, school.level), EDUCATION_RANKS.get(school.level, 0)
    if school.is_expected:
        said = sentence("最終学歴は%(name)s（卒業見込み）です（%(wanted)sが対象です）。", name=name, wanted=wanted)
    else:
        said = sentence("最終学歴は%(name)sです（%(wanted)sが対象です）。", name=name, wanted=wanted)
    if _is_enough(school.level, params.any_of):
        return _finished(params, school, said, working)
    if rank == 0 or any(EDUCATION_RANKS[one] == rank for one in params.any_of):
        return to_check(said, working, sentence("%(name)sが対象に当たるかどうかを確認します。", name=name))
    if params.or_equivalent:
        return to_check(said, working, sentence("同等以上の学歴や実力を確認します。"))
    return settled(False, said, working)


def _is_enough(level: str, any_of: Sequence[str]) -> bool:
    """Say whether who finished a school of this level has finished one of those named."""
    return level in any_of or any(EDUCATION_RANKS[one] < EDUCATION_RANKS.get(level, 0) for one in any_of)


def _finished(params: EducationParams, school: Education, said: str, working: dict[str, object]) -> Found:
    if not school.is_expected or _is_enough(ENTERED_AFTER.get(school.level, ""), params.any_of):
        return settled(True, said, working)
    in_time = is_in_time(school.graduated_on, params.expected_by)
    if in_time is Outcome.CHECK:
        return to_check(said, working, sentence("卒業見込みの年月日を確認します。"))
    by = day_in_words(params.expected_by) if params.expected_by else ""
    limit = sentence("%(by)sまでの卒業見込みを含みます。", by=by) if by else sentence("卒業見込みは含みません。")
    return settled(in_time is Outcome.MEETS, paragraph(said, limit), working)


def qualification_key(name: str) -> str:
    """Give what two spellings of a qualification share: neither width, case, spaces and marks nor 試験 at the end."""
    key = _BETWEEN.sub("", search_key(name))
    for ending in _ENDINGS:
        key = key.removesuffix(ending)
    return key


def assess_qualification(params: QualificationParams, _key: str, answers: Answered, _today: date | None) -> Found:
    """Look for one of the qualifications by its name or an earlier one (旧名称)."""
    given = answers.qualifications
    names = listed(one.name for one in params.any_of)
    working: dict[str, object] = {
        "any_of": [one.model_dump() for one in params.any_of],
        "given": [one.model_dump() for one in given],
    }
    if not given and not answers.no_qualifications:
        missing = sentence("資格をまだ入力していません。（%(names)sのどれか）", names=names)
        return to_check(missing, working, sentence("資格を確認します。"))
    known = {qualification_key(name) for one in params.any_of for name in (one.name, *one.aliases)}
    matching = [one for one in given if qualification_key(one.name) in known]
    found = [_held(one, params.expected_by) for one in matching]
    if met := next((said for outcome, said in found if outcome is Outcome.MEETS), None):
        return settled(True, met, working)
    if unclear := next((said for outcome, said in found if outcome is Outcome.CHECK), None):
        return to_check(unclear, working, sentence("取得見込みの年月日を確認します。"))
    late = paragraph(*(said for _outcome, said in found))
    others = [one for one in given if one not in matching]
    return _unmatched(params, others, known, late or sentence("%(names)sの記載はありません。", names=names), working)


def _unmatched(
    params: QualificationParams, others: list[Qualification], known: set[str], said: str, working: dict[str, object]
) -> Found:
    """Judge what is none of the qualifications by name: nothing that a person might see in it is passed over."""
    near = [one for one in others if _is_near(qualification_key(one.name), known)]
    if near:
        asked = [sentence("「%(name)s」が対象の資格かどうかを確認します。", name=one.name) for one in near]
        return to_check(sentence("入力した資格の名前が、対象の資格と少し違います。"), working, *asked)
    if params.or_equivalent:
        asked = [sentence("「%(name)s」が同等以上かを確認します。", name=one.name) for one in others]
        asked = asked or [sentence("同等以上の資格や実力を確認します。")]
        return to_check(paragraph(said, sentence(BY_STAFF)), working, *asked)
    return settled(False, said, working)


def _held(one: Qualification, by: date | None) -> tuple[Outcome, str]:
    if not one.is_expected:
        return Outcome.MEETS, sentence("「%(name)s」を取得しています。", name=one.name)
    when = given_in_words(one.acquired_on) if one.acquired_on else sentence("年月の記載なし")
    said = sentence("「%(name)s」は取得見込み（%(when)s）です。", name=one.name, when=when)
    limit = (
        sentence("%(by)sまでの取得見込みを含みます。", by=day_in_words(by))
        if by
        else sentence("取得見込みは含みません。")
    )
    return is_in_time(one.acquired_on, by), paragraph(said, limit)


def _is_near(key: str, known: set[str]) -> bool:
    return len(key) >= LEAST_NAME and any(key in other or other in key for other in known)


def assess_language(params: LanguageParams, _key: str, answers: Answered, _today: date | None) -> Found:
    """Compare each result with the bars of its test; one is enough."""
    bars = listed(at_least(one) for one in params.any_of)
    given = answers.languages
    working: dict[str, object] = {
        "any_of": [one.model_dump(mode="json") for one in params.any_of],
        "given": [one.model_dump(mode="json") for one in given],
    }
    if not given and not answers.no_languages:
        missing = sentence("語学の結果をまだ入力していません。（%(bars)sのどれか）", bars=bars)
        return to_check(missing, working, sentence("語学の結果を確認します。"))
    found = [(test, _reaches(test, bar)) for test in given for bar in params.any_of if bar.scheme == test.scheme]
    if met := next((test for test, outcome in found if outcome is Outcome.MEETS), None):
        reached = sentence("%(result)sで、条件（%(bars)s）に達しています。", result=_test_in_words(met), bars=bars)
        return settled(True, reached, working)
    if unclear := [test for test, outcome in found if outcome is Outcome.CHECK]:
        asked = (sentence("%(test)sの級または点数を確認します。", test=_test_in_words(test)) for test in unclear)
        return to_check(sentence("入力した語学の結果に、級か点数がありません。"), working, *dict.fromkeys(asked))
    return _below(params, given, bars, working)


def _below(params: LanguageParams, given: list[LanguageTest], bars: str, working: dict[str, object]) -> Found:
    results = list(dict.fromkeys(_test_in_words(test) for test in given))
    if params.or_equivalent:
        asked = [sentence("%(result)sが同等以上かを確認します。", result=one) for one in results]
        asked = asked or [sentence("同等以上の語学力を確認します。")]
        none = sentence("%(names)sの記載はありません。", names=bars)
        return to_check(paragraph(none, sentence(BY_STAFF)), working, *asked)
    if not results:
        return settled(False, sentence("語学の結果の記載はありません（%(bars)sが対象です）。", bars=bars), working)
    return settled(False, sentence("%(results)s（%(bars)sが対象です）。", results=listed(results), bars=bars), working)


def _test_in_words(test: LanguageTest) -> str:
    return bar_in_words(test.name or test.scheme, test.level or None, test.score)


def _reaches(test: LanguageTest, bar: LanguageBar) -> Outcome:
    levels = list(SCHEMES[bar.scheme].levels)
    if bar.level is not None:
        if test.level not in levels:
            return Outcome.CHECK
        above = levels.index(test.level) - levels.index(bar.level)
        if above != 0:
            return Outcome.MEETS if above > 0 else Outcome.DOES_NOT_MEET
    if bar.score is None:
        return Outcome.MEETS
    if test.score is None:
        return Outcome.CHECK
    return Outcome.MEETS if test.score >= bar.score else Outcome.DOES_NOT_MEET
