"""How long a city keeps what, and how soon it answers: settings of the city, with what stands until it sets its own.

Years count from the day after the fiscal year in which the result was announced (P-07). No national number exists:
until a city sets its own, at least one year after the result (P-08). Nothing here erases anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from app.core.language import word
from app.jp.fiscal import fiscal_year

LEAST_YEARS, MOST_YEARS = 1, 30
ANSWER_DAYS = 30  # to a request for erasure, the day of asking not counted
ANSWER_KEY = "erasure_answer_days"


class Record(StrEnum):
    """What a city keeps for a number of years."""

    NOT_HIRED = "not_hired"
    HIRED = "hired"
    LATE = "late"
    SELECTION = "selection"
    LETTERS = "letters"
    ACCOMMODATION = "accommodation"
    MAIL = "mail"
    LOG = "log"

    @property
    def label(self) -> str:
        return {
            Record.NOT_HIRED: word("採用に至らなかった応募（内容と書類）"),
            Record.HIRED: word("採用になった応募（内容と書類）"),
            Record.LATE: word("締切に遅れて届いた送信"),
            Record.SELECTION: word("採点と選考の記録"),
            Record.LETTERS: word("自治体とのメッセージ、データについての請求"),
            Record.ACCOMMODATION: word("選考での配慮の申し出"),
            Record.MAIL: word("送ったメールの記録"),
            Record.LOG: word("職員の操作の記録"),
        }[self]

    @property
    def key(self) -> str:
        """The key of its setting."""
        return f"keep_years_{self.value}"


@dataclass(frozen=True)
class Period:
    """For how long one kind of record is kept; `is_set` once the city has said so itself."""

    record: Record
    years: int
    is_set: bool


def periods(values: Mapping[str, Any]) -> list[Period]:
    """Give the period of every kind of record from a city's settings."""
    return [Period(one, values.get(one.key, LEAST_YEARS), one.key in values) for one in Record]


def kept_until(result_on: date, years: int) -> date:
    """Give the last day on which a record is kept: 1 year after a result of 2027-03-31 ends on 2028-03-31."""
    return date(fiscal_year(result_on) + 1 + years, 3, 31)


def answer_by(asked_on: date, values: Mapping[str, Any]) -> date:
    """Give the day in Japan by which a city answers a request for erasure."""
    return asked_on + timedelta(days=answer_days(values))


def answer_days(values: Mapping[str, Any]) -> int:
    """Give within how many days a city answers a request for erasure."""
    return int(values.get(ANSWER_KEY, ANSWER_DAYS))


def is_lawful(key: str, number: int) -> bool:
    """Say whether a city may set this: no record for less than a year, no answer later than the law's 30 days."""
    if key == ANSWER_KEY:
        return 1 <= number <= ANSWER_DAYS
    return key in {one.key for one in Record} and LEAST_YEARS <= number <= MOST_YEARS
