"""What an admin does with the staff of his organisation: invite, change roles, end a membership."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.accounts import emails
from app.accounts.grants import GrantNeedsHr, LastAdmin, OwnRoles, RolesClash, actor_of, end_grant, grant_role
from app.accounts.link_services import INVITATION_LASTS, issue_token, new_user
from app.accounts.models import Membership, StaffState, StaffUser, TokenPurpose
from app.accounts.policy import can_hold, can_manage, in_order, needs_hr
from app.accounts.queries import Member
from app.accounts.staff_sessions import end_sessions
from app.audit.chain import record
from app.core.access import Role
from app.core.database import add_in_order
from app.core.errors import DomainError
from app.core.model import new_id
from app.extensions import db
from app.jp.text import mail_key
from app.organisations.models import Organisation

__all__ = ["LastAdmin", "OwnRoles", "RolesClash", "change_roles", "end_membership", "invite", "resend_invitation"]


class AlreadyMember(DomainError):
    def __init__(self) -> None:
        super().__init__("このメールアドレスの職員は、すでに一覧にいます。一覧から選んで、役割を変えてください。")


class AccountDisabled(DomainError):
    def __init__(self) -> None:
        super().__init__("このメールアドレスのアカウントは停止されています。運営事務局へお問い合わせください。")


class NotInvited(DomainError):
    def __init__(self) -> None:
        super().__init__("この職員は、招待の受け取りを終えています。一覧を読み込み直して確かめてください。")


def invite(
    organisation: Organisation,
    *,
    name: str,
    mail: str,
    roles: Iterable[Role],
    by: StaffUser | None,
    at: datetime,
) -> Membership:
    """Invite a person by mail into an organisation with these roles; an account that exists joins and is told.

    Raises: AlreadyMember, AccountDisabled, RolesClash, GrantNeedsHr, OwnRoles.
    """
    user, membership = _find_or_make(organisation, name=name, mail=mail, at=at)
    for role in in_order(roles):
        grant_role(membership, role, by=by, at=at)
    if user.state is StaffState.INVITED:
        emails.invitation(
            user, organisation, *issue_token(user, TokenPurpose.INVITATION, at=at, lasts=INVITATION_LASTS)
        )
    else:
        emails.joined(user, organisation, at=at)
    record(db.session, "membership.invite", membership, by=actor_of(by), at=at, staff_user=user.id)
    db.session.commit()
    return membership


def _find_or_make(organisation: Organisation, *, name: str, mail: str, at: datetime) -> tuple[StaffUser, Membership]:
    """Find or make account and membership; two invitations of one person at once are one."""
    key = mail_key(mail)
    user = db.session.scalar(select(StaffUser).where(StaffUser.mail_key == key))
    if user is None:
        user = new_user(name, mail, at=at)
    if user.state is StaffState.DISABLED:
        raise AccountDisabled
    own = (Membership.organisation_id == organisation.id) & (Membership.staff_user_id == user.id)
    membership = db.session.scalar(select(Membership).where(own))
    if membership is None:
        membership = Membership(id=new_id(), organisation_id=organisation.id, staff_user_id=user.id)
    elif membership.ended_at is None:
        raise AlreadyMember
    membership.ended_at = None
    try:
        add_in_order(db.session, [user, membership])
    except IntegrityError as error:
        db.session.rollback()
        raise AlreadyMember from error
    return user, membership


def resend_invitation(member: Member, organisation: Organisation, *, by: StaffUser, at: datetime) -> None:
    """Mail a new invitation link; the former one is void.

    Raises: NotInvited once the person has accepted.
    """
    if not member.is_invited:
        raise NotInvited
    row, token = issue_token(member.user, TokenPurpose.INVITATION, at=at, lasts=INVITATION_LASTS)
    emails.invitation(member.user, organisation, row, token)
    record(db.session, "membership.resend_invitation", member.membership, by=by.actor, at=at)
    db.session.commit()


def change_roles(member: Member, roles: Iterable[Role], *, by: StaffUser, at: datetime) -> None:
    """Let a member hold exactly these roles in the organisation; roles for single openings stay.

    Raises: OwnRoles, RolesClash, GrantNeedsHr, LastAdmin.
    """
    wanted, membership = set(roles), member.membership
    if not can_manage(by, membership):
        raise OwnRoles
    if not can_hold(wanted):
        raise RolesClash
    if needs_hr(wanted):
        raise GrantNeedsHr
    for grant in member.grants:
        if grant.opening_id is None and grant.role not in wanted:
            end_grant(grant, membership, by=by, at=at)
    for role in in_order(wanted - set(member.roles)):
        grant_role(membership, role, by=by, at=at)
    db.session.commit()


def end_membership(member: Member, *, by: StaffUser, at: datetime) -> None:
    """End a member's belonging to the organisation with all roles; all sessions of the account end.

    Raises: OwnRoles, LastAdmin.
    """
    membership = member.membership
    if not can_manage(by, membership):
        raise OwnRoles
    for grant in member.grants:
        end_grant(grant, membership, by=by, at=at)
    membership.ended_at = at
    end_sessions(member.user, at=at)
    record(db.session, "membership.end", membership, by=by.actor, at=at)
    db.session.commit()
