"""What identifies a writer is blanked in every writing; everything else stays to the byte."""

import unicodedata
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.jp.numbers import new_receipt_number
from app.jp.postal import reading
from app.reviews.masking import Identity, city_spellings, city_words, mask

PERSON = Identity(
    names=("髙橋", "美咲"),
    kana=("たかはし", "みさき"),
    mail="misaki.taka-hashi@example.jp",
    phone="09012345678",
    postal_code="1400005",
    address="東京都品川区広町2-1-36 メゾン広町101",
    birth_date=date(1990, 4, 1),
    employers=("株式会社ひかりシステム", "NEC", "港市役所"),
)


@pytest.mark.parametrize(
    ("kana", "text", "masked"),
    [
        (("おおの", "じゅんいち"), "Junichi Ohno / Jun'ichi ONO / Oono", "■ / ■ / ■"),
        (("さとう", "しょうへい"), "Shohei Satō, Satou Syouhei, SATOH", "■, ■, ■"),
        (("なんば", "あい"), "Namba, Nanba: AI と AI Namba", "■, ■: AI と ■"),
        (("はっとり", "こうた"), "Hattori Kota", "■"),
        (("はっちょう", "けん"), "Hatchō, Hatcho, Kensaku", "■, ■, Kensaku"),
    ],
)
def test_names_in_latin_letters_are_blanked(kana: tuple[str, str], text: str, masked: str) -> None:
    assert mask(text, Identity(kana=kana)) == masked


def test_the_other_cities_of_a_joint_application_are_blanked() -> None:
    assert mask("神戸市役所と品川区の志望", Identity(cities=("神戸市",))) == "■役所と品川区の志望"


@pytest.mark.parametrize(
    ("name", "own", "words"),
    [
        ("神戸市", "品川区", ("神戸市", "神戸")),
        ("大阪市", "大阪府", ("大阪市",)),
        ("中央区", "品川区", ("中央区",)),
        ("堺市", "品川区", ("堺市", "堺")),
        ("京都府", "品川区", ("京都府", "京都")),
        ("北海道", "品川区", ("北海道",)),
        ("四日市市", "品川区", ("四日市市", "四日市")),
    ],
)
def test_a_city_is_blanked_by_its_short_name_too_unless_that_says_nothing_of_it(
    name: str, own: str, words: tuple[str, ...]
) -> None:
    assert city_words(name, own) == words


def test_a_city_is_blanked_in_kana_and_latin_letters_too() -> None:
    kobe = city_spellings(reading("神戸市"), "City of Kobe", reading("品川区"))

    assert mask("コウベ市とこうべし、Kobe、KOBE City、ｺｳﾍﾞの海、Kobelco", Identity(cities=kobe)) == (
        "■市と■、■、■ City、■の海、Kobelco"
    )
    osaka = city_spellings(reading("大阪市"), "Osaka City", reading("大阪府"))
    assert mask("おおさかしとおおさかとOsaka、Osaka City", Identity(cities=osaka)) == "■とおおさかとOsaka、■"
    assert [reading(one) for one in ("静岡市", "福井県", "目黒区", "見本市")] == [
        "しずおかし",
        "ふくいけん",
        "めぐろく",
        "",
    ]
    assert city_spellings("", "") == ()
    assert city_spellings("みなとく", "Minato City") == ("みなとく", "Minato City")


