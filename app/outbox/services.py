"""What staff do with a mail that could not be delivered."""

import uuid
from datetime import datetime

from sqlalchemy import update

from app.audit.chain import record
from app.core.database import changed_rows
from app.core.errors import DomainError
from app.extensions import db
from app.outbox.models import Mail, MailState
from app.outbox.queries import get_mail


class NotSendable(DomainError):
    """Only a mail that has failed, and holds no code, is sent again."""

    def __init__(self) -> None:
        super().__init__("このメールは送り直せません。画面を読み込み直して、いまの状態を確かめてください。")


def send_again(organisation_id: uuid.UUID, mail_id: uuid.UUID, *, by: str, at: datetime) -> None:
    """Queue a failed mail once more with all its tries, under the same Message-ID.

    A mail with a code is not sent again: the code is past. Of two clicks one requeues. Raises: NotFound, NotSendable.
    """
    mail = get_mail(organisation_id, mail_id)
    failed = (Mail.organisation_id == organisation_id, Mail.id == mail.id, Mail.state == MailState.FAILED)
    values = {"state": MailState.QUEUED, "attempts": 0, "due_at": at, "leased_until": None}
    again = update(Mail).where(*failed, Mail.secret.is_(False)).values(values)
    if changed_rows(db.session, again) != 1:
        raise NotSendable
    record(db.session, "resend.mail", mail, by=by, at=at, kind=mail.kind, tries=mail.attempts)
    db.session.commit()
