"""The mails of correspondence: that there is something to read, and where; never what it says (design 28)."""

from app.correspondence.conversation import Conversation
from app.correspondence.models import Message, MessageThread
from app.extensions import db
from app.outbox.queue import owe


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
        name=f"{application.family_name} {application.given_name} 様" if application else "お問い合わせくださった方へ",
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
