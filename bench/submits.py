"""Measure final submits against the real server processes, with synchronous=FULL and documents of 300 KB.

    .venv/bin/python bench/submits.py [--database sqlite] [--part peak|rush] [--seconds 60] [--people 400]

peak: final submits per second of N people, each on a connection of their own, beside a bare Flask page under the same
server that takes a form with a file of 300 KB, writes and syncs it and makes a one-row durable commit: by the driver
alone, and by Flask-SQLAlchemy, which the application stands on. The bar: half as many as the second.
rush: 15 submits/s beside 100 page reads/s, sent by the clock whatever the answers take. The bar: p99 of submits under
2 s, no error, I1-I8, stamps within 50 ms of the client's clock. Exits 1 if a bar is missed.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.bare import WAYS, served_bare
from bench.stage import ENGINES, Installed, cpu_seconds, installed
from tests.forms_read import Pairs
from tests.invariants import look, read_rows, violations
from tests.wire import SEND, Applicant, Client, Lost, Refused, heavy_pdf, where

PROCESSES, CLIENTS = 2, 16
FILE_BYTES = 300_000
LEAST_RATIO = 0.5
SUBMITS, READS = 15, 100  # a second
MOST_P99_SECONDS, MOST_STAMP_MS = 2.0, 50
READERS, WARM = 24, 30


@dataclass
class Prepared:
    """Somebody who stands on 確認."""

    person: Applicant
    pairs: Pairs


@dataclass
class Times:
    """How long answers took, in seconds from when they were due, and what went wrong."""

    took: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    pressed: dict[str, datetime] = field(default_factory=dict)  # by submission: the client's clock

    def line(self, name: str) -> str:
        if len(self.took) < 2:
            return f"{name}: {len(self.took)} answers, {len(self.errors)} errors"
        cuts = [1000 * cut for cut in statistics.quantiles(self.took, n=100)]
        return (
            f"{name}: {len(self.took)} answers, p50 {cuts[49]:.0f} ms, p95 {cuts[94]:.0f} ms, p99 {cuts[98]:.0f} ms,"
            f" {len(self.errors)} errors"
        )

    @property
    def p99(self) -> float:
        return statistics.quantiles(self.took, n=100)[98] if len(self.took) > 1 else float("inf")


def prepare(port: int, count: int) -> list[Prepared]:
    """Let so many people fill everything in, with a document each, up to 確認."""
    page = Client(port).get("/openings").text
    openings = list(dict.fromkeys(re.findall(r"/openings/([0-9a-f-]{36})", page)))
    openings = [one for one in openings if "応募する" in Client(port).get(f"/openings/{one}").text]
    people: list[Prepared] = []
    numbers = iter(range(count))

    def fill() -> None:
        for number in numbers:
            mail = {"mail": f"person{number}@applicant.example.jp"}
            opening, document = openings[number % len(openings)], heavy_pdf(FILE_BYTES)
            person = Applicant(port, f"person{number}", opening=opening, typed=mail, document=document)
            person.fill(person.start())
            people.append(Prepared(person, person.ready()))
            person.hang_up()

    together([fill] * 4)
    assert len(people) == count, f"{len(people)} of {count} people stand on 確認"
    return people


def together(works: Sequence[Callable[[], object]]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def press(prepared: Prepared, times: Times, due: float) -> None:
    """Send, and note when the client's clock said so and how long the answer took."""
    pressed = datetime.now(UTC)
    try:
        answer = prepared.person.post(f"/apply/drafts/{prepared.person.draft}{SEND}", prepared.pairs)
        if answer.status != 303:
            raise Refused("send", answer)
    except (Lost, Refused) as error:
        times.errors.append(str(error)[:200])
        return
    finally:
        times.took.append(time.monotonic() - due)
    times.pressed[where(answer).rsplit("/", 1)[1]] = pressed


def peak(made: Installed, count: int) -> tuple[float, float, Times]:
    """Final submits per second of clients that press one after another, and milliseconds of processor for each."""
    everybody, times = prepare(made.port, count + WARM), Times()
    for one in everybody[count:]:
        press(one, Times(), 0)  # the first of a process loads and compiles
        one.person.hang_up()
    people = iter(everybody[:count])
    web = next(one.pid for one in made.processes if "run-server" in one.args)

    def client() -> None:
        for one in people:
            press(one, times, time.monotonic())
            one.person.hang_up()

    began, used = time.monotonic(), cpu_seconds(web)
    together([client] * CLIENTS)
    return count / (time.monotonic() - began), 1000 * (cpu_seconds(web) - used) / count, times


def bare(engine: str, way: str, count: int) -> tuple[float, float]:
    """Uploads of 300 KB per second to the bare page, by as many people under as many processes, and their cost."""
    content, numbers = heavy_pdf(FILE_BYTES), iter(range(count))
    with served_bare(engine, PROCESSES, way) as (port, web):

        def client() -> None:
            line = Client(port)
            for _number in numbers:
                assert line.post("/", [], {"file": ("resume.pdf", content)}).status == 200
                line.hang_up()

        began, used = time.monotonic(), cpu_seconds(web)
        together([client] * CLIENTS)
        return count / (time.monotonic() - began), 1000 * (cpu_seconds(web) - used) / count


