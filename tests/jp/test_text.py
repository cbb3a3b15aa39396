import sqlite3
import unicodedata

import pytest

from app.jp import text as jp

NAMES = ["髙橋", "﨑", "𠮷田", "\ufa19", "葛\U000e0100", "邉", "神\ufe00", "か\u3099", "Å", "é", "①"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_kept_to_the_byte(name: str) -> None:
    assert jp.clean_name(f" \u3000{name}\t") == name


def test_a_name_loses_only_control_characters_and_outer_spaces() -> None:
    assert jp.clean_name("\u202e山\x00田\r\n\u200b") == "山田"
    assert jp.clean_name("ファン デン　ベルグ") == "ファン デン　ベルグ"
    assert jp.clean_name("\ud800山") == "山"
    assert jp.clean_name(" \x7f ") == ""


def test_a_private_use_character_is_refused_with_what_it_is() -> None:
    assert jp.private_use_characters("山\ue000田\U000f0001\ue000") == ["\ue000", "\U000f0001"]
    assert jp.private_use_characters("髙﨑𠮷葛\U000e0100") == []
    with pytest.raises(jp.PrivateUseCharacters) as refused:
        jp.clean_name("\ue000田")
    assert refused.value.characters == ["\ue000"]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("ｶﾞｯｷｰ", "がっきー"),
        ("ﾊﾟﾋﾟｮﾝ･ｳﾞｨ", "ぱぴょん・ゔぃ"),
        ("ヴァイオレット", "ゔぁいおれっと"),
        ("か\u3099ま", "がま"),
        ("カ\u3099", "が"),
        ("か゛は゜", "がぱ"),
        ("  ヤマダ　", "やまだ"),
        ("ﾏﾘｱ　 ﾙｲｰｻﾞ", "まりあ るいーざ"),
        ("えりー", "えりー"),
        ("ジョ－ジ", "じょーじ"),
        ("じょ-じ", "じょーじ"),
        ("ミヽヾ", "みゝゞ"),
        ("ヵヶ", "ゕゖ"),
        ("山田A", "山田A"),
        ("", ""),
    ],
)
def test_kana_of_any_width_and_kind_becomes_hiragana(typed: str, stored: str) -> None:
    assert jp.hiragana(typed) == stored
    assert jp.hiragana(stored) == stored


def test_every_half_width_kana_becomes_hiragana() -> None:
    for code in range(0xFF66, 0xFF9E):
        assert jp.is_hiragana_name("あ" + jp.hiragana("あ" + chr(code))[1:]), hex(code)


@pytest.mark.parametrize("name", ["やまだ", "えりー", "まりあ・るいざ", "まりあ るいざ", "ゔぁん", "みゝ"])
def test_a_hiragana_name(name: str) -> None:
    assert jp.is_hiragana_name(name)


@pytest.mark.parametrize(
    "name", ["", "ヤマダ", "山田", "ーあ", "・あ", " あ", "あ ", "yamada", "あ\n", "か\u3099", "あ1"]
)
def test_not_a_hiragana_name(name: str) -> None:
    assert not jp.is_hiragana_name(name)


def test_digits_of_every_width_become_ascii_and_nothing_else_changes() -> None:
    assert jp.digits("１２３－４５６７ ①Ⅳﾊ½²") == "123－4567 ①Ⅳﾊ½²"
    assert jp.digits("𝟘𝟵") == "09"
    assert jp.digits("٣") == "٣"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("03-1234-5678", "0312345678"),
        ("０３（１２３４）５６７８", "0312345678"),
        ("(06) 1234 5678", "0612345678"),
        ("090‐1234‐5678", "09012345678"),
        ("090−1234−5678", "09012345678"),
        ("090ー1234ー5678", "09012345678"),
        ("090―1234–5678", "09012345678"),
        ("090ｰ1234－5678", "09012345678"),
        ("+81 90 1234 5678", "09012345678"),
        ("＋８１（０）３−１２３４−５６７８", "0312345678"),
        ("0120-123-456", "0120123456"),
        ("0800-123-4567", "08001234567"),
        ("050.1234.5678", "05012345678"),
        ("0997-12-3456", "0997123456"),
        ("+1 (415) 555-0123", "+14155550123"),
    ],
)
def test_a_telephone_number_is_stored_as_digits(typed: str, stored: str) -> None:
    assert jp.phone(typed) == stored
    assert jp.phone(stored) == stored


@pytest.mark.parametrize(
    "typed",
    ["", "1234-5678", "090-1234-567", "090-1234-56789", "03-1234-56789", "00-1234-5678", "03-1234-567a", "+0123456789"],
)
def test_what_is_no_telephone_number_is_none(typed: str) -> None:
    assert jp.phone(typed) is None


