"""One page of the applicants to an opening, as HR asks for it (design 43). Nobody else's applications are there."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from app.applications.applicant_list import Asked, Sort
from app.applications.duplicates import DuplicateState, duplicates_among, worst
from app.applications.list_columns import SEVERITIES, conditions, is_late, severity
from app.applications.matching import Known, matches
from app.applications.models import Application, ApplicationDocument, ApplicationVersion, StoredFile
from app.applications.screening_models import BY_ENGINE, Confirmation, Finding, FindingOutcome
from app.applications.screening_queries import with_last_version
from app.applications.standing import SETTLED, Standing, standing_column
from app.core.paging import Page
from app.extensions import db
from app.files.kept import ScanState
from app.openings.models import Opening


@dataclass(frozen=True)
class Shown:
    """The outcome of one criterion as the list shows it: confirmed, or computed and not confirmed yet."""

    outcome: FindingOutcome
    is_confirmed: bool
    is_overridden: bool
    was_confirmed: bool = False  # of an earlier version, which a resend voided


@dataclass(frozen=True)
class Line:
    """One applicant in the list; `computed` is the worst computed outcome of the required criteria."""

    application: Application
    kana: str
    standing: Standing
    computed: FindingOutcome
    is_late: bool  # its last version came after the deadline and two people admitted it
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


def applicants(opening: Opening, asked: Asked, *, typed: str | None = None) -> ApplicantPage:
    """List one page of the applicants to an opening; with `typed` those whom it finds."""
    own = [Application.opening_id == opening.id, *conditions(asked)]
    if typed is not None:
        own.append(Application.id.in_(_found(opening, typed)))
    counts = _counts(opening.organisation_id, own)
    page = Page.of(asked.page, counts[asked.standing] if asked.standing else sum(counts.values()), asked.per_page)
    version = ApplicationVersion.id, ApplicationVersion.rank, ApplicationVersion.number, ApplicationVersion.received_at
    columns = (Application, _kana(), standing_column(), severity(), is_late(), *version)
    query = with_last_version(opening.organisation_id, *columns).where(*own)
    if asked.standing is not None:
        query = query.where(standing_column() == asked.standing.value)
    query = query.order_by(*_order(asked)).offset(page.offset).limit(asked.per_page)
    return ApplicantPage(_lines(opening, db.session.execute(query).all()), page, counts)


def _kana() -> ColumnElement[str]:
    person = ApplicationVersion.answers["person"]
    kana: ColumnElement[str] = person["family_kana"].as_string() + " " + person["given_kana"].as_string()
    return kana


def _counts(organisation_id: uuid.UUID, own: Sequence[ColumnElement[bool]]) -> dict[Standing, int]:
    rows = with_last_version(organisation_id, standing_column().label("standing")).where(*own).subquery()
    found = db.session.execute(select(rows.c.standing, func.count()).group_by(rows.c.standing)).all()
    return dict.fromkeys(Standing, 0) | {Standing(word): count for word, count in found}


def _order(asked: Asked) -> list[Any]:
    column: Any = {
        Sort.RECEIVED: Application.received_at,
        Sort.KANA: Application.kana_key.collate("C" if db.engine.dialect.name == "postgresql" else "BINARY"),
        Sort.OUTCOME: severity(),
    }[asked.sort]
    return [column.desc() if asked.descending else column, Application.received_at, Application.id]


def _lines(opening: Opening, rows: Sequence[Any]) -> list[Line]:
    of = {row[5]: row[0].id for row in rows}  # the application of each version
    outcomes = _outcomes(opening.organisation_id, of)
    unscanned = _unscanned(opening.organisation_id, list(of))
    doubles = duplicates_among(opening.organisation_id, [row[0] for row in rows])
    return [
        Line(
            application=application,
            kana=kana,
            standing=Standing(standing),
            computed=SEVERITIES[place],
            is_late=late,
            outcomes=outcomes[version_id],
            unscanned=unscanned.get(version_id, 0),
            duplicate=worst(doubles.get(application.id, ())),
            rank=rank,
            version=number,
            sent_at=sent_at,
        )
        for application, kana, standing, place, late, version_id, rank, number, sent_at in rows
    ]


def _outcomes(organisation_id: uuid.UUID, of: dict[uuid.UUID, uuid.UUID]) -> dict[uuid.UUID, dict[str, Shown]]:
    """Read what was computed for each of these versions, and what people made of it and of versions before it."""
    shown: dict[uuid.UUID, dict[str, Shown]] = defaultdict(dict)
    findings = select(Finding.application_version_id, Finding.criterion_key, Finding.outcome).where(
        Finding.organisation_id == organisation_id, Finding.application_version_id.in_(of)
    )
    for version_id, key, outcome in db.session.execute(findings.order_by(*BY_ENGINE)):
        shown[version_id][key] = Shown(outcome, False, False)
    last_of = {application_id: version_id for version_id, application_id in of.items()}
    said = select(Confirmation).where(
        Confirmation.organisation_id == organisation_id, Confirmation.application_id.in_(last_of)
    )
    for one in db.session.scalars(said.order_by(Confirmation.at)):
        last, key = last_of[one.application_id], one.criterion_key
        if one.application_version_id == last:
            shown[last][key] = Shown(one.outcome, one.outcome in SETTLED, one.overrides)
        elif key in shown[last] and not shown[last][key].is_confirmed:
            shown[last][key] = replace(shown[last][key], was_confirmed=one.outcome in SETTLED)
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
