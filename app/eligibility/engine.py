"""Counting experience, pure and exact: one function a step of R-experience (職務経験の通算).

Days are ordinals (`date.toordinal`) of calendar dates in Japan; there is no time of day and no clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.eligibility.calendar import carry_days, measure, whole_months
from app.eligibility.history import Engagement, History, parse_history
from app.eligibility.reading import BadInput
from app.eligibility.result import JobRow, Result, SpellRow
from app.eligibility.rules import Rule, parse_rule
from app.eligibility.spans import Span, merge, subtract
from app.eligibility.words import Combine, DayRounding, Outcome, Reason

__all__ = ["BadInput", "History", "Result", "Rule", "evaluate", "parse_history", "parse_rule"]

Reasons = dict[int, Reason]
HALF_MONTH_DAYS = 15


@dataclass(frozen=True, slots=True)
class Limits:
    """The day ordinals at which one rule cuts one person's jobs."""

    as_of: int
    earliest: int
    window: Span | None


@dataclass(slots=True)
class Job:
    """One job between the day it counts from and the day it counts to."""

    index: int
    engagement: Engagement
    first: int
    last: int


@dataclass(slots=True)
class Spell:
    """Jobs with one employer that touch; `days` is what is left of it after the steps taken so far."""

    jobs: list[Job]
    first: int
    last: int
    days: list[Span]

    @property
    def order(self) -> tuple[int, int, int]:
        return self.first, -self.last, min(job.index for job in self.jobs)


@dataclass(frozen=True, slots=True)
class Tally:
    """Steps 2 to 10 for some of the jobs: the counted spells with their rounded measure."""

    rows: list[tuple[Spell, int, int]]
    reasons: Reasons
    months: int
    days: int
    one_continuous_met: bool
    met: bool


def evaluate(rule: Rule, history: History) -> Result:
    """Count the experience of a history by a rule, to the day."""
    jobs = history.engagements
    reasons = {i: why for i, job in enumerate(jobs) if (why := _screened_out(rule, job)) is not None}
    missing = [i for i, why in reasons.items() if why is Reason.WEEKLY_HOURS and jobs[i].weekly_hours is None]
    passed = [i for i in range(len(jobs)) if i not in reasons]
    tally = _tally(rule, history, passed)
    needs_birth_date = history.birth_date is None and rule.needs_birth_date()
    could_be_met = tally.met or (bool(missing) and _tally(rule, history, [*passed, *missing]).met)
    reasons.update(tally.reasons)
    return Result(
        outcome=_outcome(tally.met, could_be_met, needs_birth_date),
        met=tally.met,
        total_months=tally.months,
        days=tally.days,
        threshold_months=rule.threshold_months,
        one_continuous_met=tally.one_continuous_met,
        counted=tuple(_spell_row(*row) for row in tally.rows),
        jobs=tuple(JobRow(i, job, reasons.get(i), i in missing) for i, job in enumerate(jobs)),
        is_birth_date_missing=needs_birth_date,
    )


def _outcome(met: bool, could_be_met: bool, needs_birth_date: bool) -> Outcome:
    """Three outcomes: `could_be_met` lets in, all together, the jobs whose needed weekly hours are not given."""
    if met and not needs_birth_date:
        return Outcome.MEETS
    return Outcome.CHECK if could_be_met else Outcome.DOES_NOT_MEET


def _spell_row(spell: Spell, months: int, days: int) -> SpellRow:
    indexes = tuple(sorted(job.index for job in spell.jobs))
    pieces = tuple((date.fromordinal(first), date.fromordinal(last)) for first, last in spell.days)
    return SpellRow(spell.jobs[0].engagement.employer, indexes, months, days, pieces)


def _tally(rule: Rule, history: History, indexes: Iterable[int]) -> Tally:
    """Take the jobs of these indexes through steps 2 to 10."""
    reasons: Reasons = {}
    limits = Limits(
        as_of=rule.as_of.toordinal(),
        earliest=rule.earliest.first_day(history.birth_date) if rule.earliest else 0,
        window=rule.window.span(rule.as_of) if rule.window else None,
    )
    jobs = [job for i in indexes if (job := _cut(i, history.engagements[i], limits, reasons)) is not None]
    spells = [spell for spell in _joined(jobs) if _cut_at_window(rule, spell, limits, reasons)]
    spells = [spell for spell in spells if _take_out_leave(rule, spell, reasons)]
    one_continuous_met = _has_one_continuous(rule, spells)
    if rule.combine is Combine.SUM:
        spells = _counted_once(spells, reasons)
    rows = [(spell, *_rounded(rule.day_rounding, *_measured(spell.days))) for spell in spells]
    months, days = _combined(rule.combine, [(months, days) for _, months, days in rows])
    met = months >= rule.threshold_months and one_continuous_met
    return Tally(rows, reasons, months, days, one_continuous_met, met)


def _screened_out(rule: Rule, job: Engagement) -> Reason | None:
    """Step 1: the first condition that the job fails by itself."""
    if rule.kinds and job.kind not in rule.kinds:
        return Reason.KIND
    if rule.fields and not any(field in rule.fields for field in job.fields):
        return Reason.FIELD
    if rule.exclude_student and job.student:
        return Reason.STUDENT
    if rule.min_weekly_hours is not None and (job.weekly_hours is None or job.weekly_hours < rule.min_weekly_hours):
        return Reason.WEEKLY_HOURS
    return None


