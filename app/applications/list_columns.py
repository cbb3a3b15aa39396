"""What the list of applicants is filtered and sorted by, of an application joined with its last version."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, and_, case, exists, select

from app.applications.applicant_list import Asked, Mark
from app.applications.duplicate_columns import shares_address
from app.applications.late_models import LateAttempt
from app.applications.models import Application, ApplicationDocument, ApplicationVersion, StoredFile
from app.applications.screening_models import Finding, FindingOutcome
from app.files.kept import ScanState
from app.openings.revision_models import Criterion

SEVERITIES = (FindingOutcome.DOES_NOT_MEET, FindingOutcome.CHECK, FindingOutcome.MEETS)


def severity() -> ColumnElement[int]:
    """The place in SEVERITIES of the worst computed outcome of the required criteria."""

    def some(outcome: FindingOutcome) -> ColumnElement[bool]:
        found = and_(
            _is_found(outcome),
            Criterion.organisation_id == Finding.organisation_id,
            Criterion.revision_id == ApplicationVersion.revision_id,
            Criterion.key == Finding.criterion_key,
            Criterion.required,
        )
        return exists(select(Finding.id).join(Criterion, Criterion.key == Finding.criterion_key).where(found))

    return case((some(FindingOutcome.DOES_NOT_MEET), 0), (some(FindingOutcome.CHECK), 1), else_=2)


def _is_found(outcome: FindingOutcome) -> ColumnElement[bool]:
    return and_(
        Finding.organisation_id == ApplicationVersion.organisation_id,
        Finding.application_version_id == ApplicationVersion.id,
        Finding.outcome == outcome,
    )


def _computed_as(criterion_key: str, outcome: FindingOutcome) -> ColumnElement[bool]:
    found = and_(_is_found(outcome), Finding.criterion_key == criterion_key)
    return exists(select(Finding.id).where(found).correlate(ApplicationVersion))


def is_late() -> ColumnElement[bool]:
    """The last version came after the deadline of its time, and was admitted (design 14)."""
    same = and_(
        LateAttempt.organisation_id == Application.organisation_id,
        LateAttempt.opening_id == Application.opening_id,
        LateAttempt.received_at == ApplicationVersion.received_at,
        LateAttempt.applicant_id == Application.applicant_id,
    )
    return exists(select(LateAttempt.id).where(same).correlate(Application, ApplicationVersion))


def _has_unscanned() -> ColumnElement[bool]:
    file = and_(
        ApplicationDocument.application_version_id == ApplicationVersion.id,
        StoredFile.scan_state == ScanState.UNSCANNED,
    )
    joined = select(ApplicationDocument.id).join(StoredFile, StoredFile.id == ApplicationDocument.stored_file_id)
    return exists(joined.where(file).correlate(ApplicationVersion))


MARKS: dict[Mark, Callable[[], ColumnElement[bool]]] = {
    Mark.SHARED: shares_address,
    Mark.RESENT: lambda: ApplicationVersion.number > 1,
    Mark.LATE: is_late,
    Mark.UNSCANNED: _has_unscanned,
    Mark.UNCONFIRMED: lambda: Application.mail_confirmed_at.is_(None),
    Mark.SUSPECT: lambda: Application.check_reason.is_not(None),
}


def conditions(asked: Asked) -> list[ColumnElement[bool]]:
    """Give the conditions of a view of the list, but for where the applications stand."""
    found = [MARKS[asked.mark]()] if asked.mark else []
    if asked.outcome is None:
        return found
    if asked.criterion:
        return [*found, _computed_as(asked.criterion, asked.outcome)]
    return [*found, severity() == SEVERITIES.index(asked.outcome)]
