"""Years of experience with what a call may add to the rule: a table by schooling, a part count, excluded employers.

Compositions of `parse_rule` and `evaluate_imprecise` (職務経験の通算); the engine itself knows none of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

from app.core.date_words import months_in_words
from app.core.language import paragraph, sentence, word
from app.eligibility.engine import Rule, parse_rule
from app.eligibility.explanation import Explanation, confirmed, explain_imprecise, unconfirmed
from app.eligibility.facts import Education
from app.eligibility.found import Answered, Counted, Found, days_of, given_in_words, to_check, together
from app.eligibility.precision import ImpreciseResult, evaluate_imprecise
from app.eligibility.reading import BadInput
from app.eligibility.rules import Earliest
from app.eligibility.words import Outcome
from app.jp.text import search_key
from app.openings.criterion_params import ExcludedEmployers, ExperienceParams
from app.openings.criterion_words import EDUCATION_RANKS, EDUCATIONS

_CORPORATE = re.compile(r"(株式|有限|合同|合資|合名)会社|\((株|有|同)\)|(一般|公益)?(社団|財団)法人|[\s・.,]")
OF_WHICH = word("うち数")
LEAST_NAME = 2

Count = Callable[[dict[str, Any]], "Reading"]


@dataclass(frozen=True, slots=True)
class Schooling:
    """What one person's last school makes of a table: the months asked and the days from which counting may begin."""

    months: int
    earliest: tuple[date, date]  # most and least favourable
    note: str
    doubt: str | None = None  # what to look at when the years fall short


@dataclass(frozen=True, slots=True)
class Reading:
    """One history counted by one rule; `least` and `most` differ where the day of graduation is unknown."""

    rule: Rule
    least: ImpreciseResult
    most: ImpreciseResult

    @property
    def outcome(self) -> Outcome:
        return self.least.outcome if self.least.outcome is self.most.outcome else Outcome.CHECK


def assess_years(params: ExperienceParams, _key: str, answers: Answered, today: date | None) -> Found:
    """Count a person's jobs by the rule of a criterion and everything that it adds."""
    raw = {"rule": params.whole()}
    schooling = None
    if params.by_education:
        schooling = _schooling(params, answers.education)
        if schooling is None:
            return _no_row(answers.education, raw)
    history = answers.engine_history()
    if not history["engagements"] and not answers.no_history:
        return to_check(sentence("職歴をまだ入力していません。"), raw, sentence("職歴を確認します。"))
    try:
        counts = _counts(params, schooling, history)
        others = _without(params.excluded_employers, history)
        without = counts if others == history else _counts(params, schooling, others)
    except BadInput as bad:
        said = confirmed(sentence("職歴の一部を読み取れないため、計算していません。"))
        return Found(Outcome.CHECK, said, {**raw, "unread": str(bad)})
    doubts = _doubts(params.excluded_employers, history, counts, without)
    return _found([(label, reading, _explained(reading, today)) for label, reading in counts], schooling, doubts)


def _no_row(school: Education | None, raw: dict[str, Any]) -> Found:
    """Ask for the school, or, where it was told and the table has no row for it, which row is meant."""
    if school is None or school.graduated_on is None:
        unknown = sentence("最終学歴と卒業年月がわからないため、必要な年数を決められません。")
        return to_check(unknown, raw, sentence("最終学歴と卒業年月を確認します。"))
    name = EDUCATIONS.get(school.level, school.level)
    said = sentence(
        "最終学歴が「%(name)s」のときの年数が、この募集の表にないため、必要な年数を決められません。", name=name
    )
    return to_check(said, raw, sentence("「%(name)s」をどの区分に数えるかを確認します。", name=name))


def _found(
    counts: list[tuple[str, Reading, Explanation]], schooling: Schooling | None, doubts: tuple[str, ...]
) -> Found:
    outcome = together([reading.outcome for _label, reading, _said in counts])
    checks = [check for _label, _reading, said in counts for check in said.checks]
    if schooling and schooling.doubt and outcome is Outcome.DOES_NOT_MEET:
        outcome, checks = Outcome.CHECK, [*checks, schooling.doubt]
    if doubts:
        outcome, checks = Outcome.CHECK, [*checks, *doubts]
    note = schooling.note if schooling else ""
    main, *more = (_shown(*one) for one in counts)
    return Found(
        outcome=outcome,
        sentence=confirmed(paragraph(note, *(_sentence(label, said) for label, _reading, said in counts))),
        working={**main, "more": more, **({"schooling": note} if note else {})},
        checks=tuple(dict.fromkeys(checks)),
        counts=tuple(Counted(label, words) for label, _reading, words in counts),
    )


def _shown(label: str, reading: Reading, said: Explanation) -> dict[str, Any]:
    result = reading.least.to_json()
    return {"label": label, "rule": reading.rule.to_json(), "result": result, "explanation": asdict(said)}


def _sentence(label: str, said: Explanation) -> str:
    without = unconfirmed(said.sentence)
    return sentence("%(label)s：%(said)s", label=label, said=without) if label else without


