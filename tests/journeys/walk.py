"""One person in a real browser. Every page that is met is looked at by axe and for what CSP and the console say."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Response, sync_playwright

from tests.page_checks import check_page

ARGUMENTS = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
SHOTS = Path(__file__).resolve().parent.parent / "shots"


@contextmanager
def browser() -> Iterator[Browser]:
    """Debian's Chromium; without its sandbox only for root, who may not have one."""
    arguments = [*ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=arguments)
        yield chromium
        chromium.close()


class Walk:
    """A person with a window of their own (cookies apart from everybody's)."""

    def __init__(self, browser: Browser, url: str, *, name: str, width: int) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": 900}, locale="ja-JP")
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.url, self.name, self.width = url, name, width
        self.seen: set[str] = set()
        self.complaints: list[str] = []
        self.page.on("console", lambda message: self._hear(message.type, message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"} and "status of 4" not in text:
            self.complaints.append(text)

    def go(self, path: str, *, status: int = 200) -> None:
        """Open a page and look at it."""
        answer: Response | None = self.page.goto(path if path.startswith("http") else self.url + path)
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status}\n{self.page.inner_text('body')[:800]}"
        self.look()

    def press(self, name: str, *, exact: bool = True, nth: int = 0) -> None:
        """Press a button by its words and look at the page that follows."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=exact).nth(nth).click()
        self.look()

    def follow(self, name: str, *, exact: bool = True, nth: int = 0) -> None:
        """Follow a link of the page's main part by its words and look at where it leads."""
        with self.page.expect_navigation():
            self.page.locator("main").get_by_role("link", name=name, exact=exact).nth(nth).click()
        self.look()

    def fill(self, values: dict[str, Any]) -> None:
        """Type into fields by their names; True ticks, a tuple chooses the radio with that value."""
        for name, value in values.items():
            field = self.page.locator(f'[name="{name}"]')
            if isinstance(value, tuple):
                self.page.locator(f'[name="{name}"][value="{value[0]}"]').check()
            elif value is True:
                field.check()
            elif field.evaluate("node => node.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    def text(self) -> str:
        return self.page.locator("body").inner_text()

    def look(self) -> None:
        """Check the page that stands there: markup, accessibility, no sideways scroll, nothing in the console."""
        page, path = self.page, self.page.url.removeprefix(self.url)
        check_page(page.content(), path, status=200)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} scrolls sideways by {wide} px at {self.width}"
        assert self.complaints == [], f"{path}: {self.complaints}"
        key = f"{path.split('?')[0].rsplit('/', 1)[-1]} {self.heading()}"
        if key in self.seen:
            return
        self.seen.add(key)
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, f"{path} at {self.width}\n{found.generate_report()}"
        if os.environ.get("KOUBO_TEST_SHOTS"):
            SHOTS.mkdir(exist_ok=True)
            shot = f"{self.name}-{self.width}-{len(self.seen):02}.png"
            page.screenshot(path=SHOTS / shot, full_page=True)
