"""Where a person stands on the way in, and what the browser carries meanwhile."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from flask import current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from app.accounts import second_factor
from app.accounts.guard import STAFF_COOKIE
from app.accounts.models import StaffSession, StaffState, StaffUser, TokenPurpose
from app.accounts.sealing import seal, unseal
from app.core.addresses import own_path
from app.core.csrf import read_cookie, set_cookie
from app.jp.text import mail_key
from config import Settings

LINK_COOKIE = "koubo_staff_link"
KNOWN_COOKIE = "koubo_staff_known"
MAIL_COOKIE = "koubo_staff_mail"  # as KNOWN_COOKIE, for the address that is typed before the account is known
KNOWN_DAYS = 180
LINK_LASTS = timedelta(minutes=30)
SEAL_LASTS = timedelta(hours=1)


def step_of(session: StaffSession | None) -> str:
    """Name the page at which a person on the way in stands."""
    if session is None:
        return "accounts.sign_in"
    if session.second_factor_at is None:
        return "accounts.enrol" if session.staff_user.totp_secret is None else "accounts.second_factor"
    return "accounts.recovery_codes" if session.staff_user.state is StaffState.INVITED else "accounts.choose"


def wanted() -> str | None:
    """The page of staff that was asked for before the way in, if it is one of ours."""
    return own_path(request.args.get("next"), under="/staff/")


def onward(endpoint: str) -> Response:
    """Redirect to a step of the way in and keep the wanted page."""
    return redirect(url_for(endpoint, next=wanted()), 303)


def with_session(response: Response, token: str) -> Response:
    """Give the browser its session token."""
    set_cookie(response, STAFF_COOKIE, token)
    return response


def remember_browser(response: Response, user: StaffUser, *, at: datetime) -> Response:
    """Let this browser be known for this account, so that the next sign-in is no news."""
    set_cookie(response, KNOWN_COOKIE, seal(f"known:{user.id}", "", at=at), days=KNOWN_DAYS)
    own = secrets.token_urlsafe(16)
    set_cookie(response, MAIL_COOKIE, seal(f"known-mail:{user.mail_key}", own, at=at), days=KNOWN_DAYS)
    return response


def known_browser(mail: str, *, at: datetime) -> str | None:
    """Name this browser if somebody signed in with this address from it before, without asking the database."""
    purpose = f"known-mail:{mail_key(mail)}"
    return unseal(purpose, read_cookie(MAIL_COOKIE), at=at, within=timedelta(days=KNOWN_DAYS))


def is_known_browser(user: StaffUser, *, at: datetime) -> bool:
    """Say whether this account has signed in from this browser before."""
    known = unseal(f"known:{user.id}", read_cookie(KNOWN_COOKIE), at=at, within=timedelta(days=KNOWN_DAYS))
    return known is not None


def carry_link(response: Response, purpose: TokenPurpose, token: str, *, at: datetime) -> Response:
    """Move a token from the address into a short-lived cookie of ours (C7)."""
    set_cookie(response, LINK_COOKIE, seal(purpose.value, token, at=at))
    return response


def carried_link(purpose: TokenPurpose, *, at: datetime) -> str:
    """The token of a link opened in this browser within half an hour; empty when there is none."""
    return unseal(purpose.value, read_cookie(LINK_COOKIE), at=at, within=LINK_LASTS) or ""


def offer_secret(form: Any, user: StaffUser, secret: str, *, at: datetime) -> dict[str, Any]:
    """Seal a new secret into the form: nothing is stored before it is confirmed. Return what the page shows of it."""
    form.sealed.data = seal(f"secret:{user.id}", secret, at=at)
    app_url = second_factor.app_url(secret, account=user.mail)
    return {"qr": second_factor.qr_code(app_url), "app_url": app_url, "secret": second_factor.grouped(secret)}


def offered_secret(form: Any, user: StaffUser, *, at: datetime) -> str | None:
    """The secret that an earlier page of ours offered to this person."""
    return unseal(f"secret:{user.id}", form.sealed.data, at=at, within=SEAL_LASTS)


def offer_codes(form: Any, user: StaffUser, codes: list[str], *, at: datetime) -> dict[str, Any]:
    """Seal new recovery codes into the form; they count once the person says that they are kept."""
    form.sealed.data = seal(f"codes:{user.id}", " ".join(codes), at=at)
    return {"codes": codes}


def offered_codes(form: Any, user: StaffUser, *, at: datetime) -> list[str] | None:
    """The recovery codes that an earlier page of ours offered to this person."""
    codes = unseal(f"codes:{user.id}", form.sealed.data, at=at, within=SEAL_LASTS)
    return codes.split() if codes else None


def network() -> dict[str, Any]:
    """Where a try comes from, as the use cases count it."""
    settings: Settings = current_app.extensions["koubo.settings"]
    return {"address": request.remote_addr or "", "scale": settings.address_limit_scale}


def browser_name() -> str:
    """What the browser says of itself."""
    return request.user_agent.string
