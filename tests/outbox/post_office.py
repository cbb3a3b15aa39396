"""A real SMTP server for the tests, with the answers that a test gives it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask

from tests.postgres import free_port


@dataclass
class Caught:
    """One accepted message: its envelope and itself."""

    sender: str
    recipients: list[str]
    message: EmailMessage


@dataclass
class PostOffice:
    """What aiosmtpd asks of a handler; `answers` maps a recipient to an answer at RCPT, `at_data` to one at the end."""

    caught: list[Caught] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    at_data: dict[str, str] = field(default_factory=dict)

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        answer = self.at_data.get(envelope.rcpt_tos[0], "250 OK")
        if answer.startswith("250"):
            self.caught.append(Caught(envelope.mail_from, envelope.rcpt_tos, message))
        return answer

    def to(self, address: str) -> list[EmailMessage]:
        return [caught.message for caught in self.caught if caught.recipients == [address]]


@contextmanager
def opened(office: PostOffice, port: int) -> Iterator[PostOffice]:
    """Run the server while the block lasts."""
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


def use_port(app: Flask, monkeypatch: pytest.MonkeyPatch, port: int | None = None) -> int:
    """Let the application send to this port (a free one) of this machine."""
    port = port or free_port()
    monkeypatch.setattr(app.extensions["mail"], "port", port)
    return port
