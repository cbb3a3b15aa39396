"""Use cases of 併願: add an opening of the campaign to its draft, take one out, put them in order (design 18, 19)."""

import uuid
from datetime import datetime

from app.applications import queries
from app.applications.choice_queries import applied_in, choices_of, get_calls, joint_campaign
from app.applications.choice_rows import CannotChoose, exclude, include, number, touch
from app.applications.choice_rules import can_reorder
from app.applications.models import Draft
from app.applications.queries import Call
from app.applications.steps import Step
from app.core.errors import NotFound
from app.extensions import db


def add(draft: Draft, call: Call, *, at: datetime) -> list[Step]:
    """Name one more opening of the draft's campaign; gives the finished steps in which it asks something new.

    Raises: CannotChoose, NotFound when it is none of the campaign's.
    """
    draft = queries.hold_draft(draft.applicant_id, draft.id)
    campaign = joint_campaign(call.opening)
    if campaign is None or campaign.id != draft.campaign_id:
        raise NotFound
    if not call.is_announced_open(at):
        raise CannotChoose("この募集は、いま応募を受け付けていません。募集のページで受付期間を確かめてください。")
    reopened = include(draft, campaign, call, at=at)
    db.session.commit()
    return reopened


def remove(draft: Draft, opening_id: uuid.UUID, *, at: datetime) -> None:
    """Take an opening out of a draft that nothing was sent to, or that was withdrawn. Raises: CannotChoose."""
    draft = queries.hold_draft(draft.applicant_id, draft.id)
    chosen = {one.opening_id for one in choices_of(draft)}
    if chosen == {opening_id}:
        raise CannotChoose("希望する募集は1件以上必要です。ほかの募集を加えてから、外してください。")
    if draft.campaign_id and opening_id in applied_in(draft.applicant_id, draft.campaign_id):
        raise CannotChoose("応募済みの募集は、希望から外せません。取りやめるときは、辞退してください。")
    if opening_id in chosen:
        exclude(draft, opening_id, at=at)
    db.session.commit()


def move(draft: Draft, opening_id: uuid.UUID, places: int, *, at: datetime) -> None:
    """Move an opening up (-1) or down (1) in the person's order. Raises: CannotChoose after the first deadline."""
    draft = queries.hold_draft(draft.applicant_id, draft.id)
    if not can_reorder(get_calls(draft, at=at), at=at):
        raise CannotChoose("希望の順番は、選んだ募集のうち最初の締切まで変えられます。いまは変えられません。")
    choices = choices_of(draft)
    old = next((place for place, one in enumerate(choices) if one.opening_id == opening_id), None)
    if old is not None and 0 <= old + places < len(choices):
        choices.insert(old + places, choices.pop(old))
        number(choices)
        touch(draft, at=at)
    db.session.commit()
