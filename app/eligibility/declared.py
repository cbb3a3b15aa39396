"""Criteria that need no count: what a person declares, the birth date, the days of work, and what people judge."""

from __future__ import annotations

from datetime import date

from app.core.language import paragraph, sentence
from app.eligibility.explanation import confirmed
from app.eligibility.facts import Availability
from app.eligibility.found import Answered, Found, settled, unanswered
from app.eligibility.words import Outcome
from app.openings.criterion_notice import birth_date_in_words, birth_range, days_range
from app.openings.criterion_params import AvailabilityParams, BirthDateParams, DeclarationParams, PersonParams
from app.openings.criterion_words import days_in_words


def assess_declaration(params: DeclarationParams, key: str, answers: Answered, _today: date | None) -> Found:
    """Take a person at their word; silence is not いいえ."""
    answer = answers.declarations.get(key)
    working = {"text": params.text, "answer": answer}
    if answer is None:
        check = sentence("「%(text)s」への回答を確認します。", text=params.text)
        return unanswered(sentence("まだ回答していません。"), working, check)
    said = sentence("「%(answer)s」と回答しました。", answer=params.words[answer])
    if answer:
        return Found(Outcome.MEETS, said, working)
    return Found(Outcome.DOES_NOT_MEET, confirmed(said), working)


def assess_birth_date(params: BirthDateParams, _key: str, answers: Answered, _today: date | None) -> Found:
    """Compare the birth date with the range, both ends included."""
    given = answers.engine_history()["birth_date"]
    born = date.fromisoformat(given) if given else None
    limits = {name: day.isoformat() if day else None for name, day in (("from", params.first), ("to", params.last))}
    working, words = {**limits, "birth_date": given}, birth_range(params)
    if born is None:
        missing = paragraph(sentence("生年月日がまだ入力されていません。"), words)
        return unanswered(missing, working, sentence("生年月日を確認します。"))
    fits = (params.first is None or params.first <= born) and (params.last is None or born <= params.last)
    return settled(fits, paragraph(sentence("生年月日は%(day)sです。", day=birth_date_in_words(born)), words), working)


def assess_availability(params: AvailabilityParams, _key: str, answers: Answered, _today: date | None) -> Found:
    """Ask whether some number of days suits both: the position's range and the person's."""
    given, asked = answers.availability, days_range(params)
    working = {"least": params.least, "most": params.most, "given": given.model_dump() if given else None}
    if given is None:
        missing = sentence("働ける日数をまだ入力していません。（%(asked)s）", asked=asked)
        return unanswered(missing, working, sentence("働ける日数を確認します。"))
    fits = (params.least is None or given.most >= params.least) and (
        params.most is None or given.least is None or given.least <= params.most
    )
    return settled(fits, _days_said(given, asked), working)


def _days_said(given: Availability, asked: str) -> str:
    most = days_in_words(given.most)
    if not given.least:
        return sentence("働ける日数は%(most)sまでです（%(asked)sの仕事です）。", most=most, asked=asked)
    least = days_in_words(given.least)
    return sentence(
        "働ける日数は%(least)sから%(most)sまでです（%(asked)sの仕事です）。", least=least, most=most, asked=asked
    )


def assess_by_people(_params: PersonParams, _key: str, _answers: Answered, _today: date | None) -> Found:
    """Leave it to people."""
    return Found(Outcome.CHECK, sentence("提出した内容をもとに、職員が確認します。"), {})