def _counts(
    params: ExperienceParams, schooling: Schooling | None, history: dict[str, Any]
) -> list[tuple[str, Reading]]:
    """Count the whole and, where asked, the part of it."""
    months = schooling.months if schooling else None
    counts = [("", _read(params.whole(months), schooling, history))]
    if (part := params.part()) is not None:
        counts.append((OF_WHICH, _read(part, schooling, history)))
    return counts


def _read(raw: dict[str, Any], schooling: Schooling | None, history: dict[str, Any]) -> Reading:
    rule = parse_rule(raw)
    if schooling is None:
        counted = evaluate_imprecise(rule, history)
        return Reading(rule, counted, counted)
    most, least = (evaluate_imprecise(replace(rule, earliest=Earliest(on=day)), history) for day in schooling.earliest)
    return Reading(replace(rule, earliest=Earliest(on=schooling.earliest[1])), least, most)


def _explained(reading: Reading, today: date | None) -> Explanation:
    said = explain_imprecise(reading.rule, reading.least, today=today)
    if reading.outcome is reading.least.outcome:
        return said
    return replace(said, outcome=Outcome.CHECK, checks=(*said.checks, sentence("卒業の日（日まで）を確認します。")))


def _schooling(params: ExperienceParams, school: Education | None) -> Schooling | None:
    """Find the row of the table for a person's last school; None when that cannot be told."""
    if school is None or school.graduated_on is None:
        return None
    rows = {str(row.education): row.months for row in params.by_education}
    rank = EDUCATION_RANKS.get(school.level, 0)
    lower = [level for level in rows if EDUCATION_RANKS[level] < rank]
    if school.level not in rows and not lower:
        return None
    level = school.level if school.level in rows else max(lower, key=lambda one: EDUCATION_RANKS[one])
    first, last = days_of(school.graduated_on)
    return Schooling(
        months=rows[level],
        earliest=(first + timedelta(days=1), last + timedelta(days=1)),
        note=_note(school, given_in_words(school.graduated_on), months_in_words(rows[level])),
        doubt=_doubt(school, level),
    )


def _note(school: Education, ended: str, months: str) -> str:
    said = {"name": EDUCATIONS[school.level], "ended": ended, "months": months}
    if school.is_expected:
        return sentence(
            "最終学歴は%(name)s（%(ended)s卒業見込み）で、必要な年数は%(months)sです。卒業の翌日から数えました。",
            **said,
        )
    return sentence(
        "最終学歴は%(name)s（%(ended)s卒業）で、必要な年数は%(months)sです。卒業の翌日から数えました。", **said
    )


def _doubt(school: Education, level: str) -> str | None:
    if level != school.level:
        return sentence(
            "%(name)sをどの区分に数えるかを確認します（%(counted_as)sで計算）。",
            name=EDUCATIONS[school.level],
            counted_as=EDUCATIONS[level],
        )
    return sentence("いま卒業している学歴で数えたときの年数を確認します。") if school.is_expected else None


def _doubtful(excluded: ExcludedEmployers | None, employer: str) -> bool:
    """Say whether an employer may be one that does not count; the head office is nothing that we know."""
    if excluded is None:
        return False
    return bool(excluded.headquartered_in) or any(_is_alike(name, employer) for name in excluded.names)


def _is_alike(name: str, other: str) -> bool:
    """Say whether two names of employers may mean the same one, whatever their width and legal form."""
    one, two = (_CORPORATE.sub("", search_key(text)) for text in (name, other))
    return one == two or (min(len(one), len(two)) >= LEAST_NAME and (one in two or two in one))


def _without(excluded: ExcludedEmployers | None, history: dict[str, Any]) -> dict[str, Any]:
    left = [job for job in history["engagements"] if not _doubtful(excluded, job["employer"])]
    return {**history, "engagements": left}


def _joint(counts: Sequence[tuple[str, Reading]]) -> Outcome:
    return together([reading.outcome for _label, reading in counts])


def _doubts(
    excluded: ExcludedEmployers | None,
    history: dict[str, Any],
    counts: Sequence[tuple[str, Reading]],
    without: Sequence[tuple[str, Reading]],
) -> tuple[str, ...]:
    """Name the jobs that count and may be at an excluded employer, where the outcome hangs on them."""
    if excluded is None or _joint(counts) is _joint(without):
        return ()
    used = {index for _label, one in counts for row in one.most.most.counted for index in row.indexes}
    return tuple(
        _excluded_doubt(index + 1, str(job["employer"]), excluded.headquartered_in)
        for index, job in enumerate(history["engagements"])
        if index in used and _doubtful(excluded, job["employer"])
    )


def _excluded_doubt(number: int, employer: str, prefecture: str) -> str:
    job = sentence("職歴%(n)s（%(employer)s）", n=number, employer=employer)
    if not prefecture:
        return sentence("%(job)s：この募集で数えない勤務先に当たるかどうかを確認します。", job=job)
    return sentence(
        "%(job)s：この募集で数えない勤務先に当たるかどうかを確認します（本社・本店が%(prefecture)sにあるか）。",
        job=job,
        prefecture=prefecture,
    )
