"""Give and end roles, as a step of a use case: nothing is committed here."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from flask import current_app
from sqlalchemy import select

from app.accounts.models import Membership, RoleGrant, StaffState, StaffUser
from app.accounts.policy import KNOW_NAMES, can_hold, can_manage, needs_hr
from app.accounts.queries import grant_counts
from app.audit.chain import record
from app.core.access import OPENING_ROLES, Role
from app.core.errors import DomainError
from app.extensions import db


class OwnRoles(DomainError):
    def __init__(self) -> None:
        super().__init__("自分の役割や所属は変えられません。ほかの管理者に依頼してください。")


class RolesClash(DomainError):
    def __init__(self) -> None:
        super().__init__("決裁者と監査は、同じ人が兼ねられません。どちらか一方にしてください。")


class GrantNeedsHr(DomainError):
    def __init__(self) -> None:
        super().__init__("配慮担当は、人事担当に加えて持つ権限です。人事担当にも印を付けるか、両方を外してください。")


class LastAdmin(DomainError):
    def __init__(self) -> None:
        super().__init__("管理者が1人もいなくなります。先に、ほかの職員を管理者にしてください。")


class RoleOutOfPlace(DomainError):
    def __init__(self) -> None:
        super().__init__("採点者と採点主任は募集ごとに、そのほかの役割は自治体に対して設定します。")


class ScoresNow(DomainError):
    def __init__(self, titles: Sequence[str]) -> None:
        super().__init__(
            f"この職員は、採点の締切が済んでいない募集の採点者です（{'、'.join(titles[:3])}）。氏名を見られる役割"
            "（人事担当・配慮担当・決裁者・監査）は、採点の締切のあとに設定するか、別の職員に設定してください。"
        )


def actor_of(user: StaffUser | None) -> str:
    """The actor of an audit record; without a user it is the console."""
    return user.actor if user else "system"


def grant_role(
    membership: Membership,
    role: Role,
    *,
    by: StaffUser | None,
    at: datetime,
    opening_id: uuid.UUID | None = None,
    until: datetime | None = None,
) -> RoleGrant:
    """Grant a role in the organisation, or reviewer and chair for one opening; a live grant of the same is given back.

    Not committed. Raises: OwnRoles, RolesClash, GrantNeedsHr, RoleOutOfPlace, ScoresNow.
    """
    if (role in OPENING_ROLES) != (opening_id is not None):
        raise RoleOutOfPlace
    if not can_manage(by, membership):
        raise OwnRoles
    live = _lock_grants(membership, at=at)
    same = next((grant for grant in live if (grant.role, grant.opening_id) == (role, opening_id)), None)
    if same is not None:
        return same
    _require_fits({role, *(grant.role for grant in live)})
    if role in KNOW_NAMES:
        _require_no_scoring(membership)
    return _add(membership, role, by=by, at=at, opening_id=opening_id, until=until)


def _require_fits(held: set[Role]) -> None:
    if not can_hold(held):
        raise RolesClash
    if needs_hr(held):
        raise GrantNeedsHr


def _add(
    membership: Membership,
    role: Role,
    *,
    by: StaffUser | None,
    at: datetime,
    opening_id: uuid.UUID | None,
    until: datetime | None,
) -> RoleGrant:
    new = RoleGrant(
        organisation_id=membership.organisation_id,
        membership_id=membership.id,
        role=role,
        opening_id=opening_id,
        since=at,
        until=until,
    )
    db.session.add(new)
    db.session.flush()
    record(db.session, "role.grant", new, by=actor_of(by), at=at, role=role.value, opening=opening_id, until=until)
    return new


def _require_no_scoring(membership: Membership) -> None:
    """Who is to score learns nobody's name meanwhile (R-03); the room of reviews stands to the right."""
    if titles := current_app.extensions["koubo.openings_scored_by"](membership):
        raise ScoresNow(titles)


def end_grant(grant: RoleGrant, membership: Membership, *, by: StaffUser | None, at: datetime) -> None:
    """End a grant; it counts for nothing from the next request on.

    Not committed. Raises: OwnRoles, LastAdmin.
    """
    if not can_manage(by, membership):
        raise OwnRoles
    if grant.role is Role.ADMIN:
        _require_another_admin(membership)
    grant.until = at
    db.session.flush()
    record(db.session, "role.end", grant, by=actor_of(by), at=at, role=grant.role.value, opening=grant.opening_id)


def _lock_grants(membership: Membership, *, at: datetime) -> list[RoleGrant]:
    """Read the live grants of a member; who else changes them waits."""
    own = (Membership.organisation_id == membership.organisation_id) & (Membership.id == membership.id)
    db.session.execute(select(Membership.id).where(own).with_for_update())
    return list(
        db.session.scalars(
            select(RoleGrant)
            .where(
                RoleGrant.organisation_id == membership.organisation_id,
                RoleGrant.membership_id == membership.id,
                grant_counts(at),
            )
            .order_by(RoleGrant.since, RoleGrant.id)
        )
    )


def _require_another_admin(membership: Membership) -> None:
    """Two admins who remove each other at once wait for each other here; the second is refused."""
    admins = (
        select(RoleGrant)
        .where(
            RoleGrant.organisation_id == membership.organisation_id,
            RoleGrant.role == Role.ADMIN,
            RoleGrant.until.is_(None),  # not `until > at`: this transaction's `at` may be older than the one waited for
        )
        .order_by(RoleGrant.id)
        .with_for_update()
    )
    held = {grant.membership_id for grant in db.session.scalars(admins.execution_options(populate_existing=True))}
    others = (
        select(Membership.id)
        .join(StaffUser, StaffUser.id == Membership.staff_user_id)
        .where(
            Membership.organisation_id == membership.organisation_id,
            Membership.id.in_(held - {membership.id}),
            Membership.ended_at.is_(None),
            StaffUser.state == StaffState.ACTIVE,
        )
    )
    if db.session.scalar(others.limit(1)) is None:
        raise LastAdmin
