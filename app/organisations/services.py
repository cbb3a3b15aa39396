"""What is set for an organisation: a new value from an instant on; the ones before stay readable."""

from datetime import datetime

from app.audit.chain import record
from app.core.errors import DomainError
from app.core.model import new_id
from app.extensions import db
from app.organisations.models import Organisation, Setting
from app.organisations.periods import is_lawful


class UnlawfulPeriod(DomainError):
    def __init__(self) -> None:
        super().__init__("保存期間は1年から30年まで、削除の請求への回答は1日から30日までの数で決めてください。")


def set_period(organisation: Organisation, key: str, number: int, *, by: str, at: datetime) -> None:
    """Set a period of an organisation (`periods.Record.key` in years, or `periods.ANSWER_KEY` in days) from now on.

    Raises: UnlawfulPeriod.
    """
    if not is_lawful(key, number):
        raise UnlawfulPeriod
    row = Setting(id=new_id(), organisation_id=organisation.id, key=key, value=number, valid_from=at)
    db.session.add(row)
    record(db.session, "set.period", row, by=by, at=at, kind=key, number=number)
    db.session.commit()


def name_in_english(organisation: Organisation, name: str, *, by: str, at: datetime) -> None:
    """Set the official English name that the English pages show before the Japanese one; an empty one takes it away."""
    organisation.name_en = name.strip() or None
    record(db.session, "name.organisation", organisation, by=by, at=at, name_en=organisation.name_en)
    db.session.commit()
