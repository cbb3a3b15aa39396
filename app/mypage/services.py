"""Signing in with a code: one transaction over the applicant and their applications, which stand in two rooms."""

from datetime import datetime

from sqlalchemy import update

from app.accounts import applicants
from app.accounts.models import Applicant
from app.applications.models import Application
from app.audit.chain import record
from app.core.context import applicant as context_of
from app.core.context import bind
from app.extensions import db
from app.jp.text import mail_key


def sign_in(mail: str, code: str, browser: str, *, holder: Applicant | None, address: str, at: datetime) -> str | None:
    """Take a code typed into the browser that asked for it; give a new cookie's token, None when the old one stands.

    The applicant whom the browser holds becomes confirmed, unless the address is another applicant's already: then the
    browser holds that one from here on (their rows are not merged). Raises: WrongCode, TooManyTries.
    """
    applicants.count_try(mail, browser, address=address, at=at)
    applicants.use_code(mail, code, browser, at=at)
    owner = applicants.find_confirmed(mail)
    if owner is not None and holder is not None and owner.id == holder.id:
        db.session.commit()
        return None
    if owner is not None or holder is None or holder.confirmed_at is not None:
        return _hold(owner, mail, holder, at=at)
    _confirm(holder, mail, at=at)
    db.session.commit()
    return None


def _hold(owner: Applicant | None, mail: str, holder: Applicant | None, *, at: datetime) -> str:
    """Let the browser hold the owner of the address, made now when there is none."""
    is_new = owner is None
    owner = owner or applicants.new_applicant(at=at)
    if holder is None:
        bind(db.session, context_of(owner.id))
    if is_new:
        _confirm(owner, mail, at=at)
    token = applicants.open_session(owner, at=at)
    db.session.commit()
    return token


def _confirm(holder: Applicant, mail: str, *, at: datetime) -> None:
    applicants.confirm(holder, mail, at=at)
    own = Application.applicant_id == holder.id, Application.mail_key == mail_key(mail)
    db.session.execute(
        update(Application)
        .where(*own)
        .values(mail_confirmed_at=at, version=Application.version + 1)
        .execution_options(synchronize_session=False)
    )
    record(db.session, "confirm.applicant", holder, by=holder.actor, at=at)


def take_up(code: str, *, at: datetime) -> str | None:
    """Let this browser hold the applicant of a 再開コード; give its cookie's token, None for no such code."""
    found = applicants.find_by_resume_code(code)
    return applicants.take_up(found, at=at) if found is not None else None
