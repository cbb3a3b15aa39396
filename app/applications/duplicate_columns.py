"""What the database says of applications to one opening with one address (design 16), as conditions for lists."""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from app.applications.models import Application, ApplicationState
from app.applications.screening_models import DuplicateOutcome, DuplicateRuling

_other = aliased(Application)
_kept = aliased(Application)
_later = aliased(DuplicateRuling)


def makes_pair(one: Any, other: Any) -> ColumnElement[bool]:
    """Two live applications to an opening have the same mail, and one of the two is not confirmed."""
    return and_(
        other.organisation_id == one.organisation_id,
        other.opening_id == one.opening_id,
        other.mail_key == one.mail_key,
        other.id != one.id,
        or_(one.mail_confirmed_at.is_(None), other.mail_confirmed_at.is_(None)),
        one.duplicate_of.is_(None),
        other.duplicate_of.is_(None),
        one.state != ApplicationState.WITHDRAWN,
        other.state != ApplicationState.WITHDRAWN,
    )


def shares_address() -> ColumnElement[bool]:
    """An application makes a pair with another, whatever was said of the two."""
    return exists(select(_other.id).where(makes_pair(Application, _other)).correlate(Application))


def is_set_aside() -> ColumnElement[bool]:
    """Of one person's two applications the last word keeps the other, which still stands beside this one."""
    later = and_(
        _later.first_id == DuplicateRuling.first_id,
        _later.second_id == DuplicateRuling.second_id,
        _later.number > DuplicateRuling.number,
    )
    last = and_(
        Application.state == ApplicationState.SUBMITTED,
        or_(DuplicateRuling.first_id == Application.id, DuplicateRuling.second_id == Application.id),
        DuplicateRuling.outcome == DuplicateOutcome.SAME,
        DuplicateRuling.kept_id == _kept.id,
        makes_pair(Application, _kept),
        ~exists(select(_later.id).where(later).correlate(DuplicateRuling)),
    )
    return exists(
        select(DuplicateRuling.id).join(_kept, _kept.id == DuplicateRuling.kept_id).where(last).correlate(Application)
    )
