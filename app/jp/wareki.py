"""Japanese years: the five eras since 明治, by the first day of each.

An era begins on the day it was proclaimed for, so 1989-01-07 is still 昭和64年 and 1989-01-08 is 平成元年.
"""

import re
import unicodedata
from datetime import date
from typing import NamedTuple


class Era(NamedTuple):
    name: str
    letter: str
    start: date


ERAS = (
    Era("令和", "R", date(2019, 5, 1)),
    Era("平成", "H", date(1989, 1, 8)),
    Era("昭和", "S", date(1926, 12, 25)),
    Era("大正", "T", date(1912, 7, 30)),
    Era("明治", "M", date(1868, 1, 25)),
)
_YEAR_WITH_ERA = re.compile(r"([^\d\s]{1,2})\s*(元|\d{1,2})年?")


def era_of(day: date) -> Era:
    """Find the era of a day. Raises ValueError before 明治."""
    for era in ERAS:
        if day >= era.start:
            return era
    raise ValueError(f"{day} is before 明治")


def wareki_year(day: date) -> str:
    """Name the Japanese year of a day: 令和8年, 平成元年. Raises ValueError before 明治."""
    era = era_of(day)
    count = day.year - era.start.year + 1
    return f"{era.name}{'元' if count == 1 else count}年"


def wareki(day: date) -> str:
    """Write a day in the Japanese calendar: 令和8年11月30日. Raises ValueError before 明治."""
    return f"{wareki_year(day)}{day.month}月{day.day}日"


def both_calendars(day: date) -> str:
    """Write a day so that a wrong era is seen: 1995年（平成7年）4月1日. Raises ValueError before 明治."""
    return f"{day.year}年（{wareki_year(day)}）{day.month}月{day.day}日"


def age_on(born: date, day: date) -> int:
    """Count the whole years of a person on a day; the birthday itself counts, 2月29日 being 3月1日 in other years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def age_words(born: date, appointed_on: date) -> str:
    """Say how old a person is on the day of appointment: 任用日（2027年4月1日）に32歳."""
    day = f"{appointed_on.year}年{appointed_on.month}月{appointed_on.day}日"
    return f"任用日（{day}）に{age_on(born, appointed_on)}歳"


def read_year(text: str) -> tuple[int, Era | None] | None:
    """Read a year as people type it: 1991, １９９１年, 平成3, 平3, H3, 令和元年; with the era when one was named.

    Whether the day lies in that era is for the caller to ask `is_in_era`. None when it is no year.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if match := re.fullmatch(r"(\d{4})年?", plain):
        return int(match[1]), None
    match = _YEAR_WITH_ERA.fullmatch(plain)
    era = match and next((era for era in ERAS if match[1].upper() in (era.name, era.name[0], era.letter)), None)
    if not match or not era:
        return None
    count = 1 if match[2] == "元" else int(match[2])
    return (era.start.year + count - 1, era) if count else None


def is_in_era(day: date, era: Era) -> bool:
    """Tell whether a day lies in an era: 1989-01-08 does not lie in 昭和."""
    return day >= era.start and era_of(day) is era


def first_day_words(era: Era, day: date, *, has_day: bool) -> str:
    """Say when an era began that an earlier day was named by, and how that day or its month is named."""
    said = f"{era.name}は{era.start.month}月{era.start.day}日からです"
    if day < ERAS[-1].start:
        return said
    rest = f"{day.month}月{day.day}日" if has_day else f"{day.month}月"
    return f"{said}。{day.year}年{rest}は{wareki_year(day)}{rest}です"


def last_day_words(era: Era, day: date) -> str:
    """Say when an era ended that a later day was named by: 昭和64年は1月7日までです; in a later year also that year."""
    following = ERAS[ERAS.index(era) - 1]
    last = date.fromordinal(following.start.toordinal() - 1)
    said = f"{wareki_year(last)}は{last.month}月{last.day}日までです"
    if day.year == last.year:
        return said
    end = f"{last.year - era.start.year + 1}年{last.month}月{last.day}日"
    return f"{era.name}は{end}までです。{day.year}年は{wareki_year(day)}です"
