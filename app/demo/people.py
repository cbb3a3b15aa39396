"""Made-up people of the demo, marked 見本 or 例示 in their names: applicants with job histories, and staff."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self

_FILE = Path(__file__).with_name("people.json")


@dataclass(frozen=True, slots=True)
class DemoApplicant:
    """One applicant; `applies_to` are source ids in the order of choice, dates of jobs may lack the day.

    `expected` is the outcome of each computed criterion by source id: meets, does_not_meet or check.
    """

    key: str
    sei: str
    mei: str
    sei_kana: str
    mei_kana: str
    mail: str
    mail_confirmed: bool
    phone: str
    postal_code: str
    address: str
    birth_date: str | None
    applies_to: tuple[str, ...]
    jobs: tuple[dict[str, Any], ...]
    answers: dict[str, str]
    expected: dict[str, str]

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> Self:
        return cls(**{**raw, "applies_to": tuple(raw["applies_to"]), "jobs": tuple(raw["jobs"])})

    def history(self) -> dict[str, Any]:
        """Return the job history in the form that the counting of experience reads: jobs without their duties."""
        engagements = [{name: value for name, value in job.items() if name != "duties"} for job in self.jobs]
        return {"birth_date": self.birth_date, "engagements": engagements}


@dataclass(frozen=True, slots=True)
class DemoStaff:
    """One staff account with one role in one organisation, named by its slug."""

    organisation: str
    role: str
    sei: str
    mei: str
    mail: str


@cache
def _contents() -> dict[str, Any]:
    contents: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return contents


def applicants() -> tuple[DemoApplicant, ...]:
    """Return the made-up applicants."""
    return tuple(DemoApplicant.from_json(raw) for raw in _contents()["applicants"])


def staff() -> tuple[DemoStaff, ...]:
    """Return the staff accounts: every role for three organisations, author, HR and approver for the others."""
    return tuple(DemoStaff(**raw) for raw in _contents()["staff"])
