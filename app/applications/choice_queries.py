"""Reads of the openings that a draft names, and of those that its campaign has."""

import uuid
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from app.accounts.models import Applicant
from app.applications.amended import bring_up
from app.applications.choices import Calls, one_call, together
from app.applications.in_force import call_as_of
from app.applications.models import Application, ApplicationState, Draft, DraftChoice, Submission
from app.applications.queries import Call, find_calls, find_purpose, get_call
from app.core.errors import NotFound
from app.extensions import db
from app.openings.models import Campaign, Opening
from app.openings.queries import ClosingState, closing_state, is_open
from app.organisations.models import Organisation


def get_calls(draft: Draft, *, at: datetime) -> Calls:
    """Get the openings that a draft names with all that applying to them needs, as of an instant.

    The answers of the draft in hand then stand where the openings ask for them (`amended.bring_up`). Raises: NotFound.
    """
    if draft.campaign_id is None:
        calls = one_call(call_as_of(get_call(draft.opening_id, at=at), at))
        bring_up(draft, calls)
        return calls
    found = calls_of([draft], at=at).get(draft.id)
    if found is None:
        raise NotFound
    return found


def calls_of(drafts: Collection[Draft], *, at: datetime) -> dict[uuid.UUID, Calls]:
    """Read the openings of many drafts as `get_calls` does; one whose openings are not to be seen is left out."""
    named = _choices([draft.id for draft in drafts])
    wanted = [one.opening_id for some in named.values() for one in some]
    found = find_calls([*wanted, *(one.opening_id for one in drafts if one.opening_id)])
    seen = {key: one for key, one in found.items() if closing_state(one.opening, at) is not ClosingState.HIDDEN}
    found = {key: call_as_of(one, at) for key, one in seen.items()}
    campaigns = _campaigns({draft.campaign_id for draft in drafts if draft.campaign_id})
    calls: dict[uuid.UUID, Calls] = {}
    for draft in drafts:
        if draft.opening_id in found:
            calls[draft.id] = one_call(found[draft.opening_id])
        elif some := [one for one in named[draft.id] if one.opening_id in found and draft.campaign_id]:
            ranks = {one.opening_id: one.rank for one in some if one.rank is not None}
            chosen = [found[one.opening_id] for one in some]
            calls[draft.id] = together(
                campaigns[draft.campaign_id], chosen, ranks, at=at, apart=frozenset(draft.answers.get("apart", []))
            )
        if draft.id in calls:
            bring_up(draft, calls[draft.id])
    return calls


_CHOICES = (  # built once, as the one below: they are read in every send of 併願
    select(DraftChoice)
    .where(DraftChoice.draft_id.in_(bindparam("drafts", expanding=True)))
    .order_by(DraftChoice.rank, DraftChoice.id)
)
_CAMPAIGNS = select(Campaign).where(Campaign.id.in_(bindparam("campaigns", expanding=True)))


def _choices(draft_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[DraftChoice]]:
    named: dict[uuid.UUID, list[DraftChoice]] = defaultdict(list)
    for one in db.session.scalars(_CHOICES, {"drafts": list(draft_ids)}):
        named[one.draft_id].append(one)
    return named


def _campaigns(campaign_ids: Collection[uuid.UUID]) -> dict[uuid.UUID | None, Campaign]:
    found = db.session.scalars(_CAMPAIGNS, {"campaigns": list(campaign_ids)}) if campaign_ids else ()
    return {one.id: one for one in found}


def choices_of(draft: Draft) -> list[DraftChoice]:
    """List what the draft of a campaign names, in the person's order."""
    return _choices([draft.id])[draft.id]


def joint_campaign(opening: Opening) -> Campaign | None:
    """Find the campaign of an opening if one application may name several of its openings (併願)."""
    return db.session.scalar(select(Campaign).where(Campaign.id == opening.campaign_id, Campaign.max_choices > 1))


def find_campaign_draft(applicant_id: uuid.UUID, campaign: Campaign) -> Draft | None:
    """Find this applicant's one draft of a campaign."""
    return db.session.scalar(select(Draft).where(Draft.applicant_id == applicant_id, Draft.campaign_id == campaign.id))


