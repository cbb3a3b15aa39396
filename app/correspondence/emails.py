"""The mails of correspondence: that there is something to read, and where; never what it says (design 28)."""

from datetime import datetime

from app.accounts.models import StaffUser
from app.applications.addressee import addressee
from app.applications.models import Application
from app.core import clock
from app.correspondence.accommodation_queries import Case
from app.correspondence.conversation import Conversation
from app.correspondence.models import Accommodation, ErasureRequest, Message, MessageThread
from app.correspondence.request_queries import Erasure
from app.extensions import db
from app.openings.models import Opening
from app.organisations.models import Organisation
from app.outbox.models import Mail
from app.outbox.queue import owe, write

GRANT_MISSING = "grant-missing"


def owe_news(to: Conversation, message: Message, thread: MessageThread) -> None:
    """Tell a person that the city wrote."""
    application = to.application
    recipient = application.mail if application else thread.mail
    if recipient is None:
        return
    path = (
        f"/my/applications/{application.id}/messages" if application else f"/apply/openings/{to.opening.id}/questions"
    )
    owe(
        db.session,
        "message-news",
        to=recipient,
        dedupe=str(message.id),
        organisation=to.organisation,
        about=application.id if application else None,
        name=addressee(application) if application else "",
        receipt_number=application.receipt_number if application else None,
        title=to.opening.title,
        path=path,
    )


def owe_question(about: Conversation, message: Message) -> None:
    """Tell the city's public address that somebody waits for an answer; the name stands on the page alone."""
    if not about.organisation.contact_email:
        return
    owe(
        db.session,
        "question-news",
        to=about.organisation.contact_email,
        dedupe=str(message.id),
        organisation=about.organisation,
        about=message.id,
        title=about.opening.title,
    )


def owe_something(case: Case, row: Accommodation) -> None:
    """Tell a person that my page has news of an application; neither the words nor the address say of what."""
    if case.application is not None:
        _owe_application_news(case.organisation, case.opening, case.application, dedupe=f"{row.id}:{row.version}")


def owe_answer(of: Erasure, row: ErasureRequest) -> None:
    """Tell a person that a request was answered, in the same words."""
    _owe_application_news(of.organisation, of.opening, of.application, dedupe=str(row.id))


def erasure_news(of: Erasure, row: ErasureRequest) -> Mail:
    """Write the same mail while there is an address; its text is blanked once it is sent."""
    return _application_news(of.organisation, of.opening, of.application, dedupe=str(row.id), secret=True)


def _owe_application_news(organisation: Organisation, opening: Opening, one: Application, *, dedupe: str) -> None:
    db.session.add(_application_news(organisation, opening, one, dedupe=dedupe))


def _application_news(
    organisation: Organisation, opening: Opening, one: Application, *, dedupe: str, secret: bool = False
) -> Mail:
    return write(
        "message-news",
        to=one.mail,
        dedupe=dedupe,
        secret=secret,
        organisation=organisation,
        about=one.id,
        name=addressee(one),
        receipt_number=one.receipt_number,
        title=opening.title,
        path=f"/my/applications/{one.id}",
    )


def owe_staff_news(organisation: Organisation, user: StaffUser, *, dedupe: str) -> None:
    """Tell one member of staff that something waits on the dashboard; not what, nor of whom."""
    key = f"{dedupe}:{user.id}"
    owe(db.session, "staff-news", to=user.mail, dedupe=key, organisation=organisation, name=user.display_name)


def owe_missing_grant(organisation: Organisation, user: StaffUser, *, at: datetime) -> None:
    """Tell one admin that nobody can read what is asked for (合理的配慮); once a day."""
    key = f"{organisation.id}:{at.astimezone(clock.JST).date()}:{user.id}"
    owe(db.session, GRANT_MISSING, to=user.mail, dedupe=key, organisation=organisation, name=user.display_name)
