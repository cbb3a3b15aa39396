"""The job seeker's part: from the board to the receipt, later my page."""

import re
from pathlib import Path
from typing import Any

from tests.applications.pdf import pdf
from tests.journeys.stack import Stack
from tests.journeys.walk import Walk

MAIL = "hanako.mihon@applicant.example.jp"
JOBS: tuple[dict[str, Any], ...] = (
    {"employer": "見本システム株式会社", "start": ("2016", "4", "1"), "end": ("2020", "3", "31")},
    {"employer": "例示データ合同会社", "start": ("2020", "4", "1"), "end": ("2024", "9", "30")},
)
CODE = re.compile(r"\b(\d{6})\b")


def find_opening(walk: Walk, title: str, city: str) -> None:
    """From the top page by search and filter to the notice."""
    walk.go("/")
    walk.fill({"q": title})
    walk.press("探す")
    assert title in walk.text()
    with walk.page.expect_navigation():
        walk.page.locator(".card", has_text=city).get_by_role("link", name=title).first.click()
    walk.look()
    assert title in walk.heading()
    assert city in walk.text()


def start(walk: Walk) -> None:
    walk.page.get_by_role("link", name="応募する").filter(visible=True).first.click()
    walk.page.wait_for_url("**/apply/openings/**")
    walk.look()
    walk.press("応募の入力を始める")


def write_application(walk: Walk, folder: Path) -> None:
    """The five steps, with a mistake on the way that costs nothing."""
    for choice in walk.page.locator('input[type="radio"][value="yes"]').all():
        choice.check()
    walk.press("保存して次へ")
    walk.fill({"mail": "hanako.mihon@", "family_name": "髙﨑", "given_name": "花子"})
    walk.fill({"family_kana": "ﾀｶｻｷ", "given_kana": "ハナコ"})
    walk.press("保存して次へ")
    assert "メールアドレスは name@example.jp のような形で入力してください" in walk.text()
    assert walk.page.input_value('[name="family_name"]') == "髙﨑"
    walk.fill({"mail": MAIL})
    walk.press("保存して次へ")
    for _press in range(2):  # past the page with the error: nothing asks to send it again
        walk.page.go_back()
        assert walk.page.input_value('[name="mail"]') == MAIL
    walk.press("保存して次へ")
    profile(walk)
    career(walk, folder)
    for area in walk.page.locator("textarea").all():
        area.fill("行政の手続を、使う人の時間で測り直したいと考えています。")
    walk.press("保存して次へ")


def profile(walk: Walk) -> None:
    born = walk.page.locator('[name="birth_date-year"]')
    if born.count():
        walk.fill({"birth_date-year": "平成3", "birth_date-month": "３", "birth_date-day": "27"})
    walk.fill(
        {"postal_code": "１４０－８７１５", "address": "東京都品川区見本町1丁目1番1号", "phone": "090ー0000ー0000"}
    )
    walk.press("保存して次へ")


def career(walk: Walk, folder: Path) -> None:
    """Two jobs and a PDF; the arithmetic stands on 確認 before anything is sent."""
    for number, job in enumerate(JOBS):
        if walk.page.locator(f'[name="jobs-{number}-employer"]').count() == 0:
            walk.press("職歴を追加")
        walk.fill({f"jobs-{number}-employer": job["employer"], f"jobs-{number}-kind": "regular"})
        for part in ("start", "end"):
            for unit, value in zip(("year", "month", "day"), job[part], strict=True):
                walk.fill({f"jobs-{number}-{part}-{unit}": value})
    document = folder / "職務経歴書（髙﨑　花子）.pdf"
    document.write_bytes(pdf(2, "Resume of a made-up person"))
    walk.page.locator('input[type="file"]').first.set_input_files(document)
    walk.press("保存して次へ")


def send_twice(walk: Walk) -> str:
    """Press 応募を送信する twice at once: one application. Gives back the receipt number."""
    text = walk.text()
    assert "まだ応募は完了していません" in text
    assert "8年6か月" in text
    with walk.page.expect_navigation():
        walk.page.get_by_role("button", name="応募を送信する").dblclick()
    walk.page.wait_for_url("**/apply/submissions/**")
    walk.look()
    assert "応募を受け付けました" in walk.heading()
    receipt = re.search(r"[A-Z]{2,5}-\d\d-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]", walk.text())
    assert receipt is not None
    return receipt.group(0)


def confirm_address(walk: Walk, stack: Stack) -> None:
    """Type the six-digit code that was mailed."""
    walk.go("/my/sign-in")
    walk.fill({"mail": MAIL})
    walk.press("確認コードを受け取る")
    mail = stack.wait_for_mail(MAIL, subject="コード")
    code = CODE.search(mail.get_content())
    assert code is not None
    walk.fill({"code": code.group(1)})
    walk.press("確認する")