@pytest.mark.parametrize(
    "typed", ["1400005", "140-0005", "〒140-0005", "１４０－０００５", "〒 140ー0005", " 140−0005 "]
)
def test_a_postal_code_is_stored_as_seven_digits(typed: str) -> None:
    assert jp.postal_code(typed) == "1400005"


@pytest.mark.parametrize("typed", ["", "140-000", "140-00055", "140000a", "〒"])
def test_what_is_no_postal_code_is_none(typed: str) -> None:
    assert jp.postal_code(typed) is None


def test_a_mail_address_is_looked_up_without_case_and_composed() -> None:
    assert jp.mail_key(" Taro.Mihon@Example.JP ") == "taro.mihon@example.jp"
    assert jp.mail_key("e\u0301@example.jp") == jp.mail_key("É@example.jp")
    assert jp.mail_key("a+b@example.jp") != jp.mail_key("a@example.jp")


ORDERED = [
    ("あ", "あ"),
    ("あ", "い"),
    ("ああ", "あ"),
    ("あさい", "あ"),
    ("おおた", "はな"),
    ("かとう", "いち"),
    ("がとう", "いち"),
    ("かとう", "じろう"),
    ("はし", "あ"),
    ("ばし", "あ"),
    ("ぱし", "あ"),
    ("ひつじ", "あ"),
    ("ひっじ", "あ"),
    ("わたなべ", "ん"),
    ("ゐ", "あ"),
    ("をの", "あ"),
    ("んの", "あ"),
]


def test_names_sort_in_the_order_of_the_syllabary_byte_by_byte() -> None:
    keys = [jp.kana_key(sei, mei).encode() for sei, mei in ORDERED]

    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


def test_sqlite_sorts_the_keys_the_same_way() -> None:
    base = sqlite3.connect(":memory:")
    base.execute("CREATE TABLE name (place INTEGER, key TEXT COLLATE BINARY)")
    base.executemany(
        "INSERT INTO name VALUES (?, ?)",
        [(place, jp.kana_key(*name)) for place, name in reversed(list(enumerate(ORDERED)))],
    )

    places = [place for (place,) in base.execute("SELECT place FROM name ORDER BY key")]

    assert places == list(range(len(ORDERED)))


def test_a_long_vowel_sorts_with_its_vowel_and_after_it() -> None:
    assert jp.kana_key("おおの", "").split()[0] == jp.kana_key("おーの", "").split()[0]
    assert jp.kana_key("おおの", "あ") < jp.kana_key("おーの", "あ") < jp.kana_key("おか", "あ")
    assert jp.kana_key("さゝき", "あ").split()[0] == "ささき"
    assert jp.kana_key("みすゞ", "あ").split()[0] == "みすす"


def test_width_kind_and_composition_of_kana_do_not_change_the_key() -> None:
    key = jp.kana_key("がま", "じろう")

    assert jp.kana_key("ｶﾞﾏ", "ジロウ") == key
    assert jp.kana_key(unicodedata.normalize("NFD", "がま"), "じろう") == key
    assert jp.kana_key("がま・", "じ ろう") == key


def test_a_key_never_holds_a_zero_byte_and_survives_odd_names() -> None:
    for name in ["", "ー", "ゝ", "山田", "a", "・"]:
        assert "\x00" not in jp.kana_key(name, name)


def test_variants_and_widths_are_found_as_one() -> None:
    assert jp.search_key("髙﨑") == jp.search_key("高崎") == "高崎"
    assert jp.search_key("𠮷田ＤＸ") == "吉田dx"
    assert jp.search_key("葛\U000e0100城") == "葛城"
    assert jp.search_key("ﾃﾞｼﾞﾀﾙ") == "デジタル"
    assert jp.search_key("\ufa19戸") == "神戸"


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("03-0000-0000", "0300000000"),
        ("０３（００００）００００（内線 12）", "0300000000"),
        ("代表 +81 3-0000-0000", "+81300000000"),
        ("内線 12", ""),
        ("", ""),
    ],
)
def test_a_telephone_dials_a_citys_number_without_what_stands_around_it(written: str, number: str) -> None:
    assert jp.dialled(written) == number


def test_a_kept_number_is_written_in_parts_where_they_are_known() -> None:
    kept = {
        "09000000001": "090-0000-0001",
        "08000000001": "0800-000-0001",
        "0120000001": "0120-000-001",
        "0300000001": "03-0000-0001",
        "0780000001": "078-000-0001",
        "0420000001": "0420000001",  # 042, 0420 and 0422 are areas of their own
        "+14155550100": "+14155550100",
        "": "",
    }

    assert {one: jp.spaced_phone(one) for one in kept} == kept
