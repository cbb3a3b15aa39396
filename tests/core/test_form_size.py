"""A form of too many fields is refused before it is taken apart (V8), one of ours never is."""

import io
import time
from typing import Any, BinaryIO

import pytest
from flask import Flask
from werkzeug.test import EnvironBuilder

from app.core.form_size import ENCODED, CountedRequest
from tests.page_checks import check_page

BOUNDARY = "x9z8"
PATH = "/my/sign-in"


def encoded(fields: int) -> tuple[bytes, str]:
    return b"&".join(b"a%d=b" % n for n in range(fields)), ENCODED


def in_parts(fields: int) -> tuple[bytes, str]:
    part = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n'
    return (part * fields + f"--{BOUNDARY}--\r\n").encode(), f"multipart/form-data; boundary={BOUNDARY}"


@pytest.mark.parametrize(
    ("body", "kind"),
    [encoded(100_000), in_parts(3_100), (b"a=" + b"b" * 3_000_001, ENCODED), (b"&" * 3_100, ENCODED)],
    ids=["fields", "parts", "text", "nothing"],
)
def test_a_form_too_large_to_be_ours_is_refused_at_once(sqlite_app: Flask, body: bytes, kind: str) -> None:
    client, began = sqlite_app.test_client(), time.process_time()

    answer = client.post(PATH, data=body, content_type=kind)

    assert answer.status_code == 413
    check_page(answer.text, PATH, status=413)
    assert time.process_time() - began < 0.5


def test_a_file_that_finds_no_room_on_the_disk_is_refused_with_a_page(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: Any, **_more: Any) -> BinaryIO:
        return open("/dev/full", "w+b", buffering=0)

    monkeypatch.setattr(CountedRequest, "_get_file_stream", full)

    answer = sqlite_app.test_client().post(PATH, data={"mail": "a@example.jp", "file": (io.BytesIO(b"x"), "a.pdf")})

    assert answer.status_code == 503
    check_page(answer.text, PATH, status=503)


@pytest.mark.parametrize(("body", "kind"), [encoded(2_500), in_parts(2_500), (b"a=" + b"%E3%81%82" * 300_000, ENCODED)])
def test_a_long_form_is_read(sqlite_app: Flask, body: bytes, kind: str) -> None:
    answer = sqlite_app.test_client().post(PATH, data=body, content_type=kind)

    assert answer.status_code != 413


HIDDEN, SHOWN = "株\u202e式\x00\u00ad会\U000e0041社\u2028髙葛\U000e0100", "株式会社\n髙葛\U000e0100"


@pytest.mark.parametrize("files", [{}, {"file": (io.BytesIO(b"x"), "a.pdf")}], ids=["encoded", "in parts"])
def test_what_shows_nothing_is_in_no_text_that_comes_in(files: dict[str, Any]) -> None:
    sent = {"text": [HIDDEN, "b"], "na\u200bme": "c"}

    given = CountedRequest(
        EnvironBuilder("/", method="POST", query_string={"q": HIDDEN}, data=sent | files).get_environ()
    )

    assert (given.form.to_dict(flat=False), given.args["q"]) == ({"text": [SHOWN, "b"], "name": ["c"]}, SHOWN)


def test_bytes_that_are_no_text_are_shown_as_their_numbers() -> None:
    body = b"a=%ff%fe&a=2&b=%ed%a0%80"

    given = CountedRequest(EnvironBuilder("/", method="POST", data=body, content_type=ENCODED).get_environ())

    assert given.form.to_dict(flat=False) == {"a": ["%FF%FE", "2"], "b": ["%ED%A0%80"]}
