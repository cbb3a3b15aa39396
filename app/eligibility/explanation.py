"""The working of a count in sentences, as plain values for a page: in Japanese, or in English on an English page.

No sentence turns anybody away: the machine shows its arithmetic and staff confirm.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from app.core.date_words import day_in_words, length, month_in_words, months_in_words
from app.core.language import counted, listed, paragraph, sentence, word
from app.eligibility.engine import Result, Rule
from app.eligibility.precision import SETTLED_REASONS, ImpreciseResult, lacks_a_day
from app.eligibility.result import JobRow, SpellRow
from app.eligibility.words import Combine, Outcome, Reason

DAYS_OF_MONTH = 30
STAFF_CONFIRM = word("この計算だけで応募の結果が決まることはなく、職員が内容を確認します。")


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
        sentence=confirmed(_sentence(rule, result)),
        jobs=tuple(_job_line(rule, job, spells.get(job.index), today) for job in result.jobs),
        total=length(result.total_months, result.days),
        threshold=months_in_words(rule.threshold_months),
        shortfall=sentence("あと%(gap)s", gap=_gap(result)) if result.short_by_months else None,
        one_continuous=_one_continuous(rule, result),
        checks=_checks(rule, result),
        notes=(sentence("基準日は%(day)sです。", day=day_in_words(rule.as_of)), *_notes(rule)),
    )


def explain_imprecise(rule: Rule, imprecise: ImpreciseResult, *, today: date | None = None) -> Explanation:
    """Put a count of dates without days into words.

    Its jobs are those of the least favourable reading: each line says so and shows the dates as they were given.
    """
    least, most = explain(rule, imprecise.least, today=today), explain(rule, imprecise.most, today=today)
    least = replace(least, jobs=tuple(_as_given(line, imprecise) for line in least.jobs))
    total = least.total if least.total == most.total else _range(least.total, most.total)
    if not imprecise.check_indexes:
        if least.total != most.total:
            least = replace(least, sentence=confirmed(_between(rule, imprecise, total)))
        return replace(least, total=total)
    jobs = imprecise.most.jobs
    asked = (
        sentence("%(job)s：始まりと終わりの日（日まで）を確認します。", job=_name(jobs[i]))
        for i in imprecise.check_indexes
    )
    said = paragraph(_missing_days(total), sentence("日によって条件に届くかどうかが変わります。"))
    checks = (*asked, *(check for check in dict.fromkeys((*least.checks, *most.checks))))
    return replace(
        least, outcome=Outcome.CHECK, heading=Outcome.CHECK.label, sentence=confirmed(said), total=total, checks=checks
    )


def confirmed(said: str) -> str:
    """Add to an outcome that staff confirm it."""
    return paragraph(said, sentence(STAFF_CONFIRM))


def unconfirmed(said: str) -> str:
    """Take that away again, where several outcomes are said together."""
    return said.removesuffix(sentence(STAFF_CONFIRM)).strip()


def _range(least: str, most: str) -> str:
    return sentence("%(least)sから%(most)sまでの間", least=least, most=most)


def _missing_days(total: str) -> str:
    return sentence("日が分からない月があるため、通算は%(total)sです。", total=total)


def _between(rule: Rule, imprecise: ImpreciseResult, total: str) -> str:
    """Say that days are missing although they decide nothing, and what the count comes to whichever they are."""
    said, threshold = _missing_days(total), months_in_words(rule.threshold_months)
    if imprecise.least.outcome is Outcome.MEETS:
        return paragraph(said, sentence("どの日でも、必要な%(threshold)s以上に達しています。", threshold=threshold))
    if imprecise.most.short_by_months:
        short = sentence(
            "どの日でも、必要な%(threshold)s以上には届きません（多く数えてもあと%(gap)s）。",
            threshold=threshold,
            gap=_gap(imprecise.most),
        )
        return paragraph(said, short)
    return paragraph(said, _sentence(rule, imprecise.least))


def _as_given(line: JobLine, imprecise: ImpreciseResult) -> JobLine:
    index = line.number - 1
    start, end = imprecise.typed[index]
    text = line.text
    if _is_day_assumed(index, imprecise):
        text = paragraph(sentence("日の記載がないため、期間が最も短くなる日で数えました。"), text)
    return replace(line, period=_period(_given_in_words(start), _given_in_words(end) if end else None), text=text)


def _is_day_assumed(index: int, imprecise: ImpreciseResult) -> bool:
    """Say whether a line of the working rests on a day that was not given, its own or that of a job joined to it."""
    lacking = set(imprecise.imprecise_indexes)
    for spell in imprecise.least.counted:
        if index in spell.indexes:
            return bool(lacking & set(spell.indexes))
    return index in lacking and imprecise.least.jobs[index].reason not in SETTLED_REASONS


def _given_in_words(typed: str) -> str:
    if lacks_a_day(typed):
        return sentence("%(month)s（日の記載なし）", month=month_in_words(int(typed[:4]), int(typed[5:])))
    return day_in_words(date.fromisoformat(typed))


def _period(start: str, end: str | None) -> str:
    if end is None:
        return sentence("%(start)sから現在まで", start=start)
    return sentence("%(start)sから%(end)sまで", start=start, end=end)


def _name(job: JobRow) -> str:
    return sentence("職歴%(n)s（%(employer)s）", n=job.index + 1, employer=job.engagement.employer)


def _job_line(rule: Rule, job: JobRow, spell: SpellRow | None, today: date | None) -> JobLine:
    entered = job.engagement
    end = None if entered.end_on is None else day_in_words(entered.end_on)
    return JobLine(
        number=job.index + 1,
        employer=entered.employer,
        kind=entered.kind.label,
        period=_period(day_in_words(entered.start_on), end),
        is_counted=spell is not None,
        text=_not_counted(rule, job) if spell is None else _counted(spell, today),
    )


def _counted(spell: SpellRow, today: date | None) -> str:
    days = listed(_period(day_in_words(first), day_in_words(last)) for first, last in spell.pieces)
    came_to = {"days": days, "length": length(spell.months, spell.days)}
    if len(spell.indexes) > 1:
        jobs = listed((str(i + 1) for i in spell.indexes), "・")
        said = sentence("職歴%(jobs)sを続けた勤務として、%(days)sを%(length)sと数えました。", jobs=jobs, **came_to)
    else:
        said = sentence("%(days)sを%(length)sと数えました。", **came_to)
    is_ahead = today is not None and spell.pieces[-1][1] > today
    return paragraph(said, sentence("今日より後は見込みです。") if is_ahead else "")


def _not_counted(rule: Rule, job: JobRow) -> str:
    hours = rule.min_weekly_hours
    if job.is_missing_hours:
        return sentence(
            "週の勤務時間が入力されていないため、数えていません（週%(hours)s時間以上が必要です）。", hours=f"{hours:g}"
        )
    details = {
        Reason.WEEKLY_HOURS: sentence("週%(hours)s時間以上", hours=f"{hours or 0:g}"),
        Reason.AFTER_AS_OF: sentence("基準日は%(day)s", day=day_in_words(rule.as_of)),
        Reason.TOO_SHORT: sentence("続けて%(least)s以上", least=months_in_words(rule.min_continuous_months or 0)),
    }
    why = job.reason.label if job.reason else ""
    if job.reason in details:
        return sentence("%(why)s（%(detail)s）。数えていません。", why=why, detail=details[job.reason])
    return sentence("%(why)s。数えていません。", why=why)


def _gap(result: Result) -> str:
    """Write what is missing to the day, by the 30 days for which every rule carries a month."""
    months, days = divmod(result.short_by_months * DAYS_OF_MONTH - result.days, DAYS_OF_MONTH)
    return paragraph(months_in_words(months) if months or not days else "", counted("%(n)s日", days) if days else "")


def _sentence(rule: Rule, result: Result) -> str:
    said = {
        "total": length(result.total_months, result.days),
        "threshold": months_in_words(rule.threshold_months),
    }
    if result.outcome is Outcome.MEETS:
        return sentence("通算は%(total)sで、必要な%(threshold)s以上に達しています。", **said)
    if result.outcome is Outcome.CHECK:
        return sentence(
            "入力の内容だけでは決められません。今の通算は%(total)s、必要な期間は%(threshold)s以上です。", **said
        )
    if result.short_by_months:
        return sentence("通算は%(total)sで、必要な%(threshold)s以上まであと%(gap)sです。", **said, gap=_gap(result))
    return sentence(
        "通算は%(total)sですが、一つの勤務先での%(asked)s以上の勤務は、入力された職歴の中に見当たりません。",
        total=said["total"],
        asked=months_in_words(rule.one_continuous_months or 0),
    )


def _one_continuous(rule: Rule, result: Result) -> str | None:
    if rule.one_continuous_months is None:
        return None
    asked = months_in_words(rule.one_continuous_months)
    if result.one_continuous_met:
        return sentence("一つの勤務先での%(asked)s以上の勤務は、入力された職歴の中にあります。", asked=asked)
    return sentence("一つの勤務先での%(asked)s以上の勤務は、入力された職歴の中に見当たりません。", asked=asked)


def _checks(rule: Rule, result: Result) -> tuple[str, ...]:
    """Name what a person must look at; nothing where the outcome is settled without it."""
    if result.outcome is not Outcome.CHECK:
        return ()
    missing = [] if result.met else [job for job in result.jobs if job.is_missing_hours]
    least = f"{rule.min_weekly_hours or 0:g}"
    hours = [
        sentence("%(job)s：週%(hours)s時間以上かどうかを確認します。", job=_name(job), hours=least) for job in missing
    ]
    birth = [sentence("生年月日：数え始める日を決めるために確認します。")] if result.is_birth_date_missing else []
    return (*hours, *birth)


def _notes(rule: Rule) -> tuple[str, ...]:
    combine = [rule.combine.label] if rule.combine is Combine.LONGEST else []
    return tuple(sentence("%(rule)s決まりです。", rule=label) for label in (*combine, rule.day_rounding.label))
