"""Send a message, either way; each one transaction with its record and the mail that it owes."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.accounts.models import Applicant, StaffUser
from app.audit.chain import record
from app.core.context import SYSTEM
from app.core.database import own_transaction
from app.core.errors import DomainError
from app.core.model import new_id
from app.correspondence import attaching, emails, queries
from app.correspondence.attachment_models import Attachment
from app.correspondence.conversation import Conversation, Letter
from app.correspondence.models import Message, MessageKind, MessageLook, MessageThread, Side
from app.correspondence.policy import can_ask
from app.extensions import db

_TRIES = 3
_MICROSECOND = timedelta(microseconds=1)


class NoAddress(DomainError):
    def __init__(self) -> None:
        super().__init__("返事のお知らせを送るために、先にメールアドレスを確認してください。")


class Crossed(DomainError):
    """Something was written in the thread since the page was opened."""

    def __init__(self) -> None:
        super().__init__(
            "画面を開いたあとに、新しいメッセージが加わりました。上の内容を確かめて、もう一度送ってください"
        )


class Busy(DomainError):
    def __init__(self) -> None:
        super().__init__("混み合っているため送信できませんでした。もう一度送ってください。")


def ask(about: Conversation, letter: Letter, *, by: Applicant, at: datetime) -> None:
    """Send a person's message to the city of an opening; the city is told by a mail without the words.

    The same letter again is not sent again; what was brought once more for it goes.
    Raises: NoAddress without an application and a confirmed address.
    """
    if not can_ask(by, about.application):
        raise NoAddress
    _once(lambda: _ask(about, letter, by=by, at=at))
    attaching.let_go_copies(about, letter.files, by=by)


def _ask(about: Conversation, letter: Letter, *, by: Applicant, at: datetime) -> None:
    thread = _thread_of(about, mail=by.mail if by.confirmed_at else None, at=at)
    if _was_sent(thread, letter):
        return
    first = about.waiting_since is None
    message = _write(thread, letter, MessageKind.FROM_APPLICANT, at=at)
    _record(message, letter, by=by, at=at)
    if first:
        emails.owe_question(about, message)


def answer(to: Conversation, letter: Letter, *, seen: int, by: StaffUser, at: datetime) -> None:
    """Send a city's message to one person, who is told by a mail without the words.

    `seen` is how many messages the page showed. The same letter again is not sent again; what was brought once more
    for it goes.
    Raises: Crossed when a message came in between.
    """
    _once(lambda: _answer(to, letter, seen, by=by, at=at))
    attaching.let_go_copies(to, letter.files, by=by)


def _answer(to: Conversation, letter: Letter, seen: int, *, by: StaffUser, at: datetime) -> None:
    thread = _thread_of(to, mail=None, at=at)
    if _was_sent(thread, letter):
        return
    if len(queries.messages_of(thread)) != seen:
        raise Crossed
    message = _write(thread, letter, MessageKind.FROM_CITY, by=by, at=at)
    thread.waits_since = None
    _record(message, letter, by=by, at=at)
    emails.owe_news(to, message, thread)


def _record(message: Message, letter: Letter, *, by: Applicant | StaffUser, at: datetime) -> None:
    enclosed = {"files": len(letter.files)} if letter.files else {}
    record(db.session, "send.message", message, by=by.actor, at=at, kind=message.kind.value, **enclosed)


def need_no_answer(to: Conversation, letter: Letter, *, by: StaffUser, at: datetime) -> None:
    """Note that nothing is left to answer; nothing is sent. Does nothing where nobody waits."""
    thread = to.thread
    if thread is None or to.waiting_since is None:
        return
    _once(lambda: _close(thread, letter, by=by, at=at))


def _close(thread: MessageThread, letter: Letter, *, by: StaffUser, at: datetime) -> None:
    if _was_sent(thread, letter):
        return
    message = _write(thread, letter, MessageKind.NO_ANSWER, by=by, at=at)
    thread.waits_since = None
    record(db.session, "close.message", message, by=by.actor, at=at)


def _once(step: Callable[[], None]) -> None:
    """Take a step and commit; where another request was first, look again. Raises: Busy."""
    for _try in range(_TRIES):
        try:
            step()
            db.session.commit()
            return
        except IntegrityError:
            db.session.rollback()
    raise Busy


def _thread_of(about: Conversation, *, mail: str | None, at: datetime) -> MessageThread:
    found = queries.find_thread(about.opening.id, about.applicant_id)
    if found is not None:
        return found
    thread = MessageThread(
        id=new_id(),
        organisation_id=about.opening.organisation_id,
        opening_id=about.opening.id,
        applicant_id=about.applicant_id,
        mail=mail,
        opened_at=at,
    )
    db.session.add(thread)
    db.session.flush()
    return thread


def _was_sent(thread: MessageThread, letter: Letter) -> bool:
    query = select(Message.id).where(
        Message.organisation_id == thread.organisation_id,
        Message.thread_id == thread.id,
        Message.dedupe == letter.dedupe,
    )
    return db.session.scalar(query) is not None


def _write(
    thread: MessageThread, letter: Letter, kind: MessageKind, *, at: datetime, by: StaffUser | None = None
) -> Message:
    message = Message(
        id=new_id(),
        organisation_id=thread.organisation_id,
        thread_id=thread.id,
        kind=kind,
        staff_user_id=by.id if by else None,
        body=letter.body,
        sent_at=_after_the_others(thread, at),
        dedupe=letter.dedupe,
    )
    db.session.add(message)
    db.session.flush()
    db.session.add_all(_attachments(message, letter))
    db.session.flush()
    _require_whole(thread)
    return message


def _attachments(message: Message, letter: Letter) -> list[Attachment]:
    own = {"organisation_id": message.organisation_id, "message_id": message.id}
    return [Attachment(id=new_id(), attached_file_id=one.id, seq=seq, **own) for seq, one in enumerate(letter.files, 1)]


def _require_whole(thread: MessageThread) -> None:
    """Refuse to write where nobody reads any more: the thread joined another while this message waited for it."""
    of = MessageThread.organisation_id == thread.organisation_id, MessageThread.id == thread.id
    if db.session.scalar(select(MessageThread.joined_to).where(*of)) is not None:
        raise Crossed


def _after_the_others(thread: MessageThread, at: datetime) -> datetime:
    """Give the instant of a new message, behind all that stand there: one that had to wait is read and answered too."""
    query = select(func.max(Message.sent_at)).where(
        Message.organisation_id == thread.organisation_id, Message.thread_id == thread.id
    )
    last = db.session.scalar(query)
    return max(at, last + _MICROSECOND) if last else at


def note_read(read: Conversation, side: Side) -> None:
    """Note until when a side has read a thread, in a short transaction of its own beside the reading one.

    Nothing is written where nothing new was shown.
    """
    if read.thread is None or not read.messages:
        return
    last = read.messages[-1].sent_at
    if read.read_until is not None and read.read_until >= last:
        return
    with suppress(IntegrityError):  # a page opened twice at the same time: the other one has noted it
        _note(read.thread, side, last)


def _note(thread: MessageThread, side: Side, until: datetime) -> None:
    of = MessageLook.organisation_id == thread.organisation_id, MessageLook.thread_id == thread.id
    with own_transaction(current_app.extensions["koubo.engine"], SYSTEM) as session:
        look = session.scalar(select(MessageLook).where(*of, MessageLook.side == side).with_for_update())
        if look is None:
            look = MessageLook(organisation_id=thread.organisation_id, thread_id=thread.id, side=side)
            session.add(look)
        look.until = until
