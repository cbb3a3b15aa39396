"""The worker's part of files: have them scanned, tried again until there is an answer, and sweep what nobody owns."""

import logging
import time
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from flask import current_app
from sqlalchemy import select, update

from app.applications.models import ScanState, StoredFile
from app.audit.chain import record
from app.core import storage
from app.core.context import SYSTEM
from app.core.database import own_transaction
from app.extensions import db
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
            answered += _scan_one(*leased, where, at=at)
        except NoVerdict as error:
            log.warning("no verdict on a file: %s", error)
            _rest(at)
            break
    return answered


def _rest(at: datetime) -> None:
    due = StoredFile.scan_state == ScanState.UNSCANNED, StoredFile.scan_due_at < at + REST
    db.session.execute(update(StoredFile).where(*due).values(scan_due_at=at + REST))
    db.session.commit()


def _keep_line(has_scanner: bool, *, at: datetime) -> None:
    waits = StoredFile.scan_due_at.is_not(None)
    wrong = ~waits if has_scanner else waits
    unscanned = StoredFile.scan_state == ScanState.UNSCANNED
    if db.session.scalar(select(StoredFile.id).where(unscanned, wrong).limit(1)) is None:
        db.session.rollback()
        return
    db.session.execute(update(StoredFile).where(unscanned, wrong).values(scan_due_at=at if has_scanner else None))
    db.session.commit()


def _lease(at: datetime) -> tuple[uuid.UUID, str] | None:
    """Take the next file that is due; it is due again later, should this process die over it."""
    with own_transaction(current_app.extensions["koubo.engine"], SYSTEM) as session:
        row = session.scalar(
            select(StoredFile)
            .where(StoredFile.scan_state == ScanState.UNSCANNED, StoredFile.scan_due_at <= at)
            .order_by(StoredFile.scan_due_at, StoredFile.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if row is None:
            return None
        wait = WAIT_MINUTES[min(row.scan_tries, len(WAIT_MINUTES) - 1)]
        row.scan_tries, row.scan_due_at = row.scan_tries + 1, at + timedelta(minutes=wait)
        return row.id, row.key


def _scan_one(file_id: uuid.UUID, key: str, where: str, *, at: datetime) -> bool:
    """Scan one file and note the answer; one whose bytes are gone stays in line. Raises: NoVerdict."""
    try:
        with storage.open_file(key) as stream:
            verdict = scan(stream, where)
    except storage.MissingBytes:
        log.warning("the bytes of a file are missing")
        return False
    _settle(file_id, verdict, at=at)
    return True


def _settle(file_id: uuid.UUID, verdict: Verdict, *, at: datetime) -> None:
    row = db.session.get(StoredFile, file_id)
    if row is None:  # taken back meanwhile
        db.session.rollback()
        return
    row.scan_state, row.scan_due_at = ScanState(verdict.value), None
    if row.scan_state is ScanState.INFECTED:
        record(db.session, "find.infected_file", row, by="system", at=at)
    db.session.commit()


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
    owned = set(db.session.scalars(select(StoredFile.key).where(StoredFile.key.in_(keys))))
    db.session.rollback()
    return (path for path in paths if path.name not in owned)


def _removed(path: Path) -> bool:
    path.unlink(missing_ok=True)
    return True
