"""The readings and the English of the words in which DX openings are written, so that they are found as people type."""

import re
from collections.abc import Iterator

from app.jp.postal import reading
from app.jp.romaji import romanised
from app.jp.text import search_key

_WORDS = {
    "広報": "こうほう pr",
    "総務": "そうむ",
    "担当": "たんとう",
    "職員": "しょくいん",
    "未来": "みらい future",
    "創生": "そうせい",
    "支援": "しえん support",
    "移住": "いじゅう",
    "環境": "かんきょう",
    "統計": "とうけい statistics",
    "標準化": "ひょうじゅんか",
    "企画": "きかく planning",
    "戦略": "せんりゃく strategy",
    "推進": "すいしん",
    "行政": "ぎょうせい",
    "改革": "かいかく",
    "業務": "ぎょうむ",
    "改善": "かいぜん",
    "情報": "じょうほう",
    "政策": "せいさく policy",
    "教育": "きょういく education",
    "観光": "かんこう tourism",
    "福祉": "ふくし",
    "防災": "ぼうさい",
    "産業": "さんぎょう",
    "採用": "さいよう",
    "人材": "じんざい",
    "人事": "じんじ hr",
    "副業": "ふくぎょう",
    "任期付": "にんきつき",
    "専門": "せんもん specialist",
    "分析": "ぶんせき analysis",
    "調達": "ちょうたつ",
    "開発": "かいはつ development",
    "運用": "うんよう",
    "設計": "せっけい",
    "エンジニア": "えんじにあ engineer",
    "デザイナー": "でざいなー designer",
    "デザイン": "でざいん design",
    "プロデューサー": "ぷろでゅーさー producer",
    "マネージャー": "まねーじゃー manager",
    "マーケティング": "まーけてぃんぐ marketing",
    "アドバイザー": "あどばいざー adviser advisor",
    "コンサルタント": "こんさるたんと consultant",
    "ディレクター": "でぃれくたー director",
    "データ": "でーた data",
    "システム": "しすてむ system",
    "セキュリティ": "せきゅりてぃ security",
    "クラウド": "くらうど cloud",
    "ネットワーク": "ねっとわーく network",
    "デジタル": "でじたる digital",
    "リモート": "りもーと remote",
}


def readings_in(text: str) -> str:
    """Give how the field's words in a text are read: 広報エンジニア gives こうほう コウホウ pr えんじにあ engineer."""
    key = search_key(text)
    return " ".join(said for word, spelt in _WORDS.items() if search_key(word) in key for said in _said(spelt))


_KINDS = {
    "し": "city",
    "く": "ward city",
    "けん": "prefecture",
    "ふ": "prefecture",
    "と": "metropolitan prefecture",
    "ちょう": "town",
    "まち": "town",
    "むら": "village",
    "そん": "village",
}
_KIND = re.compile(rf"(?<=.)({'|'.join(_KINDS)})$")


def city_readings(name: str) -> str:
    """Give how the name of a city is read and written in Latin letters: こうべし コウベシ kobe koube kohbe city."""
    kana = reading(name)
    if not kana:
        return ""
    kind = _KIND.search(kana)
    short = kana[: kind.start()] if kind else kana
    return " ".join([*_said(kana), *sorted(romanised(short)), _KINDS[kind[0]] if kind else ""]).strip()


def _said(spelt: str) -> Iterator[str]:
    for one in spelt.split():
        yield one
        if not one.isascii():
            yield "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in one)
