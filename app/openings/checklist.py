"""The list before publication for a stored opening: reads what stands around it and asks `publication`."""

from datetime import datetime
from typing import Any

from flask import current_app

from app.core.clock import JST
from app.openings.amendable import frozen_items, still_lacking
from app.openings.content import OpeningContent
from app.openings.models import Opening
from app.openings.publication import Around, missing_items
from app.openings.publication_asked import Item
from app.openings.publication_schedule import Window
from app.openings.queries import find_form_version
from app.openings.rule_words import SETTINGS
from app.organisations.models import LegalTextKind, Organisation
from app.organisations.queries import find_text


def checklist(opening: Opening, organisation: Organisation, *, at: datetime) -> list[Item]:
    """List what an opening lacks for publication, blocking or not."""
    return _items(OpeningContent.model_validate(opening.content), opening, organisation, at=at)


def amendment_checklist(
    opening: Opening, organisation: Organisation, before: OpeningContent, after: OpeningContent, *, at: datetime
) -> list[Item]:
    """List what an amendment must not change, and what it lacks that the published notice did not lack."""
    old, new = (_items(content, opening, organisation, at=at) for content in (before, after))
    frozen = frozen_items(before, after) if is_under_way(opening) else ()
    return [*frozen, *still_lacking(new, old, window_of(opening), at=at)]


def is_under_way(opening: Opening) -> bool:
    """Say whether anybody has applied or is scored; rooms to the right know, and the wiring asks them."""
    return bool(current_app.extensions["koubo.is_under_way"](opening))


def _items(content: OpeningContent, opening: Opening, organisation: Organisation, *, at: datetime) -> list[Item]:
    around = Around(
        city=organisation.name,
        contact=organisation.contact_department,
        form=find_form_version(organisation.id, content.terms.form_key),
        has_purpose_text=find_text(organisation.id, LegalTextKind.PURPOSE, on=at.astimezone(JST).date()) is not None,
        rule_fault=rule_fault,
    )
    return missing_items(content, window_of(opening), around, at=at)


def window_of(opening: Opening) -> Window:
    return Window(opening.published_at, opening.opens_at, opening.closes_at)


def rule_fault(rule: Any) -> str | None:
    """Say what the engine refuses about a rule; the engine stands to the right, so the wiring hands its reader over."""
    try:
        current_app.extensions["koubo.parse_rule"](rule)
    except ValueError as fault:
        field = str(getattr(fault, "field", "")).split(".")
        label = SETTINGS.get(field[1], "") if len(field) > 1 else ""
        return f"{label}：{getattr(fault, 'message', fault)}" if label else str(getattr(fault, "message", fault))
    return None
