"""The working of a count in Japanese sentences, as plain values for a page.

No sentence turns anybody away: the machine shows its arithmetic and staff confirm.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from app.eligibility.engine import Result, Rule
from app.eligibility.precision import SETTLED_REASONS, ImpreciseResult, lacks_a_day
from app.eligibility.result import JobRow, SpellRow
from app.eligibility.words import Combine, Outcome, Reason

MISSING_DAYS = "日が分からない月があるため"
LEAST_DAYS = "日の記載がないため、期間が最も短くなる日で数えました。"
DAYS_OF_MONTH = 30
STAFF_CONFIRM = "この計算だけで応募の結果が決まることはなく、職員が内容を確認します。"


@dataclass(frozen=True, slots=True)
class JobLine:
    """One job as entered and what became of it; `number` counts from 1."""

    number: int
    employer: str
    kind: str
    period: str
    is_counted: bool
    text: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a page shows of one count; `shortfall` and `one_continuous` are None where there is nothing to say."""

    outcome: Outcome
    heading: str
    sentence: str
    jobs: tuple[JobLine, ...]
    total: str
    threshold: str
    shortfall: str | None
    one_continuous: str | None
    checks: tuple[str, ...]
    notes: tuple[str, ...]


def explain(rule: Rule, result: Result, *, today: date | None = None) -> Explanation:
    """Put a result into words; with `today` (a date in Japan) the days still to come are called 見込み."""
    spells = {index: row for row in result.counted for index in row.indexes}
    return Explanation(
        outcome=result.outcome,
        heading=result.outcome.label,
        sentence=_sentence(rule, result),
        jobs=tuple(_job_line(rule, job, spells.get(job.index), today) for job in result.jobs),
        total=length(result.total_months, result.days),
        threshold=months_in_words(rule.threshold_months),
        shortfall=f"あと{_gap(result)}" if result.short_by_months else None,
        one_continuous=_one_continuous(rule, result),
        checks=_checks(rule, result),
        notes=(f"基準日は{day_in_words(rule.as_of)}です。", *_notes(rule)),
    )


def explain_imprecise(rule: Rule, imprecise: ImpreciseResult, *, today: date | None = None) -> Explanation:
    """Put a count of dates without days into words.

    Its jobs are those of the least favourable reading: each line says so and shows the dates as they were given.
    """
    least, most = explain(rule, imprecise.least, today=today), explain(rule, imprecise.most, today=today)
    least = replace(least, jobs=tuple(_as_given(line, imprecise) for line in least.jobs))
    total = least.total if least.total == most.total else f"{least.total}から{most.total}までの間"
    if not imprecise.check_indexes:
        if least.total != most.total:
            least = replace(least, sentence=_between(rule, imprecise, total))
        return replace(least, total=total)
    jobs = imprecise.most.jobs
    asked = tuple(f"{_name(jobs[i])}：始まりと終わりの日（日まで）を確認します。" for i in imprecise.check_indexes)
    sentence = f"{MISSING_DAYS}、通算は{total}です。日によって条件に届くかどうかが変わります。{STAFF_CONFIRM}"
    checks = (*asked, *(check for check in dict.fromkeys((*least.checks, *most.checks))))
    return replace(
        least, outcome=Outcome.CHECK, heading=Outcome.CHECK.label, sentence=sentence, total=total, checks=checks
    )


def _between(rule: Rule, imprecise: ImpreciseResult, total: str) -> str:
    """Say that days are missing although they decide nothing, and what the count comes to whichever they are."""
    said = f"{MISSING_DAYS}、通算は{total}です。"
    threshold = months_in_words(rule.threshold_months)
    if imprecise.least.outcome is Outcome.MEETS:
        return f"{said}どの日でも、必要な{threshold}以上に達しています。{STAFF_CONFIRM}"
    if imprecise.most.short_by_months:
        gap = _gap(imprecise.most)
        return f"{said}どの日でも、必要な{threshold}以上には届きません（多く数えてもあと{gap}）。{STAFF_CONFIRM}"
    return f"{said}{_sentence(rule, imprecise.least)}"


def _as_given(line: JobLine, imprecise: ImpreciseResult) -> JobLine:
    index = line.number - 1
    start, end = imprecise.typed[index]
    until = "現在まで" if end is None else f"{_given_in_words(end)}まで"
    text = f"{LEAST_DAYS}{line.text}" if _is_day_assumed(index, imprecise) else line.text
    return replace(line, period=f"{_given_in_words(start)}から{until}", text=text)


def _is_day_assumed(index: int, imprecise: ImpreciseResult) -> bool:
    """Say whether a line of the working rests on a day that was not given, its own or that of a job joined to it."""
    lacking = set(imprecise.imprecise_indexes)
    for spell in imprecise.least.counted:
        if index in spell.indexes:
            return bool(lacking & set(spell.indexes))
    return index in lacking and imprecise.least.jobs[index].reason not in SETTLED_REASONS


