"""The whole job once in a real browser: sign in, publish, apply, screen, score, decide, release — on both databases.

One at a phone's width, one at a desktop's. Every page that is met has no accessibility violation and no sideways
scroll.
"""

import pytest
from playwright.sync_api import Browser

from tests.journeys import seeker, selection, staff
from tests.journeys.stack import Stack, running
from tests.journeys.walk import Walk, browser

TITLE = "行政DX推進担当（窓口改革）"


@pytest.mark.journey
@pytest.mark.parametrize(("engine", "width"), [("sqlite", 375), ("postgresql", 1280)])
def test_from_invitation_to_released_result(engine: str, width: int) -> None:
    with running(engine) as stack, browser() as chromium:
        person = Walk(chromium, stack.url, name="seeker", width=width)
        opening = publish(stack, chromium, person, width)
        receipt = apply(stack, person)
        hr = staff.sign_in(chromium, stack, "hr", width=width)
        number = selection.screen(hr, opening, receipt)
        score(stack, chromium, hr, opening, number, width)
        release(stack, chromium, person, hr, opening, number, width)
        look_around(stack, chromium, hr, width)
        assert "every chain is whole" in stack.flask("audit", "verify")


def publish(stack: Stack, chromium: Browser, person: Walk, width: int) -> str:
    """Invite an author, who drafts; another person approves; it appears at its instant. Gives the staff page."""
    admin = staff.sign_in(chromium, stack, "admin", width=width)
    staff.invite_author(admin)
    author = Walk(chromium, stack.url, name="author", width=width)
    staff.accept_invitation(author, stack)
    publish_at = staff.next_minute()
    opening = staff.draft_opening(author, TITLE, publish_at)
    staff.approve_opening(staff.sign_in(chromium, stack, "approver", width=width), opening)
    public = "/openings/" + opening.rsplit("/", 1)[1]
    person.go(public, status=404)
    staff.wait_until(publish_at)
    person.go(public)
    return opening


def apply(stack: Stack, person: Walk) -> str:
    """From the board to the receipt, pressed twice; the mail and my page have the same number."""
    seeker.find_opening(person, "窓口改革", "品川区")
    seeker.start(person)
    seeker.write_application(person, stack.folder)
    receipt = seeker.send_twice(person)
    mail = stack.wait_for_mail(seeker.MAIL)
    assert receipt in str(mail["Subject"])
    seeker.confirm_address(person, stack)
    person.go("/my/")
    assert person.text().count(receipt) == 1
    return receipt


def score(stack: Stack, chromium: Browser, hr: Walk, opening: str, number: str, width: int) -> None:
    selection.open_round(hr, opening)
    for name, level in (("reviewer1", 3), ("reviewer2", 4)):
        selection.rate(staff.sign_in(chromium, stack, name, width=width), number, level)
    selection.lock(hr, opening)


def release(stack: Stack, chromium: Browser, person: Walk, hr: Walk, opening: str, number: str, width: int) -> None:
    """Pending until a second person approves; hidden until the instant; then page, my page and mail agree."""
    release_at = staff.next_minute()
    result = selection.decide(hr, opening, number, release_at)
    approver = staff.sign_in(chromium, stack, "approver", width=width)
    selection.approve(approver, result)
    public = f"/openings/{opening.rsplit('/', 1)[1]}/results/documents"
    person.go(public, status=404)
    person.go("/my/")
    assert "書類選考を通過" not in person.text()
    sent = len(stack.mails(seeker.MAIL))
    staff.wait_until(release_at)
    person.go(public)
    assert number in person.text()
    person.go("/my/")
    assert "合格" in person.text() or "通過" in person.text()
    news = stack.wait_for_mail(seeker.MAIL, count=sent + 1)
    assert "合格" not in str(news["Subject"]) + news.get_content()


def look_around(stack: Stack, chromium: Browser, hr: Walk, width: int) -> None:
    """The log of mails and the audit show what happened."""
    hr.go(f"/staff/{staff.CITY}/mails")
    assert seeker.MAIL in hr.text()
    auditor = staff.sign_in(chromium, stack, "auditor", width=width)
    auditor.go(f"/staff/{staff.CITY}/audit")
    assert "改ざんなし" in auditor.text() or "すべてつながって" in auditor.text()
