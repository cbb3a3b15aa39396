"""Have files looked at by a real clamd, with one signature of our own: clean, infected, away, too large (U7).

    .venv/bin/python bench/scanner.py [--database sqlite]

The bar: what a file is called on the pages of the person and of HR (未検査, 検査待ち, 検査済み, refused) is what clamd
said or did not say, at its port and its socket; HR opens a file only then. Needs apt-get install clamav-daemon; no
signatures are fetched. Exits 1 if the bar is missed.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from flask import Flask

from app.applications.models import Application
from app.core.access import Role
from app.files.scanner import NoVerdict, scan
from bench.stage import ENGINES, application
from tests import factories
from tests.applications.applying import ANSWERS, Person
from tests.applications.pdf import pdf
from tests.applications.test_applying import rows
from tests.applications.test_scanning import sweep
from tests.browsing import Browser
from tests.files import zoo_docx
from tests.postgres import free_port
from tests.wire import heavy_pdf

PATTERN = "KOUBO-BENCH-SIGNATURE"
REFUSED = "安全でないファイルのため受け取れません"
STREAM_BYTES = 2 * 1024 * 1024
READY_WITHIN_SECONDS = 30


@dataclass
class Clamd:
    """A scanner that can be stopped and started."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def places(self) -> list[str]:
        return [f"127.0.0.1:{self.port}", str(self.folder / "socket")]

    def start(self) -> None:
        command = ["clamd", "--foreground", "-c", str(self.folder / "conf")]
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        until = time.monotonic() + READY_WITHIN_SECONDS
        while time.monotonic() < until:
            with suppress(NoVerdict):
                scan(BytesIO(b"x"), self.places[1])
                return
            time.sleep(0.2)
        raise SystemExit((self.folder / "log").read_text())

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        self.process = None


@contextmanager
def clamd() -> Iterator[Clamd]:
    with tempfile.TemporaryDirectory(prefix="koubo-clamd-") as folder:
        made = Clamd(Path(folder), free_port())
        made.folder.chmod(0o755)
        signatures = made.folder / "signatures"
        signatures.mkdir()
        (signatures / "koubo.ndb").write_text(f"Koubo.Bench:0:*:{PATTERN.encode().hex()}\n")
        (made.folder / "conf").write_text(
            f"DatabaseDirectory {signatures}\nTCPSocket {made.port}\nTCPAddr 127.0.0.1\n"
            f"LocalSocket {made.folder}/socket\nFixStaleSocket yes\nStreamMaxLength {STREAM_BYTES}\nUser root\n"
        )
        try:
            yield made
        finally:
            made.stop()


def said(app: Flask, opening: object, hr: Browser) -> set[str]:
    """Which of the words stand on HR's page of the only application, and whether its file opens."""
    base = f"/staff/shinagawa/openings/{opening}/applications"
    page = hr.get(f"{base}/{rows(Application)[-1].id}")
    words = {word for word in ("未検査", "検査待ち", "検査済み") if word in page}
    return words | ({"opens"} if "/documents/" in page else set())


@dataclass
class Walk:
    app: Flask
    engine: Clamd
    checks: int = 0

    def __post_init__(self) -> None:
        organisation = factories.organisation()
        self.opening = factories.opening(organisation)
        self.hr = Browser(self.app)
        factories.sign_in(self.hr.client, factories.staff(organisation, Role.HR))
        self.problems: list[str] = []

    def expect(self, what: str, is_so: object, should: object) -> None:
        self.checks += 1
        if is_so != should:
            self.problems.append(f"{what}: {is_so} where {should} is right")

    def use(self, where: str) -> None:
        self.app.extensions["koubo.settings"].clamav = where

    def person(self) -> Person:
        return Person(self.app, self.opening).start().fill()

    def bring(self, person: Person, name: str, content: bytes) -> None:
        person.save("career", {**ANSWERS["career"], "file_resume": (BytesIO(content), name)})

    def whole(self) -> None:
        person = self.person()
        person.send()
        self.expect("no scanner", said(self.app, self.opening.id, self.hr), {"未検査", "opens"})
        self.use(self.engine.places[0])
        self.expect("scanner away: answers", sweep(), 0)
        self.expect("scanner away", said(self.app, self.opening.id, self.hr), {"検査待ち"})
        self.engine.start()
        self.expect("scanner back: answers", sweep(5), 1)
        self.expect("scanner back", said(self.app, self.opening.id, self.hr), {"検査済み", "opens"})
        for where in self.engine.places:
            self.use(where)
            self.infected(where)

    def infected(self, where: str) -> None:
        body = zoo_docx.changed(
            "word/document.xml", "<w:sectPr", f"<w:p><w:r><w:t>{PATTERN}</w:t></w:r></w:p><w:sectPr"
        )
        person = self.person()
        for name, content in (("経歴.pdf", pdf(1, PATTERN)), ("経歴.docx", body)):
            self.bring(person, name, content)
            sweep(10)
            self.expect(f"{where}, {name} with the pattern", REFUSED in person.get(person.url("career")), True)
            self.expect(f"{where}, {name}, 確認", REFUSED in person.get(person.url("confirm")), True)
        self.bring(person, "経歴.pdf", heavy_pdf(2 * STREAM_BYTES))
        self.expect(f"{where}, too large for the scanner: answers", sweep(20), 0)
        page = person.get(person.url("career"))
        self.expect(f"{where}, too large", (REFUSED in page, "検査済み" in page), (False, False))
        self.bring(person, "経歴.docx", zoo_docx.honest())
        self.expect(f"{where}, clean: answers", sweep(30), 1)


def walk(engine: str) -> list[str]:
    with clamd() as scanner, application(engine) as (app, _outside):
        made = Walk(app, scanner)
        made.whole()
    print(f"scanner {engine}: {made.checks} checks, {len(made.problems)} problems (bar 0)")
    return made.problems


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", choices=ENGINES)
    asked = parser.parse_args()
    if shutil.which("clamd") is None:
        sys.exit("clamd is not there: apt-get install clamav-daemon")
    problems = [one for engine in ([asked.database] if asked.database else ENGINES) for one in walk(engine)]
    print("\n".join(problems[:20]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
