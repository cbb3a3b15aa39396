"""Confirmations that a new version voided, and which of them a person can record anew as they were (note 010)."""

import uuid
from collections.abc import Mapping

from app.applications.answers import Answers
from app.applications.grounds import Ground, is_same
from app.applications.rulings import Ruling
from app.applications.screening_detail import ApplicationView, CriterionView, get_earlier
from app.applications.screening_models import Confirmation


def repeatable(view: ApplicationView) -> dict[str, Confirmation]:
    """Find the voided confirmations, by criterion, whose ground the last version left as it was."""
    voided = {one.content.key: one.voided for one in view.criteria}
    said = {key: one for key, one in voided.items() if one is not None}
    befores = _grounds(view, {one.application_version_id for one in said.values()})
    now = {one.content.key: _ground(one, view.answers) for one in view.criteria}
    return {
        key: one
        for key, one in said.items()
        if (before := befores[one.application_version_id].get(key)) and is_same(before, now[key])
    }


def rulings_again(said: Mapping[str, Confirmation]) -> dict[str, Ruling]:
    """Give the rulings that say the same again."""
    return {key: Ruling(one.outcome, one.reason) for key, one in said.items()}


def _grounds(view: ApplicationView, version_ids: set[uuid.UUID]) -> dict[uuid.UUID, dict[str, Ground]]:
    earlier = {one.id: get_earlier(view, one.number) for one in view.versions if one.id in version_ids}
    return {
        version_id: {criterion.content.key: _ground(criterion, one.answers) for criterion in one.criteria}
        for version_id, one in earlier.items()
    }


def _ground(criterion: CriterionView, answers: Answers) -> Ground:
    return Ground(criterion.content, criterion.finding, answers)
