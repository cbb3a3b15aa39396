"""A person with a phone who applies while pages, clicks, keys, fields, bytes and time are counted (ux B1-B4)."""

import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, Response

from tests.applications.pdf import pdf
from tests.forms_read import Field, form_with
from tests.invariants import read_maildir
from tests.wire import chosen, receipts_on, usual

WIDTH = 375
KEY, POINT, HOME, THINK = 0.28, 1.1, 0.4, 1.35  # seconds, keystroke-level operators
LEAST_OPENINGS = re.compile(r"/openings/[0-9a-f-]{36}$")
MAIL = "hakaru.mihon@applicant.example.jp"
B4_WITHIN_SECONDS = 5


def bare(text: str) -> str:
    """Letters and digits alone: a number may come back without the hyphens that it was typed with."""
    return "".join(filter(str.isalnum, text))


@dataclass
class Counts:
    """What a walk has cost so far."""

    pages: int = 0
    clicks: int = 0
    keys: int = 0
    fields: int = 0
    required: int = 0
    bytes: int = 0
    server_seconds: float = 0.0

    @property
    def human_seconds(self) -> float:
        """Estimated time of a person who knows what to write; reading is not in it."""
        moves = (self.clicks + self.fields) * POINT + 2 * self.fields * HOME
        return self.keys * KEY + moves + (self.fields + self.pages) * THINK

    def __str__(self) -> str:
        return (
            f"{self.pages} pages, {self.clicks} clicks, {self.keys} keys, {self.required} required fields,"
            f" {self.bytes / 1000:.0f} kB, server {self.server_seconds:.2f} s, human about {self.human_seconds:.0f} s"
        )


@dataclass
class Measured:
    """One browser of one person."""

    browser: Browser
    url: str
    folder: Path
    has_scripts: bool
    counts: Counts = field(default_factory=Counts)
    typed: dict[str, dict[str, str]] = field(default_factory=dict)  # by page, by name of field
    lost: list[str] = field(default_factory=list)
    context: BrowserContext = field(init=False)
    page: Page = field(init=False)

    def __post_init__(self) -> None:
        self.open()

    def open(self, state: Any = None) -> None:
        """Open the browser, with the cookies that it held when it was closed."""
        self.context = self.browser.new_context(
            viewport={"width": WIDTH, "height": 800},
            locale="ja-JP",
            java_script_enabled=self.has_scripts,
            storage_state=state,
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(30_000)
        self.page.on("response", self._weigh)

    def _weigh(self, answer: Response) -> None:
        if answer.status in {303, 302}:
            return
        timing, sizes = answer.request.timing, answer.request.sizes()
        self.counts.bytes += sizes["responseBodySize"] + sizes["responseHeadersSize"]
        if answer.request.resource_type == "document":
            self.counts.server_seconds += max(0.0, timing["responseStart"] - timing["requestStart"]) / 1000

    def close_and_come_back(self) -> None:
        """Close the browser, open it again at the page that stood there, and look at what was typed before."""
        state, where = self.context.storage_state(), self.page.url
        counts, self.counts = self.counts, Counts()  # what looking costs is not the walk's
        self.context.close()
        self.open(state)
        for path, values in self.typed.items():
            self.page.goto(path)
            form = {one.name: one.value for one in form_with(self.page.content(), "seen").fields}
            self.lost += [
                f"{name} of {path}" for name, value in values.items() if bare(form.get(name, "")) != bare(value)
            ]
        self.page.goto(where)
        self.counts = counts

    def press(self, button: Locator) -> None:
        """Click something that leads to another page."""
        with self.page.expect_navigation():
            button.click()
        self.counts.clicks += 1

    def to_first_field(self) -> Counts:
        """B1: from the landing page to the first field."""
        self.page.goto(self.url + "/")
        links = [
            link for link in self.page.locator("a").all() if LEAST_OPENINGS.search(link.get_attribute("href") or "")
        ]
        self.press(next(link for link in links if link.is_visible()))
        self.press(self.page.get_by_role("link", name="応募する").filter(visible=True).first)
        self.press(self.page.get_by_role("button", name=re.compile("応募の入力を始める")).filter(visible=True).first)
        self.page.locator('form input[name="seen"]').wait_for(state="attached")
        return self.counts

    def to_receipt(self, *, closing: bool) -> Counts:
        """B2: all steps, 確認, 完了; `closing` closes the browser after each (B3)."""
        while self.page.locator('form input[name="seen"]').count() and "/confirm" not in self.page.url:
            self.step()
            if closing:
                self.close_and_come_back()
        self.counts.pages += 1
        self.press(self.page.get_by_role("button", name="応募を送信する"))
        self.counts.pages += 1
        assert "応募を受け付けました" in self.page.locator("h1").inner_text()
        return self.counts

    def to_second_city(self) -> Counts:
        """From the receipt of one city to that of a second one of the same campaign, typing what only that one asks."""
        self.counts, [first] = Counts(), receipts_on(self.page.content())
        self.press(self.page.get_by_role("link", name="この公募のほかの募集を希望に加える").first)
        self.counts.pages += 1
        self.press(self.page.get_by_role("button", name="希望に加える").first)
        self.press(self.page.get_by_role("link", name=re.compile("へ進む$")).filter(visible=True).first)
        counts = self.to_receipt(closing=False)
        assert first not in receipts_on(self.page.content())  # the first city got nothing new
        return counts

    def step(self) -> None:
        """Fill one step in and go on."""
        path, form = self.page.url, form_with(self.page.content(), "seen")
        self.counts.pages += 1
        self.counts.required += self.page.locator("main .need").filter(visible=True).count()
        for one in form.fields:
            self.fill(path, one)
        on = self.page.get_by_role("button", name=re.compile("^保存して(確認に戻る|次へ)$")).filter(visible=True)
        self.press(on.first)
        assert self.page.url != path, self.page.locator("main").inner_text()[:1500]

    def fill(self, path: str, one: Field) -> None:
        if one.kind == "hidden" or (one.value and one.is_on and one.kind != "radio"):
            return
        known = MAIL if one.name == "mail" else usual(one.name)
        value = chosen(one, is_asked=False) if known is None else known
        control = self.page.locator(f'[name="{one.name}"]')
        if one.kind == "file":
            file = self.folder / "職務経歴書（見本）.pdf"
            file.write_bytes(pdf(2))
            control.set_input_files(file)
            self.counts.clicks += 1
        elif one.kind == "radio":
            self.page.locator(f'[name="{one.name}"][value="{value}"]').check()
            self.counts.clicks += 1
        elif one.kind == "checkbox" and value:
            control.check()
            self.counts.clicks += 1
        elif one.kind == "select" and value:
            control.select_option(value)
            self.counts.clicks += 1
        elif one.kind in {"text", "textarea"} and value:
            control.fill(value)
            self.counts.keys += len(value)
            self.counts.fields += 1
            self.typed.setdefault(path, {})[one.name] = value

    def proofs(self, maildir: Path) -> float:
        """B4: seconds until receipt page, PDF and mail are all there, from the receipt page on."""
        began = time.monotonic()
        [receipt] = receipts_on(self.page.content())
        link = self.page.locator('a[href$=".pdf"], a[href*="/pdf"], a[href*="receipt"]').first
        answer = self.context.request.get(self.url + str(link.get_attribute("href")))
        assert answer.ok
        while not any(MAIL in to and receipt in text for _id, to, text in read_maildir(maildir)):
            assert time.monotonic() - began < 30, "no mail"
            time.sleep(0.05)
        return time.monotonic() - began