def _cut(index: int, engagement: Engagement, limits: Limits, reasons: Reasons) -> Job | None:
    """Step 2: cut a job at 基準日, then at the earliest day."""
    first, last = engagement.start_on.toordinal(), limits.as_of
    if engagement.end_on is not None:
        last = min(last, engagement.end_on.toordinal())
    if first > limits.as_of:
        reasons[index] = Reason.AFTER_AS_OF
    elif last < limits.earliest:
        reasons[index] = Reason.BEFORE_EARLIEST
    else:
        return Job(index, engagement, max(first, limits.earliest), last)
    return None


def _joined(jobs: list[Job]) -> list[Spell]:
    """Step 3: join the jobs of one employer that touch, in the order that holds from here on."""
    spells: list[Spell] = []
    latest: dict[str, Spell] = {}
    for job in sorted(jobs, key=lambda job: job.first):
        spell = latest.get(job.engagement.employer)
        if spell is not None and job.first <= spell.last + 1:
            spell.jobs.append(job)
            spell.last = max(spell.last, job.last)
            continue
        spell = latest[job.engagement.employer] = Spell([job], job.first, job.last, [])
        spells.append(spell)
    return sorted(spells, key=lambda spell: spell.order)


def _cut_at_window(rule: Rule, spell: Spell, limits: Limits, reasons: Reasons) -> bool:
    """Steps 4 and 5: put the days of a spell that is long enough, cut at the window, into `spell.days`."""
    first, last = spell.first, spell.last
    if limits.window is not None:
        first, last = max(first, limits.window[0]), min(last, limits.window[1])
    measured = (first, last) if rule.min_continuous_in_window else (spell.first, spell.last)
    if measured[0] <= measured[1] and whole_months(*measured) < (rule.min_continuous_months or 0):
        return _out(spell, Reason.TOO_SHORT, reasons)
    if first > last:
        return _out(spell, Reason.OUTSIDE_WINDOW, reasons)
    spell.days = [(first, last)]
    return True


def _take_out_leave(rule: Rule, spell: Spell, reasons: Reasons) -> bool:
    """Step 6: leave from a job takes out its days, unless another job of the spell covers them."""
    if rule.excluded_leave is None or not any(job.engagement.leaves for job in spell.jobs):
        return True
    worked = merge(span for job in spell.jobs for span in subtract([(job.first, job.last)], _leave_days(rule, job)))
    on_leave = subtract([(spell.first, spell.last)], worked)
    spell.days = subtract(spell.days, on_leave)
    return bool(spell.days) or _out(spell, Reason.LEAVE, reasons)


def _leave_days(rule: Rule, job: Job) -> list[Span]:
    """Return the leaves of one job that reach the length; an open one that begins after the job's last day has none."""
    if rule.excluded_leave is None:
        return []
    excluded = rule.excluded_leave
    dates = [(leave.start_on, leave.end_on) for leave in job.engagement.leaves if leave.kind in excluded.kinds]
    spans = [(start.toordinal(), job.last if end is None else end.toordinal()) for start, end in dates]
    leaves = merge((first, last) for first, last in spans if first <= last)
    return [(first, last) for first, last in leaves if whole_months(first, last) >= excluded.min_months]


def _counted_once(spells: list[Spell], reasons: Reasons) -> list[Spell]:
    """Step 7: take out of each spell what an earlier one already counts."""
    counted: list[Span] = []
    left = []
    for spell in spells:
        counted = [span for span in counted if span[1] >= spell.first]  # no later spell begins sooner
        spell.days = subtract(spell.days, counted)
        if spell.days:
            counted = merge([*counted, *spell.days])
            left.append(spell)
        else:
            _out(spell, Reason.OVERLAP, reasons)
    return left


def _measured(pieces: list[Span]) -> tuple[int, int]:
    """Step 8: months and days of a spell; several pieces add up, 30 days making a month."""
    if len(pieces) == 1:
        return measure(*pieces[0])
    measures = [measure(*piece) for piece in pieces]
    return carry_days(sum(months for months, _ in measures), sum(days for _, days in measures))


def _rounded(rounding: DayRounding, months: int, days: int) -> tuple[int, int]:
    """Step 9 for one spell."""
    if rounding is DayRounding.CARRY_30:
        return months, days
    if rounding is DayRounding.HALF_UP_15 and days >= HALF_MONTH_DAYS:
        return months + 1, 0
    return months, 0


def _combined(combine: Combine, measures: list[tuple[int, int]]) -> tuple[int, int]:
    """Step 9 for the total: months and days of all the spells, or of the longest one."""
    if combine is Combine.LONGEST:
        return max((carry_days(*measured) for measured in measures), default=(0, 0))
    return carry_days(sum(months for months, _ in measures), sum(days for _, days in measures))


def _has_one_continuous(rule: Rule, spells: list[Spell]) -> bool:
    """Step 10: one spell, measured as it stands after step 6, holds the months asked of one place."""
    if rule.one_continuous_months is None:
        return True
    measures = (_rounded(rule.day_rounding, *_measured(spell.days)) for spell in spells)
    return any(carry_days(*measured)[0] >= rule.one_continuous_months for measured in measures)


def _out(spell: Spell, reason: Reason, reasons: Reasons) -> bool:
    """Note why all the jobs of a spell are not counted, and return False."""
    reasons.update((job.index, reason) for job in spell.jobs)
    return False
