"""Which roles and people go together (design 40, reliability 5); no database."""

from collections.abc import Iterable

from app.accounts.models import Membership, StaffUser
from app.core.access import OPENING_ROLES, Role

ORGANISATION_ROLES = tuple(role for role in Role if role not in OPENING_ROLES)
GRANTS_TO_HR = frozenset({Role.ACCOMMODATION})  # given beside the role of HR alone (design 40)
APART = frozenset({Role.APPROVER, Role.AUDITOR})
KNOW_NAMES = frozenset({Role.HR, Role.ACCOMMODATION, Role.APPROVER, Role.AUDITOR})  # who holds one scores nobody blind


def can_manage(user: StaffUser | None, member: Membership) -> bool:
    """Nobody changes his own roles or ends his own membership; without a user it is the console."""
    return user is None or user.id != member.staff_user_id


def can_hold(roles: Iterable[Role]) -> bool:
    """Nobody is both approver and auditor."""
    return not set(roles) >= APART


def needs_hr(roles: Iterable[Role]) -> bool:
    """Say whether these roles hold a grant to HR without being HR."""
    held = set(roles)
    return bool(held & GRANTS_TO_HR) and Role.HR not in held


def in_order(roles: Iterable[Role]) -> list[Role]:
    """Put roles into the order of the table, in which they are given: a grant to HR comes after HR."""
    held = set(roles)
    return [role for role in Role if role in held]
