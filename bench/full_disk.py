"""Apply on a disk with so many pages left, from none on: refused with words or saved, never half, never lost (F09).

    .venv/bin/python bench/full_disk.py [--database sqlite]

A small tmpfs holds the database (SQLite's), the files and what is kept for a moment; the room that is left goes up turn
by turn until nothing is refused any more. In each turn somebody saves a text, brings two files and sends; then there is
room again, and they press once more. The bar: pages open at any time; every refusal is the page that gives back
what was typed (of a large file: a page), or the words beside the file; the second press does it; I1-I8, and no file
without a row. Needs root, for mount. Exits 1 if it is missed, also when nothing was refused.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from flask import Flask
from sqlalchemy import create_engine

from app.applications.room import NO_ROOM
from app.core import clock
from app.extensions import db
from bench.stage import ENGINES, application
from tests import factories
from tests.forms_read import ReadForm
from tests.invariant_files import orphans
from tests.invariants import Outside, look, violations
from tests.serving import served
from tests.wire import Answer, Applicant, Lost, heavy_pdf, where

PAGE = 4096
LEFT = (*range(64), *range(64, 1000, 36))  # pages, turn by turn
LIGHT, HEAVY = 40_000, 700_000  # bytes; what is larger than half a megabyte lies in temporary files on its way in
AGAIN = "同じ内容をもう一度送る"
MUST = {"sqlite": {"text", "file", "large file", "send"}, "postgresql": {"file", "large file"}}


@contextmanager
def small_disk() -> Iterator[Path]:
    """A disk that holds what a walk keeps, in 256 MB."""
    folder = tempfile.mkdtemp(prefix="koubo-disk-")
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256m", "tmpfs", folder], check=True)
    try:
        yield Path(folder)
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
        os.rmdir(folder)


@contextmanager
def left(folder: Path, pages: int) -> Iterator[None]:
    """Leave so many pages free."""
    ballast = folder / "ballast"
    free = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, free - pages * PAGE))
    try:
        yield
    finally:
        ballast.unlink()


def answered(press: Callable[[], str]) -> str:
    try:
        return press()
    except Lost as lost:
        return f"no answer: {lost}"


@dataclass
class Turns:
    """One person, turn by turn."""

    folder: Path
    outside: Outside
    person: Applicant
    refused: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    def walk(self) -> None:
        for pages in LEFT:
            before = self.refused.total()
            self.twice("text", pages, self.text())
            self.twice("file", pages, self.file(LIGHT))
            self.twice("large file", pages, self.file(HEAVY))
            self.twice("send", pages, self.send())
        if self.refused.total() > before:
            self.problems.append(f"{pages} pages left, and still refused")

    def twice(self, name: str, pages: int, press: Callable[[], str]) -> None:
        """Press where little is left, and again where there is room."""
        when = f"{pages} pages left, {name}"
        self.shorten_log()
        with left(self.folder, pages):
            said = answered(press)
            self.open_pages(when)
        self.refused[name] += said != "done"
        if said not in {"done", "refused"}:
            self.problems.append(f"{when}: {said}")
        if said != "done" and (said := answered(press)) != "done":
            self.problems.append(f"{when}, once more: {said}")

    def shorten_log(self) -> None:
        """Let SQLite ask for new room: what its log once took, it keeps."""
        if self.outside.url.startswith("sqlite"):
            engine = create_engine(self.outside.url)
            with engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").all()
            engine.dispose()

    def open_pages(self, when: str) -> None:
        for path in (f"/apply/drafts/{self.person.draft}/questions", "/my/", f"/openings/{self.person.opening}"):
            status = self.person.ask("GET", path).status
            if status != 200:
                self.problems.append(f"{when}: GET {path} {status}")

    def text(self) -> Callable[[], str]:
        form = self.person.open_step(f"/apply/drafts/{self.person.draft}/questions")
        typed = f"{time.monotonic_ns()}回目の文"
        next(one for one in form.fields if one.kind == "textarea").value = typed

        def press() -> str:
            said = self.said(self.person.post(form.action, [*form.pairs(), ("next", "1")]), typed)
            return said if said != "done" or self.stands(form, typed) else "the text does not stand there"

        return press

    def stands(self, form: ReadForm, typed: str) -> bool:
        return typed in self.person.get(form.action).text

    def file(self, size: int) -> Callable[[], str]:
        form = self.person.open_step(f"/apply/drafts/{self.person.draft}/career")
        name = next(one.name for one in form.fields if one.kind == "file")
        content = heavy_pdf(size)

        def press() -> str:
            now = self.person.open_step(form.action)
            files = {name: ("職務経歴書（見本）.pdf", content)}
            answer = self.person.post(form.action, self.person.filled(now), files)
            return self.said(answer) if size < HEAVY or answer.status != 503 else "refused"

        return press

    def send(self) -> Callable[[], str]:
        pairs = self.person.ready()

        def press() -> str:
            answer = self.person.post(f"/apply/drafts/{self.person.draft}/confirm", pairs)
            if answer.status == 303:
                self.person.look_at_receipt(where(answer))
            return self.said(answer)

        return press

    def said(self, answer: Answer, typed: str = "") -> str:
        if answer.status == 503 and AGAIN in answer.text and typed in answer.text:
            return "refused"
        if answer.status != 303:
            return f"answer {answer.status}"
        if "?tried=1" not in where(answer) and "#errors" not in where(answer):
            return "done"
        return "refused" if NO_ROOM in self.person.get(where(answer)).text else f"no words on {where(answer)}"


def walk(engine: str) -> list[str]:
    with (
        small_disk() as folder,
        application(engine, data=folder, min_free_bytes=0) as (app, outside),
        patch.object(tempfile, "tempdir", str(folder)),
    ):
        opening = str(factories.opening(factories.organisation()).id)
        db.session.remove()
        turns = played(app, Turns(folder, outside, Applicant(0, "somebody", opening=opening)))
        found = look(outside, now=clock.now(), seen=turns.person.seen)
        problems = [*turns.problems, *map(str, violations(found)), *map(str, orphans(found))]
        problems += [str(path) for path in outside.files.rglob("*.part")]
    problems += [f"{name} was never refused" for name in sorted(MUST[engine]) if not turns.refused[name]]
    print(
        f"full disk {engine}: 0 to {LEFT[-1]} pages left, refused {dict(turns.refused)},"
        f" {len(problems)} problems (bar 0)"
    )
    return problems


def played(app: Flask, turns: Turns) -> Turns:
    with served(app) as port:
        turns.person.port = port
        turns.person.apply()
        turns.walk()
        turns.person.hang_up()
    return turns


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", choices=ENGINES)
    asked = parser.parse_args()
    problems = [one for engine in ([asked.database] if asked.database else ENGINES) for one in walk(engine)]
    print("\n".join(problems[:20]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
