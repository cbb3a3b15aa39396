"""Ways that the tests of accounts walk again and again."""

import re
from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import Select, select
from werkzeug.test import TestResponse

from app.accounts import second_factor
from app.core import clock
from app.core.context import SYSTEM, bind
from app.core.database import read_only
from app.core.errors import DomainError
from app.extensions import db
from app.outbox.models import Mail
from tests.at_once import at_once
from tests.browsing import Browser, apart

LINK = re.compile(r"http://localhost(/staff/\S+)")
SECRET = re.compile(r'class="secret">(.+?)</p>')
CODE = re.compile(r"<li>([0-9a-z]{5}-[0-9a-z]{5})</li>")
MEMBER = re.compile(r'href="(/staff/[a-z]+/members/[0-9a-f-]{36})">([^<]+)<')


def go(browser: Browser, url: str, method: str = "get") -> TestResponse:
    """Ask for an address and look at the bare answer, without following it."""
    return apart(getattr(browser.client, method), url)


def leads_to(browser: Browser, url: str) -> str | None:
    """Where an address redirects to; None when it does not."""
    return go(browser, url).headers.get("Location")


def rows(query: Select[Any]) -> list[Any]:
    """What a query finds, read as the system."""
    db.session.remove()
    bind(db.session, SYSTEM)
    found = list(db.session.scalars(query))
    db.session.expunge_all()
    db.session.remove()
    return found


def mails(kind: str) -> list[Mail]:
    """The queued mails of a kind, the oldest first."""
    return rows(select(Mail).where(Mail.kind == kind).order_by(Mail.created_at, Mail.id))


def link_in(mail: Mail) -> str:
    """The path of the link in a mail's body."""
    found = LINK.search(mail.body)
    assert found is not None
    return found.group(1)


def give_password(browser: Browser, mail: str, password: str, *, status: int = 303, next: str | None = None) -> str:
    """Open the sign-in page and send mail and password; return where the answer leads, or its text."""
    browser.get("/staff/sign-in" + (f"?next={next}" if next else ""))
    answer = browser.post(
        "/staff/sign-in" + (f"?next={next}" if next else ""), {"mail": mail, "password": password}, status=status
    )
    return answer.headers.get("Location", answer.text)


def give_code(browser: Browser, secret: str, *, status: int = 303, url: str = "/staff/second-factor") -> str:
    """Open the page of the second factor and send the code of this moment."""
    browser.get(url)
    answer = browser.post(url, {"code": second_factor.code_at(secret, clock.now())}, status=status)
    return answer.headers.get("Location", answer.text)


def walk_in(browser: Browser, mail: str, password: str, secret: str) -> str:
    """Sign in with password and app; return where it leads."""
    give_password(browser, mail, password)
    return give_code(browser, secret)


def accept(browser: Browser, link: str, password: str) -> tuple[str, list[str]]:
    """Accept an invitation to its end: password, app, recovery codes; return the app's secret and the codes."""
    browser.get(link, follow=True)
    browser.post("/staff/invitation", {"password": password, "again": password})
    page = browser.get("/staff/second-factor/new")
    secret = shown_secret(page)
    fields = {"sealed": sealed(page), "code": second_factor.code_at(secret, clock.now())}
    browser.post("/staff/second-factor/new", fields)
    page = browser.get("/staff/second-factor/recovery-codes")
    browser.post("/staff/second-factor/recovery-codes", {"sealed": sealed(page), "kept": "y"})
    return secret, CODE.findall(page)


def shown_secret(page: str) -> str:
    """The secret that a page shows for typing."""
    found = SECRET.search(page)
    assert found is not None
    return re.sub(r"<[^>]+>| ", "", found.group(1))


def sealed(page: str) -> str:
    """What a page's form carries sealed."""
    found = re.search(r'name="sealed"[^>]*value="([^"]+)"', page)
    assert found is not None
    return found.group(1)


def commit_at_once(app: Flask, times: int, act: Callable[[], Any]) -> list[str]:
    """Do something that many times at the same moment, each committing; `done` or `refused` of each."""

    def one() -> str:
        read_only(False)
        bind(db.session, SYSTEM)
        try:
            act()
            db.session.commit()
        except DomainError:
            return "refused"
        return "done"

    return at_once(app, *[one] * times)