@contextmanager
def reads(port: int, times: Times, paths: Sequence[str]) -> Iterator[None]:
    """Read public pages by the clock, from processes of their own, as long as this holds."""
    pipes = [_reader(port, paths, READS / 2) for _ in range(2)]
    try:
        yield
    finally:
        for child, pipe in pipes:
            os.kill(child, signal.SIGTERM)
            with os.fdopen(pipe) as told:
                for line in told:
                    times.took.append(float(line)) if line[0] != "x" else times.errors.append(line)
            os.waitpid(child, 0)


def _reader(port: int, paths: Sequence[str], per_second: float) -> tuple[int, int]:
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    ends = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_a: ends.set())
    times = Times()
    by_the_clock(lambda n, due: _read(port, paths[n % len(paths)], times, due), per_second, ends, READERS)
    with os.fdopen(writing, "w") as told:
        told.writelines(f"{took}\n" for took in times.took)
        told.writelines(f"x {error}\n" for error in times.errors)
    os._exit(0)


def _read(port: int, path: str, times: Times, due: float) -> None:
    line = Client(port)
    try:
        line.get(path)
    except (Lost, Refused) as error:
        times.errors.append(str(error)[:100].replace("\n", " "))
    times.took.append(time.monotonic() - due)
    line.hang_up()


def by_the_clock(act: Callable[[int, float], None], per_second: float, ends: threading.Event, threads: int) -> None:
    """Act so many times a second, each at its due moment, whatever the ones before take."""
    began, numbers, taking = time.monotonic(), iter(range(10**9)), threading.Lock()

    def work() -> None:
        while not ends.is_set():
            with taking:
                number = next(numbers)
            due = began + number / per_second
            if ends.wait(max(0.0, due - time.monotonic())):
                return
            act(number, due)

    together([work] * threads)


def rush(made: Installed, seconds: int) -> tuple[Times, Times]:
    """Submits and reads by the clock."""
    people, submits, pages = prepare(made.port, SUBMITS * seconds), Times(), Times()
    ends = threading.Event()

    def act(number: int, due: float) -> None:
        if number >= len(people):
            ends.set()
            return
        press(people[number], submits, due)
        people[number].person.hang_up()

    paths = ["/", "/openings", f"/openings/{people[0].person.opening}"]
    with reads(made.port, pages, paths):
        by_the_clock(act, SUBMITS, ends, 40)
    return submits, pages


def stamps(made: Installed, times: Times) -> float:
    """How far an arrival stamp is from the client's clock, at most, in ms."""
    rows = read_rows(made.outside.url, "submission")["submission"]
    apart = [
        abs((row["received_at"] - times.pressed[str(row["id"])]).total_seconds()) * 1000
        for row in rows
        if str(row["id"]) in times.pressed
    ]
    return max(apart, default=float("inf"))


def held(made: Installed, times: Times) -> list[str]:
    """What does not hold of I1-I8, and submits that were answered and are not there."""
    since = min(times.pressed.values(), default=None)
    found = look(replace(made.outside, since=since), now=datetime.now(UTC))
    there = {str(row["id"]) for row in found.rows["submission"]}
    lost = [f"submission {one} was answered and is not there" for one in times.pressed.keys() - there]
    return [*map(str, violations(found)), *lost]


def run_peak(engine: str, people: int) -> bool:
    with installed(engine) as made:
        made.serve(PROCESSES)
        before = {way: bare(engine, way, people) for way in WAYS}
        per_second, cost, times = peak(made, people)
        after = {way: bare(engine, way, people) for way in WAYS}
        broken = held(made, times)
    print(
        f"submits {engine} peak: {per_second:.0f}/s of {cost:.1f} ms processor each, {len(broken)} violations;"
        f" {times.line('submits')}"
    )
    ratio = 0.0
    for way in WAYS:
        uploads, each = (statistics.mean(pair) for pair in zip(before[way], after[way], strict=True))
        ratio = per_second / uploads
        print(f"  bare upload and commit by {way}: {uploads:.0f}/s of {each:.1f} ms, ratio {ratio:.2f}")
    print(f"  bar {LEAST_RATIO} of the last")
    print("\n".join([*times.errors[:3], *broken[:5]]))
    return ratio >= LEAST_RATIO and not broken and not times.errors


def run_rush(engine: str, seconds: int) -> bool:
    with installed(engine) as made:
        made.serve(PROCESSES)
        submits, pages = rush(made, seconds)
        broken, apart = held(made, submits), stamps(made, submits)
    print(
        f"submits {engine} rush, {SUBMITS} submits/s and {READS} reads/s for {seconds} s: {submits.line('submits')};"
        f" {pages.line('reads')}; stamps at most {apart:.1f} ms off (bar {MOST_STAMP_MS}), {len(broken)} violations;"
        f" bar p99 {1000 * MOST_P99_SECONDS:.0f} ms"
    )
    print("\n".join([*submits.errors[:3], *pages.errors[:3], *broken[:5]]))
    return not (broken or submits.errors) and submits.p99 < MOST_P99_SECONDS and apart <= MOST_STAMP_MS


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", choices=ENGINES)
    parser.add_argument("--part", choices=("peak", "rush"))
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--people", type=int, default=400)
    asked = parser.parse_args()
    good = True
    for engine in [asked.database] if asked.database else ENGINES:
        if asked.part != "rush":
            good &= run_peak(engine, asked.people)
        if asked.part != "peak":
            good &= run_rush(engine, asked.seconds)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
