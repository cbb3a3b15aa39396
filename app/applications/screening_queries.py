"""Reads of an organisation's applicants for its HR: counts, the list, search. Nobody else's applications are there."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, select

from app.applications.applicant_list import Asked, Sort
from app.applications.duplicates import DuplicateState, duplicates_among, worst
from app.applications.matching import Known, matches
from app.applications.models import (
    Application,
    ApplicationDocument,
    ApplicationVersion,
    ScanState,
    StoredFile,
)
from app.applications.screening_models import BY_ENGINE, ApplicantSearch, Confirmation, Finding, FindingOutcome
from app.applications.standing import Standing, last_version, standing_column
from app.core import clock
from app.core.paging import Page
from app.extensions import db
from app.jp.numbers import parse_receipt_number
from app.openings.models import Opening
from app.openings.policy import goes_on
from app.openings.revision_models import Criterion

PER_PAGE = 50
SEARCH_KEPT = timedelta(hours=24)


@dataclass(frozen=True)
class OpeningCounts:
    """An opening with how many applications stand where; `today` were received since midnight in Japan."""

    opening: Opening
    counts: dict[Standing, int]
    today: int

    @property
    def goes_on(self) -> bool:
        return goes_on(self.opening)

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class Shown:
    """The outcome of one criterion as the list shows it: confirmed, or computed and not confirmed yet."""

    outcome: FindingOutcome
    is_confirmed: bool
    is_overridden: bool


@dataclass(frozen=True)
class Line:
    """One applicant in the list; `computed` is the worst computed outcome of the required criteria."""

    application: Application
    kana: str
    standing: Standing
    computed: FindingOutcome
    outcomes: dict[str, Shown]
    unscanned: int
    duplicate: DuplicateState | None  # of one that shares its address with another
    rank: int | None  # 志望順位, where the campaign shows it
    version: int
    sent_at: datetime  # when the last version came


@dataclass(frozen=True)
class ApplicantPage:
    """One page of the list, the counts of all that the search found, by standing."""

    lines: list[Line]
    page: Page
    counts: dict[Standing, int]


def criteria_of(opening: Opening) -> Sequence[Criterion]:
    """List the criteria of the revision in force, in order."""
    query = select(Criterion).where(
        Criterion.organisation_id == opening.organisation_id, Criterion.revision_id == opening.revision_id
    )
    return db.session.scalars(query.order_by(Criterion.seq)).all()


def with_last_version(organisation_id: uuid.UUID, *columns: Any) -> Select[Any]:
    """Select columns of an organisation's applications that count, each joined with its last version."""
    on = and_(
        ApplicationVersion.organisation_id == Application.organisation_id,
        ApplicationVersion.application_id == Application.id,
        last_version(),
    )
    return (
        select(*columns)
        .select_from(Application)
        .join(ApplicationVersion, on)
        .where(Application.organisation_id == organisation_id, Application.duplicate_of.is_(None))
    )


def openings_with_counts(organisation_id: uuid.UUID, *, at: datetime) -> list[OpeningCounts]:
    """List the approved openings with their counts, the latest deadline first."""
    midnight = at.astimezone(clock.JST).replace(hour=0, minute=0, second=0, microsecond=0)
    since = case((Application.received_at >= midnight, 1), else_=0).label("today")
    rows = with_last_version(
        organisation_id, Application.opening_id, standing_column().label("standing"), since
    ).subquery()
    grouped = select(rows.c.opening_id, rows.c.standing, func.count(), func.sum(rows.c.today))
    counts: dict[uuid.UUID, dict[Standing, int]] = defaultdict(lambda: dict.fromkeys(Standing, 0))
    today: dict[uuid.UUID, int] = defaultdict(int)
    for opening_id, standing, count, new in db.session.execute(grouped.group_by(rows.c.opening_id, rows.c.standing)):
        counts[opening_id][Standing(standing)] = count
        today[opening_id] += new
    openings = select(Opening).where(Opening.organisation_id == organisation_id, Opening.revision_id.is_not(None))
    found = db.session.scalars(openings.order_by(Opening.closes_at.desc(), Opening.id))
    return [OpeningCounts(opening, counts[opening.id], today[opening.id]) for opening in found]


def applicants(opening: Opening, asked: Asked, *, typed: str | None = None) -> ApplicantPage:
    """List one page of the applicants to an opening; with `typed` those whom it finds."""
    own = [Application.opening_id == opening.id]
    if typed is not None:
        own.append(Application.id.in_(_found(opening, typed)))
    counts = _counts(opening.organisation_id, own)
    page = Page.of(asked.page, counts[asked.standing] if asked.standing else sum(counts.values()), PER_PAGE)
    person = ApplicationVersion.answers["person"]
    kana = person["family_kana"].as_string() + " " + person["given_kana"].as_string()
    version = ApplicationVersion.rank, ApplicationVersion.number, ApplicationVersion.received_at
    columns = (Application, ApplicationVersion.id, kana, standing_column(), _severity(), *version)
    query = with_last_version(opening.organisation_id, *columns).where(*own)
    if asked.standing is not None:
        query = query.where(standing_column() == asked.standing.value)
    query = query.order_by(*_order(asked)).offset(page.offset).limit(PER_PAGE)
    return ApplicantPage(_lines(opening, db.session.execute(query).all()), page, counts)


def _counts(organisation_id: uuid.UUID, own: Sequence[ColumnElement[bool]]) -> dict[Standing, int]:
    rows = with_last_version(organisation_id, standing_column().label("standing")).where(*own).subquery()
    found = db.session.execute(select(rows.c.standing, func.count()).group_by(rows.c.standing)).all()
    return dict.fromkeys(Standing, 0) | {Standing(word): count for word, count in found}


