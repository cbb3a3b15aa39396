"""What the demo's mail catcher took in: a Maildir, read for the page of caught mails."""

import mailbox
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_binary_file, policy
from email.message import EmailMessage
from pathlib import Path

MOST = 200


@dataclass(frozen=True)
class CaughtMail:
    """One caught mail; `to` is the one recipient of its envelope."""

    key: str
    at: datetime
    sender: str
    to: str
    subject: str
    text: str


def caught(folder: Path) -> list[CaughtMail]:
    """List the newest caught mails, the newest first."""
    newest_first = sorted((folder / "new").glob("*"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    return [_read(path) for path in newest_first[:MOST]]


def find_caught(folder: Path, key: str) -> CaughtMail | None:
    """Find one caught mail by its key."""
    if not folder.is_dir() or key not in mailbox.Maildir(folder, create=False).keys():  # noqa: SIM118  # no mapping
        return None
    return _read(folder / "new" / key)


def _read(path: Path) -> CaughtMail:
    with path.open("rb") as file:
        message = message_from_binary_file(file, policy=policy.default)
    body = message.get_body(("plain",)) if isinstance(message, EmailMessage) else None
    return CaughtMail(
        key=path.name,
        at=datetime.fromtimestamp(path.stat().st_mtime, UTC),
        sender=str(message["From"]),
        to=str(message["X-RcptTo"]),
        subject=str(message["Subject"]),
        text=str(body.get_content()) if body is not None else "",
    )
