"""Play 500 random schedules of one person's requests at once on both databases: no double send, one receipt, I1-I8.

    .venv/bin/python bench/schedules.py [--count 500] [--first 1] [--database sqlite] [--mutant forgets|hurries]

The bar: no problem; with a mutant, problems: one does not look for what was sent before, the other does not look again
when somebody else was first, so only requests that really were under way at once find it. Every schedule that has a
problem is printed with its seed. Exits 1 if the bar is missed.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from pathlib import Path
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from app.applications import queries, sending_services
from app.core import clock
from app.extensions import db
from bench.stage import ENGINES, application
from tests import factories
from tests.invariants import Outside, check_invariants, look, read_rows
from tests.schedules import Played, Player, double_versions, drawn, too_many
from tests.serving import served

CODE = re.compile(r"^\d{6}$", re.M)


def forget_what_was_sent() -> None:
    """The mutant that looks for nothing that was sent before."""
    for name in ("find_submission", "last_submission"):
        patch.object(queries, name, lambda *_a, **_k: None).start()


def hurry() -> None:
    """The mutant that looks once."""
    patch.object(sending_services, "_TRIES", 1).start()


MUTANTS = {"forgets": forget_what_was_sent, "hurries": hurry}


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
    parser.add_argument("--mutant", choices=MUTANTS)
    asked = parser.parse_args()
    if asked.mutant:
        MUTANTS[asked.mutant]()
    engines = [asked.database] if asked.database else ENGINES
    found = [one for engine in engines for one in play(engine, asked.first, asked.count)]
    print("\n".join(one[:400] for one in found[:20]))
    return 0 if bool(found) == bool(asked.mutant) else 1


if __name__ == "__main__":
    sys.exit(main())