def _given_in_words(typed: str) -> str:
    if lacks_a_day(typed):
        return f"{int(typed[:4])}年{int(typed[5:])}月（日の記載なし）"
    return day_in_words(date.fromisoformat(typed))


def length(months: int, days: int) -> str:
    """Write a length as 年・か月・日, all three always."""
    return f"{months // 12}年{months % 12}か月{days}日"


def months_in_words(months: int) -> str:
    """Write a number of months as years and months, leaving out what is 0."""
    years, rest = divmod(months, 12)
    return (f"{years}年" if years else "") + (f"{rest}か月" if rest or not years else "")


def day_in_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _name(job: JobRow) -> str:
    return f"職歴{job.index + 1}（{job.engagement.employer}）"


def _job_line(rule: Rule, job: JobRow, spell: SpellRow | None, today: date | None) -> JobLine:
    entered = job.engagement
    end = "現在まで" if entered.end_on is None else f"{day_in_words(entered.end_on)}まで"
    return JobLine(
        number=job.index + 1,
        employer=entered.employer,
        kind=entered.kind.label,
        period=f"{day_in_words(entered.start_on)}から{end}",
        is_counted=spell is not None,
        text=_not_counted(rule, job) if spell is None else _counted(spell, today),
    )


def _counted(spell: SpellRow, today: date | None) -> str:
    together = (
        f"職歴{'・'.join(str(i + 1) for i in spell.indexes)}を続けた勤務として、" if len(spell.indexes) > 1 else ""
    )
    days = "、".join(f"{day_in_words(first)}から{day_in_words(last)}まで" for first, last in spell.pieces)
    ahead = "今日より後は見込みです。" if today is not None and spell.pieces[-1][1] > today else ""
    return f"{together}{days}を{length(spell.months, spell.days)}と数えました。{ahead}"


def _not_counted(rule: Rule, job: JobRow) -> str:
    hours = rule.min_weekly_hours
    if job.is_missing_hours:
        return f"週の勤務時間が入力されていないため、数えていません（週{hours:g}時間以上が必要です）。"
    details = {
        Reason.WEEKLY_HOURS: f"週{hours or 0:g}時間以上",
        Reason.AFTER_AS_OF: f"基準日は{day_in_words(rule.as_of)}",
        Reason.TOO_SHORT: f"続けて{months_in_words(rule.min_continuous_months or 0)}以上",
    }
    detail = f"（{details[job.reason]}）" if job.reason in details else ""
    return f"{job.reason.label if job.reason else ''}{detail}。数えていません。"


def _gap(result: Result) -> str:
    """Write what is missing to the day, by the 30 days for which every rule carries a month."""
    months, days = divmod(result.short_by_months * DAYS_OF_MONTH - result.days, DAYS_OF_MONTH)
    return (months_in_words(months) if months or not days else "") + (f"{days}日" if days else "")


def _sentence(rule: Rule, result: Result) -> str:
    total, threshold = length(result.total_months, result.days), months_in_words(rule.threshold_months)
    if result.outcome is Outcome.MEETS:
        return f"通算は{total}で、必要な{threshold}以上に達しています。{STAFF_CONFIRM}"
    if result.outcome is Outcome.CHECK:
        return f"入力の内容だけでは決められません。今の通算は{total}、必要な期間は{threshold}以上です。{STAFF_CONFIRM}"
    if result.short_by_months:
        return f"通算は{total}で、必要な{threshold}以上まであと{_gap(result)}です。{STAFF_CONFIRM}"
    return f"通算は{total}ですが、{_one_continuous(rule, result)}{STAFF_CONFIRM}"


def _one_continuous(rule: Rule, result: Result) -> str | None:
    if rule.one_continuous_months is None:
        return None
    asked = months_in_words(rule.one_continuous_months)
    found = "あります。" if result.one_continuous_met else "見当たりません。"
    return f"一つの勤務先での{asked}以上の勤務は、入力された職歴の中に{found}"


def _checks(rule: Rule, result: Result) -> tuple[str, ...]:
    """Name what a person must look at; nothing where the outcome is settled without it."""
    if result.outcome is not Outcome.CHECK:
        return ()
    missing = [] if result.met else [job for job in result.jobs if job.is_missing_hours]
    hours = [f"{_name(job)}：週{rule.min_weekly_hours:g}時間以上かどうかを確認します。" for job in missing]
    birth = ["生年月日：数え始める日を決めるために確認します。"] if result.is_birth_date_missing else []
    return (*hours, *birth)


def _notes(rule: Rule) -> tuple[str, ...]:
    combine = (f"{rule.combine.label}決まりです。",) if rule.combine is Combine.LONGEST else ()
    return (*combine, f"{rule.day_rounding.label}決まりです。")
