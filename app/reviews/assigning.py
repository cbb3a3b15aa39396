"""Who scores whom: assignments in an order of each reviewer's own (R-09), ties excluded (R-08, design 38)."""

import hashlib
import uuid
from collections.abc import Sequence

from sqlalchemy import select

from app.applications.models import Application
from app.core.model import new_id
from app.extensions import db
from app.openings.models import Opening
from app.reviews import queries
from app.reviews.models import Assignment, Conflict, PanelMember, Round
from app.reviews.recusal import recused

TIE = "利害関係"  # the same word whatever the tie is, declared or found


def place(seed: int, member_id: uuid.UUID, application_id: uuid.UUID) -> str:
    """The sort key that puts applications into a reviewer's own order: random for the eye, the same for the seed."""
    return hashlib.sha256(f"{seed}:{member_id}:{application_id}".encode()).hexdigest()


def assignments_missing(opening: Opening, round_: Round, *, least: int) -> list[Assignment]:
    """Make what is not assigned yet; adds nothing to the session.

    While the round is prepared, everybody in the panel scores everybody; once it is open, a reviewer who came later
    gets only applications with fewer than `least` reviewers; an application that came later goes to the whole panel.
    """
    panel = queries.panel_of(round_.organisation_id, round_.id)
    applications = queries.standing(round_.organisation_id, round_.opening_id, round_.stage_key)
    existing = queries.assignments_of(round_.organisation_id, round_.id)
    active = [a.application_id for a in existing if a.excluded_reason is None]
    known = {a.application_id for a in existing}
    short = {a.id for a in applications if a.id not in known or active.count(a.id) < least}
    wanted = applications if round_.opened_at is None else [a for a in applications if a.id in short]
    barred = _barred(opening, panel)
    return [
        made for member in panel for made in _for_member(round_, member, wanted, existing, barred[member.membership_id])
    ]


def _for_member(
    round_: Round,
    member: PanelMember,
    applications: Sequence[Application],
    existing: Sequence[Assignment],
    barred: frozenset[uuid.UUID] | None,
) -> list[Assignment]:
    """`barred` are the applications that the member has a tie to; None: all of them."""
    own = [a for a in existing if a.panel_member_id == member.id]
    new = {a.id for a in applications} - {a.application_id for a in own}
    ordered = sorted(new, key=lambda application_id: place(round_.seed, member.id, application_id))
    return [
        Assignment(
            id=new_id(),
            organisation_id=round_.organisation_id,
            round_id=round_.id,
            application_id=application_id,
            panel_member_id=member.id,
            order_no=order_no,
            excluded_reason=TIE if barred is None or application_id in barred else None,
        )
        for order_no, application_id in enumerate(ordered, len(own) + 1)
    ]


def _barred(opening: Opening, panel: Sequence[PanelMember]) -> dict[uuid.UUID, frozenset[uuid.UUID] | None]:
    ids = [member.membership_id for member in panel]
    out = recused(opening, ids)
    ties = db.session.execute(
        select(Conflict.membership_id, Conflict.application_id).where(
            Conflict.organisation_id == opening.organisation_id,
            Conflict.membership_id.in_(ids),
            Conflict.ended_at.is_(None),
        )
    ).all()
    return {
        member_id: None if member_id in out else frozenset(tie[1] for tie in ties if tie[0] == member_id)
        for member_id in ids
    }
