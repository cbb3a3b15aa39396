"""A client that looks at each page as it goes: every page it gets passes `check_page`, every form carries its token."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from app.extensions import db
from tests.page_checks import check_page

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def apart(call: Callable[..., TestResponse], *arguments: Any, **options: Any) -> TestResponse:
    """Make a request as a server does: with an application context and a session of its own, not those of the test."""
    return Context().run(call, *arguments, **options)


@contextmanager
def noted_statements() -> Iterator[list[str]]:
    """Note every statement that the application's engine is given."""
    noted: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        noted.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield noted
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def without_pragmas(statements: list[str]) -> list[str]:
    """Leave out what a connection of SQLite is told only when it changes whether it may write."""
    return [one for one in statements if not str(one).startswith("PRAGMA")]


class Browser:
    """One person's browser without JavaScript."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()
        self.token: str | None = None

    def get(self, url: str, *, status: int = 200, follow: bool = False) -> str:
        """Get a page, check its status and its markup, remember its form token, return its text."""
        answer = apart(self.client.get, url, follow_redirects=follow)
        assert answer.status_code == status, f"GET {url}: {answer.status_code}, not {status}\n{answer.text[:2000]}"
        return self._look(answer, url)

    def statements_of(self, url: str) -> int:
        """Count the statements that a page costs; a connection is told only when it changes whether it may write."""
        with noted_statements() as noted:
            self.get(url)
        return len(without_pragmas(noted))

    def post(self, url: str, data: dict[str, Any] | None = None, *, status: int = 303, **options: Any) -> TestResponse:
        """Post a form with the token of the last page that had one (GET the form's page first)."""
        fields = {"csrf_token": self.token or "", **(data or {})}
        answer = apart(self.client.post, url, data=fields, **options)  # multipart where there is a file, as a browser's
        assert answer.status_code == status, f"POST {url}: {answer.status_code}, not {status}\n{answer.text[:3000]}"
        if answer.status_code >= 400 or answer.status_code == 200:
            self._look(answer, url)
        return answer

    def press(self, url: str, data: dict[str, Any] | None = None) -> str:
        """Post a form and get the page to which the answer leads."""
        return self.get(self.post(url, data).headers["Location"])

    def _look(self, answer: TestResponse, url: str) -> str:
        if "text/html" in answer.content_type and answer.status_code not in {301, 302, 303, 307, 308}:
            check_page(answer.text, url, status=answer.status_code)
            if found := TOKEN.search(answer.text):
                self.token = found.group(1)
        return answer.text
