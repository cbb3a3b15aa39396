import pytest

from app.jp.municipality import check_digit, is_valid_code


@pytest.mark.parametrize("code", ["281107", "281000", "131016", "011002", "010006", "131091", "401307", "471003"])
def test_a_real_code_is_valid(code: str) -> None:
    assert is_valid_code(code)
    assert check_digit(code[:5]) == code[5]


@pytest.mark.parametrize(
    "code",
    ["", "11002", "0110020", "281001", "２８１０００", "28100 ", "28-100", "281000\n", "001001", "480002", "28100a"],
)
def test_anything_else_is_not(code: str) -> None:
    assert not is_valid_code(code)


def test_every_wrong_digit_in_a_code_is_found_or_names_a_code_with_the_same_remainder() -> None:
    found = [
        not is_valid_code("281000"[:place] + digit + "281000"[place + 1 :])
        for place in range(6)
        for digit in "0123456789"
        if digit != "281000"[place]
    ]

    assert found.count(False) <= 1


@pytest.mark.parametrize("first_five", ["2810", "281000", "２８１００", "abcde"])
def test_a_check_digit_needs_five_ascii_digits(first_five: str) -> None:
    with pytest.raises(ValueError, match="5桁"):
        check_digit(first_five)
