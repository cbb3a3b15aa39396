"""What a member of staff does with his own account: second factor, recovery codes, password, sessions (B3, B6, B10)."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, update

from app.accounts import emails, passwords, second_factor
from app.accounts.models import RecoveryCode, StaffSession, StaffState, StaffUser
from app.accounts.queries import words_around
from app.accounts.sign_in_services import WrongCode, count_code, use_code
from app.accounts.staff_sessions import SessionOver, end_sessions, renew_session
from app.accounts.workflow import WrongState, move
from app.audit.chain import record
from app.core import limits
from app.core.crypto import encrypt
from app.core.database import changed_rows
from app.core.errors import DomainError
from app.core.limits import Limit
from app.extensions import db

PASSWORDS_PER_ACCOUNT = Limit("staff.password.account", 10, 300)


@dataclass(frozen=True)
class Proof:
    """What a change of the authenticator app asks for; `code` is of the old app or a recovery code."""

    password: str
    code: str
    new_code: str


class WrongNewCode(WrongCode):
    """The code of the app that is being bound."""


class WrongPassword(DomainError):
    status = 422

    def __init__(self) -> None:
        super().__init__("いまのパスワードが違います")


def enrol(session: StaffSession, secret: str, code: str, *, at: datetime, address: str, scale: int = 1) -> str:
    """Bind the first authenticator app and make the half session a whole one; recovery codes come next.

    Return the session's new token. Raises: WrongNewCode, WrongState, TooManyTries, SessionOver.
    """
    count_code(session, at=at, address=address, scale=scale)
    step = _step_of_new(secret, code, at=at)
    bound = changed_rows(
        db.session,
        update(StaffUser)
        .where(StaffUser.id == session.staff_user_id, StaffUser.totp_secret.is_(None))
        .where(StaffUser.state == StaffState.INVITED)
        .values(totp_secret=encrypt(secret), totp_last_step=step),
    )
    if bound != 1:
        raise WrongState
    token = renew_session(session, at=at, second_factor=True)
    record(db.session, "staff_user.enrol_second_factor", session.staff_user, by=session.staff_user.actor, at=at)
    db.session.commit()
    return token


def _step_of_new(secret: str, code: str, *, at: datetime) -> int:
    step = second_factor.matching_step(secret, second_factor.typed_code(code), at=at)
    if step is None:
        raise WrongNewCode
    return step


def finish_invitation(session: StaffSession, codes: list[str], *, at: datetime) -> None:
    """Keep the first recovery codes; the account is active from here on.

    Raises: WrongState when it is already.
    """
    user = session.staff_user
    hashes = [second_factor.recovery_hash(code, user_id=user.id) for code in codes]
    db.session.refresh(user, with_for_update=True)  # a second tab waits here and is refused
    move(user, StaffState.ACTIVE)
    _replace_codes(user, hashes)
    record(db.session, "staff_user.activate", user, by=user.actor, at=at)
    db.session.commit()


def renew_recovery_codes(session: StaffSession, codes: list[str], password: str, *, at: datetime) -> None:
    """Replace all recovery codes by these.

    Raises: WrongPassword, TooManyTries.
    """
    user = session.staff_user
    _require_password(user, password, at=at)
    hashes = [second_factor.recovery_hash(code, user_id=user.id) for code in codes]
    _replace_codes(user, hashes)
    record(db.session, "staff_user.renew_recovery_codes", user, by=user.actor, at=at)
    emails.changed(user, "リカバリーコードが新しくなりました。前のコードは使えません。", at=at)
    db.session.commit()


def _replace_codes(user: StaffUser, hashes: list[str]) -> None:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.staff_user_id == user.id))
    db.session.add_all(RecoveryCode(staff_user_id=user.id, code_hash=hashed) for hashed in hashes)


def change_second_factor(
    session: StaffSession, secret: str, proof: Proof, *, at: datetime, address: str, scale: int = 1
) -> str:
    """Bind another authenticator app, given the password and a current code; other sessions end.

    Return the session's new token.
    Raises: WrongPassword, WrongNewCode, WrongCode, TooManyTries, SessionOver.
    """
    user = session.staff_user
    count_code(session, at=at, address=address, scale=scale)
    _require_password(user, proof.password, at=at)
    step = _step_of_new(secret, proof.new_code, at=at)
    use_code(user, proof.code, at=at)
    user.totp_secret, user.totp_last_step = encrypt(secret), step
    token = renew_session(session, at=at, second_factor=True)
    end_sessions(user, at=at, keep=session)
    record(db.session, "staff_user.change_second_factor", user, by=user.actor, at=at)
    emails.changed(user, "二段階認証の認証アプリが変更され、ほかの端末がログアウトされました。", at=at)
    db.session.commit()
    return token


def change_password(session: StaffSession, old: str, new: str, *, at: datetime) -> str:
    """Change the password, given the old one; other sessions end. Return this session's new token.

    Raises: WrongPassword, WeakPassword, TooManyTries, SessionOver.
    """
    user = session.staff_user
    _require_password(user, old, at=at)
    passwords.require_good(new, context=words_around(user, at=at))
    user.password_hash = passwords.hash_password(new)
    token = renew_session(session, at=at, second_factor=False)
    end_sessions(user, at=at, keep=session)
    record(db.session, "staff_user.change_password", user, by=user.actor, at=at)
    emails.changed(user, "パスワードが変更され、ほかの端末がログアウトされました。", at=at)
    db.session.commit()
    return token


def _require_password(user: StaffUser, password: str, *, at: datetime) -> None:
    """Check the password before the first statement of the request, outside of its transaction."""
    limits.count(PASSWORDS_PER_ACCOUNT, str(user.id), at=at)
    if not passwords.is_right(user.password_hash, password):
        raise WrongPassword


def end_session(user: StaffUser, session_id: uuid.UUID, *, at: datetime) -> None:
    """End one of the account's own sessions.

    Raises: SessionOver when there is no such live session of this account.
    """
    ended = changed_rows(
        db.session,
        update(StaffSession)
        .where(StaffSession.staff_user_id == user.id, StaffSession.id == session_id, StaffSession.ended_at.is_(None))
        .values(ended_at=at),
    )
    if ended != 1:
        raise SessionOver
    record(db.session, "staff_user.end_session", user, by=user.actor, at=at)
    db.session.commit()


def end_other_sessions(session: StaffSession, *, at: datetime) -> None:
    """End every session of the account but this one."""
    end_sessions(session.staff_user, at=at, keep=session)
    record(db.session, "staff_user.end_other_sessions", session.staff_user, by=session.staff_user.actor, at=at)
    db.session.commit()
