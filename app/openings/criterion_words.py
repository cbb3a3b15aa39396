"""Schools, language tests and days that criteria name, each a closed list with the words that pages show."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

EDUCATIONS = {
    "graduate": "大学院",
    "university": "大学",
    "junior_college": "短期大学",
    "technical_college": "高等専門学校",
    "vocational": "専修学校（専門課程）",
    "high_school": "高等学校",
    "other": "その他",
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


SCHEMES = {
    "toeic_lr": Scheme("TOEIC Listening & Reading", {}, Decimal(990)),
    "toefl_ibt": Scheme("TOEFL iBT", {}, Decimal(120)),
    "ielts": Scheme("IELTS", {}, Decimal(9)),
    "eiken": Scheme(
        "実用英語技能検定（英検）",
        {"5": "5級", "4": "4級", "3": "3級", "pre2": "準2級", "2": "2級", "pre1": "準1級", "1": "1級"},
    ),
    "chuken": Scheme(
        "中国語検定（中検）",
        {"pre4": "準4級", "4": "4級", "3": "3級", "2": "2級", "pre1": "準1級", "1": "1級"},
    ),
    "hsk": Scheme("HSK（漢語水平考試）", {str(n): f"{n}級" for n in range(1, 7)}, Decimal(300)),
    "hangul": Scheme(
        "「ハングル」能力検定",
        {"5": "5級", "4": "4級", "3": "3級", "pre2": "準2級", "2": "2級", "1": "1級"},
    ),
    "topik": Scheme("韓国語能力試験（TOPIK）", {str(n): f"{n}級" for n in range(1, 7)}),
}


def result_choices() -> dict[str, list[tuple[str, str]]]:
    """Give every test with its levels, the highest first, as one list to choose from; a value is scheme:level."""
    groups = {"": [("", "選んでください")]}
    for key, scheme in SCHEMES.items():
        levels = [(f"{key}:{level}", f"{scheme.label} {word}") for level, word in reversed(list(scheme.levels.items()))]
        groups[scheme.label] = levels or [(f"{key}:", scheme.label)]
    return groups


DAYS_A_WEEK = {  # days a week times ten, as in content.Terms
    2: "月1日",
    5: "月2日",
    7: "月3日",
    10: "週1日",
    15: "週1.5日",
    20: "週2日",
    25: "週2.5日",
    30: "週3日",
    35: "週3.5日",
    40: "週4日",
    45: "週4.5日",
    50: "週5日",
    60: "週6日",
    70: "週7日",
}


def answer_words(params: Mapping[str, Any]) -> dict[bool | None, str]:
    """Give the words of the two answers to a declaration, and of no answer; はい and いいえ unless it has its own."""
    return {True: str(params.get("yes") or "はい"), False: str(params.get("no") or "いいえ"), None: "未回答"}


def answer_choices(params: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Give the two choices of a declaration with what they mean."""
    words = answer_words(params)
    return [("yes", words[True]), ("no", words[False])]


def days_in_words(tenths: int) -> str:
    """Say days a week that are kept times ten: 月2日, 週2.5日."""
    return DAYS_A_WEEK.get(tenths) or f"週{tenths / 10:g}日"


def bar_in_words(scheme: str, level: str | None, score: Decimal | None) -> str:
    """Say a result of a test: HSK（漢語水平考試） 6級 180点."""
    known = SCHEMES.get(scheme)
    parts = [known.label if known else scheme, known.levels.get(level, level) if known and level else level]
    return " ".join([part for part in parts if part] + ([f"{score.normalize():f}点"] if score is not None else []))


def schools_in_words(levels: tuple[str, ...]) -> str:
    return "・".join(EDUCATIONS.get(level, level) for level in levels)
