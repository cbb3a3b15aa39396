"""The mail that says that there is news; what it is stands on my page alone (design 28)."""

from app.applications.addressee import addressee
from app.applications.models import Application
from app.extensions import db
from app.openings.models import Opening
from app.organisations.models import Organisation
from app.outbox.models import Mail
from app.outbox.queue import owe
from app.selection.models import ResultLine


def owe_news(line: ResultLine, application: Application, city: Organisation, opening: Opening) -> Mail:
    """Owe the news of one result line to its applicant, once."""
    return owe(
        db.session,
        "result-news",
        to=application.mail,
        dedupe=str(line.id),
        organisation=city,
        about=application.id,
        name=addressee(application),
        receipt_number=application.receipt_number,
        title=opening.title,
    )
