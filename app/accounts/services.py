"""Accounts from outside the pages: first admins, disabling, starting anew."""

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import func, select

from app.accounts import emails
from app.accounts.grants import grant_role
from app.accounts.link_services import FIRST_ADMIN_LASTS, issue_token, new_user
from app.accounts.models import Membership, StaffSession, StaffState, StaffUser, TokenPurpose
from app.accounts.staff_sessions import end_sessions
from app.accounts.workflow import move
from app.audit.chain import record
from app.core.access import Role
from app.core.database import add_in_order
from app.core.errors import DomainError
from app.core.model import new_id
from app.extensions import db
from app.jp.text import mail_key
from app.organisations.models import Organisation

IDLE_DAYS = 90  # then an account is disabled (reliability X1)


class AccountUnknown(DomainError):
    def __init__(self) -> None:
        super().__init__("このメールアドレスの職員アカウントはありません。つづりを確かめてください。")


def found_organisation(organisation: Organisation, *, admin_name: str, admin_mail: str, at: datetime) -> str:
    """Create an organisation and invite its first admin, whose one-time link lasts 24 hours; return the token.

    An admin who has an account already joins with it, and the token is empty.
    """
    key = mail_key(admin_mail)
    user = db.session.scalar(select(StaffUser).where(StaffUser.mail_key == key))
    if user is None:
        user = new_user(admin_name, admin_mail, at=at)
    membership = Membership(id=new_id(), organisation_id=organisation.id, staff_user_id=user.id)
    add_in_order(db.session, [organisation, user, membership])
    grant_role(membership, Role.ADMIN, by=None, at=at)
    record(db.session, "organisation.found", organisation, by="system", at=at, first_admin=user.id)
    token = _invite_first(user, organisation, at=at)
    db.session.commit()
    return token


def _invite_first(user: StaffUser, organisation: Organisation, *, at: datetime) -> str:
    if user.state is not StaffState.INVITED:
        emails.joined(user, organisation, at=at)
        return ""
    row, token = issue_token(user, TokenPurpose.INVITATION, at=at, lasts=FIRST_ADMIN_LASTS)
    emails.invitation(user, organisation, row, token)
    return token


def disable_account(mail: str, *, at: datetime) -> None:
    """Disable an account in every organisation; its sessions end at once.

    Raises: AccountUnknown, WrongState.
    """
    user = _get_by_mail(mail)
    _disable(user, at=at)
    db.session.commit()


def disable_idle_accounts(*, at: datetime) -> int:
    """Disable the active accounts that were not seen for 90 days; return how many. Those of a demo stay."""
    if current_app.config["DEMO"]:
        return 0
    seen = select(func.max(StaffSession.seen_at)).where(StaffSession.staff_user_id == StaffUser.id).scalar_subquery()
    before = at - timedelta(days=IDLE_DAYS)
    idle = db.session.scalars(
        select(StaffUser)
        .where(StaffUser.state == StaffState.ACTIVE, func.coalesce(seen, StaffUser.created_at) < before)
        .order_by(StaffUser.id)
    ).all()
    for user in idle:
        _disable(user, at=at)
    db.session.commit()
    return len(idle)


def _disable(user: StaffUser, *, at: datetime) -> None:
    move(user, StaffState.DISABLED)
    end_sessions(user, at=at)
    record(db.session, "staff_user.disable", user, by="system", at=at)


def restart_account(mail: str, *, at: datetime) -> str:
    """Let a person who lost the second factor, or was disabled, set everything up anew.

    Return the one-time token (24 hours). Password, second factor and sessions are void. For the console only: somebody
    has made sure who asks.

    Raises: AccountUnknown.
    """
    user = _get_by_mail(mail)
    if user.state is not StaffState.INVITED:
        move(user, StaffState.INVITED)
    user.password_hash = user.totp_secret = user.totp_last_step = None
    end_sessions(user, at=at)
    _row, token = issue_token(user, TokenPurpose.INVITATION, at=at, lasts=FIRST_ADMIN_LASTS)
    record(db.session, "staff_user.restart", user, by="system", at=at)
    emails.changed(user, "アカウントの再設定が始まりました。パスワードと二段階認証を設定し直してください。", at=at)
    db.session.commit()
    return token


def _get_by_mail(mail: str) -> StaffUser:
    user = db.session.scalar(select(StaffUser).where(StaffUser.mail_key == mail_key(mail)))
    if user is None:
        raise AccountUnknown
    return user
