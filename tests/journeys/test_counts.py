"""What applying costs on a phone must not grow: clicks, pages, required fields; nothing typed is lost (ux B1-B4)."""

from pathlib import Path

import pytest

from tests.journeys.measured import Measured
from tests.journeys.stack import running
from tests.journeys.walk import browser

MOST_CLICKS, MOST_PAGES, MOST_REQUIRED = 3, 7, 24


@pytest.mark.journey
@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "no scripts"])
def test_three_clicks_seven_pages_and_nothing_lost(has_scripts: bool, tmp_path: Path) -> None:
    with running("sqlite") as stack, browser() as chromium:
        person = Measured(chromium, stack.url, tmp_path, has_scripts)

        clicks = person.to_first_field().clicks
        counts = person.to_receipt(closing=True)
        person.proofs(stack.folder / "maildir")

    assert clicks <= MOST_CLICKS
    assert counts.pages <= MOST_PAGES
    assert counts.required <= MOST_REQUIRED
    assert person.lost == []