def find_source(applicant_id: uuid.UUID) -> Draft | None:
    """Find the draft that this applicant saved last, whose answers a new one can begin with."""
    query = select(Draft).where(Draft.applicant_id == applicant_id, Draft.saved_at > Draft.created_at)
    return db.session.scalar(query.order_by(Draft.saved_at.desc(), Draft.id).limit(1))


def applied_in(applicant_id: uuid.UUID, campaign_id: uuid.UUID) -> dict[uuid.UUID, Application]:
    """Give this applicant's applications to the openings of a campaign that stand, by opening."""
    query = (
        select(Application)
        .join(Opening, Opening.id == Application.opening_id)
        .where(
            Application.applicant_id == applicant_id,
            Application.state != ApplicationState.WITHDRAWN,
            Application.duplicate_of.is_(None),
            Opening.campaign_id == campaign_id,
        )
    )
    return {one.opening_id: one for one in db.session.scalars(query)}


def open_calls_of(campaign_id: uuid.UUID, *, at: datetime) -> list[Call]:
    """List the openings of a campaign that take applications, in the order of the cities' codes."""
    query = select(Opening.id).where(Opening.campaign_id == campaign_id, is_open(at))
    found = find_calls(db.session.scalars(query))
    return sorted(found.values(), key=lambda one: (one.organisation.code or "", one.opening.number))


def applications_to(applicant_id: uuid.UUID, calls: Calls) -> dict[uuid.UUID, Application]:
    """Give this applicant's applications to the chosen openings, by opening; withdrawn ones too."""
    ids = [call.opening.id for call in calls.chosen]
    own = Application.applicant_id == applicant_id, Application.duplicate_of.is_(None)
    query = select(Application).where(*own, Application.opening_id.in_(ids))
    return {one.opening_id: one for one in db.session.scalars(query)}


class Standing(NamedTuple):
    """As which versions what a send depends on stands at one of its openings."""

    draft_version: int
    confirmed_at: datetime | None
    mail_key: str | None
    opening_id: uuid.UUID
    opening_version: int
    application_id: uuid.UUID | None
    application_version: int | None
    duplicate_of: uuid.UUID | None
    sent_id: uuid.UUID | None  # what was sent before with the key


_APPLIED = (Application.opening_id == Opening.id) & (Application.applicant_id == bindparam("applicant"))
_SENT = (Submission.applicant_id == bindparam("applicant")) & (Submission.idempotency_key == bindparam("key"))
_STANDING = (  # built once: it is read twice in every send
    select(Draft.version, Applicant.confirmed_at, Applicant.mail_key)
    .add_columns(Opening.id, Opening.version, Application.id, Application.version, Application.duplicate_of)
    .add_columns(Submission.id)
    .join(Applicant, Applicant.id == Draft.applicant_id)
    .join(Opening, Opening.id.in_(bindparam("openings", expanding=True)))
    .outerjoin(Application, _APPLIED)
    .outerjoin(Submission, _SENT)
    .where(Draft.id == bindparam("draft"), Draft.applicant_id == bindparam("applicant"))
)
_HELD = _STANDING.with_for_update(of=Draft)


def standing(draft: Draft, calls: Calls, key: str, *, hold: bool = False) -> set[Standing]:
    """Say as which versions the draft, its openings, the person's applications to them and the address stand now.

    With `hold` the draft is held from here on: of several requests one goes on, the others then see what it made.
    """
    said: dict[str, Any] = {"draft": draft.id, "applicant": draft.applicant_id, "key": key}
    said["openings"] = [call.opening.id for call in calls.calls]
    return {Standing(*row) for row in db.session.execute(_HELD if hold else _STANDING, said)}


def purposes_of(calls: Calls, *, at: datetime) -> list[tuple[Organisation, str | None]]:
    """Give the notice of purpose (利用目的) of each city that will receive something."""
    cities = {call.organisation.id: call.organisation for call in calls.calls}
    return [(city, find_purpose(city.id, at=at)) for city in cities.values()]
