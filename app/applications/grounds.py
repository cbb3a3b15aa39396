"""Whether what a criterion was confirmed on is still the same in a version that came later. Pure."""

from dataclasses import dataclass
from typing import Any

from app.applications.answers import Answers
from app.applications.rulings import COMPUTED_BY_NOBODY
from app.applications.screening_models import Finding
from app.openings.content import CriterionContent

DECLARED = "declaration"
CONTACT = {"mail", "phone", "postal_code", "address"}


@dataclass(frozen=True)
class Ground:
    """What staff had before them when they looked at one criterion of a version."""

    criterion: CriterionContent
    finding: Finding | None
    answers: Answers


def is_same(before: Ground, now: Ground) -> bool:
    """Say whether nothing that bears on a criterion differs: for a declaration the declaration, for what is computed
    also jobs and documents, for what people judge all but how the person is reached."""
    if before.criterion != now.criterion or _found(before) != _found(now):
        return False
    if now.criterion.kind == DECLARED:
        return True
    if _hashes(before.answers) != _hashes(now.answers) or before.answers.history != now.answers.history:
        return False
    return now.criterion.kind != COMPUTED_BY_NOBODY or _all_but_contact(before.answers) == _all_but_contact(now.answers)


def _found(ground: Ground) -> tuple[Any, ...] | None:
    finding = ground.finding
    return (finding.engine_version, finding.outcome, finding.working) if finding else None


def _hashes(answers: Answers) -> dict[str, str]:
    return {key: file.sha256 for key, file in answers.documents.items()}


def _all_but_contact(answers: Answers) -> dict[str, Any]:
    return answers.model_dump(exclude={"person": CONTACT, "documents": True})
