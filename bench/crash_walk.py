"""Kill a server process at every write, sync, rename, unlink and send of one upload and one submit, and the worker's.

    .venv/bin/python bench/crash_walk.py [--database sqlite] [--act upload|submit|mail] [--mutant] [--list]

On PostgreSQL the processes of ours are killed, at what they send to the database too; its own are left alone. The bar:
at each point I1-I8 hold after the restart, and again after the browser's retry; at most one file without a row is left
by a point; the calls that an act cannot do without were among the points. With the mutant (the row is committed before
its file is written) I3 must be seen broken. Needs strace: apt-get install strace. Exits 1 if the bar is missed.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from app.core import clock, storage
from app.extensions import db
from app.outbox.delivery import LEASE, deliver_due
from app.outbox.worker import Job, run_job
from bench.stage import ENGINES, application
from tests import factories, postgres
from tests.applications.pdf import pdf
from tests.crash import Server, fork, serving, wait, write_row_before_file
from tests.invariant_files import orphans
from tests.invariants import Outside, look, violations
from tests.journeys.stack import ROOT
from tests.serving import served
from tests.wire import Applicant, Lost

CALLS = "write,writev,pwrite64,fsync,fdatasync,ftruncate,rename,renameat,renameat2,unlink,unlinkat,sendto,sendmsg"
# an act that was not killed at these was not walked
MUST = {"upload": {"write", "fsync", "rename", "sendto"}, "submit": {"sendto"}, "mail": {"sendto"}}
MUST_WRITE = {"sqlite": {"pwrite64"}, "postgresql": set[str]()}
THREADS = 3
MOST_POINTS = 400
CALL = re.compile(r"^(?:\[pid +\d+\] )?(\w+)\((.*)$", re.M)
Act = Callable[[], object]
Prepare = Callable[["Walk"], Act]


@dataclass
class Strace:
    """strace on one thread: it lists the calls, or kills the process when the n-th of them is entered."""

    thread: int
    log: Path
    call: str = ""
    kill_at: int = 0  # the how manieth of this call; strace counts each call by itself
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        inject = [f"-einject={self.call}:signal=KILL:when={self.kill_at}"] if self.kill_at else []
        command = ["strace", "-y", "-s", "24", f"-etrace={CALLS}", *inject, "-o", str(self.log), "-p", str(self.thread)]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE)
        assert self.process.stderr is not None
        self.process.stderr.readline()  # "Process … attached"

    def end(self) -> list[str]:
        """Take it away; give the calls that were seen."""
        if self.process is not None:
            self.process.terminate()
            self.process.communicate()
        return [f"{name}({rest[:70]}" for name, rest in CALL.findall(self.log.read_text(errors="replace"))]


def threads_of(process: int) -> list[int]:
    """The threads in the order in which they began: of the sockets, of pages, of uploads."""
    return [int(name) for name in os.listdir(f"/proc/{process}/task")]


def lacking(engine: str, act: str, killed: set[str]) -> list[str]:
    """What says that an act was not walked as it should be."""
    missed = (MUST[act] | MUST_WRITE[engine]) - killed
    return [f"{act}: never killed at {', '.join(sorted(missed))}"] if missed else []


@dataclass
class Walk:
    """One person, and one act of theirs in which the process is killed later and later, thread by thread."""

    server: Server
    outside: Outside
    person: Applicant
    folder: Path
    points: int = 0
    broken: list[str] = field(default_factory=list)

    def through(self, engine: str, name: str, prepare: Prepare) -> None:
        """Walk thread by thread, each kind of call from its first on."""
        killed = set()
        for which, seen in enumerate(self.calls_of(prepare)):
            for call in dict.fromkeys(one.partition("(")[0] for one in seen):
                for point in range(1, MOST_POINTS):
                    if not self.killed_at(which, call, point, prepare):
                        break
                    killed.add(call)
                    self.go_on(f"{name}, thread {which}, killed at {call} {point}")
        self.broken += lacking(engine, name, killed)

    def go_on(self, when: str) -> None:
        """Look at what is left, start again, go on as a browser would, and look again."""
        self.look(when)
        self.server.start()
        self.person.fill(f"/apply/drafts/{self.person.draft}/career")
        self.person.finish()
        self.server.end()
        self.look(f"{when}, after all")

    def calls_of(self, prepare: Prepare) -> list[list[str]]:
        """List the calls of an act, thread by thread."""
        calls: list[list[str]] = []
        for which in range(THREADS):
            self.server.start()
            act = prepare(self)
            threads = threads_of(self.server.child)
            assert len(threads) == THREADS, threads
            strace = Strace(threads[which], self.folder / "strace")
            strace.start()
            act()
            calls.append(strace.end())
            self.person.hang_up()
            self.server.end()
        return calls

    def killed_at(self, which: int, call: str, point: int, prepare: Prepare) -> bool:
        """Do the act under strace; say whether the process was killed in it, before its answer or after."""
        self.server.start()
        act = prepare(self)
        strace = Strace(threads_of(self.server.child)[which], self.folder / "strace", call, point)
        strace.start()
        try:
            act()
        except Lost:
            self.points += 1
            strace.end()
            code = wait(self.server.child)
            self.server.child = 0
            assert code == -signal.SIGKILL, code
            return True
        strace.end()
        self.person.hang_up()
        self.server.end()
        return False

    def look(self, when: str) -> None:
        self.person.hang_up()
        found = look(self.outside, now=clock.now(), seen=self.person.seen)
        if len(orphans(found)) > self.points:
            self.broken.append(f"{when}: {len(orphans(found))} files without a row")
        self.broken += [f"{when}: {one}" for one in violations(found)]


def upload(walk: Walk) -> Act:
    form = walk.person.open_step(f"/apply/drafts/{walk.person.draft}/career")
    return lambda: walk.person.send_step(form)


def submit(walk: Walk) -> Act:
    form = walk.person.open_step(f"/apply/drafts/{walk.person.draft}/questions")
    next(one for one in form.fields if one.kind == "textarea").value = f"{time.monotonic_ns()}"
    walk.person.send_step(form)
    pairs = walk.person.ready()
    return lambda: walk.person.press(pairs)


@dataclass
class Mailing:
    """The worker's sending, killed later and later."""

    server: Server
    outside: Outside
    folder: Path
    opening: str
    points: int = 0
    broken: list[str] = field(default_factory=list)

    def through(self, engine: str) -> None:
        killed = set()
        for call in CALLS.split(","):
            for point in range(1, MOST_POINTS):
                self.owe()
                code = self.send(Strace(0, self.folder / "strace", call, point))
                assert self.send(None, LEASE + timedelta(minutes=1)) == 0
                found = look(self.outside, now=clock.now(), settled=True)
                self.broken += [f"mail killed at {call} {point}: {one}" for one in violations(found)]
                if code == 0:
                    break
                self.points += 1
                killed.add(call)
        self.broken += lacking(engine, "mail", killed)

    def send(self, strace: Strace | None, later: timedelta = timedelta(0)) -> int:
        """Send what is due in a process of its own, from the moment that strace holds it; give its exit code."""
        reads, writes = os.pipe()

        def work() -> None:
            with self.server.app.app_context():
                db.engine.dispose(close=False)
            os.read(reads, 1)
            run_job(self.server.app, Job("mail", deliver_due, 1), at=clock.now() + later)

        child = fork(work)
        if strace is not None:
            strace.thread = child
            strace.start()
        os.write(writes, b"x")
        code = wait(child)
        if strace is not None:
            strace.end()
        os.close(reads)
        os.close(writes)
        return code

    def owe(self) -> None:
        """Let one more person apply."""
        applied(self.server.app, f"person{time.monotonic_ns()}", self.opening)


