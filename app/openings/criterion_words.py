"""Schools, language tests and days that criteria name, each a closed list with the words that pages show."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from app.core.language import listed, sentence, word

EDUCATIONS = {
    "graduate": word("大学院"),
    "university": word("大学"),
    "junior_college": word("短期大学"),
    "technical_college": word("高等専門学校"),
    "vocational": word("専修学校（専門課程）"),
    "high_school": word("高等学校"),
    "other": word("その他"),
}
EDUCATION_RANKS = {  # who finished a school of one rank has finished one of a lower rank; people compare the others
    "graduate": 4,
    "university": 3,
    "junior_college": 2,
    "technical_college": 2,
    "vocational": 2,
    "high_school": 1,
}


@dataclass(frozen=True)
class Scheme:
    """A language test: its levels from the lowest, and the highest score where it gives one."""

    label: str
    levels: Mapping[str, str]
    highest: Decimal | None = None


LEVELS = {
    "6": word("6級"),
    "5": word("5級"),
    "pre4": word("準4級"),
    "4": word("4級"),
    "3": word("3級"),
    "pre2": word("準2級"),
    "2": word("2級"),
    "pre1": word("準1級"),
    "1": word("1級"),
}


def _levels(*keys: str) -> dict[str, str]:
    return {key: LEVELS[key] for key in keys}


SCHEMES = {
    "toeic_lr": Scheme("TOEIC Listening & Reading", {}, Decimal(990)),
    "toefl_ibt": Scheme("TOEFL iBT", {}, Decimal(120)),
    "ielts": Scheme("IELTS", {}, Decimal(9)),
    "eiken": Scheme(word("実用英語技能検定（英検）"), _levels("5", "4", "3", "pre2", "2", "pre1", "1")),
    "chuken": Scheme(word("中国語検定（中検）"), _levels("pre4", "4", "3", "2", "pre1", "1")),
    "hsk": Scheme(word("HSK（漢語水平考試）"), _levels("1", "2", "3", "4", "5", "6"), Decimal(300)),
    "hangul": Scheme(word("「ハングル」能力検定"), _levels("5", "4", "3", "pre2", "2", "1")),
    "topik": Scheme(word("韓国語能力試験（TOPIK）"), _levels("1", "2", "3", "4", "5", "6")),
}


def result_choices() -> dict[str, list[tuple[str, str]]]:
    """Give every test with its levels, the highest first, as one list to choose from; a value is scheme:level."""
    groups = {"": [("", word("選んでください"))]}
    for key, scheme in SCHEMES.items():
        levels = [
            (f"{key}:{level}", listed((scheme.label, words), " "))
            for level, words in reversed(list(scheme.levels.items()))
        ]
        groups[scheme.label] = levels or [(f"{key}:", scheme.label)]
    return groups


DAYS_A_WEEK = {  # days a week times ten, as in content.Terms
    2: word("月1日"),
    5: word("月2日"),
    7: word("月3日"),
    10: word("週1日"),
    15: word("週1.5日"),
    20: word("週2日"),
    25: word("週2.5日"),
    30: word("週3日"),
    35: word("週3.5日"),
    40: word("週4日"),
    45: word("週4.5日"),
    50: word("週5日"),
    60: word("週6日"),
    70: word("週7日"),
}


def answer_words(params: Mapping[str, Any]) -> dict[bool | None, str]:
    """Give the words of the two answers to a declaration, and of no answer; はい and いいえ unless it has its own."""
    return {
        True: str(params.get("yes") or word("はい")),
        False: str(params.get("no") or word("いいえ")),
        None: "未回答",
    }


def answer_choices(params: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Give the two choices of a declaration with what they mean."""
    words = answer_words(params)
    return [("yes", words[True]), ("no", words[False])]


def days_in_words(tenths: int) -> str:
    """Say days a week that are kept times ten: 月2日, 週2.5日."""
    return DAYS_A_WEEK.get(tenths) or sentence("週%(n)s日", n=f"{tenths / 10:g}")


def bar_in_words(scheme: str, level: str | None, score: Decimal | None) -> str:
    """Say a result of a test: HSK（漢語水平考試） 6級 180点."""
    known = SCHEMES.get(scheme)
    parts = [known.label if known else scheme, known.levels.get(level, level) if known and level else level]
    points = sentence("%(n)s点", n=f"{score.normalize():f}") if score is not None else None
    return listed((part for part in (*parts, points) if part), " ")


def schools_in_words(levels: tuple[str, ...]) -> str:
    return listed((EDUCATIONS.get(level, level) for level in levels), "・")


class Bar(Protocol):
    """The least result of a test."""

    @property
    def scheme(self) -> str: ...
    @property
    def level(self) -> str | None: ...
    @property
    def score(self) -> Decimal | None: ...


def at_least(bar: Bar) -> str:
    """Say the least result of a test that is enough: HSK（漢語水平考試） 6級 180点以上."""
    return sentence("%(result)s以上", result=bar_in_words(bar.scheme, bar.level, bar.score))
