"""Tell a city's staff that somebody asked for accommodation: who holds the grant, and nobody else (design 22, 28, 40).

The mail says that something waits and where, in words that stand for anything: mails are listed to staff without the
grant. While nobody holds it, the admins are told once a day that it is missing, and the request goes on waiting.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import and_, or_, select, update

from app.accounts.models import StaffUser
from app.accounts.queries import holders
from app.applications.models import Application
from app.core.access import Role
from app.correspondence import emails
from app.correspondence.models import Accommodation, AccommodationState
from app.extensions import db
from app.organisations.models import Organisation
from app.outbox.models import Mail


def tell_staff(*, at: datetime) -> None:
    """Owe the mails of the requests that came or were changed since staff was told last: a job of the system."""
    for organisation, asked in _untold():
        grant = holders(organisation.id, Role.ACCOMMODATION, at=at)
        if grant:
            _tell_holders(organisation, asked, grant)
        else:
            _tell_admins(organisation, at=at)
    db.session.commit()


def _untold() -> Iterator[tuple[Organisation, list[Accommodation]]]:
    """Give by city the requests with an application of which staff was not told; their rows are held until the end."""
    same = and_(
        Application.opening_id == Accommodation.opening_id, Application.applicant_id == Accommodation.applicant_id
    )
    untold = or_(Accommodation.told_until.is_(None), Accommodation.told_until < Accommodation.changed_at)
    query = (
        select(Organisation, Accommodation)
        .join(Accommodation, Accommodation.organisation_id == Organisation.id)
        .join(Application, same)
        .where(Accommodation.state == AccommodationState.ASKED, untold, Organisation.closed_at.is_(None))
        .order_by(Organisation.id, Accommodation.id)
        .with_for_update(of=Accommodation)
    )
    rows = db.session.execute(query.execution_options(populate_existing=True)).all()
    for organisation, of_city in groupby(rows, key=lambda row: row[0]):
        yield organisation, [row[1] for row in of_city]


def _tell_holders(organisation: Organisation, asked: Sequence[Accommodation], grant: Sequence[StaffUser]) -> None:
    for row in asked:  # by a statement of its own: the row's version is that of what the person's page shows
        told = update(Accommodation).where(Accommodation.organisation_id == organisation.id, Accommodation.id == row.id)
        db.session.execute(told.values(told_until=row.changed_at).execution_options(synchronize_session=False))
    newest = max(asked, key=lambda row: (row.changed_at, row.id))
    for user in grant:
        emails.owe_staff_news(organisation, user, dedupe=f"{newest.id}:{newest.changed_at.timestamp()}")


def _tell_admins(organisation: Organisation, *, at: datetime) -> None:
    """Tell the admins unless they were told within a day; the requests stay untold, for who is given the grant."""
    told = (
        Mail.organisation_id == organisation.id,
        Mail.kind == emails.GRANT_MISSING,
        Mail.created_at > at - timedelta(days=1),
    )
    if db.session.scalar(select(Mail.id).where(*told).limit(1)) is None:
        for user in holders(organisation.id, Role.ADMIN, at=at):
            emails.owe_missing_grant(organisation, user, at=at)
