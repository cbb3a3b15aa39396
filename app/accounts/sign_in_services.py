"""Signing in: password, second factor, sign-out, and giving the second factor again (reliability B1-B9)."""

from datetime import datetime

from sqlalchemy import or_, update

from app.accounts import emails, passwords, second_factor
from app.accounts.models import RecoveryCode, StaffSession, StaffState, StaffUser
from app.accounts.queries import find_credentials
from app.accounts.staff_sessions import begin_session, end_session, renew_session
from app.audit.chain import record
from app.core import limits
from app.core.crypto import decrypt
from app.core.database import changed_rows
from app.core.errors import DomainError
from app.core.limits import Limit
from app.extensions import db
from app.jp.text import mail_key

TRIES_PER_ACCOUNT = Limit("staff.sign_in.account", 10, 300)
TRIES_PER_ADDRESS = Limit("staff.sign_in.address", 30, 300)
TRIES_PER_BROWSER = Limit("staff.sign_in.known_browser", 10, 300)
CODES_PER_ACCOUNT = Limit("staff.second_factor.account", 5, 300)
CODES_PER_DAY = Limit("staff.second_factor.account", 50, 86_400)
CODES_PER_ADDRESS = Limit("staff.second_factor.address", 30, 300)


class WrongCredentials(DomainError):
    """The same words whether the address is known or not (B8)."""

    status = 422

    def __init__(self) -> None:
        super().__init__("メールアドレスかパスワードが違います。もう一度入力してください")


class WrongCode(DomainError):
    status = 422

    def __init__(self) -> None:
        super().__init__("コードが違うか、すでに使われています。新しいコードを入力してください")


def sign_in(
    mail: str,
    password: str,
    *,
    at: datetime,
    address: str,
    browser: str,
    scale: int = 1,
    known: str | None = None,
    instead_of: StaffSession | None = None,
) -> str:
    """Check mail and password; return the token of a half session, which opens the pages of the second factor only.

    `address` is the network's, `scale` raises its limit; `known` names a browser that this mail address signed in
    from before, which others cannot lock out; `instead_of` ends. Raises: WrongCredentials, TooManyTries, TooBusy.
    """
    key = mail_key(mail)
    _count_try(key, address, scale, known, at=at)
    user, better = _whose(key, password)
    token = begin_session(user, at=at, browser=browser, instead_of=instead_of)
    if better is not None:
        db.session.execute(update(StaffUser).where(StaffUser.id == user.id).values(password_hash=better))
    record(db.session, "staff_user.password_right", user, by=user.actor, at=at)
    db.session.commit()
    return token


def _count_try(key: str, address: str, scale: int, known: str | None, *, at: datetime) -> None:
    limits.count(TRIES_PER_ADDRESS.scaled(scale), address, at=at)
    limits.count(*((TRIES_PER_BROWSER, f"{key} {known}") if known else (TRIES_PER_ACCOUNT, key)), at=at)


def _whose(key: str, password: str) -> tuple[StaffUser, str | None]:
    """Find whose password this is, with the same work for every address; outside of the request's transaction.

    Beside the account stands a better hash of the password, where the one that is stored was made with less work.
    """
    found = find_credentials(key)
    stored = found.password_hash if found is not None and found.state is not StaffState.DISABLED else None
    if not passwords.is_right(stored, password) or found is None or stored is None:
        raise WrongCredentials
    return found, passwords.hash_password(password) if passwords.needs_rehash(stored) else None


def pass_second_factor(
    session: StaffSession, code: str, *, at: datetime, address: str, scale: int = 1, known_browser: bool
) -> str:
    """Check a code of the app or a recovery code and make the half session a whole one with a new token.

    Return the token. A sign-in from a browser not known for this account is told by mail.
    Raises: WrongCode, TooManyTries, SessionOver.
    """
    count_code(session, at=at, address=address, scale=scale)
    use_code(session.staff_user, code, at=at)
    token = renew_session(session, at=at, second_factor=True)
    if not known_browser:
        emails.changed(session.staff_user, "これまでと違うブラウザーからログインがありました。", at=at)
    record(db.session, "staff_user.sign_in", session.staff_user, by=session.staff_user.actor, at=at)
    db.session.commit()
    return token


def confirm_again(session: StaffSession, code: str, *, at: datetime, address: str, scale: int = 1) -> str:
    """Check the second factor once more within a session, for what asks for a fresh one; return the new token.

    Raises: WrongCode, TooManyTries, SessionOver.
    """
    count_code(session, at=at, address=address, scale=scale)
    use_code(session.staff_user, code, at=at)
    token = renew_session(session, at=at, second_factor=True)
    record(db.session, "staff_user.confirm_again", session.staff_user, by=session.staff_user.actor, at=at)
    db.session.commit()
    return token


def sign_out(session: StaffSession, *, at: datetime) -> None:
    """End the session on the server."""
    end_session(session, at=at)
    record(db.session, "staff_user.sign_out", session.staff_user, by=session.staff_user.actor, at=at)
    db.session.commit()


def count_code(session: StaffSession, *, at: datetime, address: str, scale: int) -> None:
    """Count one try of the second factor; before the first statement of the request.

    Raises: TooManyTries.
    """
    limits.count(CODES_PER_ADDRESS.scaled(scale), address, at=at)
    limits.count(CODES_PER_ACCOUNT, str(session.staff_user_id), at=at)
    limits.count(CODES_PER_DAY, str(session.staff_user_id), at=at)


def use_code(user: StaffUser, code: str, *, at: datetime) -> None:
    """Use up a code of the app or a recovery code, once however many bring it at once; not committed.

    Raises: WrongCode.
    """
    typed = second_factor.typed_code(code)
    used = _use_app_code(user, typed, at=at) if second_factor.is_app_code(typed) else _use_recovery(user, typed, at=at)
    if not used:
        raise WrongCode


def _use_app_code(user: StaffUser, code: str, *, at: datetime) -> bool:
    if user.totp_secret is None:
        return False
    step = second_factor.matching_step(decrypt(user.totp_secret), code, at=at, after=user.totp_last_step)
    if step is None:
        return False
    done = changed_rows(
        db.session,
        update(StaffUser)
        .where(StaffUser.id == user.id, StaffUser.totp_secret == user.totp_secret)
        .where(or_(StaffUser.totp_last_step.is_(None), StaffUser.totp_last_step < step))
        .values(totp_last_step=step),
    )
    return done == 1


def _use_recovery(user: StaffUser, code: str, *, at: datetime) -> bool:
    hashed = second_factor.recovery_hash(code, user_id=user.id)
    done = changed_rows(
        db.session,
        update(RecoveryCode)
        .where(RecoveryCode.staff_user_id == user.id, RecoveryCode.code_hash == hashed)
        .where(RecoveryCode.used_at.is_(None))
        .values(used_at=at),
    )
    if done != 1:
        return False
    record(db.session, "staff_user.use_recovery_code", user, by=user.actor, at=at)
    emails.changed(user, "リカバリーコードが1つ使われました。", at=at)
    return True
