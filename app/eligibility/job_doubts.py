"""Jobs whose dates are probably slips of the finger: the person is asked once, nothing is refused. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.core.language import sentence
from app.eligibility.facts import JobEntry

WORKS_FROM = 15  # years of age
LONGEST = 60  # years


@dataclass(frozen=True)
class Doubt:
    """What to look at again, and the id of the box."""

    message: str
    box: str


def doubts(history: Sequence[JobEntry], birth_date: str | None, *, today: date) -> list[Doubt]:
    """List the jobs that began before the 15th birthday (to the month) or lasted more than 60 years."""
    found = []
    for number, job in enumerate(history):
        if said := _doubt(job, _name(number + 1, job.employer), birth_date, today):
            found.append(Doubt(said, f"jobs-{number}-start-year"))
    return found


def _name(number: int, employer: str) -> str:
    if not employer:
        return sentence("職歴%(n)s", n=number)
    return sentence("職歴%(n)s（%(employer)s）", n=number, employer=employer)


def _doubt(job: JobEntry, name: str, birth_date: str | None, today: date) -> str | None:
    began = _month(job.start)
    if birth_date and began < _later(_month(birth_date), WORKS_FROM):
        return sentence(
            "%(job)sは、%(age)s歳になる前に始まっています。開始の年と生年月日を確かめてください。",
            job=name,
            age=WORKS_FROM,
        )
    if _month(job.end or today.isoformat()) > _later(began, LONGEST):
        return sentence(
            "%(job)sは、%(years)s年より長く続いています。開始と終了の年を確かめてください。", job=name, years=LONGEST
        )
    return None


def _month(text: str) -> tuple[int, int]:
    year, month, *_day = text.split("-")
    return int(year), int(month)


def _later(month: tuple[int, int], years: int) -> tuple[int, int]:
    return month[0] + years, month[1]
