"""「変更」 on 確認 leads to the field that is meant, and one press back to where the answer stands there."""

import re

import pytest

from tests import factories
from tests.applications.applying import ANSWERS, SEEN, Person


@pytest.fixture
def person(sqlite_app):
    return Person(sqlite_app, factories.opening(factories.organisation())).start().fill()


def change_links(page):
    return dict(re.findall(r'<a href="([^"]+)">変更<span class="sr">：([^<]+)</span>', page))


def test_each_answer_is_changed_at_its_own_field(person):
    links = {label: url for url, label in change_links(person.get(person.url("confirm"))).items()}

    assert links["メールアドレス"] == f"{person.url('contact')}?via=check#mail"
    assert len(links) == 10
    for url in links.values():
        assert f'id="{url.partition("#")[2]}"' in person.get(url)


def test_one_press_leads_back_to_where_the_answer_stands(person):
    page = person.get(f"{person.url('contact')}?via=check")
    fields = {**ANSWERS["contact"], "mail": "naoshita@example.jp", "via": "check", "seen": SEEN.search(page).group(1)}

    place = person.post(person.url("contact"), {**fields, "check": "1"}).headers["Location"]

    assert re.findall(r"<button[^>]*btn--primary[^>]*>([^<]+)<", page) == ["保存して確認に戻る"]
    assert place == f"{person.url('confirm')}#s-contact"
    assert "naoshita@example.jp" in person.get(place)


def test_with_an_error_the_step_still_leads_back(person):
    wrong = {**ANSWERS["contact"], "mail": "naoshita", "via": "check"}

    place = person.save("contact", wrong, check="1").headers["Location"]

    assert place == f"{person.url('contact')}?tried=1&via=check#errors"
    assert "保存して確認に戻る" in person.get(place)


def test_a_file_that_is_missing_keeps_nobody_from_going_back(person):
    person.save("career", {**ANSWERS["career"], "via": "check"}, **{"remove-file": "resume"})

    place = person.save("career", {**ANSWERS["career"], "via": "check"}, check="1").headers["Location"]

    assert place == f"{person.url('confirm')}#s-career"
    assert f'<a href="{person.url("career")}?via=check#file_resume">職務経歴書のファイルを送ってください' in person.get(
        place
    )


def test_a_step_opened_in_its_turn_does_not_offer_to_go_back(person):
    assert "保存して確認に戻る" not in person.get(person.url("contact"))
