"""Who an applicant is (design 3, 15-17): a row held by a cookie; it owns a mail address once a code was typed there.

`new_applicant` and `confirm` are parts of a use case: they add rows and leave the commit to it.
"""

import hashlib
import hmac
import secrets
import uuid
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import or_, select, update

from app.accounts.applicant_sessions import open_session
from app.accounts.code_turns import WAITING, has_turn
from app.accounts.guard import token_hash
from app.accounts.models import Applicant, SignInCode
from app.core.context import SYSTEM
from app.core.database import changed_rows, own_transaction
from app.core.errors import DomainError
from app.core.limits import Limit, count
from app.core.model import new_id
from app.extensions import db
from app.jp.numbers import new_resume_code
from app.jp.text import mail_key
from app.outbox.queue import owe

CODE_COOKIE = "koubo_code"
CODE_LIVES = timedelta(minutes=10)
CODE_TRIES = 5
CODES_PER_BROWSER = Limit("applicant.code.browser", 5, 1800)
CODES_PER_ADDRESS = Limit("applicant.code.address", 1200, 3600)
TRIES_PER_ADDRESS = Limit("applicant.try.address", 1500, 3600)
RESUMES_PER_ADDRESS = Limit("applicant.resume.address", 300, 3600)


class WrongCode(DomainError):
    """The code is not the one that was sent to this browser, or no longer."""

    def __init__(self) -> None:
        super().__init__(
            "コードが違うか、期限（10分）が切れています。もう一度確かめるか、新しいコードを受け取ってください"
        )


class SpentCode(WrongCode):
    """Five wrong tries: this code opens nothing any more."""

    def __init__(self) -> None:
        DomainError.__init__(self, "5回まちがえたため、このコードはもう使えません。新しいコードを受け取ってください")


def scaled(limit: Limit) -> Limit:
    """Widen a limit per network address where many people share one (setting `address_limit_scale`)."""
    return limit.scaled(current_app.extensions["koubo.settings"].address_limit_scale)


def new_applicant(*, at: datetime) -> Applicant:
    """Add an applicant without a mail address, whom the 再開コード opens from the first page on."""
    own = new_id()
    applicant = Applicant(id=own, created_at=at, resume_code_hash=resume_hash(resume_code(own)))
    db.session.add(applicant)
    db.session.flush()
    return applicant


def note_written(applicant_id: uuid.UUID, mail: str, *, at: datetime) -> None:
    """Note which address an applicant writes as their own, and since when; the same again changes nothing."""
    key = mail_key(mail)
    other = or_(Applicant.written_key.is_(None), Applicant.written_key != key)
    db.session.execute(
        update(Applicant).where(Applicant.id == applicant_id, other).values(written_key=key, written_since=at)
    )


def request_code(mail: str, browser: str, *, address: str, at: datetime, held_by: str | None = None) -> None:
    """Send a six-digit code to an address, good only with this browser's token; earlier codes of the browser end.

    Nothing tells whether the address is known. For an address that was asked for often a browser is sent a code when it
    asks again after two minutes (code_turns); until then every code stays as it is. `held_by` is the applicant cookie.
    Raises: TooManyTries.
    """
    key, browser_hash = mail_key(mail), token_hash(browser)
    per_address = scaled(CODES_PER_ADDRESS)
    count(per_address, address, at=at)
    count(CODES_PER_BROWSER, browser_hash, at=at)
    scale = per_address.times // CODES_PER_ADDRESS.times
    if not has_turn(key, browser_hash, held_by, address=address, scale=scale, at=at):
        db.session.add(_ask(key, browser_hash, WAITING, used_at=at, at=at))
        db.session.commit()
        return
    code = f"{secrets.randbelow(1_000_000):06d}"
    unused = SignInCode.browser_hash == browser_hash, SignInCode.used_at.is_(None)
    db.session.execute(update(SignInCode).where(*unused).values(used_at=at))
    row = _ask(key, browser_hash, _code_hash(code, browser_hash), used_at=None, at=at)
    db.session.add(row)
    owe(db.session, "applicant-code", to=mail, dedupe=str(row.id), secret=True, code=code)
    db.session.commit()


