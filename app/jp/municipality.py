"""団体コード: the six-character code of a prefecture, city or ward, always text (O-06)."""

import re

_WEIGHTS = (6, 5, 4, 3, 2)
PREFECTURES = tuple(  # in the order of their codes, 01 to 47
    [
        "北海道",
        "青森県",
        "岩手県",
        "宮城県",
        "秋田県",
        "山形県",
        "福島県",
        "茨城県",
        "栃木県",
        "群馬県",
        "埼玉県",
        "千葉県",
        "東京都",
        "神奈川県",
        "新潟県",
        "富山県",
        "石川県",
        "福井県",
        "山梨県",
        "長野県",
        "岐阜県",
        "静岡県",
        "愛知県",
        "三重県",
        "滋賀県",
        "京都府",
        "大阪府",
        "兵庫県",
        "奈良県",
        "和歌山県",
        "鳥取県",
        "島根県",
        "岡山県",
        "広島県",
        "山口県",
        "徳島県",
        "香川県",
        "愛媛県",
        "高知県",
        "福岡県",
        "佐賀県",
        "長崎県",
        "熊本県",
        "大分県",
        "宮崎県",
        "鹿児島県",
        "沖縄県",
    ]
)


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
