"""Time the counting of 10,000 histories of three jobs against json.loads of the same text.

    .venv/bin/python bench/experience.py

The bar: reading, checking and counting together take at most 40 times json.loads. Exits 1 if they do not.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from app.eligibility.cases import Case, parse_case
from app.eligibility.engine import Result, evaluate

HISTORIES = 10_000
JOBS = 3
ROUNDS = 5
MOST_TIMES = 40
SEED = 20240401

RULES = [
    {"threshold_months": 60, "as_of": "2016-06-30", "min_continuous_months": 12},
    {
        "threshold_months": 60,
        "as_of": "2017-06-30",
        "window": {"from": "2010-04-01", "to": "2017-06-30"},
        "min_weekly_hours": 30,
        "min_continuous_months": 12,
        "excluded_leave": {"kinds": ["childcare", "sick", "nursing", "study", "suspension"], "min_months": 1},
    },
    {
        "threshold_months": 96,
        "as_of": "2026-03-31",
        "window": {"last_years": 14},
        "min_weekly_hours": 29,
        "min_continuous_months": 12,
        "one_continuous_months": 48,
        "earliest": {"age": 22},
    },
    {"threshold_months": 60, "as_of": "2024-03-31", "kinds": ["regular"], "day_rounding": "drop"},
]

T = TypeVar("T")


def made_job(chance: random.Random) -> dict[str, object]:
    start = date(2006, 1, 1) + timedelta(days=chance.randrange(5000))
    end = start + timedelta(days=chance.randrange(200, 2500))
    away = start + timedelta(days=chance.randrange(30, 100))
    leave = {"kind": "sick", "start": away.isoformat(), "end": (away + timedelta(days=60)).isoformat()}
    return {
        "employer": chance.choice("ABCD"),
        "kind": chance.choice(["regular", "regular", "contract", "part_time"]),
        "fields": ["digital"],
        "weekly_hours": chance.choice([38.75, 40, 30, 20, None]),
        "student": False,
        "start": start.isoformat(),
        "end": chance.choice([end.isoformat(), end.isoformat(), None]),
        "leaves": [leave] if chance.random() < 0.2 else [],
    }


def made_cases() -> list[dict[str, object]]:
    chance = random.Random(SEED)
    return [
        {
            "id": f"bench-{number}",
            "rule": RULES[number % len(RULES)],
            "history": {"birth_date": "1985-06-15", "engagements": [made_job(chance) for _ in range(JOBS)]},
        }
        for number in range(HISTORIES)
    ]


def best_of(run: Callable[[], T]) -> tuple[float, T]:
    """Return the least seconds of several rounds, and what the last round returned."""
    seconds = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        answer = run()
        seconds.append(time.perf_counter() - begun)
    return min(seconds), answer


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "cases.json"
        file.write_text(json.dumps(made_cases(), ensure_ascii=False, indent=1), encoding="utf-8")
        text = file.read_text(encoding="utf-8")

    def count_all() -> list[Result]:
        return [evaluate(case.rule, case.history) for case in cases]

    def check_and_count_all() -> list[Result]:
        return [evaluate(case.rule, case.history) for case in map(parse_case, loaded)]

    loading, loaded = best_of(lambda: json.loads(text))
    cases: list[Case] = [parse_case(raw) for raw in loaded]
    counting, _ = best_of(count_all)
    whole, results = best_of(check_and_count_all)
    print(f"{len(results):,} histories of {JOBS} jobs, {len(text):,} characters, best of {ROUNDS}")
    print(f"json.loads           {loading:.3f} s")
    print(f"counting             {counting:.3f} s   {counting / loading:.1f} x json.loads")
    print(f"checking + counting  {whole:.3f} s   {whole / loading:.1f} x json.loads (at most {MOST_TIMES})")
    print(f"met: {sum(result.met for result in results):,}")
    return 0 if whole <= MOST_TIMES * loading else 1


if __name__ == "__main__":
    sys.exit(main())