def _order(asked: Asked) -> list[Any]:
    column: Any = {
        Sort.RECEIVED: Application.received_at,
        Sort.KANA: Application.kana_key.collate("C" if db.engine.dialect.name == "postgresql" else "BINARY"),
        Sort.OUTCOME: _severity(),
    }[asked.sort]
    return [column.desc() if asked.descending else column, Application.received_at, Application.id]


def _severity() -> ColumnElement[int]:
    """The place in SEVERITIES of the worst computed outcome of the required criteria."""

    def some(outcome: FindingOutcome) -> ColumnElement[bool]:
        found = and_(
            Finding.organisation_id == ApplicationVersion.organisation_id,
            Finding.application_version_id == ApplicationVersion.id,
            Finding.outcome == outcome,
            Criterion.organisation_id == Finding.organisation_id,
            Criterion.revision_id == ApplicationVersion.revision_id,
            Criterion.key == Finding.criterion_key,
            Criterion.required,
        )
        return exists(select(Finding.id).join(Criterion, Criterion.key == Finding.criterion_key).where(found))

    return case((some(FindingOutcome.DOES_NOT_MEET), 0), (some(FindingOutcome.CHECK), 1), else_=2)


SEVERITIES = (FindingOutcome.DOES_NOT_MEET, FindingOutcome.CHECK, FindingOutcome.MEETS)


def _lines(opening: Opening, rows: Sequence[Any]) -> list[Line]:
    versions = [row[1] for row in rows]
    outcomes = _outcomes(opening.organisation_id, versions)
    unscanned = _unscanned(opening.organisation_id, versions)
    doubles = duplicates_among(opening.organisation_id, [row[0] for row in rows])
    return [
        Line(
            application=application,
            kana=kana,
            standing=Standing(standing),
            computed=SEVERITIES[severity],
            outcomes=outcomes[version_id],
            unscanned=unscanned.get(version_id, 0),
            duplicate=worst(doubles.get(application.id, ())),
            rank=rank,
            version=number,
            sent_at=sent_at,
        )
        for application, version_id, kana, standing, severity, rank, number, sent_at in rows
    ]


def _outcomes(organisation_id: uuid.UUID, versions: Sequence[uuid.UUID]) -> dict[uuid.UUID, dict[str, Shown]]:
    shown: dict[uuid.UUID, dict[str, Shown]] = defaultdict(dict)
    findings = select(Finding.application_version_id, Finding.criterion_key, Finding.outcome).where(
        Finding.organisation_id == organisation_id, Finding.application_version_id.in_(versions)
    )
    for version_id, key, outcome in db.session.execute(findings.order_by(*BY_ENGINE)):
        shown[version_id][key] = Shown(outcome, False, False)
    said = select(Confirmation).where(
        Confirmation.organisation_id == organisation_id, Confirmation.application_version_id.in_(versions)
    )
    for one in db.session.scalars(said.order_by(Confirmation.at)):
        is_settled = one.outcome is not FindingOutcome.CHECK
        shown[one.application_version_id][one.criterion_key] = Shown(one.outcome, is_settled, one.overrides)
    return shown


def _unscanned(organisation_id: uuid.UUID, versions: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    query = (
        select(ApplicationDocument.application_version_id, func.count())
        .join(StoredFile, StoredFile.id == ApplicationDocument.stored_file_id)
        .where(
            ApplicationDocument.organisation_id == organisation_id,
            ApplicationDocument.application_version_id.in_(versions),
            StoredFile.scan_state == ScanState.UNSCANNED,
        )
        .group_by(ApplicationDocument.application_version_id)
    )
    return dict(db.session.execute(query).all())


def _found(opening: Opening, typed: str) -> list[uuid.UUID]:
    """Find what was typed; an application that joined another finds that one."""
    columns = (
        func.coalesce(Application.duplicate_of, Application.id),
        Application.family_name,
        Application.given_name,
        Application.kana_key,
        Application.mail_key,
        Application.phone,
        Application.receipt_number,
        Application.examinee_number,
    )
    query = select(*columns).where(
        Application.organisation_id == opening.organisation_id, Application.opening_id == opening.id
    )
    rows = db.session.execute(query)
    return [row[0] for row in rows if matches(typed, Known(row[1] + row[2], *row[3:]))]


def find_by_receipt_number(organisation_id: uuid.UUID, typed: str) -> Application | None:
    """Find an organisation's application by its receipt number, however it is typed; a joined one finds the first."""
    number, own = parse_receipt_number(typed), Application.organisation_id == organisation_id
    found = db.session.scalar(select(Application).where(own, Application.receipt_number == number)) if number else None
    if found is None or found.duplicate_of is None:
        return found
    return db.session.scalar(select(Application).where(own, Application.id == found.duplicate_of))


def find_search(
    organisation_id: uuid.UUID, opening_id: uuid.UUID, search_id: uuid.UUID, staff_user_id: uuid.UUID, *, at: datetime
) -> str | None:
    """Find what this member of staff typed, within a day."""
    query = select(ApplicantSearch.typed).where(
        ApplicantSearch.organisation_id == organisation_id,
        ApplicantSearch.opening_id == opening_id,
        ApplicantSearch.id == search_id,
        ApplicantSearch.staff_user_id == staff_user_id,
        ApplicantSearch.at > at - SEARCH_KEPT,
    )
    return db.session.scalar(query)