def applied(app: Any, name: str, opening: str) -> Applicant:
    """Somebody who has applied."""
    with served(app) as port:
        person = Applicant(port, name, opening=opening, document=pdf(1))
        person.apply()
        person.hang_up()
    return person


def print_calls(walk: Walk, prepare: Prepare) -> None:
    for which, calls in enumerate(walk.calls_of(prepare)):
        print(*(f"thread {which}: {call}" for call in calls), sep="\n")


def walk_on(engine: str, asked: argparse.Namespace) -> list[str]:
    with ExitStack() as stack:
        app, outside = stack.enter_context(application(engine))
        folder = Path(tempfile.mkdtemp(prefix="koubo-walk-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        opening = str(factories.opening(factories.organisation()).id)
        db.session.remove()
        server = stack.enter_context(serving(app))
        if asked.act == "mail":
            return walk_mail(engine, server, outside, folder, opening)
        person = applied(app, "somebody", opening)
        person.port = server.port
        walk = Walk(server, outside, person, folder)
        acts = {"upload": upload, "submit": submit}
        for name in [asked.act] if asked.act else acts:
            if asked.list:
                print_calls(walk, acts[name])
            else:
                walk.through(engine, name, acts[name])
        print(f"crash walk {engine}: killed at {walk.points} points of {asked.act or 'upload and submit'},", end=" ")
    print(f"{len(walk.broken)} problems (bar 0)")
    return walk.broken


def walk_mail(engine: str, server: Server, outside: Outside, folder: Path, opening: str) -> list[str]:
    port, maildir = postgres.free_port(), folder / "maildir"
    catcher = subprocess.Popen([sys.executable, "-P", str(ROOT / "app/demo/catcher.py"), str(port), str(maildir)])
    time.sleep(2)
    mail = server.app.extensions["mail"]
    mail.server, mail.port = "127.0.0.1", port
    mailing = Mailing(server, replace(outside, maildir=maildir), folder, opening)
    try:
        mailing.through(engine)
    finally:
        catcher.terminate()
        catcher.wait()
    print(f"crash walk {engine}: killed at {mailing.points} points of sending a mail, ", end="")
    print(f"{len(mailing.broken)} problems (bar 0)")
    return mailing.broken


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", choices=ENGINES, default="sqlite")
    parser.add_argument("--act", choices=("upload", "submit", "mail"))
    parser.add_argument("--mutant", action="store_true")
    parser.add_argument("--list", action="store_true")
    asked = parser.parse_args()
    if shutil.which("strace") is None:
        sys.exit("strace is not there: apt-get install strace")
    if asked.mutant:
        storage.keep = write_row_before_file(storage)
    broken = walk_on(asked.database, asked)
    print("\n".join(broken[:20]))
    return 0 if bool(broken) == asked.mutant else 1


if __name__ == "__main__":
    sys.exit(main())
