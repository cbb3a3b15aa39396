"""Cut the line after every byte of a send and of its answer; the browser sends again and gets the same receipt (S4).

    .venv/bin/python bench/lost_answer.py [--database sqlite] [--every 1]

The bar: one receipt number for all, one version a change, I1-I8. Exits 1 if it is missed.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from app.core import clock
from app.extensions import db
from bench.stage import ENGINES, application
from tests import factories
from tests.cutting import cutting
from tests.invariants import look, violations
from tests.schedules import double_versions
from tests.serving import served
from tests.test_lost_answer import cut
from tests.wire import Applicant


def walk(engine: str, every: int) -> list[str]:
    with application(engine) as (app, outside):
        opening = str(factories.opening(factories.organisation()).id)
        db.session.remove()
        with served(app) as port, cutting(port) as proxy:
            person = Applicant(proxy.port, "somebody", opening=opening)
            person.apply()
            person.hang_up()
            after = tries = 0
            while cut(proxy, person, tries, after) or tries == 0:
                after, tries = after + every, tries + 1
            person.hang_up()
        found = look(outside, now=clock.now(), seen=person.seen)
    receipts = {seen.receipt for seen in person.seen}
    versions = len(found.rows["application_version"])
    problems = [*map(str, violations(found)), *double_versions(found)]
    if (len(receipts), versions) != (1, tries + 2):
        problems.append(f"{len(receipts)} receipt numbers, {versions} versions of {tries + 2} changes")
    print(f"lost answer {engine}: cut at {tries} places up to byte {after}, {len(problems)} problems (bar 0)")
    return problems


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", choices=ENGINES)
    parser.add_argument("--every", type=int, default=1)
    asked = parser.parse_args()
    problems = [
        one for engine in ([asked.database] if asked.database else ENGINES) for one in walk(engine, asked.every)
    ]
    print("\n".join(problems[:20]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
