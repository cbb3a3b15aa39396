"""The demo's own pages: caught mails and codes, in the demo only (design 55)."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from mailbox import Maildir
from pathlib import Path

import pyotp
import pytest
import time_machine
from flask import Flask

from app.accounts.models import StaffUser
from app.core.crypto import encrypt
from app.core.model import new_id
from app.demo.codes import changes_at
from app.demo.mailbox import caught, find_caught
from app.demo.people import staff
from app.demo.staff import DEMO_PASSWORD, demo_secret
from tests import factories
from tests.browsing import Browser

AT = datetime(2026, 11, 30, 8, 0, 10, tzinfo=UTC)
PAGES = ("/demo/mail", "/demo/mail/x", "/demo/codes")


@pytest.fixture
def demo(sqlite_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setitem(sqlite_app.config, "DEMO", True)
    monkeypatch.setattr(sqlite_app.extensions["koubo.settings"], "mail_catcher_dir", tmp_path / "mail")
    return sqlite_app


def catch(folder: Path, subject: str = "【品川区】受付", text: str = "本文です。\n") -> str:
    message = EmailMessage()
    message["From"] = "品川区 <koubo@koubo.example.jp>"
    message["Subject"], message["X-RcptTo"] = subject, "hanako@example.jp"
    message.set_content(text)
    return Maildir(folder).add(message)


def account(mail: str, secret: str) -> None:
    factories.save(
        StaffUser(
            id=new_id(), mail=mail, mail_key=mail, display_name="見本 太郎", totp_secret=encrypt(secret), created_at=AT
        )
    )


@pytest.mark.parametrize("url", PAGES)
def test_they_are_not_there_outside_the_demo(sqlite_app: Flask, url: str) -> None:
    page = Browser(sqlite_app).get(url, status=404)

    assert "/demo/" not in page


def test_an_empty_mailbox_says_what_will_come(demo: Flask) -> None:
    assert "まだ1通も届いていません" in Browser(demo).get("/demo/mail")


def test_caught_mails_are_listed_newest_first_and_can_be_read(demo: Flask, tmp_path: Path) -> None:
    for number in (1, 2, 3):
        key = catch(tmp_path / "mail", f"件名{number}", f"リンク http://localhost/my/?n={number} <b>\n")
    browser = Browser(demo)

    page = browser.get("/demo/mail")
    text = browser.get(f"/demo/mail/{key}")

    assert page.index("件名3") < page.index("件名2") < page.index("件名1")
    assert page.count("hanako@example.jp") == 3
    assert '<a href="http://localhost/my/?n=3"' in text
    assert "&lt;b&gt;" in text


@pytest.mark.parametrize("key", ["x", "..", "new", "%2e%2e%2fdemo.env"])
def test_a_key_that_is_no_mail_is_not_found(demo: Flask, tmp_path: Path, key: str) -> None:
    catch(tmp_path / "mail")
    (tmp_path / "demo.env").write_text("secret")

    assert "secret" not in Browser(demo).get(f"/demo/mail/{key}", status=404)


def test_a_missing_folder_is_an_empty_mailbox(tmp_path: Path) -> None:
    assert caught(tmp_path / "none") == []
    assert find_caught(tmp_path / "none", "x") is None


def test_codes_are_those_that_the_sign_in_takes_now_and_next(demo: Flask) -> None:
    reviewer = next(person for person in staff() if person.role == "reviewer")
    account(reviewer.mail, demo_secret(reviewer.mail))
    added = pyotp.random_base32()
    account("added@example.jp", added)

    with time_machine.travel(AT, tick=False):
        page = Browser(demo).get("/demo/codes")

    for secret in (demo_secret(reviewer.mail), added):
        assert pyotp.TOTP(secret).at(AT) in page
        assert pyotp.TOTP(secret).at(AT + timedelta(seconds=30)) in page
    assert DEMO_PASSWORD in page
    assert "採点者" in page
    assert page.index(reviewer.mail) < page.index("added@example.jp")
    assert changes_at(AT) == AT + timedelta(seconds=20)


def test_the_demo_bar_leads_there_and_no_other_page_does(demo: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    page = Browser(demo).get("/nowhere", status=404)
    monkeypatch.setitem(demo.config, "DEMO", False)

    assert 'href="/demo/mail"' in page
    assert 'href="/demo/codes"' in page
    assert "/demo/" not in Browser(demo).get("/nowhere", status=404)
