"""Play 500 random schedules of one person's requests at once on both databases: no double send, one receipt, I1-I8.

    .venv/bin/python bench/schedules.py [--count 500] [--first 1] [--database sqlite] [--mutant]

The bar: no problem; with the mutant, which does not look for what was sent before, problems. Every schedule that has
one is printed with its seed. Exits 1 if the bar is missed.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from pathlib import Path
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from app.applications import queries
from app.core import clock
from app.extensions import db
from bench.stage import ENGINES, application
from tests import factories
from tests.invariants import Outside, check_invariants, look, read_rows
from tests.schedules import Played, Player, double_versions, drawn, too_many
from tests.serving import served

CODE = re.compile(r"^\d{6}$", re.M)


MUTANT = ((queries, "find_submission"), (queries, "last_submission"))  # nobody looks for what was sent before


def newest_code(outside: Outside, mail: str) -> str:
    rows = [row for row in read_rows(outside.url, "mail")["mail"] if row["recipient"] == mail]
    codes = [CODE.search(row["body"]) for row in sorted(rows, key=lambda row: row["created_at"])]
    return next(code.group() for code in reversed(codes) if code)


def problems(outside: Outside, played: list[Played]) -> list[str]:
    seen = [receipt for one in played for receipt in one.receipts]
    noted = [f"{one.schedule}: {problem}" for one in played for problem in one.problems]
    found = look(outside, now=clock.now(), seen=seen)
    broken = check_invariants(outside, now=clock.now(), seen=seen)
    return [*noted, *map(str, broken), *double_versions(found), *too_many(found, played)]


def play(engine: str, first: int, count: int) -> list[str]:
    with application(engine) as (app, outside):
        opening = str(factories.opening(factories.organisation()).id)
        db.session.remove()
        began = time.monotonic()
        with served(app) as port:
            player = Player(port, opening, lambda mail: newest_code(outside, mail))
            played = [player.play(drawn(seed)) for seed in range(first, first + count)]
        found = problems(outside, played)
    receipts = sum(len(one.receipts) for one in played)
    seconds = time.monotonic() - began
    print(
        f"schedules {engine}: seeds {first}-{first + count - 1}, {receipts} receipts seen,"
        f" {len(found)} problems (bar 0), {seconds:.0f} s"
    )
    return found


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--database", choices=ENGINES)
    parser.add_argument("--mutant", action="store_true")
    asked = parser.parse_args()
    for owner, name in MUTANT if asked.mutant else ():
        patch.object(owner, name, lambda *_a, **_k: None).start()
    engines = [asked.database] if asked.database else ENGINES
    found = [one for engine in engines for one in play(engine, asked.first, asked.count)]
    print("\n".join(one[:400] for one in found[:20]))
    return 0 if bool(found) == asked.mutant else 1


if __name__ == "__main__":
    sys.exit(main())
