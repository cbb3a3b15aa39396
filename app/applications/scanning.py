"""The worker's part of files: have them scanned, tried again until there is an answer, and sweep what nobody owns."""

import logging
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.applications import emails
from app.applications.file_queries import standing_with
from app.applications.models import StoredFile
from app.audit.chain import record
from app.core import storage
from app.core.context import SYSTEM
from app.core.database import own_transaction
from app.extensions import db
from app.files.kept import KeptFile, ScanState, kept_tables
from app.files.scanner import NoVerdict, Verdict, scan

BATCH, BATCH_SECONDS = 50, 5  # then codes and results, which the same worker sends, have their turn
REST = timedelta(minutes=1)  # for all that wait, once the scanner gave no answer: each try may take half a minute
WAIT_MINUTES = (1, 2, 5, 10, 30)  # after each try without an answer; the last one again and again, without an end
SWEEP_AFTER = timedelta(hours=24)  # a file is older than any upload under way before it may be swept
_AT_A_TIME = 500

log = logging.getLogger("koubo.files")


def scan_due(*, at: datetime) -> int:
    """Have the files scanned that wait for it, oldest first; return how many got an answer.

    Where a scanner came later, the files before it are put in line; where it was taken away, the line is given up.
    """
    where, began, answered = current_app.extensions["koubo.settings"].clamav, time.monotonic(), 0
    _keep_line(bool(where), at=at)
    while where and time.monotonic() - began < BATCH_SECONDS and answered < BATCH:
        leased = _lease(at)
        if leased is None:
            break
        try:
            answered += _scan_one(leased, where, at=at)
        except NoVerdict as error:
            log.warning("no verdict on a file: %s", error)
            _rest(at)
            break
    return answered


def _rest(at: datetime) -> None:
    for table in kept_tables():
        due = table.scan_state == ScanState.UNSCANNED, table.scan_due_at < at + REST
        db.session.execute(update(table).where(*due).values(scan_due_at=at + REST))
    db.session.commit()


def _keep_line(has_scanner: bool, *, at: datetime) -> None:
    for table in kept_tables():
        waits = table.scan_due_at.is_not(None)
        wrong = table.scan_state == ScanState.UNSCANNED, ~waits if has_scanner else waits
        if db.session.scalar(select(table.key).where(*wrong).limit(1)) is None:
            db.session.rollback()
            continue
        db.session.execute(update(table).where(*wrong).values(scan_due_at=at if has_scanner else None))
        db.session.commit()


def _lease(at: datetime) -> str | None:
    """Take the next file that is due, by its key; it is due again later, should this process die over it."""
    with own_transaction(current_app.extensions["koubo.engine"], SYSTEM) as session:
        due = (_next_due(session, table, at) for table in kept_tables())
        row = next((one for one in due if one is not None), None)
        if row is None:
            return None
        wait = WAIT_MINUTES[min(row.scan_tries, len(WAIT_MINUTES) - 1)]
        row.scan_tries, row.scan_due_at = row.scan_tries + 1, at + timedelta(minutes=wait)
        return row.key


def _next_due(session: Session, table: type[KeptFile], at: datetime) -> KeptFile | None:
    return session.scalar(
        select(table)
        .where(table.scan_state == ScanState.UNSCANNED, table.scan_due_at <= at)
        .order_by(table.scan_due_at, table.key)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def _scan_one(key: str, where: str, *, at: datetime) -> bool:
    """Scan one file and note the answer; one whose bytes are gone stays in line. Raises: NoVerdict."""
    try:
        with storage.open_file(key) as stream:
            verdict = scan(stream, where)
    except storage.MissingBytes:
        log.warning("the bytes of a file are missing")
        return False
    _settle(key, verdict, at=at)
    return True


def _settle(key: str, verdict: Verdict, *, at: datetime) -> None:
    found = (db.session.scalar(select(table).where(table.key == key)) for table in kept_tables())
    row = next((one for one in found if one is not None), None)
    if row is None:  # taken back meanwhile
        db.session.rollback()
        return
    row.scan_state, row.scan_due_at = ScanState(verdict.value), None
    if row.scan_state is ScanState.INFECTED:
        _tell(row, at=at)
        record(db.session, "find.infected_file", row, by="system", at=at)
    db.session.commit()


def _tell(row: KeptFile, *, at: datetime) -> None:
    """Owe a mail to those whose application was sent with this file; who only drafts reads it there before sending."""
    if not isinstance(row, StoredFile):
        return
    for application, opening in standing_with(row.id):
        emails.owe_unsafe_file(application, opening, row.id, at=at)


def sweep_files(*, at: datetime) -> int:
    """Remove bytes older than a day that no row names: of an upload cut off, of a file taken back (I3, P10)."""
    before, count = (at - SWEEP_AFTER).timestamp(), 0
    for part in storage.stray_parts(before):
        part.unlink(missing_ok=True)
        count += 1
    paths = storage.kept_files(before)
    while some := list(islice(paths, _AT_A_TIME)):
        count += sum(1 for path in _unowned(some) if _removed(path))
    if count:
        log.warning("swept %d files that no row names", count)
    return count


def _unowned(paths: list[Path]) -> Iterator[Path]:
    keys = [path.name for path in paths]
    owned = {key for one in kept_tables() for key in db.session.scalars(select(one.key).where(one.key.in_(keys)))}
    db.session.rollback()
    return (path for path in paths if path.name not in owned)


def _removed(path: Path) -> bool:
    path.unlink(missing_ok=True)
    return True
