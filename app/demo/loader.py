"""Load the demo: real calls of real cities, made-up people, demo values marked (design 55). Loads once."""

import uuid
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select

from app.audit.chain import record
from app.core.access import Role
from app.core.clock import JST
from app.core.context import SYSTEM, bind
from app.core.database import add_in_order
from app.core.errors import DomainError
from app.core.model import new_id
from app.demo import staff
from app.demo.contents import opening_content
from app.demo.postings import DemoOrganisation, DemoPosting, LoadAs, organisations, postings
from app.demo.values import DEMO_VALUES
from app.extensions import db
from app.jp.fiscal import fiscal_year
from app.openings import employment
from app.openings.columns import copy_for_lists
from app.openings.content import OpeningContent, digest
from app.openings.models import Campaign, CampaignMember, Opening, OpeningState
from app.openings.revisions import revision_rows
from app.organisations.models import Organisation, OrganisationKind
from app.organisations.texts import DISQUALIFICATION, first_texts

STATES = {LoadAs.DRAFT: OpeningState.DRAFT, LoadAs.ARCHIVE: OpeningState.ARCHIVED}
SCORED = ("shinagawa", "osaka", "shizuoka-pref")  # cities whose reviewers are made
LEAD = timedelta(days=3)  # from publication to opening, or to the fresh start for what opens later


class NotForProduction(DomainError):
    def __init__(self) -> None:
        super().__init__("本番の環境にはデモのデータを入れられません。")


@dataclass(frozen=True)
class _City:
    organisation: Organisation
    accounts: list[staff.DemoAccount]

    def id_of(self, role: Role) -> uuid.UUID:
        return staff.id_of(self.accounts, role)


def is_loaded() -> bool:
    """Say whether the demo was loaded into this database."""
    return db.session.scalar(select(Organisation.id).where(Organisation.is_demo.is_(True)).limit(1)) is not None


def openings_by_source() -> dict[str, Opening]:
    """The demo's openings by the source id of their posting: where the made-up applicants apply."""
    query = select(Organisation.slug, Opening).join(Opening, Opening.organisation_id == Organisation.id)
    loaded = query.where(Organisation.is_demo.is_(True), Opening.copied_from.is_(None))
    by_number = {(slug, opening.number): opening for slug, opening in db.session.execute(loaded)}
    places = {one.source_id: (one.organisation, number) for number, one in enumerate(postings(), 1)}
    return {source_id: by_number[place] for source_id, place in places.items() if place in by_number}


def load(*, at: datetime) -> bool:
    """Load the demo as of a fresh start, in one transaction; False if it was loaded before.

    Raises: NotForProduction.
    """
    if not (current_app.config["DEMO"] or current_app.config["TESTING"]):
        raise NotForProduction
    bind(db.session, SYSTEM)
    if is_loaded():
        return False
    cities = _cities(at)
    campaign, openings, revisions = _openings(cities, at)
    rows = [*_rows_of(cities, openings, at), *_campaign_rows(campaign, cities), *openings.values(), *revisions]
    add_in_order(db.session, rows)
    for city in cities.values():
        record(db.session, "load.demo", city.organisation, by="system", at=at)
    db.session.commit()
    return True


def _cities(at: datetime) -> dict[str, _City]:
    made = {one.slug: _organisation(one) for one in organisations()}
    accounts = staff.accounts({slug: one.id for slug, one in made.items()}, at=at)
    return {
        slug: _City(one, [account for account in accounts if account.person.organisation == slug])
        for slug, one in made.items()
    }


def _organisation(one: DemoOrganisation) -> Organisation:
    values = {field.name: getattr(one, field.name) for field in fields(one)}
    contact = DEMO_VALUES.contacts[one.slug]
    return Organisation(
        id=new_id(),
        is_demo=True,
        contact_department=contact.department,
        contact_phone=contact.phone,
        contact_hours=contact.hours,
        contact_email=contact.mail,
        **(values | {"kind": OrganisationKind(one.kind)}),
    )


