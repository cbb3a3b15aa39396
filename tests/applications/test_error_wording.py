"""ux 3.3 row by row: what is said, the same words beside the field and in the summary."""

import re

import pytest

from app.applications.models import Draft
from app.jp.mail import DOTS
from tests import factories
from tests.applications.applying import ANSWERS, Person
from tests.applications.test_applying import rows

BORN = {"key": "born", "kind": "birth_date", "label": "生まれた日", "params": {"from": "1957-04-02", "to": None}}
SUMMARY = re.compile(r'<section class="errors.*?</section>', re.S)
MAIL = "メールアドレスは name@example.jp のような形で入力してください"


@pytest.fixture
def person(sqlite_app):
    content = factories.content(criteria=[BORN], appointed_on="2027-04-01")
    return Person(sqlite_app, factories.opening(factories.organisation(), content=content)).start()


def born(year="1995", month="4", day="1"):
    return {"birth_date-year": year, "birth_date-month": month, "birth_date-day": day}


@pytest.mark.parametrize(
    ("step", "fields", "message"),
    [
        ("profile", {**born(), "phone": ""}, "電話番号を入力してください"),
        ("profile", {**born(), "address": " "}, "住所を入力してください"),
        ("profile", {**born("", "", "")}, "生年月日を入力してください"),
        ("profile", born(month="13"), "生年月日の月は1から12で入力してください"),
        ("profile", born("2001", "2", "29"), "生年月日の日は1から28で入力してください"),
        ("profile", born("平成40"), "平成は31年4月30日までです。2028年は令和10年です"),
        ("contact", {"mail": "a..b@example.jp"}, DOTS),
        ("profile", born("昭和64", "1", "8"), "昭和64年は1月7日までです"),
        ("profile", born("S64", "1", "8"), "昭和64年は1月7日までです"),
        ("profile", born("平成元", "1", "7"), "平成は1月8日からです。1989年1月7日は昭和64年1月7日です"),
        ("profile", born("95"), "生年月日の年は4桁の西暦か和暦（例：平成3）で入力してください"),
        ("profile", {**born(), "phone": "03-1234"}, "電話番号は 03-1234-5678 のように、市外局番から入力してください"),
        ("profile", {**born(), "postal_code": "14"}, "郵便番号は7桁の数字で入力してください"),
        ("contact", {"mail": ""}, "メールアドレスを入力してください"),
        ("contact", {"mail": "mihon@"}, MAIL),
        ("contact", {"mail": "mihon@example..jp"}, MAIL),
        ("contact", {"family_kana": "髙﨑"}, "せい（ふりがな）をひらがなで入力してください"),
        ("contact", {"given_kana": "Hanako"}, "めい（ふりがな）をひらがなで入力してください"),
        ("contact", {"family_name": "あ" * 143}, "姓は100文字以内です。43文字減らしてください"),
        ("contact", {"given_name": ""}, "名を入力してください"),
        ("questions", {"answer_motivation": ""}, "「志望動機」に回答してください"),
        ("questions", {"answer_motivation": "あ" * 1043}, "「志望動機」は1000文字以内です。43文字減らしてください"),
    ],
)
def test_the_same_words_stand_beside_the_field_and_in_the_summary(person, step, fields, message):
    page = person.refused(step, {**ANSWERS[step], **fields})

    summary = SUMMARY.search(page)
    assert summary
    assert summary.group(0).count(message) == 1
    assert page.replace(summary.group(0), "").count(f">{message}</p>") == 1
    assert "<title>エラー：" in page


@pytest.mark.parametrize("kana", ["ﾀｶｻﾞｷ", "タカザキ", "たかざき", "　たかざき ", "たかサ\u3099き"])
def test_furigana_of_every_width_and_kind_are_taken_as_hiragana(person, kana):
    person.save("contact", {**ANSWERS["contact"], "family_kana": kana})

    assert rows(Draft)[0].answers["person"]["family_kana"] == "たかざき"


@pytest.mark.parametrize(
    ("phone", "kept"),
    [("０３－１２３４－５６７８", "0312345678"), ("03‐1234−5678", "0312345678"), ("03ー1234―5678", "0312345678"),
     ("+81 90-0000-0001", "09000000001"), ("＋８１（９０）００００ー０００１", "09000000001"),
     ("(03) 1234 5678", "0312345678")],
)  # fmt: skip
def test_a_phone_number_is_read_as_people_type_it(person, phone, kept):
    person.save("profile", {**ANSWERS["profile"], **born(), "phone": phone})

    assert rows(Draft)[0].answers["person"]["phone"] == kept


def test_a_slip_in_the_mail_address_is_asked_about_and_may_go_on(person):
    answer = person.save("contact", {**ANSWERS["contact"], "mail": "mihon@gmial.com"})

    assert answer.headers["Location"] == person.url("profile")
    for page in (person.get(person.url("contact")), person.get(person.url("confirm"))):
        assert "gmail.com ではありませんか。" in page


def test_both_calendars_and_the_age_on_the_day_of_appointment_stand_where_the_birth_date_is_asked(person):
    person.save("profile", {**ANSWERS["profile"], **born("平成7")})

    assert "1995年は平成7年です。任用日（2027年4月1日）に32歳です" in person.get(person.url("profile"))
    assert "1995年（平成7年）4月1日　任用日（2027年4月1日）に32歳" in person.get(person.url("confirm"))


def test_where_no_birth_date_is_asked_no_age_is_said(sqlite_app):
    content = factories.content(appointed_on="2027-04-01")
    other = Person(sqlite_app, factories.opening(factories.organisation("kobe", "神戸市"), content=content)).start()

    assert "任用日" not in other.get(other.url("profile"))
    assert "歳" not in other.get(other.url("confirm"))


def test_no_date_is_asked_with_the_browsers_own_calendar(person):
    pages = "".join(person.get(person.url(step)) for step in ANSWERS)

    assert 'type="date"' not in pages
    assert 'type="number"' not in pages
