"""Reads of staff accounts. What concerns an account over all its cities is read in short transactions of their own."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from app.accounts.models import (
    Membership,
    RecoveryCode,
    RoleGrant,
    StaffSession,
    StaffState,
    StaffToken,
    StaffUser,
    TokenPurpose,
)
from app.core.access import Role
from app.core.context import PUBLIC, SYSTEM
from app.core.database import reading_beside
from app.core.errors import NotFound
from app.extensions import db
from app.organisations.models import Organisation


@dataclass(frozen=True)
class Affiliation:
    """One organisation in which an account works, with the roles that count now."""

    slug: str
    name: str
    mark: str
    hue: str
    roles: tuple[Role, ...]

    @property
    def home(self) -> str:
        """The address of its dashboard, which stands to the right of this room."""
        return f"/staff/{self.slug}/"

    @property
    def roles_label(self) -> str:
        return "・".join(role.label for role in self.roles)


@dataclass(frozen=True)
class Member:
    """One line of the list of staff."""

    membership: Membership
    grants: tuple[RoleGrant, ...]
    invited_until: datetime | None

    @property
    def user(self) -> StaffUser:
        return self.membership.staff_user

    @property
    def roles(self) -> tuple[Role, ...]:
        """Roles in the organisation, in the order of the table."""
        held = {grant.role for grant in self.grants if grant.opening_id is None}
        return tuple(role for role in Role if role in held)

    @property
    def opening_roles(self) -> tuple[tuple[Role, int], ...]:
        """Roles for single openings and for how many."""
        held = [grant.role for grant in self.grants if grant.opening_id is not None]
        return tuple((role, held.count(role)) for role in Role if role in held)

    @property
    def has_ended(self) -> bool:
        return self.membership.ended_at is not None or self.user.state is StaffState.DISABLED

    @property
    def is_invited(self) -> bool:
        return self.user.state is StaffState.INVITED and not self.has_ended

    @property
    def state_label(self) -> str:
        if self.has_ended:
            return "停止"
        return "招待中" if self.is_invited else "有効"


def membership_is_open(at: datetime) -> ColumnElement[bool]:
    """The condition that a membership has not ended."""
    return or_(Membership.ended_at.is_(None), Membership.ended_at > at)


def grant_counts(at: datetime) -> ColumnElement[bool]:
    """The condition that a grant counts at this instant."""
    return (RoleGrant.since <= at) & or_(RoleGrant.until.is_(None), RoleGrant.until > at)


def find_credentials(mail_key: str) -> StaffUser | None:
    """Find the account of a mail address, detached, without taking the request's transaction."""
    with reading_beside(current_app.extensions["koubo.engine"], PUBLIC) as session:
        return session.scalar(select(StaffUser).where(StaffUser.mail_key == mail_key))


def affiliations(user_id: uuid.UUID, *, at: datetime) -> tuple[Affiliation, ...]:
    """List the organisations of an account by name: the one read over all cities, of the account's own rows."""
    query = (
        select(Organisation, RoleGrant.role)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .outerjoin(RoleGrant, (RoleGrant.membership_id == Membership.id) & grant_counts(at))
        .where(Membership.staff_user_id == user_id, membership_is_open(at), Organisation.closed_at.is_(None))
        .order_by(Organisation.name, Organisation.id)
    )
    with reading_beside(current_app.extensions["koubo.engine"], SYSTEM) as session:
        rows = session.execute(query).all()
    held: dict[Organisation, set[Role]] = {}
    for city, role in rows:
        held.setdefault(city, set()).update({role} if role else ())
    return tuple(
        Affiliation(city.slug, city.name, city.mark, city.hue, tuple(role for role in Role if role in roles))
        for city, roles in held.items()
    )


def staff_names(ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID, str]:
    """Read the display names of accounts, disabled ones included; None is passed over."""
    wanted = {one for one in ids if one is not None}
    query = select(StaffUser.id, StaffUser.display_name).where(StaffUser.id.in_(wanted))
    return {user_id: name for user_id, name in db.session.execute(query)} if wanted else {}


