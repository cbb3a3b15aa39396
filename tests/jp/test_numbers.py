import random as random_module
import re

import pytest

from app.jp import numbers
from app.jp.numbers import (
    ALPHABET,
    damm_digit,
    is_valid_examinee_number,
    new_examinee_number,
    new_receipt_number,
    new_resume_code,
    parse_receipt_number,
    parse_resume_code,
)

DRAW = random_module.Random(27).randrange
ALL = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def test_a_receipt_number_has_city_year_and_eight_characters_without_look_alikes() -> None:
    for _ in range(300):
        number = new_receipt_number("SNG", 2026, DRAW)

        assert re.fullmatch(rf"SNG-26-[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}-[{ALPHABET}]", number)
        assert parse_receipt_number(number) == number
    assert not set(ALPHABET) & set("01OILZSGBUV")


@pytest.mark.parametrize("length", [2, 3, 5])
def test_every_single_substitution_anywhere_is_found(length: int) -> None:
    plain = new_receipt_number("SNGXY"[:length], 2026, DRAW).replace("-", "")

    for place in range(len(plain)):
        for character in ALL:
            if character != plain[place]:
                slipped = plain[:place] + character + plain[place + 1 :]
                assert (parse_receipt_number(slipped) or "").replace("-", "") in ("", plain), slipped


def test_no_pair_of_characters_in_any_place_has_the_same_weight() -> None:
    """The sum is linear, so this covers every number: one slip changes it by weight x difference."""
    for weight in range(1, 17):
        changes = {weight * value % 37 for value in range(36)}
        assert len(changes) == 36


def test_every_exchange_of_two_characters_in_any_places_is_found() -> None:
    """Exchanging a and b, weights v and w apart by at most 15, changes the sum by (v - w) x (a - b)."""
    for distance in range(1, 16):
        for a in range(36):
            for b in range(36):
                assert (distance * (a - b) % 37 == 0) == (a == b)


def test_every_exchange_of_neighbours_in_issued_numbers_is_found() -> None:
    for _ in range(500):
        plain = new_receipt_number("OSK", 2026, DRAW).replace("-", "")
        for place in range(len(plain) - 1):
            a, b = plain[place : place + 2]
            if a != b:
                assert parse_receipt_number(plain[:place] + b + a + plain[place + 2 :]) is None


def test_a_receipt_number_is_lenient_when_typed() -> None:
    number = new_receipt_number("SNG", 2026, DRAW)
    plain = number.replace("-", "")
    wide = "".join(chr(ord(character) + 0xFEE0) for character in number.lower())
    typed = [plain, number.lower(), wide, f"　{number} \n", number.replace("-", " "), *_dashed(number)]

    assert [parse_receipt_number(text) for text in typed] == [number] * len(typed)


def _dashed(number: str) -> list[str]:
    return [number.replace("-", dash) for dash in "‐‑–—―−ーｰ－─"]


def test_letters_outside_the_alphabet_are_read_as_the_digits_they_look_like() -> None:
    number = next(n for n in iter(lambda: new_receipt_number("SNG", 2026, DRAW), "") if set("2568") <= set(n[6:]))
    written = number[:6] + number[6:].translate(str.maketrans("2568", "ZSGB"))

    assert parse_receipt_number(written) == number


@pytest.mark.parametrize(
    "text",
    ["", "-", "SNG-26", "SNG-26-7K3M-P9QX", "26-7K3M-P9QX-4", "SNGSNG-26-7K3M-P9QX-4", "品川-26-7K3M-P9QX-4", "𠮷"],
)
def test_what_cannot_be_a_receipt_number_is_none(text: str) -> None:
    assert parse_receipt_number(text) is None


@pytest.mark.parametrize("short_name", ["", "S", "sng", "SHINAGAWA", "S1G", "品川"])
def test_a_short_name_is_two_to_five_capital_letters(short_name: str) -> None:
    with pytest.raises(ValueError, match="略称"):
        new_receipt_number(short_name, 2026, DRAW)


def test_the_draw_is_repeated_until_the_check_character_is_readable() -> None:
    drawn = [number[-1] for number in (new_receipt_number("KBE", 2030, DRAW) for _ in range(500))]

    assert set(drawn) == set(ALPHABET)


def test_damm_table_finds_every_wrong_digit_and_every_exchange() -> None:
    """For every interim digit c and digits x, y: both are distinct as the proof for numbers of any length needs."""
    table = [[int(cell) for cell in row] for row in numbers._DAMM]
    for c in range(10):
        assert sorted(table[c]) == list(range(10))
        assert sorted(row[c] for row in table) == list(range(10))
        for x in range(10):
            for y in range(10):
                assert (table[table[c][x]][y] == table[table[c][y]][x]) == (x == y)
        assert table[c][c] == 0


def test_no_wrong_examinee_number_is_taken_for_a_right_one() -> None:
    for _ in range(300):
        number = new_examinee_number(DRAW)
        for place in range(6):
            for digit in "0123456789":
                changed = number[:place] + digit + number[place + 1 :]
                assert is_valid_examinee_number(changed) == (changed == number)
        for place in range(5):
            changed = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
            assert is_valid_examinee_number(changed) == (changed == number)


def test_an_examinee_number_has_six_digits_and_tells_no_order() -> None:
    drawn = [new_examinee_number(DRAW) for _ in range(500)]

    assert all(re.fullmatch(r"[1-9][0-9]{5}", number) for number in drawn)
    assert all(is_valid_examinee_number(number) for number in drawn)
    assert drawn != sorted(drawn)


@pytest.mark.parametrize("text", ["", "12345", "1234567", "０００００３", "57246a", "000000", "572431\n"])
def test_what_cannot_be_an_examinee_number_is_refused(text: str) -> None:
    assert not is_valid_examinee_number(text)


def test_damm_digit_of_the_published_example() -> None:
    assert damm_digit("572") == "4"


def test_a_resume_code_is_three_groups_of_four_and_lenient_when_typed() -> None:
    code = new_resume_code(DRAW)

    assert re.fullmatch(rf"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", code)
    assert parse_resume_code(code.lower().replace("-", "　")) == code
    assert parse_resume_code(code.replace("-", "−")) == code
    assert parse_resume_code(code[:-1]) is None
    assert parse_resume_code(code[:-1] + "0") is None
    assert parse_resume_code("") is None
