"""One-time links in mails: invitation and lost password. Opening a link changes nothing; only its form does (B4)."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import update

from app.accounts import emails, passwords
from app.accounts.guard import token_hash
from app.accounts.models import StaffState, StaffToken, StaffUser, TokenPurpose
from app.accounts.queries import find_credentials, find_token_user, words_around
from app.accounts.staff_sessions import begin_session, end_sessions
from app.audit.chain import record
from app.core import limits
from app.core.database import changed_rows
from app.core.errors import DomainError
from app.core.limits import Limit
from app.core.model import new_id
from app.extensions import db
from app.jp.text import mail_key

INVITATION_LASTS = timedelta(hours=72)
FIRST_ADMIN_LASTS = timedelta(hours=24)  # reliability X1
RESET_LASTS = timedelta(hours=1)
RESETS_PER_MAIL = Limit("staff.reset.mail", 5, 86_400)
RESETS_PER_ADDRESS = Limit("staff.reset.address", 30, 300)


class LinkUsed(DomainError):
    def __init__(self) -> None:
        super().__init__("このリンクは期限が切れたか、すでに使われています。新しいリンクを受け取ってください。")


def new_user(name: str, mail: str, *, at: datetime) -> StaffUser:
    """Make the row of an account that has no password and second factor yet, not added."""
    return StaffUser(
        id=new_id(),
        mail=mail.strip(),
        mail_key=mail_key(mail),
        display_name=name,
        state=StaffState.INVITED,
        created_at=at,
    )


def issue_token(
    user: StaffUser | None, purpose: TokenPurpose, *, at: datetime, lasts: timedelta
) -> tuple[StaffToken, str]:
    """Make a one-time token and void the older ones of its purpose; without a user it opens nothing. Not committed."""
    db.session.execute(
        update(StaffToken)
        .where(StaffToken.staff_user_id == (user.id if user else None), StaffToken.purpose == purpose)
        .where(StaffToken.used_at.is_(None))
        .values(used_at=at)
        .execution_options(synchronize_session=False)
    )
    token = secrets.token_urlsafe(32)
    row = StaffToken(
        id=new_id(),
        staff_user_id=user.id if user else None,
        purpose=purpose,
        token_hash=token_hash(token),
        expires_at=at + lasts,
        used_at=None if user else at,
    )
    db.session.add(row)
    return row, token


def ask_password_reset(mail: str, *, at: datetime, address: str, scale: int = 1) -> None:
    """Mail a one-time link to an active account; an unknown address costs the same work and shows the same answer.

    Raises: TooManyTries.
    """
    key = mail_key(mail)
    limits.count(RESETS_PER_ADDRESS.scaled(scale), address, at=at)
    limits.count(RESETS_PER_MAIL, key, at=at)
    found = find_credentials(key)
    user = found if found is not None and found.state is StaffState.ACTIVE else None
    row, token = issue_token(user, TokenPurpose.PASSWORD_RESET, at=at, lasts=RESET_LASTS)
    if user is not None:
        emails.password_reset(user, row, token)
    else:
        emails.no_password_reset(row, at=at)
    record(db.session, "staff_user.ask_reset", row, by=user.actor if user else "public", at=at)
    db.session.commit()


def accept_invitation(token: str, password: str, *, at: datetime, browser: str) -> str:
    """Set the password of an invited account and begin its half session; the second factor is enrolled next.

    Return the session's token. Raises: LinkUsed, WeakPassword.
    """
    user = _use_token(TokenPurpose.INVITATION, token, password, at=at)
    if user.state is not StaffState.INVITED:
        raise LinkUsed
    user.totp_secret, user.totp_last_step = None, None  # an enrolment that was broken off begins anew
    session_token = begin_session(user, at=at, browser=browser)
    record(db.session, "staff_user.accept_invitation", user, by=user.actor, at=at)
    db.session.commit()
    return session_token


def reset_password(token: str, password: str, *, at: datetime) -> None:
    """Set a new password and end every session; the second factor stays and is asked at the next sign-in (B3).

    Raises: LinkUsed, WeakPassword.
    """
    user = _use_token(TokenPurpose.PASSWORD_RESET, token, password, at=at)
    if user.state is not StaffState.ACTIVE:
        raise LinkUsed
    record(db.session, "staff_user.reset_password", user, by=user.actor, at=at)
    emails.changed(user, "パスワードが再設定され、すべての端末がログアウトされました。", at=at)
    db.session.commit()


def find_link_account(purpose: TokenPurpose, token: str, *, at: datetime) -> StaffUser | None:
    """Find whose live token this is, to show before the form is sent; changes nothing."""
    return find_token_user(purpose, token_hash(token), at=at)


def _use_token(purpose: TokenPurpose, token: str, password: str, *, at: datetime) -> StaffUser:
    """Use up a token for a new password, once however many ask, end the sessions. The hash comes before the lock."""
    found = find_token_user(purpose, token_hash(token), at=at)
    if found is None:
        raise LinkUsed
    passwords.require_good(password, context=words_around(found, at=at))
    hashed = passwords.hash_password(password)
    used = changed_rows(
        db.session,
        update(StaffToken)
        .where(StaffToken.token_hash == token_hash(token), StaffToken.purpose == purpose)
        .where(StaffToken.used_at.is_(None), StaffToken.expires_at > at)
        .values(used_at=at),
    )
    user = db.session.get(StaffUser, found.id)
    if used != 1 or user is None:
        raise LinkUsed
    user.password_hash = hashed
    end_sessions(user, at=at)
    return user
