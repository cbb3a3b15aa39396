"""What a person states about themselves so that criteria can be assessed: of the person, not of one city.

Dates are ISO, of jobs, schools and qualifications also YYYY-MM where the day is unknown (design 23). A school has no
name and a nationality is never kept (F-01, F-10, design 25).
"""

from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Leave(Part):
    kind: str
    start: str
    end: str | None = None


class JobEntry(Part):
    """One dated job (職歴); the eight engagement keys of 職務経験の通算, and what the person did there in words."""

    employer: str = ""
    kind: str = "regular"
    fields: list[str] = []
    weekly_hours: float | None = None
    student: bool = False
    start: str = ""
    end: str | None = None
    leaves: list[Leave] = []
    description: str = ""

    def engagement(self) -> dict[str, Any]:
        """The entry as the eligibility engine reads it."""
        return self.model_dump(exclude={"description"})


class Education(Part):
    """The last school: a level of openings.criterion_words.EDUCATIONS and when it ended or is expected to end."""

    level: str
    graduated_on: str | None = None
    is_expected: bool = False


class Qualification(Part):
    """A qualification by the name that the person gave it; with `is_expected` the day is that of 取得見込み."""

    name: str
    acquired_on: str | None = None
    is_expected: bool = False


class LanguageTest(Part):
    """A result of a scheme of openings.criterion_words.SCHEMES; `name` only for one that is not in the list."""

    scheme: str
    level: str = ""
    score: Decimal | None = None
    name: str = ""


class Availability(Part):
    """Days a week times ten (月2日 is 5) that the person can work: at most, and at least where they said so."""

    most: int
    least: int | None = None


class Stated(Part):
    """Everything that criteria look at but the birth date; None and an empty list without its `no_…`: not answered."""

    history: list[JobEntry] = []
    no_history: bool = False  # the person says that there is no job to enter
    declarations: dict[str, bool] = {}  # by criterion key
    education: Education | None = None
    qualifications: list[Qualification] = []
    no_qualifications: bool = False
    languages: list[LanguageTest] = []
    no_languages: bool = False
    availability: Availability | None = None


class Facts(Stated):
    """What the pre-check is told; it is never stored."""

    birth_date: str | None = None

    def engine_history(self) -> dict[str, Any]:
        """The history in the form of the eligibility engine."""
        return {"birth_date": self.birth_date, "engagements": [entry.engagement() for entry in self.history]}
