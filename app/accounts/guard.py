"""Before each request: who asks, in which organisation, with which roles, and may they (design 40-43).

The reads here are one short read-only transaction, ended before the view begins its own.
"""

import hashlib
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, g, redirect, request, url_for
from sqlalchemy import bindparam, select, update
from werkzeug.wrappers import Response

from app.accounts.models import (
    Applicant,
    ApplicantSession,
    Membership,
    RoleGrant,
    StaffSession,
    StaffState,
    StaffUser,
)
from app.accounts.queries import affiliations, grant_counts, membership_is_open
from app.core import clock
from app.core.access import ACTIONS, Action, Role, Scope, action_of, allowed
from app.core.context import PUBLIC, SYSTEM, applicant, bind, staff_of
from app.core.csrf import UNSAFE, read_cookie
from app.core.database import own_transaction, read_only
from app.extensions import db, login_manager
from app.organisations.models import Organisation

STAFF_COOKIE = "koubo_staff"
APPLICANT_COOKIE = "koubo_applicant"
IDLE = timedelta(minutes=60)
IDLE_ADMIN = timedelta(minutes=30)  # 管理者 and 運営者 (design 50)
ABSOLUTE = timedelta(hours=12)
APPLICANT_IDLE = timedelta(hours=2)  # then a code is asked again; the draft is kept
SEEN_EVERY = timedelta(minutes=1)
APPLICANT_SEEN_EVERY = timedelta(minutes=10)  # two hours need no finer hand, and each note is a commit in the last hour
HALF = timedelta(minutes=30)  # from the password to the second factor, its first enrolment included
FRESH_TO_OPEN = timedelta(minutes=5)  # how old the second factor may be where an action asks for a fresh one (B9);
FRESH_TO_SEND = timedelta(minutes=15)  # a page opened in time may be filled in at leisure


@dataclass(frozen=True)
class Seat:
    """A member of staff in the organisation of the URL: the organisation, the membership and its live grants."""

    organisation: Organisation
    membership: Membership
    grants: tuple[RoleGrant, ...] = field(default=())

    def roles(self, opening_id: uuid.UUID | None = None) -> frozenset[Role]:
        """The roles that count, for one opening or (without one) for any."""
        return frozenset(
            grant.role
            for grant in self.grants
            if grant.opening_id is None or opening_id is None or grant.opening_id == opening_id
        )

    def openings_as(self, *roles: Role) -> frozenset[uuid.UUID]:
        """The openings for which one of these roles was granted."""
        return frozenset(grant.opening_id for grant in self.grants if grant.role in roles and grant.opening_id)

    def may(self, name: str, opening_id: uuid.UUID | None = None) -> bool:
        """Say whether an action of the access table is allowed here; for menus and buttons."""

        return allowed(ACTIONS[name], self.roles(opening_id))


def token_hash(token: str) -> str:
    """What the database keeps of a random token."""
    return hashlib.sha256(token.encode()).hexdigest()


def find_staff_session(token: str | None, *, at: datetime) -> StaffSession | None:
    """Find the live session of a staff cookie; idle and absolute limits are checked on the server."""
    if not token:
        return None
    found = db.session.scalar(select(StaffSession).where(StaffSession.token_hash == token_hash(token)))
    if found is None or found.ended_at is not None or found.staff_user.state is StaffState.DISABLED:
        return None
    if at - found.created_at > ABSOLUTE or at - found.seen_at > IDLE:
        return None
    if found.second_factor_at is None and at - found.created_at > HALF:
        return None
    return found


_HOLDER = (  # built once, as it is read in every request of an applicant
    select(ApplicantSession, Applicant)
    .join(Applicant, Applicant.id == ApplicantSession.applicant_id)
    .where(ApplicantSession.token_hash == bindparam("token"), ApplicantSession.ended_at.is_(None))
)


def find_holder(token: str | None) -> tuple[ApplicantSession, Applicant] | None:
    """Find the applicant whose cookie this is, in time or idle, with the session; None for one that was ended."""
    if not token:
        return None
    found = db.session.execute(_HOLDER, {"token": token_hash(token)}).one_or_none()
    return (found[0], found[1]) if found else None


def is_idle(session: ApplicantSession, person: Applicant, *, at: datetime) -> bool:
    """Say whether a code must be asked again; an unconfirmed applicant is held by the cookie alone."""
    return person.confirmed_at is not None and at - session.seen_at > APPLICANT_IDLE


def _find_seat(user: StaffUser, organisation: Organisation, *, at: datetime) -> Seat | None:
    membership = db.session.scalar(
        select(Membership).where(
            Membership.organisation_id == organisation.id,
            Membership.staff_user_id == user.id,
            membership_is_open(at),
        )
    )
    if membership is None:
        return None
    grants = db.session.scalars(
        select(RoleGrant).where(
            RoleGrant.organisation_id == organisation.id,
            RoleGrant.membership_id == membership.id,
            grant_counts(at),
        )
    )
    return Seat(organisation, membership, tuple(grants))


def _load(action: Action, *, at: datetime) -> Response | None:
    """Load the people that this action's scope needs into `g`; return an answer instead when they are missing."""
    if action.scope in (Scope.PUBLIC, Scope.APPLICANT):
        return _load_applicant(action, at=at)
    session = find_staff_session(read_cookie(STAFF_COOKIE), at=at)
    if action.scope is Scope.SIGN_IN:
        g.session_on_the_way = session  # half or whole; its pages neither prolong it nor take it for signed in
        return None
    return _load_staff(session, action, at=at)