def _rows_of(cities: dict[str, _City], openings: dict[str, Opening], at: datetime) -> list[Any]:
    rows: list[Any] = []
    published = min(one.published_at for one in openings.values() if one.published_at)
    texts_on = (published - LEAD).astimezone(JST).date()  # in force before the first call was approved
    for slug, city in cities.items():
        own = city.organisation
        rows += [own, *employment.rows_for(own.id), *first_texts(own.id, city=own.name, effective_on=texts_on)]
        scored = _scored(own, openings, at) if slug in SCORED else []
        for account in city.accounts:
            rows += [*staff.rows_of(account), *staff.grants(account, scored, at=at)]
    return rows


def _scored(city: Organisation, openings: dict[str, Opening], at: datetime) -> list[uuid.UUID]:
    own = [one for one in openings.values() if one.organisation_id == city.id and one.closes_at is not None]
    return [one.id for one in own if one.opens_at is not None and one.opens_at <= at]


def _openings(cities: dict[str, _City], at: datetime) -> tuple[Campaign, dict[str, Opening], list[Any]]:
    campaign = _campaign(cities[DEMO_VALUES.campaign.host].organisation, at)
    openings: dict[str, Opening] = {}
    revisions: list[Any] = []
    for number, posting in enumerate(postings(), 1):
        city = cities[posting.organisation]
        opening, content = _opening(posting, city.organisation, number, at)
        if posting.source_id in DEMO_VALUES.campaign.openings:
            opening.campaign_id = campaign.id
        if posting.load_as.is_running:
            revisions += _approve(opening, content, city, at - LEAD)
        openings[posting.source_id] = opening
    return campaign, openings, revisions


def _opening(posting: DemoPosting, city: Organisation, number: int, at: datetime) -> tuple[Opening, OpeningContent]:
    window = DEMO_VALUES.window(posting.source_id, at)
    opens_at, closes_at = (one.astimezone(UTC) for one in window) if window else (None, None)
    disqualification = DISQUALIFICATION.format(city=city.name)
    content = opening_content(posting, closes_at=closes_at, disqualification=disqualification)
    opening = Opening(
        id=new_id(),
        organisation_id=city.id,
        fiscal_year=fiscal_year(at.astimezone(JST).date()),
        number=number,
        state=STATES.get(posting.load_as, OpeningState.APPROVED),
        published_at=min(opens_at, at) - LEAD - timedelta(minutes=number) if opens_at else None,
        opens_at=opens_at,
        closes_at=closes_at,
        grace_seconds=0,
    )
    copy_for_lists(opening, content, city=city.name)
    return opening, content


def _approve(opening: Opening, content: OpeningContent, city: _City, at: datetime) -> list[Any]:
    """The revision that two people of the city approved just before publication."""
    author_id, approver_id = city.id_of(Role.AUTHOR), city.id_of(Role.APPROVER)
    approved_at = min(opening.published_at or at, at)
    sha256 = digest(content, opening.published_at, opening.opens_at, opening.closes_at)
    rows = revision_rows(
        opening, content, number=1, author_id=author_id, approver_id=approver_id, at=approved_at, sha256=sha256
    )
    opening.revision_id, opening.content_sha256 = rows[0].id, sha256
    opening.submitted_by, opening.submitted_at, opening.approved_by = author_id, approved_at, approver_id
    return rows


def _campaign(host: Organisation, at: datetime) -> Campaign:
    said = DEMO_VALUES.campaign
    return Campaign(
        id=new_id(),
        host_organisation_id=host.id,
        slug=said.slug,
        title=said.title,
        summary=said.summary,
        published_at=at - LEAD,
        ranked=said.ranked,
        max_choices=said.max_choices,
        max_per_organisation=said.max_per_organisation,
        rank_visible=said.rank_visible,
    )


def _campaign_rows(campaign: Campaign, cities: dict[str, _City]) -> list[Any]:
    slugs = {one.organisation for one in postings() if one.source_id in DEMO_VALUES.campaign.openings}
    members = [
        CampaignMember(id=new_id(), campaign_id=campaign.id, organisation_id=cities[slug].organisation.id)
        for slug in sorted(slugs)
    ]
    return [campaign, *members]