def _ask(key: str, browser_hash: str, code_hash: str, *, used_at: datetime | None, at: datetime) -> SignInCode:
    return SignInCode(
        id=new_id(),
        mail_key=key,
        browser_hash=browser_hash,
        code_hash=code_hash,
        created_at=at,
        expires_at=at + CODE_LIVES,
        used_at=used_at,
    )


def count_try(mail: str, browser: str, *, address: str, at: datetime) -> None:
    """Count one try at a code in a transaction of its own, before it is looked at; a crash or a refusal stays counted.

    Raises: TooManyTries, WrongCode when no code waits for this browser.
    """
    count(scaled(TRIES_PER_ADDRESS), address, at=at)
    live = (
        SignInCode.mail_key == mail_key(mail),
        SignInCode.browser_hash == token_hash(browser),
        SignInCode.used_at.is_(None),
        SignInCode.expires_at > at,
    )
    raised = update(SignInCode).where(*live, SignInCode.tries < CODE_TRIES).values(tries=SignInCode.tries + 1)
    with own_transaction(current_app.extensions["koubo.engine"], SYSTEM) as session:
        if changed_rows(session, raised) == 0:
            raise SpentCode if session.scalar(select(SignInCode.id).where(*live).limit(1)) else WrongCode


def use_code(mail: str, code: str, browser: str, *, at: datetime) -> None:
    """Use up the code of this browser; the try was counted by `count_try`. Raises: WrongCode."""
    query = select(SignInCode).where(
        SignInCode.mail_key == mail_key(mail),
        SignInCode.browser_hash == token_hash(browser),
        SignInCode.used_at.is_(None),
        SignInCode.expires_at > at,
        SignInCode.tries <= CODE_TRIES,
    )
    row = db.session.scalar(query.order_by(SignInCode.created_at.desc()).limit(1).with_for_update())
    if row is None or not hmac.compare_digest(row.code_hash, _code_hash(code, row.browser_hash)):
        raise SpentCode if row is not None and row.tries >= CODE_TRIES else WrongCode
    row.used_at = at
    db.session.flush()


def _code_hash(code: str, browser_hash: str) -> str:
    secret = current_app.config["SECRET_KEY"].encode()
    return hmac.new(secret, f"code:{browser_hash}:{code}".encode(), hashlib.sha256).hexdigest()


def find_confirmed(mail: str) -> Applicant | None:
    """Find the applicant who owns an address."""
    query = select(Applicant).where(Applicant.mail_key == mail_key(mail), Applicant.confirmed_at.is_not(None))
    return db.session.scalar(query)


def confirm(applicant: Applicant, mail: str, *, at: datetime) -> None:
    """Make the address this applicant's own; the 再開コード ends with it."""
    applicant.mail, applicant.mail_key, applicant.confirmed_at = mail, mail_key(mail), at
    applicant.resume_code_hash = None
    db.session.flush()


def resume_code(applicant_id: uuid.UUID) -> str:
    """Give the 再開コード of an applicant: always the same, so that the receipt page can be opened again."""
    secret, drawn = current_app.config["SECRET_KEY"].encode(), 0

    def random(below: int) -> int:
        nonlocal drawn
        drawn += 1
        seed = hmac.new(secret, f"resume:{applicant_id}:{drawn}".encode(), hashlib.sha256).digest()
        return int.from_bytes(seed, "big") % below

    return new_resume_code(random)


def known_resume_code(applicant: Applicant) -> str | None:
    """Give the 再開コード where it opens what this applicant wrote: not once an address is confirmed."""
    return resume_code(applicant.id) if applicant.resume_code_hash else None


def resume_hash(code: str) -> str:
    """What the database keeps of a 再開コード."""
    return token_hash(f"resume:{code}")


def find_by_resume_code(code: str) -> Applicant | None:
    """Find the unconfirmed applicant whose 再開コード this is (as `parse_resume_code` gives it)."""
    query = select(Applicant).where(Applicant.resume_code_hash == resume_hash(code), Applicant.confirmed_at.is_(None))
    return db.session.scalar(query)


def take_up(applicant: Applicant, *, at: datetime) -> str:
    """Let another browser hold an unconfirmed applicant, by the 再開コード; give the token for its cookie."""
    token = open_session(applicant, at=at)
    db.session.commit()
    return token
