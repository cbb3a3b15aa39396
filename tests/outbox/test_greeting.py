"""A city's mail greets by a name, never by a message that somebody typed as one."""

import pytest
from flask import Flask

from app.outbox.greeting import UNNAMED, greeted
from app.outbox.queue import write
from tests import factories

REAL = (
    "品川 春香",
    "髙﨑 𠮷󠄁美",
    "María José Carreño Quiñones",
    "O'Brien-Smith Anne",
    "Wolfeschlegelsteinhausenbergerdorff Hubert Blaine",
    "J. R. Tolkien",
    "ムハンマド・アブドゥルラフマーン アリー",
)
MESSAGES = (
    "【重要】応募手数料5000円を https://evil.example/pay で本日中にお支払いください。",
    "応募手数料を evil.example へ",
    "至急 www.evil.example",
    "手数料を本日中に必ずお支払いくださらない方の応募は無効です 事務局",
    "合格のご連絡は pay@evil.example",
    "山田 09012345678",
)


@pytest.mark.parametrize("name", REAL)
def test_a_name_is_greeted_as_it_was_typed(name: str) -> None:
    assert greeted(name) == name


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_typed_as_a_name_is_not_repeated(name: str) -> None:
    assert greeted(name) == UNNAMED


def test_no_mail_repeats_it(sqlite_app: Flask) -> None:
    city = factories.organisation()
    said = {"receipt_number": "SNG-1", "title": "募集", "url": "https://city.example.jp/"}
    with sqlite_app.test_request_context():
        mail = write("examinee-number", to="a@example.jp", dedupe="1", organisation=city, name=MESSAGES[0], **said)

    assert mail.body.startswith("ご応募者 様\n")
    assert "evil" not in mail.body
