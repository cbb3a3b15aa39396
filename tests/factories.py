"""Rows for tests, made in the context of the system and committed. Arrange with these, act through services."""

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
from app.core.database import add_in_order
from app.core.model import new_id
from app.extensions import db
from app.organisations.models import Organisation, OrganisationKind

_numbers = itertools.count(1)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def save(*rows: Any) -> Any:
    """Add rows as the system and commit; give back the first. The session is fresh afterwards, without a context."""
    db.session.remove()
    bind(db.session, SYSTEM)
    add_in_order(db.session, rows)
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
        state=values.pop("state", StaffState.ACTIVE),
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
    save(user, member, *grants)
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


def content(**values: Any) -> Any:
    """A lawful opening: five years of experience, a declaration, one question, one PDF, two stages with rubrics."""
    from app.openings.content import OpeningContent

    levels = [{"value": n, "anchor": f"段階{n}の姿"} for n in range(1, 6)]
    rubric = [
        {"key": "expertise", "label": "デジタルの専門性", "weight": 60, "levels": levels},
        {"key": "reform", "label": "業務改革の実績", "weight": 40, "levels": levels},
    ]
    rule = {"threshold_months": 60, "as_of": "2026-11-30", "kinds": ["regular"]}
    common: dict[str, Any] = {
        "title": "DX推進担当",
        "summary": "区の行政DXを前に進める仕事です。",
        "duties": ["情報戦略の立案", "業務の見直し"],
        "occupation": "dx_planning",
        "terms": {
            "form_key": "general_fixed_term",
            "headcount": "1名",
            "term": "3年",
            "term_months": 36,
            "renewal": "採用から5年を超えない範囲",
            "days": "週5日",
            "days_min": 50,
            "days_max": 50,
            "hours": "8:30–17:15（週38時間45分）",
            "pay": {"kind": "monthly", "text": "月額 530,000円（例）", "min_yen": 530000, "max_yen": 530000},
            "allowances": "地域手当・通勤手当・期末勤勉手当",
            "insurance": "共済組合",
            "work_place": "区役所",
            "smoking": "敷地内禁煙",
            "trial": "条件付採用6か月",
            "side_job_rule": "許可制",
        },
        "criteria": [
            {"key": "regular_years", "kind": "experience", "label": "正規職務経験5年以上", "params": {"rule": rule}},
            {
                "key": "article16",
                "kind": "declaration",
                "label": "欠格条項に当たらないこと",
                "params": {"text": "地方公務員法第16条の欠格条項に当たりません"},
            },
            {"key": "knowledge", "kind": "person", "label": "デジタルに関する知識"},
        ],
        "questions": [{"key": "motivation", "label": "志望動機", "max_characters": 1000}],
        "documents": [{"key": "resume", "label": "職務経歴書"}],
        "stages": [
            {
                "key": "documents",
                "kind": "documents",
                "name": "書類選考",
                "method": "2名が別々に採点します。",
                "result_on": "2026-12-11",
                "rubric": rubric,
            },
            {
                "key": "interview",
                "kind": "interview",
                "name": "面接",
                "method": "庁舎で40分です。",
                "result_on": "2027-01-22",
                "rubric": rubric,
                "blind": False,
            },
        ],
        "announcement": "受験番号を掲載し、同じ時刻に全員へ知らせます。",
        "appointed_on": "2027-04-01",
        "disqualification_text": "地方公務員法第16条の各号に当たる人は応募できません。",
    }
    return OpeningContent.model_validate(common | values)


def opening(
    organisation: Organisation,
    *,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    published_at: datetime | None = None,
    approved: bool = True,
    **values: Any,
) -> Any:
    """An opening with an approved first revision (or, not approved, a draft); open now for a week unless told."""
    from app.openings.content import digest
    from app.openings.models import Opening, OpeningState, Remote
    from app.openings.revisions import revision_rows

    now = clock.now().replace(microsecond=0)
    said = values.pop("content", None) or content()
    row = Opening(
        id=new_id(),
        organisation_id=organisation.id,
        fiscal_year=2026,
        number=next(_numbers),
        state=OpeningState.DRAFT,
        published_at=published_at or (now - timedelta(days=1)),
        opens_at=opens_at or (now - timedelta(days=1)),
        closes_at=closes_at or (now + timedelta(days=7)),
        content=said.as_json(),
        title=said.title,
        form_key=said.terms.form_key,
        is_side_job=said.terms.is_side_job,
        occupation=said.occupation,
        days_min=said.terms.days_min,
        days_max=said.terms.days_max,
        remote=Remote(said.terms.remote),
        search_text=said.title,
        **values,
    )
    if not approved:
        return save(row)
    author, approver = staff(organisation, Role.AUTHOR), staff(organisation, Role.APPROVER)
    rows = revision_rows(row, said, number=1, author_id=author.id, approver_id=approver.id, at=now, sha256=digest(said))
    row.submitted_by, row.approved_by = author.id, approver.id
    db.session.remove()
    bind(db.session, SYSTEM)
    add_in_order(db.session, [row, *rows])
    row.revision_id, row.state = rows[0].id, OpeningState.APPROVED
    db.session.commit()
    db.session.expunge_all()
    db.session.remove()
    return row


PASSWORD = "correct horse 電池 staple"


def active_staff_with_password(organisation: Organisation, *roles: Role, **values: Any) -> tuple[StaffUser, str, str]:
    """Staff who can sign in through the pages: the account, its password and the secret of its authenticator app."""
    from app.accounts import passwords, second_factor, services

    user = staff(organisation, *roles, state=StaffState.INVITED, **values)
    secret = second_factor.new_secret()
    db.session.remove()
    bind(db.session, SYSTEM)
    kept = db.session.merge(user)
    services.make_active(kept, password_hash=passwords.hash_password(PASSWORD), totp_secret=secret, at=clock.now())
    db.session.commit()
    db.session.expunge_all()
    db.session.remove()
    return kept, PASSWORD, secret