def _load_staff(session: StaffSession | None, action: Action, *, at: datetime) -> Response | None:
    if session is None or session.second_factor_at is None:
        return _to("accounts.sign_in")
    if session.staff_user.state is StaffState.INVITED:
        return _to("accounts.recovery_codes")  # an invitation is accepted to its end first
    works_in = affiliations(session.staff_user_id, at=at)
    if at - session.seen_at > IDLE_ADMIN and any(Role.ADMIN in city.roles for city in works_in):
        return _to("accounts.sign_in")
    g.staff_session, g.staff_user, g.affiliations = session, session.staff_user, works_in
    g.signed_in_as = session.staff_user.display_name  # what a refusal's page says without asking the database again
    g.sign_out_url, g.account_url = url_for("accounts.sign_out"), url_for("accounts.sessions")
    g.switch_url = url_for("accounts.choose") if len(works_in) > 1 else None
    return _load_seat(action, at=at) if action.scope is Scope.ORGANISATION else None


def _to(endpoint: str) -> Response:
    """Send a person to a page of the way in, and back here afterwards where this was a reading request."""
    return redirect(url_for(endpoint, next=request.full_path.rstrip("?") if request.method == "GET" else None))


def _load_applicant(action: Action, *, at: datetime) -> Response | None:
    held = find_holder(read_cookie(APPLICANT_COOKIE))
    if held is not None and not is_idle(*held, at=at):
        g.applicant_session, g.applicant = held
    elif held is not None and request.method in UNSAFE and _view_has("takes_idle"):
        _session, g.idle_applicant = held  # the session stays idle: it is not touched and opens no page
    elif action.scope is Scope.APPLICANT:
        if request.method in UNSAFE and _view_has("takes_idle"):
            abort(401)  # its page gives back what was typed
        return _to("mypage.sign_in")
    if who := g.applicant or g.idle_applicant:
        bind(db.session, applicant(who.id))
    return None


def _view_has(mark: str) -> bool:
    return bool(getattr(current_app.view_functions[request.endpoint or ""], mark, False))


def _load_seat(action: Action, *, at: datetime) -> Response | None:
    slug = (request.view_args or {})["slug"]
    organisation = db.session.scalar(
        select(Organisation).where(Organisation.slug == slug, Organisation.closed_at.is_(None))
    )
    if organisation is None:
        abort(404)
    bind(db.session, staff_of(organisation.id))
    seat = _find_seat(g.staff_user, organisation, at=at)
    if seat is None:
        abort(404)
    g.seat, g.organisation = seat, organisation
    _require(action, seat)
    return _ask_again(g.staff_session, at=at) if action.fresh else None


def _ask_again(session: StaffSession, *, at: datetime) -> Response | None:
    """Ask for the second factor once more when it was given too long ago for this action."""
    reading = request.method == "GET"
    if session.second_factor_at and at - session.second_factor_at <= (FRESH_TO_OPEN if reading else FRESH_TO_SEND):
        return None
    came_from = urlsplit(request.referrer or "").path or url_for("accounts.choose")
    return redirect(url_for("accounts.confirm", next=request.full_path.rstrip("?") if reading else came_from))


def _require(action: Action, seat: Seat) -> None:
    """Refuse an action that the roles lack: 403 for a menu item, 404 for an object (design 41)."""
    arguments: dict[str, Any] = request.view_args or {}
    opening_id = arguments.get("opening_id")
    if allowed(action, seat.roles(opening_id)):
        return
    abort(403 if set(arguments) <= {"slug"} else 404)


def _touch(at: datetime) -> None:
    """Note now and then that a session was seen, in a transaction of its own."""
    for table, name, every in (
        (StaffSession, "staff_session", SEEN_EVERY),
        (ApplicantSession, "applicant_session", APPLICANT_SEEN_EVERY),
    ):
        session = g.get(name)
        if session is not None and at - session.seen_at > every:
            with own_transaction(current_app.extensions["koubo.engine"], SYSTEM) as own:
                own.execute(update(table).where(table.id == session.id).values(seen_at=at))


def _recognise() -> None:
    """Find who asks for an address of staff that is none, so that its page has their menu like every other 404."""
    token = read_cookie(STAFF_COOKIE) if request.path.startswith("/staff/") else None
    if token is None:
        return
    at = clock.now()
    read_only(True)
    bind(db.session, PUBLIC)
    _load_staff(find_staff_session(token, at=at), ACTIONS["account.manage_own"], at=at)
    db.session.commit()


def _before_request() -> Response | None:
    g.staff_user = g.staff_session = g.seat = g.organisation = g.applicant = g.applicant_session = None
    g.idle_applicant = None
    g.affiliations, g.session_on_the_way, g.signed_in_as = (), None, None
    if request.endpoint is None:
        _recognise()
    if request.endpoint in (None, "static"):
        return None
    action, at = action_of(current_app, request.endpoint), clock.now()
    read_only(True)
    bind(db.session, PUBLIC)
    answer = _load(action, at=at) if action.name != "service.health" else None
    db.session.commit()
    if answer is None:
        _touch(at)
    read_only(request.method not in UNSAFE or _view_has("only_reads"))
    return answer


def init_app(app: Flask) -> None:
    """Install the guard; flask-login serves staff, from our own session row."""
    app.before_request(_before_request)
    app.teardown_request(lambda _error: read_only(False))
    login_manager.init_app(app)
    login_manager.session_protection = None
    login_manager.request_loader(lambda _request: g.get("staff_user"))
