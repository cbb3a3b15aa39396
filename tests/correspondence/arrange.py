"""A city with an opening, somebody who applied, and both their browsers."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask

from app.accounts.guard import APPLICANT_COOKIE, token_hash
from app.accounts.models import Applicant, ApplicantSession
from app.core import clock
from app.core.access import Role
from app.core.model import new_id
from tests import factories
from tests.browsing import Browser
from tests.screening.arrange import City, browser, city

KEY = re.compile(r'name="key" type="hidden" value="([^"]+)"')
SEEN = re.compile(r'name="seen" type="hidden" value="([^"]*)"')


def holding(app: Flask, applicant_id: Any) -> Browser:
    """A browser that holds an applicant's cookie."""
    made, at = Browser(app), clock.now()
    token = str(new_id())
    factories.save(ApplicantSession(applicant_id=applicant_id, token_hash=token_hash(token), created_at=at, seen_at=at))
    made.client.set_cookie(APPLICANT_COOKIE, token)
    return made


def somebody(app: Flask, mail: str = "dareka@example.jp", *, confirmed: bool = True) -> Browser:
    """A browser of somebody who has applied for nothing."""
    at = clock.now()
    person = Applicant(id=new_id(), mail=mail, mail_key=mail, confirmed_at=at if confirmed else None, created_at=at)
    factories.save(person)
    return holding(app, person.id)


def hidden(page: str) -> dict[str, str]:
    """What the hidden fields of a message's form hold."""
    found = {"key": KEY.search(page), "seen": SEEN.search(page)}
    return {name: match.group(1) for name, match in found.items() if match}


def presses(browser: Browser, url: str, times: int, data: Callable[[], dict[str, Any]]) -> list[Callable[[], int]]:
    """Prepare presses of one person's button, each from a client of its own; each gives the status."""
    kept = [browser.client.get_cookie(name) for name in ("koubo_applicant", "koubo_form")]

    def press() -> int:
        client = browser.client.application.test_client()
        for cookie in filter(None, kept):
            client.set_cookie(cookie.key, cookie.value)
        return client.post(url, data=data()).status_code

    return [press] * times


@dataclass
class Place:
    """One application with who may write about it."""

    app: Flask
    city: City
    application: Any
    person: Browser

    def mine(self, *parts: str) -> str:
        return "/".join(["/my/applications", str(self.application.id), *parts])

    @property
    def theirs(self) -> str:
        return f"{self.city.url()}/{self.application.id}/messages"

    def staff(self, *roles: Role, **values: Any) -> Browser:
        opening_id = self.city.opening.id
        return browser(self.app, factories.staff(self.city.organisation, *roles, opening_id=opening_id, **values))

    def write(self, words: str, *, who: Browser | None = None, status: int = 303, **fields: str) -> Any:
        """Open the page and send a message: as the person, or as a browser of HR."""
        one = who or self.person
        url = self.theirs if who else self.mine("messages")
        return one.post(url, {**hidden(one.get(url)), "body": words, **fields}, status=status)


def place(app: Flask, slug: str = "shinagawa", name: str = "品川区", **values: Any) -> Place:
    here = city(slug, name)
    application = here.application(**values)
    return Place(app, here, application, holding(app, application.applicant_id))
