"""Only a plain answer counts: away, slow, full, half or strange is never clean (U7)."""

import io
import socket
import threading
from pathlib import Path

import pytest

from app.files.scanner import NoVerdict, Verdict, scan
from tests.files.fake_scanner import scanner

CONTENT = bytes(range(256)) * 1000


@pytest.mark.parametrize(("mode", "verdict"), [("clean", Verdict.CLEAN), ("infected", Verdict.INFECTED)])
def test_the_whole_file_is_sent_and_a_plain_answer_taken(mode: str, verdict: Verdict) -> None:
    with scanner(mode) as fake:
        assert scan(io.BytesIO(CONTENT), fake.where) is verdict
        assert fake.seen == [CONTENT]


@pytest.mark.parametrize("mode", ["hang", "close", "garbage", "size"])
def test_no_other_answer_is_a_verdict(mode: str) -> None:
    with scanner(mode) as fake, pytest.raises(NoVerdict):
        scan(io.BytesIO(CONTENT), fake.where, seconds=0.3)


def test_a_scanner_that_is_away_gives_no_verdict(tmp_path: Path) -> None:
    for where in ("127.0.0.1:1", str(tmp_path / "clamd.sock")):
        with pytest.raises(NoVerdict):
            scan(io.BytesIO(CONTENT), where, seconds=0.3)


def test_half_an_answer_is_none(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "clamd.sock"))
        listening.listen()
        threading.Thread(target=_say_half, args=(listening,), daemon=True).start()

        with pytest.raises(NoVerdict, match="no whole answer"):
            scan(io.BytesIO(b"x"), str(tmp_path / "clamd.sock"), seconds=2)


def _say_half(listening: socket.socket) -> None:
    line, _address = listening.accept()
    with line:
        line.makefile("rb").read(19)  # the command, one byte with its length, the end
        line.sendall(b"stream: OK")
