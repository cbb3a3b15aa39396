"""I1-I8 of the reliability bar, checked from outside: database, folder of files, mails and what clients saw.

Nothing here goes through the application: the rows are read with plain selects (on PostgreSQL as a superuser, whom
row-level security does not hide anything from), the chain is computed anew, the files are hashed.
"""

import mailbox
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, select

from app.core.model import Base
from app.wiring import MODELS, MORE_MODELS
from tests.invariant_rules import RULES
from tests.violation import Violation

Row = dict[str, Any]

ONE_INSTANT = {"sqlite": "BEGIN", "postgresql": "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"}


@dataclass(frozen=True)
class Seen:
    """A receipt number that a client was shown, by whom, for what, on which receipt page."""

    receipt: str
    person: str = ""
    opening: str = ""
    submission: str = ""


@dataclass(frozen=True)
class Canary:
    """A text that only these readers may meet: mail addresses, organisations, names of clients."""

    text: str
    readers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Outside:
    """Where an installation can be looked at. `since`: rows made before (a loader's) owe no mail and no audit."""

    url: str
    files: Path
    maildir: Path | None = None
    logs: Sequence[Path] = ()
    since: datetime | None = None


@dataclass(frozen=True)
class Found:
    """Everything the rules look at. `settled`: the worker has had its time, nothing may wait any longer."""

    rows: Mapping[str, list[Row]]
    files: Path
    now: datetime
    since: datetime | None = None
    caught: list[tuple[str, str, str]] | None = None  # Message-ID, envelope recipients, text; None: no catcher
    logs: Mapping[str, str] = field(default_factory=dict)
    seen: Sequence[Seen] = ()
    lists: Mapping[str, Iterable[str]] = field(default_factory=dict)
    canaries: Sequence[Canary] = ()
    pages: Sequence[tuple[str, bytes]] = ()
    settled: bool = False


def read_rows(url: str, *names: str) -> dict[str, list[Row]]:
    """Read the tables that are named, or every one, of an installation at one instant."""
    for module in (*MORE_MODELS, *(f"app.{feature}.models" for feature in MODELS)):
        import_module(module)
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(ONE_INSTANT[engine.dialect.name])
            return {
                name: [dict(row) for row in connection.execute(select(table)).mappings()]
                for name, table in Base.metadata.tables.items()
                if not names or name in names
            }
    finally:
        engine.dispose()


def read_maildir(folder: Path) -> list[tuple[str, str, str]]:
    """Read what the catcher took: Message-ID, envelope recipients, the whole text."""
    if not folder.exists():
        return []
    box = mailbox.Maildir(folder, factory=None)
    return [(str(m["Message-ID"]), str(m["X-RcptTo"] or m["To"]), m.as_string() + _bodies(m)) for m in box]


def _bodies(message: Any) -> str:
    parts = [part.get_payload(decode=True) or b"" for part in message.walk()]
    return "\n".join(part.decode(errors="replace") for part in parts)


def look(outside: Outside, *, now: datetime, **told: Any) -> Found:
    """Take in everything that the rules look at; `told` are the fields of Found that only the caller knows."""
    return Found(
        rows=read_rows(outside.url),
        files=outside.files,
        now=now,
        since=outside.since,
        caught=read_maildir(outside.maildir) if outside.maildir else None,
        logs={path.name: path.read_text(errors="replace") for path in outside.logs if path.exists()},
        **told,
    )


def violations(found: Found) -> list[Violation]:
    """Apply every rule, I1 first."""
    return [violation for rule in RULES for violation in rule(found)]


def check_invariants(outside: Outside, *, now: datetime, **told: Any) -> list[Violation]:
    """Look at an installation from outside and name what does not hold; an empty list says that all eight hold.

    `told`: `seen` receipts, `lists` of receipt numbers by the name of a staff page, `canaries` and the `pages` in
    which they are looked for, `settled` once no mail may wait.
    """
    return violations(look(outside, now=now, **told))
