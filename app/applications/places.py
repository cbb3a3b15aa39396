"""What a campaign's rule leaves room for: which openings can be added, which 辞退 taken back (design 19).

An opening that is chosen or applied to takes a place, unless its city called it off. A withdrawn application gives its
place up and is taken back only while that is free. So whoever fills the place is told before.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.applications import queries
from app.applications.choice_queries import applied_in, choices_of, find_campaign_draft, joint_campaign, open_calls_of
from app.applications.choice_rules import holding, too_many
from app.applications.models import Application, ApplicationState, Draft
from app.applications.policy import UNDO_WITHIN, can_reinstate
from app.applications.queries import Call, find_calls
from app.extensions import db
from app.openings.models import Campaign, Opening


@dataclass(frozen=True)
class Undoable:
    """A withdrawn application that can still be taken back, and until when."""

    call: Call
    until: datetime


@dataclass(frozen=True)
class Offer:
    """An opening of the campaign that the draft does not name: why it cannot be added, or what adding it costs."""

    call: Call
    refusal: str | None
    gives_up: list[Undoable]


@dataclass(frozen=True)
class InTheWay:
    """What takes the place of a withdrawn application, so that it cannot be taken back now."""

    campaign: Campaign
    draft: Draft
    taken: list[Call]


def offers(draft: Draft, campaign: Campaign, *, at: datetime) -> list[Offer]:
    """List the open openings of the campaign that a draft does not name."""
    chosen = {one.opening_id for one in choices_of(draft)}
    others = [call for call in open_calls_of(campaign.id, at=at) if call.opening.id not in chosen]
    return [offer_of(draft, campaign, call, at=at) for call in others]


def offer_of(draft: Draft, campaign: Campaign, call: Call, *, at: datetime) -> Offer:
    """Say what adding one opening to a draft comes to."""
    taken = _taken(draft, campaign) - {call.opening.id}
    refusal = too_many(campaign, list(find_calls(taken).values()), call)
    before = {one.call.opening.id for one in _given_up(draft, campaign, taken, at=at)}
    after = [] if refusal else _given_up(draft, campaign, taken | {call.opening.id}, at=at)
    return Offer(call, refusal, [one for one in after if one.call.opening.id not in before])


def given_up(draft: Draft, campaign: Campaign | None, *, at: datetime) -> list[Undoable]:
    """List the withdrawn applications whose place is taken by what a draft names."""
    return _given_up(draft, campaign, _taken(draft, campaign), at=at) if campaign else []


def in_the_way(application: Application, opening: Opening) -> InTheWay | None:
    """Say what keeps a withdrawn application from being taken back; None when nothing does."""
    campaign = joint_campaign(opening)
    draft = find_campaign_draft(application.applicant_id, campaign) if campaign else None
    if campaign is None or draft is None:
        return None
    found = find_calls(_taken(draft, campaign) | {opening.id})
    taken = holding(call for key, call in found.items() if key != opening.id)
    return InTheWay(campaign, draft, taken) if too_many(campaign, taken, found[opening.id]) else None


def _taken(draft: Draft, campaign: Campaign) -> set[uuid.UUID]:
    return {one.opening_id for one in choices_of(draft)} | applied_in(draft.applicant_id, campaign.id).keys()


def _given_up(draft: Draft, campaign: Campaign, taken: Collection[uuid.UUID], *, at: datetime) -> list[Undoable]:
    calls = list(find_calls(taken).values())
    undoable = [one for one in _undoable(draft.applicant_id, campaign, at=at) if one.call.opening.id not in taken]
    return [one for one in undoable if too_many(campaign, calls, one.call)]


def _undoable(applicant_id: uuid.UUID, campaign: Campaign, *, at: datetime) -> list[Undoable]:
    own = Application.applicant_id == applicant_id, Application.duplicate_of.is_(None)
    gone = Application.state == ApplicationState.WITHDRAWN, Opening.campaign_id == campaign.id
    query = select(Application.id, Application.opening_id).join(Opening, Opening.id == Application.opening_id)
    rows = {key: opening_id for key, opening_id in db.session.execute(query.where(*own, *gone))}
    if not rows:
        return []
    times, calls = queries.withdrawn_at(rows.keys()), find_calls(rows.values())
    found = [(rows[key], when) for key, when in times.items() if can_reinstate(when, at=at)]
    return [Undoable(calls[opening_id], when + UNDO_WITHIN) for opening_id, when in sorted(found, key=lambda x: x[1])]
