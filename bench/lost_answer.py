"""Cut the line after every byte of a send and of its answer; the browser sends again and gets the same receipt (S4).

    .venv/bin/python bench/lost_answer.py [--database sqlite] [--every 1] [--mutant]

Somebody else goes on after every hundred changes. The bar: one receipt number a person, one version a change, I1-I8;
with the mutant, which does not look for what was sent before, problems. Exits 1 if it is missed.
"""

from __future__ import annotations

import argparse
import sys
import time
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from app.core import clock
from app.extensions import db
from bench.schedules import forget_what_was_sent
from bench.stage import ENGINES, application
from tests import factories
from tests.cutting import Cutting, cutting
from tests.invariants import Outside, look, violations
from tests.schedules import double_versions
from tests.serving import served
from tests.test_lost_answer import cut
from tests.wire import Applicant, Refused

CHANGES_OF_A_PERSON = 100  # what one person has sent makes their pages longer


def cut_everywhere(proxy: Cutting, opening: str, every: int) -> tuple[list[Applicant], int, list[str]]:
    """Cut later and later until an answer arrives whole; give who sent, how many changes, and who was refused."""
    people: list[Applicant] = []
    for changes in count():
        if changes % CHANGES_OF_A_PERSON == 0:
            people.append(Applicant(proxy.port, f"person{changes}", opening=opening))
            people[-1].typed["mail"] = f"{people[-1].name}@applicant.example.jp"
            people[-1].apply()
            people[-1].hang_up()
        try:
            was_lost = cut(proxy, people[-1], changes, changes * every)
        except Refused as error:
            return people, changes + 1, [f"cut after byte {changes * every}: {error}"]
        people[-1].hang_up()
        if not was_lost:
            return people, changes + 1, []
    raise AssertionError


def problems(outside: Outside, people: list[Applicant], changes: int) -> list[str]:
    seen = [one for person in people for one in person.seen]
    found = look(outside, now=clock.now(), seen=seen)
    receipts, versions = {one.receipt for one in seen}, len(found.rows["application_version"])
    noted = [*map(str, violations(found)), *double_versions(found)]
    if (len(receipts), versions) != (len(people), len(people) + changes):
        noted.append(
            f"{len(receipts)} receipt numbers of {len(people)} people, {versions} versions of {changes} changes"
        )
    return noted


def walk(engine: str, every: int) -> list[str]:
    began = time.monotonic()
    with application(engine) as (app, outside):
        opening = str(factories.opening(factories.organisation()).id)
        db.session.remove()
        with served(app) as port, cutting(port) as proxy:
            people, changes, refused = cut_everywhere(proxy, opening, every)
        noted = refused + problems(outside, people, changes)
    print(
        f"lost answer {engine}: cut at {changes - 1} places up to byte {(changes - 1) * every},"
        f" {len(noted)} problems (bar 0), {time.monotonic() - began:.0f} s"
    )
    return noted


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", choices=ENGINES)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--mutant", action="store_true")
    asked = parser.parse_args()
    if asked.mutant:
        forget_what_was_sent()
    noted = [one for engine in ([asked.database] if asked.database else ENGINES) for one in walk(engine, asked.every)]
    print("\n".join(noted[:20]))
    return 0 if bool(noted) == asked.mutant else 1


if __name__ == "__main__":
    sys.exit(main())
