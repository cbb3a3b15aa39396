"""A probable slip in a name or an address is asked about once: saved before, never refused, without a script."""

import re

import pytest

from app.applications.answers import Person as Named
from app.applications.models import Application
from app.applications.oddities import oddities
from app.applications.steps import Step
from tests import factories
from tests.applications.applying import ANSWERS, Person
from tests.applications.test_applying import rows

ASKS = "次へ進む前に、確かめてください"
AGAIN = "このままでよければ、もう一度「保存して次へ」を押してください。"


REAL = (
    "見本", "もも", "なな", "李", "𠮷野家", "葛\U000e0100城", "O'Brien", "花子 Marie", "マリア・ルイサ", "Đỗ",
)  # fmt: skip
SLIPS = "見本1", "見本１", "<script>", "😀", "あああ", "ＸＸ", "aaa", "見本Taro", "確認してください"


@pytest.mark.parametrize("name", REAL)
def test_what_people_are_called_is_not_asked_about(name):
    assert oddities(Step.CONTACT, Named(family_name=name, given_name=name)) == []


@pytest.mark.parametrize("name", SLIPS)
def test_what_is_probably_a_slip_is(name):
    assert [one.box for one in oddities(Step.CONTACT, Named(family_name="見本", given_name=name))] == ["given_name"]


@pytest.mark.parametrize(
    ("address", "is_asked"),
    [
        ("東京都品川区広町2-1-36", False),
        ("〒140-8715　東京都品川区", False),
        ("１４０－８７１５北海道札幌市", False),
        ("神奈川県川崎市", False),
        ("", False),
        ("品川区広町2-1-36", True),
        ("京都市下京区", True),
        ("都城市", True),
        ("四街道市", True),
        ("12 Baker Street, London", True),
    ],
)
def test_an_address_begins_with_its_prefecture(address, is_asked):
    assert bool(oddities(Step.PROFILE, Named(address=address))) is is_asked


@pytest.fixture
def person(sqlite_app):
    return Person(sqlite_app, factories.opening(factories.organisation())).start().fill()


def test_what_is_odd_is_saved_asked_about_once_and_sent_as_it_is(person):
    typed = {**ANSWERS["profile"], "address": "神戸"}

    asked = person.save("profile", typed).headers["Location"]
    page = person.get(asked)

    assert asked == f"{person.url('profile')}?ask=1#ask"
    assert [words in page for words in (ASKS, AGAIN, 'href="#address"', 'value="神戸"')] == [True] * 4
    assert "<title>エラー：" not in page
    assert ASKS not in person.get(person.url("profile"))
    assert person.save("profile", typed).headers["Location"] == person.url("career")
    person.send()
    assert [one.address for one in rows(Application)] == ["神戸"]


def test_each_box_is_asked_about_by_itself_and_mended_in_peace(person):
    typed = {**ANSWERS["contact"], "family_name": "見本1"}

    first = person.get(person.save("contact", typed).headers["Location"])
    second = person.get(person.save("contact", {**typed, "given_name": "あああ"}).headers["Location"])
    third = person.save("contact", {**typed, "given_name": "いいい"}).headers["Location"]

    assert re.findall(r'<li><a href="#(\w+)">', first) == ["family_name"]
    assert re.findall(r'<li><a href="#(\w+)">', second) == ["family_name", "given_name"]
    assert third == person.url("profile")


def test_from_check_it_asks_and_leads_back_and_a_pause_asks_nothing(person):
    typed = {**ANSWERS["profile"], "address": "神戸"}

    assert person.save("profile", typed, pause="1").headers["Location"] == "/my/"
    asked = person.save("profile", typed, check="1", via="check").headers["Location"]
    page = person.get(asked)
    back = person.save("profile", typed, check="1", via="check").headers["Location"]

    assert asked == f"{person.url('profile')}?ask=1&via=check#ask"
    assert "もう一度「保存して確認に戻る」を押してください。" in page
    assert back == f"{person.url('confirm')}#s-profile"
