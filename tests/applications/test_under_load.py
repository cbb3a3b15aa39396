"""While files and PDFs that take long are worked on, everybody else reads and sends as always (V7, V1)."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from app.core import pdf as papers
from app.files import inspection
from tests import factories
from tests.serving import THREADS, served
from tests.wire import SEND, SENT, Answer, Applicant, Client, where

SLOW = """
import json, time
time.sleep(0.3)
print(json.dumps({"refused": "x", "seconds": 0.1}))
"""
MANY = THREADS + 1


def at_once(count: int, act: Callable[[], object]) -> list[threading.Thread]:
    threads = [threading.Thread(target=act) for _ in range(count)]
    for thread in threads:
        thread.start()
    time.sleep(0.3)
    return threads


@contextmanager
def meanwhile(act: Callable[[], object]) -> Iterator[Callable[[], bool]]:
    """Let many do something; give how to ask whether one of them still does."""
    threads = at_once(MANY, act)
    try:
        yield lambda: any(thread.is_alive() for thread in threads)
    finally:
        for thread in threads:
            thread.join()


def seconds_of(act: Callable[[], object]) -> float:
    began = time.monotonic()
    act()
    return time.monotonic() - began


@pytest.fixture
def slow(tmp_path: Path) -> Path:
    path = tmp_path / "slow.py"
    path.write_text(SLOW)
    return path


def test_many_slow_files_keep_nobody_from_reading_and_sending(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch, slow: Path
) -> None:
    opening = str(factories.opening(factories.organisation()).id)
    with served(sqlite_app) as port:
        sender, attacker = (Applicant(port, opening=opening) for _person in range(2))
        sender.fill(sender.start())
        ready, path = sender.ready(), attacker.start().replace("eligibility", "career")
        form = attacker.open_step(path)
        monkeypatch.setattr(inspection, "CHILD", slow)
        name = next(one.name for one in form.fields if one.kind == "file")
        pairs, files = [*form.pairs(), ("upload", name)], list[Answer]()
        confirm, sent, file = f"/apply/drafts/{sender.draft}{SEND}", list[Answer](), {name: ("a.pdf", b"%PDF-1.4\n")}

        with meanwhile(lambda: files.append(attacker.tab().post(path, pairs, file))) as is_under_way:
            took = (
                seconds_of(lambda: Client(port).get("/openings")),
                seconds_of(lambda: sent.append(sender.post(confirm, ready))),
            )
            assert is_under_way()

    assert max(took) < 1
    assert where(sent[0]).startswith(SENT)
    assert {answer.status for answer in files} <= {303, 409}  # one draft: some find it changed


def test_many_papers_keep_nobody_from_reading(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch, slow: Path) -> None:
    monkeypatch.setattr(papers, "CHILD", slow)
    ends = []

    def make() -> None:
        try:
            ends.append(papers.render("<p>a"))
        except papers.Busy:
            ends.append(b"busy")

    took = seconds_of(lambda: [thread.join() for thread in at_once(6, make)])

    assert (ends.count(b"busy"), len(ends)) == (3, 6)
    assert took < 4
