"""Conditions of state on what a person or staff may do with an application; who they are is asked before."""

from datetime import datetime, timedelta

from app.applications.duplicates import DuplicateState
from app.applications.models import Application
from app.applications.standing import Standing
from app.files.kept import KeptFile, ScanState
from app.organisations.file_rule import Unscanned

UNDO_WITHIN = timedelta(hours=24)


def can_reinstate(withdrawn_at: datetime | None, *, at: datetime) -> bool:
    """Say whether a withdrawal can still be taken back."""
    return withdrawn_at is not None and at <= withdrawn_at + UNDO_WITHIN


def can_confirm(application: Application, standing: Standing) -> bool:
    """Criteria are confirmed until the application is withdrawn, also after acceptance when a version came later.

    One that joined another is confirmed there; of one person's two only the one that is screened is.
    """
    return standing not in (Standing.WITHDRAWN, Standing.SET_ASIDE) and application.duplicate_of is None


def can_accept(application: Application, standing: Standing, duplicate: DuplicateState | None) -> bool:
    """An application is accepted when every required criterion of its last version is confirmed as met.

    One that shares its address with another waits until staff have said which is screened (design 16).
    """
    if duplicate is not None and duplicate.stops:
        return False
    return standing is Standing.READY and application.duplicate_of is None


def can_keep(kept: Application, other: Application) -> bool:
    """Of two of one person none is kept while the other alone is accepted: an acceptance is not taken back."""
    return other.examinee_number is None or kept.examinee_number is not None


def can_open(file: KeptFile, unscanned: Unscanned) -> bool:
    """What is infected or waits for its scan is opened by no staff; 未検査 where the organisation lets them (26)."""
    if file.scan_state is ScanState.UNSCANNED:
        return not file.is_pending and unscanned is Unscanned.OPENS
    return file.scan_state is ScanState.CLEAN
