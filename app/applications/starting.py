"""Begin a draft: of one opening, or of a campaign whose rule lets one application name several (design 15, 18, 19)."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from app.accounts.applicant_sessions import open_session
from app.accounts.applicants import new_applicant
from app.accounts.models import Applicant
from app.applications import queries
from app.applications.answers import Answers, Person
from app.applications.carrying import carried, title
from app.applications.choice_queries import calls_of, find_campaign_draft, find_source, get_calls, joint_campaign
from app.applications.choice_rows import include
from app.applications.choices import Calls, one_call, together
from app.applications.models import Application, Draft
from app.applications.places import Offer, offer_of
from app.applications.queries import Call
from app.applications.steps import Step, first_open_step
from app.core.context import applicant as context_of
from app.core.context import bind
from app.core.errors import DomainError
from app.core.model import new_id
from app.extensions import db
from app.openings.models import Campaign


class NotOpen(DomainError):
    """The opening does not take applications at this instant."""


@dataclass(frozen=True)
class Started:
    """A draft, and the token for the cookie when the browser held no applicant before.

    `reopened`: the steps that were finished and in which the opening, added to a draft, asks something new.
    """

    draft: Draft
    token: str | None = None
    reopened: Sequence[Step] = ()


@dataclass(frozen=True)
class Begun:
    """What a person has already that touches an opening: for its start page."""

    application: Application | None = None
    draft: Draft | None = None  # names the opening
    following: Step | None = None  # where that draft goes on
    joint: Draft | None = None  # of the opening's campaign, whether it names the opening or not
    campaign: Campaign | None = None  # where one application may name several of its openings
    source: str | None = None  # what a new draft could be filled from
    offer: Offer | None = None  # what adding the opening to `joint` comes to


def begun(call: Call, applicant: Applicant | None, *, at: datetime) -> Begun:
    """Look up what this person began of an opening, of its campaign or else of another."""
    campaign = joint_campaign(call.opening)
    if applicant is None:
        return Begun(campaign=campaign)
    application = queries.find_application(applicant.id, call.opening.id)
    draft = queries.find_draft(applicant.id, call.opening.id)
    joint = find_campaign_draft(applicant.id, campaign) if campaign else None
    following = first_open_step(get_calls(draft, at=at).content, queries.answers_of(draft)) if draft else None
    source = None if draft or joint else find_source(applicant.id)
    found = calls_of([source], at=at).get(source.id) if source else None
    offer = offer_of(joint, campaign, call, at=at) if joint and campaign and not draft else None
    return Begun(application, draft, following, joint, campaign, title(found) if found else None, offer)


def start(call: Call, *, applicant: Applicant | None, at: datetime, source: Draft | None = None) -> Started:
    """Begin a draft for an opening, or find the one that this applicant has for it or for its campaign.

    A new draft is filled from `source`, another draft of this applicant, as far as the same is asked. In a campaign's
    draft the opening becomes the last choice.

    Raises: NotOpen, CannotChoose.
    """
    if not call.is_announced_open(at):
        raise NotOpen("この募集は、いま応募を受け付けていません。募集のページで受付期間を確かめてください。")
    token = None
    if applicant is None:
        applicant = new_applicant(at=at)
        token = open_session(applicant, at=at)
        bind(db.session, context_of(applicant.id))
    applicant_id, mail = applicant.id, applicant.mail or ""
    try:
        started = _start(call, applicant_id, mail, source, at=at)
        db.session.commit()
    except IntegrityError:  # a second tab was first
        db.session.rollback()
        started = _start(call, applicant_id, mail, None, at=at)
        db.session.commit()
    return replace(started, token=token)


def _start(call: Call, applicant_id: uuid.UUID, mail: str, source: Draft | None, *, at: datetime) -> Started:
    found = queries.find_draft(applicant_id, call.opening.id)
    if found is not None:
        return Started(found)
    campaign = joint_campaign(call.opening)
    draft = find_campaign_draft(applicant_id, campaign) if campaign else None
    if draft is None:
        calls = together(campaign, [call], {}, at=at) if campaign else one_call(call)
        draft = _new_draft(calls, applicant_id, _first_answers(calls, mail, source, at=at), at=at)
    if campaign is None:
        return Started(draft)
    reopened = include(queries.hold_draft(applicant_id, draft.id), campaign, call, at=at)
    return Started(draft, reopened=reopened)


def _first_answers(calls: Calls, mail: str, source: Draft | None, *, at: datetime) -> Answers:
    if source is None:
        return Answers(person=Person(mail=mail))
    held = queries.hold_draft(source.applicant_id, source.id)  # so that no file goes meanwhile that both will hold
    return carried(get_calls(held, at=at), queries.answers_of(held), calls)


def _new_draft(calls: Calls, applicant_id: uuid.UUID, answers: Answers, *, at: datetime) -> Draft:
    draft = Draft(
        id=new_id(),
        applicant_id=applicant_id,
        campaign_id=calls.campaign.id if calls.campaign else None,
        opening_id=None if calls.campaign else calls.first.opening.id,
        answers=answers.model_dump(mode="json"),
        created_at=at,
        saved_at=at,
    )
    db.session.add(draft)
    db.session.flush()
    return draft
