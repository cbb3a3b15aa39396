"""Compare how long known and unknown addresses take at the doors that ask for one (reliability B8).

    .venv/bin/python bench/enumeration.py [--pairs 200]

For each door it prints the medians and the p-value of a two-sided Mann-Whitney test (normal approximation; the two
kinds are asked in turn). The bar: p > 0.01. The numbers of statements are held by a test; these are the times.
Never a timed test: run it by hand on a quiet machine. Exits 1 when a door misses the bar.
"""

from __future__ import annotations

import argparse
import logging
import math
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from flask import Flask
from flask_migrate import upgrade

from app import create_app
from app.accounts import applicants
from app.core import clock
from app.core.context import SYSTEM, bind
from app.extensions import db
from app.jp.numbers import new_resume_code
from tests.browsing import Browser, apart
from tests.conftest import test_settings

BAR = 0.01
Door = Callable[[Browser, bool], float]


def p_value(first: list[float], second: list[float]) -> float:
    """The two-sided p-value of a Mann-Whitney test, by the normal approximation."""
    ranks = {value: rank for rank, value in enumerate(sorted(first + second), 1)}
    n, m = len(first), len(second)
    u = sum(ranks[value] for value in first) - n * (n + 1) / 2
    z = (u - n * m / 2) / math.sqrt(n * m * (n + m + 1) / 12)
    return math.erfc(abs(z) / math.sqrt(2))


def timed(browser: Browser, url: str, fields: dict[str, str]) -> float:
    data = {"csrf_token": browser.token or "", **fields}
    begun = time.perf_counter()
    apart(browser.client.post, url, data=data)
    return (time.perf_counter() - begun) * 1000


def _mail(is_known: bool) -> str:
    """Each address is asked for once: one that is asked for often gets no code, known or not."""
    return KNOWN.pop() if is_known else f"u{secrets.token_hex(4)}@example.jp"


def ask_code(browser: Browser, is_known: bool) -> float:
    browser.get("/my/sign-in")
    return timed(browser, "/my/sign-in", {"mail": _mail(is_known)})


def try_code(browser: Browser, is_known: bool) -> float:
    browser.get("/my/sign-in")
    browser.post("/my/sign-in", {"mail": _mail(is_known)})
    browser.get("/my/code")
    return timed(browser, "/my/code", {"code": "000000"})


def try_resume(browser: Browser, is_known: bool) -> float:
    browser.get("/my/resume")
    return timed(browser, "/my/resume", {"code": FORMER[0] if is_known else new_resume_code(secrets.randbelow)})


KNOWN: list[str] = []
FORMER: list[str] = []
DOORS: dict[str, Door] = {"asking for a code": ask_code, "typing a code": try_code, "typing a 再開コード": try_resume}


def make_known(count: int) -> None:
    bind(db.session, SYSTEM)
    for number in range(count):
        person = applicants.new_applicant(at=clock.now())
        KNOWN.append(f"u{number:08x}@example.jp")
        applicants.confirm(person, KNOWN[-1], at=clock.now())
    FORMER.append(applicants.resume_code(person.id))
    db.session.commit()
    db.session.remove()


def measure(app: Flask, door: Door, pairs: int) -> tuple[list[float], list[float]]:
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(2 * pairs + 20):
        is_known = bool(turn % 2)
        took = door(Browser(app), is_known)
        if turn >= 20:
            times[is_known].append(took)
    return times[1], times[0]


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--pairs", type=int, default=200)
    pairs = arguments.parse_args().pairs
    logging.disable(logging.CRITICAL)
    app = create_app(test_settings(Path(tempfile.mkdtemp()), address_limit_scale=1000))
    missed = 0
    with app.app_context():
        upgrade()
        make_known(2 * (pairs + 20))
        for name, door in DOORS.items():
            known, unknown = measure(app, door, pairs)
            p = p_value(known, unknown)
            missed += p <= BAR
            medians = statistics.median(known), statistics.median(unknown)
            print(f"{name}: known {medians[0]:.2f} ms, unknown {medians[1]:.2f} ms, p = {p:.3f} ({pairs} each)")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
