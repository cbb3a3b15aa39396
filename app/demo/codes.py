"""The current second-factor codes of the demo's staff, told to everybody in the demo only (design 55)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from app.accounts.models import StaffUser
from app.accounts.second_factor import STEP_SECONDS, code_at
from app.core.access import Role
from app.core.crypto import decrypt
from app.demo.people import DemoStaff, staff
from app.demo.postings import organisations
from app.extensions import db

STEP = timedelta(seconds=STEP_SECONDS)
ELSEWHERE = "デモで加えた職員"


@dataclass(frozen=True)
class Code:
    """A member of staff with the code of now and the next one."""

    organisation: str
    role: str
    mail: str
    code: str
    following: str


def changes_at(at: datetime) -> datetime:
    """When the next codes begin to count."""
    return datetime.fromtimestamp(int(at.timestamp()) // STEP_SECONDS * STEP_SECONDS, at.tzinfo) + STEP


def codes(*, at: datetime) -> list[Code]:
    """Give the codes of every account that has a second factor, cities in the order of the demo."""
    names = {one.slug: one.name for one in organisations()}
    people = {person.mail: (place, person) for place, person in enumerate(staff())}
    rows = db.session.scalars(select(StaffUser).where(StaffUser.totp_secret.is_not(None)).order_by(StaffUser.mail))
    ordered = sorted(rows, key=lambda user: people[user.mail][0] if user.mail in people else len(people))
    return [_code(user, people.get(user.mail, (0, None))[1], names, at) for user in ordered]


def _code(user: StaffUser, person: DemoStaff | None, names: dict[str, str], at: datetime) -> Code:
    secret = decrypt(user.totp_secret or "")
    return Code(
        organisation=names[person.organisation] if person else ELSEWHERE,
        role=Role(person.role).label if person else user.display_name,
        mail=user.mail,
        code=code_at(secret, at),
        following=code_at(secret, changes_at(at)),
    )
