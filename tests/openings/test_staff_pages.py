from datetime import timedelta

import pytest
from flask import Flask

from app.core import clock
from app.core.access import Role
from app.openings.models import OpeningState
from app.openings.sections import SECTIONS
from tests import factories
from tests.browsing import Browser


def signed_in(app: Flask, user: object) -> Browser:
    browser = Browser(app)
    factories.sign_in(browser.client, user)  # type: ignore[arg-type]
    return browser


def test_every_page_of_an_author_stands(sqlite_app: Flask) -> None:
    city = factories.organisation()
    author = signed_in(sqlite_app, factories.staff(city, Role.AUTHOR))
    draft = factories.opening(city, approved=False)
    base = f"/staff/{city.slug}/openings"

    pages = [author.get(url) for url in (base, f"{base}/new", f"{base}/{draft.id}", f"{base}/{draft.id}/preview")]
    pages += [author.get(f"{base}/{draft.id}/edit/{section}") for section in SECTIONS]

    assert len(pages) == 10
    assert "公開前の点検" in pages[2]
