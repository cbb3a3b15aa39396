"""I3: every row that keeps bytes has them, whole, and nothing else lies in the folder for long."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tests.violation import Violation, by_id

if TYPE_CHECKING:
    from tests.invariants import Found, Row

ORPHANS_MAY_STAY = timedelta(hours=24)


def files_are_whole(found: "Found") -> Iterator[Violation]:
    """I3: bytes for every row, with the hash and size that the row says; no stray bytes older than a day."""
    for table, row in _kept_rows(found):
        path = found.files / row["key"][:2] / row["key"]
        if not path.is_file():
            yield Violation("I3", f"{table} {row['id']} has no file")
        elif (digest_of(path), path.stat().st_size) != (row["sha256"], row["size"]):
            yield Violation("I3", f"the file of {table} {row['id']} is not the one that was kept")
    files = by_id(found.rows["stored_file"])
    for document in found.rows["application_document"]:
        if document["stored_file_id"] not in files:
            yield Violation("I3", f"document {document['id']} names a file that has no row")
    for draft in found.rows["draft"]:
        for stored in _named_files(draft["answers"]):
            if UUID(stored) not in files:
                yield Violation("I3", f"draft {draft['id']} names a file that has no row")
    for path in orphans(found):
        if path.stat().st_mtime < (found.now - ORPHANS_MAY_STAY).timestamp():
            yield Violation("I3", f"the file {path.name[:12]} has had no row for more than a day")


def _kept_rows(found: "Found") -> "Iterator[tuple[str, Row]]":
    """Rows of whatever table keeps bytes under a key."""
    for table, rows in found.rows.items():
        yield from ((table, row) for row in rows if row.keys() >= {"key", "sha256", "size"} and row["key"])


def _named_files(answers: Any) -> Iterator[str]:
    if isinstance(answers, dict):
        if isinstance(answers.get("stored_file_id"), str):
            yield answers["stored_file_id"]
        for part in answers.values():
            yield from _named_files(part)
    elif isinstance(answers, list):
        for part in answers:
            yield from _named_files(part)


def orphans(found: "Found") -> list[Path]:
    """Files without a row: allowed for a day, then swept."""
    kept = {row["key"] for _table, row in _kept_rows(found)}
    return [path for path in found.files.glob("??/*") if path.is_file() and path.name not in kept]


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
