"""Postal code to address (ux 4.6), without a script; the person's own address is never written over."""

import re

import pytest

from app.applications.models import Draft
from tests import factories
from tests.applications.applying import ANSWERS, Person
from tests.applications.test_applying import rows
from tests.browsing import apart

UNKNOWN = "この郵便番号の住所が見つかりませんでした。住所を入力してください"


@pytest.fixture
def person(sqlite_app):
    return Person(sqlite_app, factories.opening(factories.organisation())).start()


def said(page):
    found = re.search(r"data-found>([^<]*)<", page)
    assert found
    return found.group(1)


def fill(person, **fields):
    typed = {"postal_code": "", "address": "", "phone": "090-0000", **fields}
    place = person.save("profile", typed, fill="1").headers["Location"]
    assert place.endswith("/profile#address")
    return person.get(place)


@pytest.mark.parametrize(
    "typed", ["1000001", "100-0001", "〒１００－０００１", "100ー0001", "１００―０００１", "100‐0001"]
)
def test_the_button_fills_the_address_and_keeps_the_form(person, typed):
    page = fill(person, postal_code=typed)

    assert 'value="東京都千代田区千代田"' in page
    assert f'value="{typed}"' in page
    assert 'value="090-0000"' in page
    assert "エラー：" not in page


def test_an_address_that_was_typed_stays_and_the_found_one_is_only_said(person):
    page = fill(person, postal_code="1000001", address="見本県見本市1番地 見本ビル101")

    assert 'value="見本県見本市1番地 見本ビル101"' in page
    assert said(page) == "この郵便番号の住所は「東京都千代田区千代田」です。"
    assert "住所の欄を「東京都千代田区千代田」に置き換える</button>" in page
    typed = {"postal_code": "1000001", "address": "見本県見本市1番地 見本ビル101"}
    page = person.get(person.save("profile", typed, fill="replace").headers["Location"])
    assert 'value="東京都千代田区千代田"' in page
    assert "置き換える" not in page


def test_an_unknown_code_says_so_and_goes_on(person):
    assert said(fill(person, postal_code="0000000")) == UNKNOWN

    answer = person.save("profile", {**ANSWERS["profile"], "postal_code": "0000000"})

    assert answer.headers["Location"] == person.url("career")
    assert rows(Draft)[0].answers["person"]["postal_code"] == "0000000"


def test_of_several_towns_the_person_chooses_one(person):
    page = fill(person, postal_code="498-0000")
    assert 'name="place" value="愛知県弥富市"' in page
    assert said(page) == "この郵便番号の町名はいくつかあります。"

    page = fill(person, postal_code="498-0000", place="三重県桑名郡木曽岬町")

    assert 'value="三重県桑名郡木曽岬町"' in page
    assert 'name="place"' not in page


def test_a_place_of_another_code_is_not_taken(person):
    page = fill(person, postal_code="498-0000", place="東京都千代田区千代田")

    assert "東京都千代田区" not in page


def test_no_code_fills_nothing(person):
    page = fill(person, postal_code="12")

    assert 'value="12"' in page
    assert said(page) == ""


def test_a_script_reads_the_places_and_may_keep_them(person):
    answer = apart(person.client.get, "/apply/postal-codes/498-0000")

    assert answer.json == {"places": ["愛知県弥富市", "三重県桑名郡木曽岬町"]}
    assert answer.headers["Cache-Control"] == "public, max-age=86400"
    assert "Set-Cookie" not in answer.headers
    assert apart(person.client.get, "/apply/postal-codes/x").json == {"places": []}
