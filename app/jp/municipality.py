"""団体コード: the six-character code of a prefecture, city or ward, always text (O-06)."""

import re

_WEIGHTS = (6, 5, 4, 3, 2)


def check_digit(first_five: str) -> str:
    """Return the sixth character of the code that begins with these five digits.

    Raises ValueError when `first_five` is not five ASCII digits.
    """
    if not re.fullmatch(r"[0-9]{5}", first_five):
        raise ValueError("団体コードの先頭は半角数字5桁です。")
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first_five, strict=True))
    return str((11 - total % 11) % 10)


def is_valid_code(code: str) -> bool:
    """Tell whether `code` is six ASCII digits, names a prefecture (01 to 47) and ends in its check digit."""
    if not re.fullmatch(r"[0-9]{6}", code):
        return False
    return "01" <= code[:2] <= "47" and check_digit(code[:5]) == code[5]
