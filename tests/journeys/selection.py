"""HR, reviewers and an approver: screen, score blind, decide, release at an instant."""

import re
from datetime import datetime

from tests.journeys.staff import CITY
from tests.journeys.walk import Walk

IDENTITY = ("髙﨑", "花子", "たかさき", "hanako.mihon", "0900000", "見本システム", "例示データ", "見本町")
NUMBER = re.compile(r"受験番号\D{0,8}(\d{6})")
REVIEWERS = ("見本 採点一", "例示 採点二")


def screen(hr: Walk, opening: str, receipt: str) -> str:
    """See the computed result with its working, confirm every criterion, accept. Gives the examinee number."""
    hr.go(f"{opening}/applications")
    assert receipt in hr.text()
    hr.follow("髙﨑", exact=False)
    text = hr.text()
    assert "8年6か月" in text
    assert "見本システム株式会社" in text
    confirm_all(hr)
    hr.press("受理する")
    number = NUMBER.search(hr.text())
    assert number is not None
    return number.group(1)


def confirm_all(hr: Walk) -> None:
    """Confirm every criterion as met; what the machine left to a person needs a reason."""
    groups = hr.page.locator('input[type="radio"][value="meets"]')
    for place in range(groups.count()):
        groups.nth(place).check()
    for reason in hr.page.locator('textarea[name^="reason_"]').all():
        reason.fill("書類と職歴で確認しました")
    hr.press("確認を記録する")


def open_round(hr: Walk, opening: str) -> None:
    """Appoint two reviewers, prepare the round of documents and start it."""
    hr.go(f"{opening}/rounds")
    for name in REVIEWERS:
        hr.page.locator("#appoint-member").select_option(label=name)
        hr.press("任命する")
    for name in REVIEWERS:
        hr.page.locator(f'label:has-text("{name}") input[name="panel"]').first.check()
    hr.press("採点期を用意する")
    if hr.page.locator('[name="reason"]').count():
        hr.fill({"reason": "早く届いた応募から順に採点するため"})
    hr.press("採点を始める")


def rate(reviewer: Walk, number: str, level: int) -> None:
    """Score the whole rubric of one application, without its writer and without the other's marks."""
    reviewer.go(f"/staff/{CITY}/scoring")
    reviewer.page.get_by_role("link", name=re.compile("採点を始める|続きから採点する")).first.click()
    reviewer.page.wait_for_url(f"**/{CITY}/scoring/**")
    reviewer.look()
    html = reviewer.page.content()
    assert number in html
    for word in IDENTITY:
        assert word not in html, f"{word} stands on the reviewer's page"
    assert "行政の手続を、使う人の時間で測り直したい" in html
    for criterion in reviewer.page.locator("fieldset[data-criterion]").all():
        criterion.locator(f'input[value="{level}"]').check(force=True)
    for grounds in reviewer.page.locator('textarea[name^="evidence"]').all():
        grounds.fill("職務経歴書の2つ目の仕事に具体的な数値がある")
    reviewer.press("保存して次へ")


def lock(hr: Walk, opening: str) -> None:
    hr.go(f"{opening}/rounds")
    hr.press("採点を締め切る")
    assert "70.00" in hr.text()


def decide(hr: Walk, opening: str, number: str, release_at: datetime) -> str:
    """Decide 合格, which stays pending, and prepare the results. Gives the page of the result set."""
    hr.go(f"{opening}/selection")
    assert number in hr.text()
    hr.fill({"outcome_0": "pass", "reason_0": "評点が基準を超えています"})
    hr.page.locator('form[action$="/decisions"] button').last.click()
    hr.page.wait_for_load_state()
    hr.look()
    at = release_at
    hr.fill(
        {"on-year": str(at.year), "on-month": str(at.month), "on-day": str(at.day), "at": f"{at.hour}:{at.minute:02}"}
    )
    hr.press("結果を用意する")
    link = hr.page.locator('main a[href*="/selection/results/"]')
    return hr.page.url if link.count() == 0 else hr.url + str(link.first.get_attribute("href"))


def approve(approver: Walk, page: str) -> None:
    approver.go(page)
    approver.press("この結果を承認する")
    assert "承認済み" in approver.text() or "公開待ち" in approver.text()
