"""What a draft of a campaign names, as rows of a transaction that the caller commits; the draft is held by a lock."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm.attributes import flag_modified

from app.applications import queries
from app.applications.amended import BEGUN, noted
from app.applications.choice_queries import (
    applied_in,
    calls_of,
    choices_of,
    find_campaign_draft,
    joint_campaign,
)
from app.applications.choice_rules import done_for, order_until, too_many
from app.applications.choices import one_call
from app.applications.models import Draft, DraftChoice
from app.applications.queries import Call, find_calls
from app.applications.steps import Step
from app.core.errors import DomainError
from app.core.model import new_id
from app.extensions import db
from app.openings.models import Campaign

NO_ROOM_BACK = (
    "いま希望しているか応募済みの募集で、この公募で選べる数に達しているため、辞退を取り消せません。"
    "ほかの募集を希望から外すか辞退すると、辞退から24時間以内なら取り消せます。"
)


class CannotChoose(DomainError):
    """The rule of the campaign does not allow this choice."""


def include(draft: Draft, campaign: Campaign, call: Call, *, at: datetime) -> list[Step]:
    """Add an opening as the last choice, unless the draft names it; gives the finished steps that ask something new.

    They are open again. Raises: CannotChoose.
    """
    choices = choices_of(draft)
    if call.opening.id in {one.opening_id for one in choices}:
        return []
    require_room(draft.applicant_id, campaign, call, [one.opening_id for one in choices])
    last = max((one.rank or 0 for one in choices), default=0)
    before = calls_of([draft], at=at).get(draft.id)
    db.session.add(DraftChoice(id=new_id(), draft_id=draft.id, opening_id=call.opening.id, rank=last + 1))
    draft.answers = noted(queries.answers_of(draft), one_call(call), BEGUN).model_dump(mode="json")
    reopened = _settle(draft, before.calls, [*before.calls, call]) if before is not None else []
    touch(draft, at=at)
    return reopened


def _settle(draft: Draft, before: Sequence[Call], asking: Sequence[Call]) -> list[Step]:
    """Count those steps as finished that were saved with all that is asked from now on; name those open again.

    So a step that an opening opened again is finished once more when that opening is taken out, and asks nothing new
    when the opening comes back.
    """
    answers = queries.answers_of(draft)
    ids = [str(one.opening.id) for one in before]
    noted = {step: ids for step in answers.steps_done} | answers.saved_for
    known = find_calls({uuid.UUID(one) for some in noted.values() for one in some})
    saved_for = {step: [known[key] for one in some if (key := uuid.UUID(one)) in known] for step, some in noted.items()}
    done = done_for(saved_for, asking)
    draft.answers = answers.model_copy(update={"steps_done": done, "saved_for": noted}).model_dump(mode="json")
    return [step for step in Step if step in answers.steps_done and step not in done]


def require_room(applicant_id: uuid.UUID, campaign: Campaign, call: Call, chosen: list[uuid.UUID]) -> None:
    """Ask whether the campaign's rule leaves room for one more opening, what was applied to included.

    Raises: CannotChoose.
    """
    taken = {*chosen, *applied_in(applicant_id, campaign.id)} - {call.opening.id}
    if refusal := too_many(campaign, list(find_calls(taken).values()), call):
        raise CannotChoose(refusal)


def exclude(draft: Draft, opening_id: uuid.UUID, *, at: datetime) -> None:
    """Take an opening out. The others move up unless the order has been closed; the answers stay in the draft."""
    choices, before = choices_of(draft), calls_of([draft], at=at).get(draft.id)
    until = order_until(find_calls(one.opening_id for one in choices).values())
    db.session.execute(
        delete(DraftChoice).where(DraftChoice.draft_id == draft.id, DraftChoice.opening_id == opening_id)
    )
    if until is not None and at <= until:
        number([one for one in choices if one.opening_id != opening_id])
    if before is not None and (asking := [one for one in before.calls if one.opening.id != opening_id]):
        _settle(draft, before.calls, asking)
    touch(draft, at=at)


def number(choices: list[DraftChoice]) -> None:
    """Number choices in the order given."""
    for place, choice in enumerate(choices, 1):
        choice.rank = place


def touch(draft: Draft, *, at: datetime) -> None:
    """Let the draft count as changed, so that a 確認 opened before is stale."""
    draft.saved_at = at
    flag_modified(draft, "saved_at")
    db.session.flush()


def leave(applicant_id: uuid.UUID, opening_id: uuid.UUID, *, at: datetime) -> None:
    """Take a withdrawn opening out of the draft that names others besides, so that sending those revives nothing."""
    draft = _held_draft(applicant_id, opening_id)
    if draft is not None and len(choices_of(draft)) > 1:
        was_sent = _is_sent(draft)
        exclude(draft, opening_id, at=at)
        _keep_sent(draft, was_sent, at=at)


def rejoin(applicant_id: uuid.UUID, opening_id: uuid.UUID, *, at: datetime) -> None:
    """Take an opening whose withdrawal is taken back into the draft of its campaign again. Raises: CannotChoose."""
    call = find_calls([opening_id]).get(opening_id)
    campaign = joint_campaign(call.opening) if call else None
    draft = find_campaign_draft(applicant_id, campaign) if campaign else None
    if call and campaign and draft:
        draft = queries.hold_draft(applicant_id, draft.id)
        was_sent = _is_sent(draft)
        try:
            include(draft, campaign, call, at=at)
        except CannotChoose:
            raise CannotChoose(NO_ROOM_BACK) from None
        _keep_sent(draft, was_sent, at=at)


def _is_sent(draft: Draft) -> bool:
    return draft.submitted_at is not None and draft.saved_at <= draft.submitted_at


def _keep_sent(draft: Draft, was_sent: bool, *, at: datetime) -> None:
    """Let what the other cities hold count as sent still, unless the order that they are shown has changed."""
    campaign = db.session.scalar(select(Campaign).where(Campaign.id == draft.campaign_id))
    if was_sent and campaign is not None and not campaign.shows_rank:
        draft.submitted_at = max(at, draft.saved_at)
        db.session.flush()


def _held_draft(applicant_id: uuid.UUID, opening_id: uuid.UUID) -> Draft | None:
    chosen = select(DraftChoice.draft_id).where(DraftChoice.opening_id == opening_id)
    query = select(Draft).where(Draft.applicant_id == applicant_id, Draft.id.in_(chosen)).with_for_update()
    return db.session.scalar(query.execution_options(populate_existing=True))
