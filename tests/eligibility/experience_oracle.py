"""A slow count, day by day, written from R-experience without looking at the engine: what the tests compare with."""

import calendar
from datetime import date, timedelta
from itertools import groupby


def days_between(first, last):
    return {first + timedelta(days=n) for n in range((last - first).days + 1)}


def runs(days):
    ordered = enumerate(sorted(days))
    grouped = groupby(ordered, lambda pair: pair[1] - timedelta(days=pair[0]))
    return [[day for _, day in run] for _, run in grouped]


def over_on(first, months):
    """The day on which so many months from `first` are over."""
    years, month0 = divmod(first.month - 1 + months, 12)
    year, month = first.year + years, month0 + 1
    if first.day > calendar.monthrange(year, month)[1]:
        return date(year, month, calendar.monthrange(year, month)[1])
    return date(year, month, first.day) - timedelta(days=1)


def walk(first, last):
    months = 0
    while over_on(first, months + 1) <= last:
        months += 1
    return months, (last - over_on(first, months)).days


def oracle_measure(days, rounding):
    pieces = [walk(run[0], run[-1]) for run in runs(days)]
    months, left = sum(m for m, _ in pieces), sum(d for _, d in pieces)
    if len(pieces) > 1:
        months, left = months + left // 30, left % 30
    if rounding == "drop":
        return months, 0
    if rounding == "half_up_15":
        return months + (left >= 15), 0
    return months, left


def oracle_earliest(rule, birth_date):
    asked = rule.get("earliest")
    if not asked or ("age" in asked and birth_date is None):
        return date.min
    if "date" in asked:
        return date.fromisoformat(asked["date"])
    born = date.fromisoformat(birth_date)
    reached = born.replace(year=born.year + asked["age"]) - timedelta(days=1)
    fiscal_year = reached.year if reached.month >= 4 else reached.year - 1
    return date(fiscal_year + 1, 4, 1)


def oracle_window(rule, as_of):
    asked = rule.get("window")
    if not asked:
        return date.min, date.max
    if "from" in asked:
        return date.fromisoformat(asked["from"]), date.fromisoformat(asked["to"])
    day = as_of
    while True:
        try:
            return day.replace(year=as_of.year - asked["last_years"]) + timedelta(days=1), as_of
        except ValueError:
            day -= timedelta(days=1)


def oracle_screen(rule, job):
    hours = rule.get("min_weekly_hours")
    if rule.get("kinds") and job["kind"] not in rule["kinds"]:
        return "kind"
    if rule.get("fields") and not set(rule["fields"]) & set(job["fields"]):
        return "field"
    if rule.get("exclude_student") and job["student"]:
        return "student"
    return "weekly_hours" if hours and (job["weekly_hours"] is None or job["weekly_hours"] < hours) else None


def oracle_leave_days(rule, job, last):
    asked = rule.get("excluded_leave") or {"kinds": []}
    away = set()
    for leave in job["leaves"]:
        if leave["kind"] in asked["kinds"]:
            end = date.fromisoformat(leave["end"]) if leave["end"] else last
            away |= days_between(date.fromisoformat(leave["start"]), end)
    return {day for run in runs(away) if walk(run[0], run[-1])[0] >= asked["min_months"] for day in run}


def oracle_spells(rule, history, admitted, out):
    """Steps 2 and 3: spells as lists of (index, days of the job), in their order."""
    as_of, earliest = date.fromisoformat(rule["as_of"]), oracle_earliest(rule, history["birth_date"])
    cut = {}
    for i in admitted:
        job = history["engagements"][i]
        days = days_between(
            date.fromisoformat(job["start"]), min(date.fromisoformat(job["end"] or "9999-12-31"), as_of)
        )
        if not days:
            out[i] = "after_as_of"
        elif max(days) < earliest:
            out[i] = "before_earliest"
        else:
            cut[i] = {day for day in days if day >= earliest}
    spells = []
    for employer in "ABC":
        mine = {i: days for i, days in cut.items() if history["engagements"][i]["employer"] == employer}
        for run in runs(set().union(*mine.values())):
            spells.append([(i, days) for i, days in sorted(mine.items()) if days <= set(run)])
    whole = [set().union(*(days for _, days in spell)) for spell in spells]
    order = sorted(range(len(spells)), key=lambda n: (min(whole[n]), -max(whole[n]).toordinal(), spells[n][0][0]))
    return [(spells[n], whole[n]) for n in order]


def oracle_cut(rule, spell, whole, out):
    """Steps 4 and 5: the days within the window, or none with the reason noted."""
    first, last = oracle_window(rule, date.fromisoformat(rule["as_of"]))
    within = {day for day in whole if first <= day <= last}
    late = rule.get("min_continuous_in_window", False)
    measured = within if late else whole
    if measured and walk(min(measured), max(measured))[0] < rule.get("min_continuous_months", 0):
        out.update((i, "too_short") for i, _ in spell)
        return set()
    if not within:
        out.update((i, "outside_window") for i, _ in spell)
    return within


def oracle_count(rule, history, admitted):
    out, kept, by_itself = {}, [], []
    rounding = rule.get("day_rounding", "carry_30")
    seen = set()
    for spell, whole in oracle_spells(rule, history, admitted, out):
        within = oracle_cut(rule, spell, whole, out)
        worked = set()
        for i, days in spell:
            worked |= (days & within) - oracle_leave_days(rule, history["engagements"][i], max(days))
        if within and not worked:
            out.update((i, "leave") for i, _ in spell)
        if not worked:
            continue
        by_itself.append(oracle_measure(worked, rounding))
        left = worked - seen if rule.get("combine", "sum") == "sum" else worked
        seen |= worked
        if not left:
            out.update((i, "overlap") for i, _ in spell)
            continue
        kept.append((spell, oracle_measure(left, rounding)))
    counts = [months * 30 + days for _, (months, days) in kept]
    total = max(counts, default=0) if rule.get("combine") == "longest" else sum(counts)
    one = rule.get("one_continuous_months", 0)
    one_met = not one or any(months + days // 30 >= one for months, days in by_itself)
    return out, kept, total, one_met, total // 30 >= rule["threshold_months"] and one_met


def oracle(rule, history):
    jobs = history["engagements"]
    out = {i: why for i, job in enumerate(jobs) if (why := oracle_screen(rule, job))}
    unknown = [i for i, why in out.items() if why == "weekly_hours" and jobs[i]["weekly_hours"] is None]
    admitted = [i for i in range(len(jobs)) if i not in out]
    later, kept, total, one_met, met = oracle_count(rule, history, admitted)
    no_birth = "age" in (rule.get("earliest") or {}) and history["birth_date"] is None
    could = met or oracle_count(rule, history, sorted(admitted + unknown))[4]
    return {
        "outcome": "meets" if met and not no_birth else "check" if could else "does_not_meet",
        "met": met,
        "total": {"years": total // 360, "months": total // 30 % 12, "days": total % 30},
        "short_by_months": max(0, rule["threshold_months"] - total // 30),
        "one_continuous_met": one_met,
        "counted": [
            {"employer": jobs[spell[0][0]]["employer"], "indexes": [i for i, _ in spell], "months": m, "days": d}
            for spell, (m, d) in kept
        ],
        "excluded": [{"index": i, "reason": why} for i, why in sorted({**out, **later}.items())],
    }
