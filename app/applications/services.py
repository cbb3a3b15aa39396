"""Withdrawing an application and taking that back: each one transaction (design 18)."""

from datetime import datetime

from app.applications import emails, queries
from app.applications.choice_rows import leave, rejoin
from app.applications.models import Application, ApplicationState, Withdrawal
from app.applications.policy import can_reinstate
from app.applications.sending_rules import NotReady
from app.applications.workflow import move, state_before
from app.audit.chain import record
from app.core.model import new_id
from app.extensions import db


def withdraw(application: Application, *, reason: str, at: datetime, by: str) -> None:
    """Withdraw an application (辞退) in the person's own words; it can be taken back for 24 hours.

    Raises: NoSuchStep when it is withdrawn already.
    """
    leave(application.applicant_id, application.opening_id, at=at)  # the draft first, as `submit` locks them
    move(application, ApplicationState.WITHDRAWN)
    row = Withdrawal(
        id=new_id(), organisation_id=application.organisation_id, application_id=application.id, reason=reason, at=at
    )
    db.session.add(row)
    record(db.session, "withdraw.application", application, by=by, at=at)
    emails.owe_withdrawn(application, row)
    db.session.commit()


def reinstate(application: Application, *, at: datetime, by: str) -> None:
    """Take a withdrawal back. Raises: NotReady after 24 hours, NoSuchStep when nothing was withdrawn, CannotChoose."""
    withdrawal = queries.last_withdrawal(application)
    if application.state is ApplicationState.WITHDRAWN and not can_reinstate(
        withdrawal.at if withdrawal else None, at=at
    ):
        raise NotReady("辞退から24時間を過ぎたため、取り消せません。お問い合わせ先へご連絡ください。")
    rejoin(application.applicant_id, application.opening_id, at=at)
    move(application, state_before(application))
    if withdrawal is not None:
        emails.owe_reinstated(application, withdrawal, at=at)
    record(db.session, "reinstate.application", application, by=by, at=at)
    db.session.commit()
