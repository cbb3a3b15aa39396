"""No more than so many mails a day to an address that nobody has confirmed (note 040): no stranger's mailbox is filled.

What is held back stays as a row that staff see, and the act that owes it is done all the same. Only what a person
causes is counted; what a city does is always mailed.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.core.errors import TooManyTries
from app.core.limits import Limit, count_along, is_over
from app.jp.text import mail_key
from app.outbox.models import Mail, MailState

TO_UNCONFIRMED = Limit("mail.unconfirmed", 6, 24 * 3600)  # a receipt and as many copies of it as there may be
HELD_BACK = "HeldBack"


def may_go(session: Any, address: str, *, at: datetime) -> bool:
    """Count one act that mails an address which nobody has confirmed; say whether there were not too many today.

    The count is part of the session's transaction and locked until its end: the rows of the act are held before it.
    """
    try:
        count_along(TO_UNCONFIRMED, mail_key(address), session, at=at)
    except TooManyTries:
        return False
    return True


def hold_back_beyond(session: Any, mails: Sequence[Mail], *, at: datetime) -> None:
    """Count one act whose mails go to one address that nobody has confirmed; hold them back once there were too many.

    No mails, no act.
    """
    if mails and not may_go(session, mails[0].recipient, at=at):
        for mail in mails:
            mail.state, mail.last_error = MailState.CANCELLED, HELD_BACK


def may_be_held(session: Any, address: str, *, at: datetime) -> bool:
    """Say whether a mail that an act at an instant owed to an address can have been held back."""
    return is_over(TO_UNCONFIRMED, mail_key(address), session, at=at)