def test_a_short_name_of_one_character_is_blanked_where_it_stands_alone() -> None:
    identity = Identity(cities=(*city_words("堺市"), *city_words("神戸市")))

    assert mask("堺で働き、神戸にも応募。境界と堺屋は残る", identity) == "■で働き、■にも応募。境界と堺屋は残る"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("髙橋美咲と申します。", "■と申します。"),
        ("高橋 美咲", "■"),
        ("髙\n橋　美 咲", "■"),
        ("美咲・髙橋", "■"),
        ("髙橋\U000e0101です", "■です"),
        ("たかはしみさき／タカハシ ミサキ／ﾀｶﾊｼ ﾐｻｷ", "■／■／■"),
        ("タカハ\u30b7", "■"),
        ("ＭＩＳＡＫＩ．taka-hashi＠example.jp へ", "■ へ"),
        ("別の宛先 other@mail.example.com", "別の宛先 ■"),
        ("090-1234-5678、０９０（１２３４）５６７８、+81 90 1234 5678", "■、■、■"),
        ("〇九〇-一二三四-五六七八", "■"),
        ("実家は03-1234-5678です", "実家は■です"),
        ("〒140-0005 品川区広町２－１－３６", "■ 品川区■"),
        ("広町に住む", "■に住む"),
        ("1990年4月1日生まれ、平成2年4月1日、1990/04/01", "■生まれ、■、■"),
        ("Misaki Takahashi、TAKAHASHI MISAKI、Takahasi-misaki、takahashimisaki", "■、■、■、■"),
        ("受付番号 RECEIPT と", "受付番号 ■ と"),
        ("㈱ひかりシステムで5年、ひかりｼｽﾃﾑに出向", "(株)勤務先Aで5年、勤務先Aに出向"),
        ("株式会社ひかりシステム", "勤務先A"),
        ("ＮＥＣ（nec）と connection", "勤務先B（勤務先B）と connection"),
        ("港市役所の窓口", "勤務先Cの窓口"),
        ("実績は https://github.com/misaki にあります", "実績は ■ にあります"),
    ],
)
def test_identity_is_blanked_in_every_writing(text: str, masked: str) -> None:
    text = text.replace("RECEIPT", new_receipt_number("KOB", 2026, Random(3).randrange))
    assert mask(text, PERSON) == masked.replace("(株)", "㈱")


def test_voicing_marks_match_in_one_or_two_characters() -> None:
    person = Identity(kana=("ながた", "だいご"))

    for text in ("ﾅｶﾞﾀ ﾀﾞｲｺﾞ", unicodedata.normalize("NFD", "ナガタ ダイゴ"), "ながただいご"):
        assert mask(text, person) == "■"
    assert mask("かきくけ", Identity(kana=("かきく", ""))) == "■け"
    assert mask("かきぐ", Identity(kana=("かきく", ""))) == "かきぐ"


@pytest.mark.parametrize(
    ("names", "kana", "text", "masked"),
    [
        (("林", "航"), ("はやし", "こう"), "農林水産省で航海の林です。林は航です", "農林水産省で航海の■です。■は■です"),
        (
            ("林", "航"),
            ("はやし", "こう"),
            "このようにこうした。コウです。「こう」と読む。林航",
            "このようにこうした。■です。「■」と読む。■",
        ),
        (("", ""), ("", "なお"), "さらに、なおさら直した。なおと申します", "さらに、なおさら直した。■と申します"),
        (("", ""), ("あい", ""), "アイデアのアイ", "アイデアの■"),
    ],
)
def test_short_names_are_blanked_where_they_stand_alone(
    names: tuple[str, str], kana: tuple[str, str], text: str, masked: str
) -> None:
    assert mask(text, Identity(names=names, kana=kana)) == masked


def test_years_and_figures_are_no_telephone_numbers() -> None:
    text = "2016年4月–2019年3月、処理日数 8.4日 → 2.1日、予算 1,200,000,000円、2019 2020 2021"

    assert mask(text, PERSON) == text


def test_overlapping_matches_leave_nothing_between_them() -> None:
    person = Identity(names=("山田", "田中"), employers=("中央山田工業",))

    assert mask("中央山田工業の山田中", person) == "勤務先Aの■"


@given(st.text(alphabet=st.characters(blacklist_categories=("Cs",)), max_size=300))
def test_a_text_without_identity_stays_to_the_byte(text: str) -> None:
    assert mask(text, Identity(names=("\U0002a6d6\U0002a6d7", ""))) == mask(text, Identity())


@given(
    st.text(alphabet="あいうえおアイウ林山田 \n-。abc012", max_size=80),
    st.text(alphabet="あい。 \n漢字x1", max_size=40),
)
def test_what_stands_around_a_name_is_kept(before: str, after: str) -> None:
    person = Identity(names=("勅使河原", "龍之介"))

    assert mask(f"{before}。勅使河原龍之介。{after}", person) == f"{before}。■。{after}"


@given(st.integers(0, 3), st.sampled_from(["", " ", "\u3000", "\n", "・", "-"]))
def test_a_name_is_found_whatever_separates_its_parts(kind: int, separator: str) -> None:
    writings = [
        ("勅使河原", "龍之介"),
        ("てしがわら", "りゅうのすけ"),
        ("テシガワラ", "リュウノスケ"),
        ("ﾃｼｶﾞﾜﾗ", "ﾘｭｳﾉｽｹ"),
    ]
    person = Identity(names=writings[0], kana=writings[1])

    assert mask("私は" + separator.join(writings[kind]) + "、です", person) == "私は■、です"
