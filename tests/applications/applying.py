"""A person who applies, for tests: the five steps with made-up answers, through the pages."""

import io
import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.applications.pdf import pdf
from tests.browsing import Browser

ANSWERS: dict[str, dict[str, Any]] = {
    "eligibility": {"declare_article16": "yes"},
    "contact": {
        "mail": "mihon@example.jp",
        "family_name": "見本",
        "given_name": "春香",
        "family_kana": "みほん",
        "given_kana": "はるか",
    },
    "profile": {"postal_code": "140-8715", "address": "見本県見本市例示町1番地", "phone": "090-0000-0001"},
    "career": {
        "jobs-0-employer": "見本システム株式会社",
        "jobs-0-kind": "regular",
        "jobs-0-start-year": "2015",
        "jobs-0-start-month": "4",
        "jobs-0-start-day": "1",
        "jobs-0-is_current": "y",
        "jobs-0-description": "基幹システムの設計",
    },
    "questions": {"answer_motivation": "区の手続を、来なくても済むものにしたいと考えています。"},
}
SEEN = re.compile(r'name="seen" value="([^"]*)"')
KEY = re.compile(r'name="key" value="([^"]+)"')
TO = re.compile(r'name="to" value="([^"]+)"')
READ = re.compile(r'name="read" value="([^"]+)"')


class Person(Browser):
    """One person in one browser, at one opening."""

    def __init__(self, app: Flask, opening: Any) -> None:
        super().__init__(app)
        self.opening = opening
        self.draft = ""

    def start(self) -> "Person":
        self.get(f"/apply/openings/{self.opening.id}")
        place = self.post(f"/apply/openings/{self.opening.id}").headers["Location"]
        self.draft = place.split("/")[3]
        return self

    def url(self, step: str) -> str:
        return f"/apply/drafts/{self.draft}/{step}"

    def save(self, step: str, fields: dict[str, Any] | None = None, *, status: int = 303, **more: Any) -> TestResponse:
        """Open a step, type, and press 保存して次へ (or the button named in `more`)."""
        page = self.get(self.url(step))
        found = SEEN.search(page)
        assert found
        typed = {"seen": found.group(1), **(ANSWERS[step] if fields is None else fields), **more}
        return self.post(self.url(step), typed, status=status)

    def refused(self, step: str, fields: dict[str, Any] | None = None, **more: Any) -> str:
        """Press as `save` does where something is wrong; give the page with its errors, where the answer leads."""
        place = self.save(step, fields, **more).headers["Location"]
        assert place in {f"{self.url(step)}?tried=1#errors", f"{self.url(step)}#errors"}
        page = self.get(place)
        assert "<title>エラー：" in page
        return page

    def save_stale(self, step: str, seen: str, fields: dict[str, Any]) -> str:
        """Press 保存して次へ in a page opened before another one was saved; give the page with both versions."""
        place = self.post(self.url(step), {"seen": seen, **fields}).headers["Location"]
        assert place == f"{self.url(step)}?both=1#two-versions"
        return self.get(place)

    def fill(self, **other: dict[str, Any]) -> "Person":
        """Save all five steps; `other` gives fields of a step in place of or beside the usual ones."""
        for step, usual in ANSWERS.items():
            files = {"file_resume": (io.BytesIO(pdf(2)), "職務経歴書.pdf")} if step == "career" else {}
            self.save(step, {**usual, **files, **other.get(step, {})})
        return self

    def ready_to_send(self) -> dict[str, Any]:
        """Open 確認 and give what its button sends."""
        page = self.get(self.url("confirm"))
        key, seen = KEY.search(page), SEEN.search(page)
        assert key, page
        assert seen
        return {
            "key": key.group(1),
            "seen": seen.group(1),
            "to": TO.findall(page),
            "read": READ.findall(page),
        }

    def send(self, fields: dict[str, Any] | None = None, *, status: int = 303, **options: Any) -> TestResponse:
        return self.post(self.url("confirm"), fields or self.ready_to_send(), status=status, **options)

    def apply(self, **other: dict[str, Any]) -> str:
        """Go all the way; give the text of the receipt page."""
        self.start().fill(**other)
        return self.get(self.send().headers["Location"])
