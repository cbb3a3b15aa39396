"""The staff accounts of the demo: one password and one second-factor secret per account, both told to everybody."""

import base64
import hashlib
import itertools
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from argon2 import PasswordHasher

from app.accounts.models import Membership, RoleGrant, StaffState, StaffUser
from app.accounts.policy import GRANTS_TO_HR
from app.core.access import OPENING_ROLES, Role
from app.core.crypto import encrypt
from app.core.model import new_id
from app.demo.people import DemoStaff
from app.demo.people import staff as people
from app.jp.text import mail_key

DEMO_PASSWORD = "mihon-tobira-72"  # noqa: S105  # printed by bin/serve; a production start with demo data is refused


def demo_secret(mail: str) -> str:
    """The second-factor secret of a demo account, the same after each reset so that an app keeps working."""
    return base64.b32encode(hashlib.sha1(f"koubo demo {mail}".encode()).digest()).decode()  # noqa: S324


@dataclass(frozen=True)
class DemoAccount:
    """One account with its membership, before its roles."""

    person: DemoStaff
    user: StaffUser
    member: Membership


def accounts(organisation_ids: dict[str, uuid.UUID], *, at: datetime) -> list[DemoAccount]:
    """Make active accounts of all made-up staff; the password is hashed once for all."""
    password_hash = PasswordHasher().hash(DEMO_PASSWORD)
    return [_account(person, organisation_ids[person.organisation], password_hash, at=at) for person in people()]


def _account(person: DemoStaff, organisation_id: uuid.UUID, password_hash: str, *, at: datetime) -> DemoAccount:
    user = StaffUser(
        id=new_id(),
        mail=person.mail,
        mail_key=mail_key(person.mail),
        display_name=f"{person.sei} {person.mei}",
        password_hash=password_hash,
        totp_secret=encrypt(demo_secret(person.mail)),
        state=StaffState.ACTIVE,
        created_at=at,
    )
    return DemoAccount(person, user, Membership(id=new_id(), organisation_id=organisation_id, staff_user_id=user.id))


def grants(account: DemoAccount, scored: list[uuid.UUID], *, at: datetime) -> Iterator[RoleGrant]:
    """Grant the account's role: in the organisation, or (reviewer, chair) for each of the openings to be scored."""
    own = Role(account.person.role)
    places: list[uuid.UUID | None] = [*scored] if own in OPENING_ROLES else [None]
    roles = [Role.HR, own] if own in GRANTS_TO_HR else [own]
    for role, opening_id in itertools.product(roles, places):
        yield RoleGrant(
            id=new_id(),
            organisation_id=account.member.organisation_id,
            membership_id=account.member.id,
            role=role,
            opening_id=opening_id,
            since=at,
        )


def id_of(accounts_of_city: list[DemoAccount], role: Role) -> uuid.UUID:
    """The account of one role in a city's accounts."""
    return next(one.user.id for one in accounts_of_city if one.person.role == role)


def rows_of(account: DemoAccount) -> tuple[Any, ...]:
    return account.user, account.member
