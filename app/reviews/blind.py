"""What a reviewer of a blind stage receives: a frozen value without identity, made only here (R-03, design 35).

A template that gets only a `BlindApplication` cannot print a name that it never received.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.applications.answers import Answers
from app.applications.summary import period_words
from app.eligibility.facts import JobEntry
from app.reviews.masking import Identity, mask


@dataclass(frozen=True)
class BlindJob:
    """A job with its employer as 勤務先A, 勤務先B …."""

    employer: str
    period: str
    weekly_hours: float | None
    description: str


@dataclass(frozen=True)
class BlindStatement:
    label: str
    text: str


@dataclass(frozen=True)
class BlindDocument:
    """A document by the label of its kind; text None: withheld until a redacted copy is there."""

    label: str
    text: str | None


@dataclass(frozen=True)
class BlindApplication:
    """An application as the score page shows it; of what is personal only `name`, at stages that are not blind."""

    examinee_number: str
    name: str | None
    statements: tuple[BlindStatement, ...]
    jobs: tuple[BlindJob, ...]
    documents: tuple[BlindDocument, ...]


def identity_of(answers: Answers, cities: tuple[str, ...] = ()) -> Identity:
    """Collect what identifies the person who wrote these answers."""
    person = answers.person
    return Identity(
        names=(person.family_name, person.given_name),
        kana=(person.family_kana, person.given_kana),
        mail=person.mail,
        phone=person.phone,
        postal_code=person.postal_code,
        address=person.address,
        birth_date=date.fromisoformat(person.birth_date) if person.birth_date else None,
        employers=tuple(dict.fromkeys(job.employer for job in answers.history if job.employer)),
        cities=cities,
    )


def blind_application(
    examinee_number: str,
    answers: Answers,
    questions: Iterable[tuple[str, str]],
    documents: Iterable[tuple[str, str | None]],
    cities: tuple[str, ...] = (),
) -> BlindApplication:
    """Make the blind view: every text masked, employers lettered, also the other `cities` of a joint application.

    `questions` are (key, label) in order; `documents` (label, extracted text or None). File names never come in here.
    """
    identity = identity_of(answers, cities)
    return BlindApplication(
        examinee_number,
        None,
        tuple(BlindStatement(label, mask(answers.statements.get(key, ""), identity)) for key, label in questions),
        tuple(_job(job, identity.letter(job.employer), mask(job.description, identity)) for job in answers.history),
        tuple(
            BlindDocument(label, mask(text, identity) if text and text.strip() else None) for label, text in documents
        ),
    )


def named_application(
    examinee_number: str,
    answers: Answers,
    questions: Iterable[tuple[str, str]],
    documents: Iterable[tuple[str, str | None]],
) -> BlindApplication:
    """Make the view for a stage where the person is met: the name and the texts as written, no contact data."""
    person = answers.person
    return BlindApplication(
        examinee_number,
        f"{person.family_name} {person.given_name}".strip(),
        tuple(BlindStatement(label, answers.statements.get(key, "")) for key, label in questions),
        tuple(_job(job, job.employer, job.description) for job in answers.history),
        tuple(BlindDocument(label, text if text and text.strip() else None) for label, text in documents),
    )


def _job(job: JobEntry, employer: str, description: str) -> BlindJob:
    return BlindJob(employer, period_words(job), job.weekly_hours, description)
