"""The 14 things that a selection does not ask (公正な採用選考): words in a text that point to them (F-03).

A finding warns and never blocks (家族 is a fair topic of a service for families); a second person approves anyway.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.jp.text import search_key

TOPICS: dict[str, tuple[str, ...]] = {
    "本籍・出生地": ("本籍", "出生地", "出身地", "戸籍", "ほんせき", "国籍"),
    "家族": ("家族", "かぞく", "両親", "父親", "母親", "配偶者", "続柄", "兄弟", "姉妹", "扶養", "親の職業"),
    "住宅状況": ("住宅状況", "間取り", "持ち家", "借家"),
    "生活環境・家庭環境": ("家庭環境", "生活環境", "生い立ち", "通勤時間", "通勤経路"),
    "宗教": ("宗教", "しゅうきょう", "信仰"),
    "支持政党": ("支持政党", "支持する政党", "政党"),
    "人生観・生活信条": ("人生観", "信条", "座右の銘"),
    "尊敬する人物": ("尊敬",),
    "思想": ("思想",),
    "労働組合・社会運動": ("労働組合", "学生運動", "社会運動"),
    "購読新聞・愛読書": ("購読", "愛読", "愛読書"),
    "身元調査": ("身元調査", "sns", "前職調査"),
    "応募書類": ("住民票", "顔写真", "証明写真", "マイナンバー", "個人番号"),
    "健康診断": ("健康診断", "病歴", "既往症", "血液型"),
}
NEVER_BEFORE_AN_OFFER = ("住民票", "戸籍", "健康診断", "マイナンバー", "個人番号")  # F-07, F-08
TOLD_NOT_TO = re.compile(r"(書かない|記入しない|含めない|入れない|出さない)")


@dataclass(frozen=True)
class Finding:
    """One word in a text and the topic it points to."""

    topic: str
    word: str


def findings(text: str) -> Iterator[Finding]:
    """Find words of the 14 topics; sentences that tell people not to write something are left out."""
    for sentence in re.split(r"[。\n]", search_key(text)):
        if TOLD_NOT_TO.search(sentence):
            continue
        for topic, words in TOPICS.items():
            found = next((word for word in words if search_key(word) in sentence), None)
            if found:
                yield Finding(topic, found)


def is_never_asked(label: str) -> bool:
    """Say whether a document may not be asked for before an offer."""
    return any(search_key(word) in search_key(label) for word in NEVER_BEFORE_AN_OFFER)
