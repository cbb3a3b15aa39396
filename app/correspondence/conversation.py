"""What two sides have written, who waits for whom since when. Pure."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.applications.models import Application
from app.correspondence.attachment_models import AttachedFile
from app.correspondence.models import Message, MessageKind, MessageThread
from app.openings.models import Opening
from app.organisations.models import Organisation


@dataclass(frozen=True)
class Conversation:
    """One person's messages with one city about one opening; without a thread nobody has written yet.

    `read_until` is of the side that asks; `names` of the staff who wrote, for staff alone.
    """

    organisation: Organisation
    opening: Opening
    applicant_id: uuid.UUID
    application: Application | None
    thread: MessageThread | None
    messages: tuple[Message, ...] = ()
    read_until: datetime | None = None
    names: dict[uuid.UUID, str] = field(default_factory=dict)
    files: Mapping[uuid.UUID, Sequence[AttachedFile]] = field(default_factory=dict)  # by message

    @property
    def waiting_since(self) -> datetime | None:
        """When the first message was sent that the city has not answered."""
        return (self.thread.waits_since if self.thread else None) or waiting_since(self.messages)

    @property
    def shown(self) -> list[Message]:
        """What the person reads: all but the notes of staff."""
        return [one for one in self.messages if one.kind is not MessageKind.NO_ANSWER]

    @property
    def count(self) -> int:
        return len(self.messages)

    def is_new(self, message: Message, reader: MessageKind) -> bool:
        """Say whether a message of the other side has not been read by the side that writes as `reader`."""
        if message.kind is reader or MessageKind.NO_ANSWER in (message.kind, reader):
            return False
        return self.read_until is None or message.sent_at > self.read_until


def waiting_since(messages: Sequence[Message]) -> datetime | None:
    """Give when the oldest message was sent that nothing of the city follows; messages in order of time."""
    since = None
    for one in messages:
        if one.kind is not MessageKind.FROM_APPLICANT:
            since = None
        elif since is None:
            since = one.sent_at
    return since


@dataclass(frozen=True)
class Enclosed:
    """A file that goes with a letter."""

    id: uuid.UUID
    sha256: str


@dataclass(frozen=True)
class Letter:
    """What was typed, the key of the page on which it was, and the files that were chosen there."""

    body: str
    key: str
    files: tuple[Enclosed, ...] = ()

    @property
    def dedupe(self) -> str:
        """The same words and files from the same page are one message; others are another."""
        said = "\n".join([self.key, self.body, *(one.sha256 for one in self.files)])
        return hashlib.sha256(said.encode()).hexdigest()
