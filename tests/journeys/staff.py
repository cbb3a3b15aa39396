"""What staff do in the journey: sign in in full, publish, screen, score, decide and release."""

import re
import time
from datetime import datetime, timedelta

import pyotp
from playwright.sync_api import Browser

from app.core.clock import JST
from app.demo.staff import DEMO_PASSWORD, demo_secret
from tests.journeys.stack import Stack
from tests.journeys.walk import Walk

CITY = "shinagawa"
AUTHOR = "kaitei.mihon@shinagawa.example.jp"
PASSWORD = "窓口の 時計は いつも三分進む"
CONDITIONS = {
    "hours": "8:30から17:15まで（休憩60分）、週38時間45分",
    "insurance": "共済組合、公務災害補償",
    "smoking": "敷地内禁煙",
    "trial": "条件付採用6か月",
    "side_job_rule": "許可を受ければできます",
}
LINK = re.compile(r"http://127\.0\.0\.1:\d+/staff/\S+")
SECRET = re.compile(r"\b(?:[A-Z2-7]{4}[ -]?){8}\b")


def fresh_code(secret: str) -> str:
    """A code of the second factor with enough of its half minute left."""
    if time.time() % 30 > 27:
        time.sleep(4)
    return pyotp.TOTP(secret).now()


def sign_in(browser: Browser, stack: Stack, name: str, *, width: int) -> Walk:
    """Sign a demo account in with its password and current code."""
    walk = Walk(browser, stack.url, name=name, width=width)
    mail = f"{name}@{CITY}.example.jp"
    walk.go("/staff/sign-in")
    walk.fill({"mail": mail, "password": DEMO_PASSWORD})
    walk.press("次へ")
    walk.fill({"code": fresh_code(demo_secret(mail))})
    walk.press("ログイン")
    assert walk.page.url.endswith(f"/staff/{CITY}/")
    return walk


def invite_author(admin: Walk) -> None:
    admin.go(f"/staff/{CITY}/members")
    admin.follow("職員を招待する")
    admin.fill({"name": "見本 改訂", "mail": AUTHOR, "roles": ("author",)})
    admin.press("招待メールを送る")
    assert AUTHOR in admin.text()


def accept_invitation(walk: Walk, stack: Stack) -> None:
    """The invited person sets a password and a second factor, keeps recovery codes, and is in."""
    mail = stack.wait_for_mail(AUTHOR)
    link = LINK.search(mail.get_content())
    assert link is not None
    walk.go(link.group(0))
    walk.fill({"password": "password123", "again": "password123"})
    walk.page.locator("main form button").last.click()
    walk.page.wait_for_load_state()
    walk.look()
    assert "エラー：" in walk.page.title()
    walk.fill({"password": PASSWORD, "again": PASSWORD})
    walk.page.locator("main form button").last.click()
    walk.page.wait_for_url("**/second-factor/new")
    walk.look()
    secret = SECRET.search(walk.text())
    assert secret is not None
    walk.fill({"code": fresh_code(re.sub(r"[ -]", "", secret.group(0)))})
    walk.page.locator("main form button").last.click()
    walk.page.wait_for_url("**/recovery-codes")
    walk.look()
    walk.fill({"kept": True})
    walk.page.locator("main form button").last.click()
    walk.page.wait_for_url(f"**/staff/{CITY}/")
    walk.look()


def next_minute(*, after_seconds: int = 20) -> datetime:
    """The first whole minute that is at least so many seconds away, in Japan time."""
    at = datetime.now(JST) + timedelta(seconds=after_seconds + 59)
    return at.replace(second=0, microsecond=0)


def draft_opening(author: Walk, title: str, publish_at: datetime) -> str:
    """Copy the joint opening with a title, conditions and days of its own; ask for approval. Gives its page."""
    author.go(f"/staff/{CITY}/openings")
    author.follow("DX人材", exact=False)
    author.press("複製する（1年後の日付で）")
    page = author.page.url.removesuffix("/edit/basic")
    assert "そろっています" in author.text()
    author.fill({"title": title})
    author.press("保存して次へ", exact=False)
    author.fill(CONDITIONS)
    author.press("保存して次へ", exact=False)
    author.go(f"{page}/edit/schedule")
    closes = publish_at + timedelta(days=14)
    for name, at in (("published", publish_at), ("opens", publish_at), ("closes", closes)):
        author.fill({f"{name}_on-year": str(at.year), f"{name}_on-month": str(at.month), f"{name}_on-day": str(at.day)})
        author.fill({f"{name}_time": f"{at.hour}:{at.minute:02}"})
    author.page.locator("main form button.btn--primary").first.click()
    author.page.wait_for_load_state()
    author.go(page)
    author.press("承認を依頼する")
    assert "承認待ち" in author.text()
    return page


def approve_opening(approver: Walk, page: str) -> None:
    approver.go(page)
    approver.press("この内容を承認する")
    assert "承認済み" in approver.text()


def wait_until(at: datetime) -> None:
    """Wait for an instant of the server's clock, which is this machine's."""
    time.sleep(max(0.0, (at - datetime.now(JST)).total_seconds() + 0.3))
