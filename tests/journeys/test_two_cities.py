"""併願 on a phone: two cities of the joint call by one press, their order, two receipts and two mails."""

import re

import pytest

from tests.journeys import seeker
from tests.journeys.stack import running
from tests.journeys.walk import Walk, browser

RECEIPT = re.compile(r"[A-Z]{2,5}-\d\d-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]")


@pytest.mark.journey
@pytest.mark.parametrize(("engine", "width"), [("sqlite", 375)])
def test_one_application_to_two_cities(engine: str, width: int) -> None:
    with running(engine) as stack, browser() as chromium:
        person = Walk(chromium, stack.url, name="two-cities", width=width)
        begin(person, "神戸市")
        seeker.write_application(person, stack.folder)
        person.follow("ほかの自治体の募集も希望に加える")
        add(person, "札幌市")
        up(person, "札幌市")
        assert person.text().index("第1希望") < person.text().index("第2希望")
        person.seen.clear()  # the same pages look different with two cities
        person.go(person.page.url.partition("#")[0])
        person.follow("確認の画面へ進む")
        finish(person)
        person.press("応募を送信する")
        numbers = list(dict.fromkeys(RECEIPT.findall(person.text())))
        assert len(numbers) == 2
        mails = [stack.wait_for_mail(seeker.MAIL, subject=number) for number in numbers]
        assert sorted(str(mail["Subject"])[:5] for mail in mails) == ["【札幌市】", "【神戸市】"]
        person.go("/my/")
        assert all(number in person.text() for number in numbers)


def begin(person: Walk, city: str) -> None:
    person.go("/campaigns/four-cities-dx")
    with person.page.expect_navigation():
        person.page.locator("tr", has_text=city).get_by_role("link").first.click()
    person.look()
    seeker.start(person)


def add(person: Walk, city: str) -> None:
    button = person.page.locator(".card", has_text=city).get_by_role("button", name="希望に加える")
    with person.page.expect_navigation():
        button.click()
    person.look()
    assert f"{city}" in person.text()


def up(person: Walk, city: str) -> None:
    """Put a city first."""
    with person.page.expect_navigation():
        person.page.get_by_role("button", name=re.compile(f"上へ.*{city}")).click()
    person.look()


def finish(person: Walk) -> None:
    """Answer what only the second city asks: each line of 確認 leads to its step."""
    for _step in range(5):
        left = person.page.locator("main .notice li a")
        if not left.count():
            return
        with person.page.expect_navigation():
            left.first.click()
        person.look()
        for choice in person.page.locator('input[type="radio"][value="yes"]').all():
            choice.check()
        for area in person.page.locator("textarea").all():
            if not area.input_value():
                area.fill("もう一つの自治体でも、使う人の時間を減らしたいと考えています。")
        person.press("保存して次へ")
        while not person.page.url.endswith("/confirm"):
            person.press("保存して次へ")
