"""Rows for tests, made with the system's context and committed. Arrange with these, act through services or the client."""

import itertools
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from flask.testing import FlaskClient

from app.accounts.guard import STAFF_COOKIE, token_hash
from app.accounts.models import Membership, RoleGrant, StaffSession, StaffState, StaffUser
from app.core import clock
from app.core.access import Role
from app.core.context import SYSTEM, bind
from app.core.model import new_id
from app.extensions import db
from app.organisations.models import Organisation, OrganisationKind

_numbers = itertools.count(1)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def save(*rows: Any) -> Any:
    """Add rows as the system and commit; give back the first. The session is fresh afterwards, without a context."""
    db.session.remove()
    bind(db.session, SYSTEM)
    db.session.add_all(rows)
    db.session.commit()
    for row in rows:
        db.session.refresh(row)
        db.session.expunge(row)
    db.session.remove()
    return rows[0] if rows else None


def organisation(slug: str = "shinagawa", name: str = "品川区", **values: Any) -> Organisation:
    short = values.pop("short_name", slug[:3].upper() + ("" if len(slug) > 2 else "X"))
    common = {"kind": OrganisationKind.CITY, "prefecture": "東京都", "mark": name[0], "hue": "hue-cyan"}
    contact = {"contact_department": "人事課", "contact_phone": "03-0000-0000", "contact_hours": "平日 8:30–17:15"}
    contact["contact_email"] = f"jinji@{slug}.example.jp"
    row: Organisation = save(
        Organisation(id=new_id(), slug=slug, name=name, short_name=short, **(common | contact | values))
    )
    return row


def staff(organisation: Organisation, *roles: Role, opening_id: Any = None, **values: Any) -> StaffUser:
    """An active member of staff with these roles; reviewer and chair for `opening_id` where given."""
    n = next(_numbers)
    user = StaffUser(
        id=new_id(),
        mail=values.pop("mail", f"staff{n}@{organisation.slug}.example.jp"),
        mail_key=values.pop("mail_key", f"staff{n}@{organisation.slug}.example.jp"),
        display_name=values.pop("display_name", f"職員{n}"),
        state=StaffState.ACTIVE,
        created_at=LONG_AGO,
        **values,
    )
    member = Membership(id=new_id(), organisation_id=organisation.id, staff_user_id=user.id)
    grants = [
        RoleGrant(
            organisation_id=organisation.id,
            membership_id=member.id,
            role=role,
            since=LONG_AGO,
            opening_id=opening_id if role in {Role.REVIEWER, Role.CHAIR} else None,
        )
        for role in roles
    ]
    save(user)
    save(member)
    save(*grants) if grants else None
    return user


def sign_in(client: FlaskClient, user: StaffUser, *, at: datetime | None = None) -> FlaskClient:
    """Give the client a signed-in staff cookie, second factor done, and nothing else."""
    at, token = at or clock.now(), secrets.token_urlsafe(32)
    save(
        StaffSession(
            staff_user_id=user.id, token_hash=token_hash(token), second_factor_at=at, created_at=at, seen_at=at
        )
    )
    client.set_cookie(STAFF_COOKIE, token)
    return client


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)