def holders(organisation_id: uuid.UUID, role: Role, *, at: datetime) -> list[StaffUser]:
    """List the active accounts that hold a role in an organisation at an instant, one line each."""
    held = (
        select(Membership.staff_user_id)
        .join(RoleGrant, RoleGrant.membership_id == Membership.id)
        .where(
            Membership.organisation_id == organisation_id,
            RoleGrant.role == role,
            membership_is_open(at),
            grant_counts(at),
        )
    )
    active = StaffUser.state == StaffState.ACTIVE, StaffUser.id.in_(held)
    return list(db.session.scalars(select(StaffUser).where(*active).order_by(StaffUser.id)))


def words_around(user: StaffUser, *, at: datetime) -> tuple[str, ...]:
    """List the words that a password of this person must not consist of."""
    cities = affiliations(user.id, at=at)
    names = [word for city in cities for word in (city.name, city.name[:-1], city.slug)]
    return (*names, *user.display_name.split(), user.display_name, user.mail_key.partition("@")[0], user.mail_key)


def find_token_user(purpose: TokenPurpose, token_hash: str, *, at: datetime) -> StaffUser | None:
    """Find whose unused and unexpired token this is; detached."""
    query = (
        select(StaffUser)
        .join(StaffToken, StaffToken.staff_user_id == StaffUser.id)
        .where(
            StaffToken.token_hash == token_hash,
            StaffToken.purpose == purpose,
            StaffToken.used_at.is_(None),
            StaffToken.expires_at > at,
        )
    )
    with reading_beside(current_app.extensions["koubo.engine"], PUBLIC) as session:
        return session.scalar(query)


def sessions_of(user: StaffUser, *, since: datetime) -> list[StaffSession]:
    """List the sessions of an account begun since then and not ended, the last seen first."""
    query = (
        select(StaffSession)
        .where(
            StaffSession.staff_user_id == user.id,
            StaffSession.ended_at.is_(None),
            StaffSession.second_factor_at.is_not(None),
            StaffSession.created_at > since,
        )
        .order_by(StaffSession.seen_at.desc(), StaffSession.id)
    )
    return list(db.session.scalars(query))


def recovery_codes_left(user: StaffUser) -> int:
    """Count the recovery codes not used yet."""
    query = select(func.count()).where(RecoveryCode.staff_user_id == user.id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(query) or 0


def members(organisation: Organisation, *, at: datetime) -> list[Member]:
    """List the staff of an organisation by name, those whose membership ended last."""
    query = (
        select(Membership)
        .join(Membership.staff_user)
        .options(joinedload(Membership.staff_user))
        .where(Membership.organisation_id == organisation.id)
        .order_by(Membership.ended_at.is_not(None), StaffUser.display_name, Membership.id)
    )
    return _with_roles(list(db.session.scalars(query)), at=at)


def get_member(organisation: Organisation, membership_id: uuid.UUID, *, at: datetime) -> Member:
    """Get one member of an organisation.

    Raises: NotFound.
    """
    query = (
        select(Membership)
        .options(joinedload(Membership.staff_user))
        .where(Membership.organisation_id == organisation.id, Membership.id == membership_id)
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return _with_roles([found], at=at)[0]


def _with_roles(found: list[Membership], *, at: datetime) -> list[Member]:
    ids, users = [row.id for row in found], [row.staff_user_id for row in found]
    grants = db.session.scalars(
        select(RoleGrant).where(RoleGrant.membership_id.in_(ids), grant_counts(at)).order_by(RoleGrant.since)
    ).all()
    open_until: dict[Any, datetime] = {
        user: until
        for user, until in db.session.execute(
            select(StaffToken.staff_user_id, func.max(StaffToken.expires_at))
            .where(
                StaffToken.staff_user_id.in_(users),
                StaffToken.purpose == TokenPurpose.INVITATION,
                StaffToken.used_at.is_(None),
            )
            .group_by(StaffToken.staff_user_id)
        )
    }
    return [
        Member(row, tuple(g for g in grants if g.membership_id == row.id), open_until.get(row.staff_user_id))
        for row in found
    ]
