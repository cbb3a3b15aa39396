"""What stands behind `table:id` in the record, in the words that people know it by: a number, a title, a name."""

import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import select

from app.accounts.models import Membership, RoleGrant, StaffUser
from app.applications.late_models import LateAttempt, late_reference
from app.applications.models import Application, ApplicationDocument, ApplicationVersion
from app.applications.screening_queries import find_by_receipt_number
from app.core.access import Role
from app.correspondence.models import ErasureRequest
from app.extensions import db
from app.openings.deadline_models import Proposal
from app.openings.models import Opening
from app.openings.revision_models import Stage
from app.organisations.models import Organisation
from app.outbox.models import Mail
from app.outbox.words import kind_word
from app.reviews.models import Assignment, Round
from app.selection.models import ResultSet

_ROUND_STAGE = (Stage.revision_id == Round.revision_id) & (Stage.key == Round.stage_key)
_ITS_VERSION = ApplicationVersion.id == ApplicationDocument.application_version_id
# For each table: what to read after the id, and how it reads. Who asked for accommodation is named to nobody here.
NAMED: dict[str, tuple[Any, Callable[..., str]]] = {
    "application": (select(Application.id, Application.receipt_number), str),
    "application_version": (
        select(ApplicationVersion.id, Application.receipt_number, ApplicationVersion.number).join(
            Application, Application.id == ApplicationVersion.application_id
        ),
        lambda receipt, number: f"{receipt} 第{number}版",
    ),
    "application_document": (
        select(ApplicationDocument.id, Application.receipt_number)
        .join(ApplicationVersion, _ITS_VERSION)
        .join(Application, Application.id == ApplicationVersion.application_id),
        str,
    ),
    "erasure_request": (
        select(ErasureRequest.id, Application.receipt_number).join(
            Application, Application.id == ErasureRequest.application_id
        ),
        str,
    ),
    "late_attempt": (select(LateAttempt.id, LateAttempt.id), late_reference),
    "opening": (select(Opening.id, Opening.title), str),
    "proposal": (select(Proposal.id, Opening.title).join(Opening, Opening.id == Proposal.opening_id), str),
    "organisation": (select(Organisation.id, Organisation.name), str),
    "round": (
        select(Round.id, Opening.title, Stage.name)
        .join(Opening, Opening.id == Round.opening_id)
        .join(Stage, _ROUND_STAGE),
        "{} {}".format,
    ),
    "result_set": (
        select(ResultSet.id, Opening.title, Stage.name)
        .join(Opening, Opening.id == ResultSet.opening_id)
        .join(Stage, (Stage.revision_id == Opening.revision_id) & (Stage.key == ResultSet.stage_key)),
        "{} {}".format,
    ),
    "assignment": (
        select(Assignment.id, Application.examinee_number).join(
            Application, Application.id == Assignment.application_id
        ),
        "受験番号 {}".format,
    ),
    "staff_user": (select(StaffUser.id, StaffUser.display_name), str),
    "membership": (
        select(Membership.id, StaffUser.display_name).join(StaffUser, StaffUser.id == Membership.staff_user_id),
        str,
    ),
    "role_grant": (
        select(RoleGrant.id, StaffUser.display_name, RoleGrant.role)
        .join(Membership, Membership.id == RoleGrant.membership_id)
        .join(StaffUser, StaffUser.id == Membership.staff_user_id),
        lambda name, role: f"{name}（{Role(role).label}）",
    ),
    "mail": (select(Mail.id, Mail.kind), kind_word),
}


def record_names(organisation_id: uuid.UUID, subjects: Iterable[str]) -> Mapping[str, str]:
    """Name things `table:id` of an organisation; what is gone or has no name is not there."""
    ids: dict[str, set[uuid.UUID]] = {}
    for subject in subjects:
        table, _colon, key = subject.partition(":")
        if table in NAMED and (one := _uuid(key)):
            ids.setdefault(table, set()).add(one)
    return {name: word for table, wanted in ids.items() for name, word in _named(table, organisation_id, wanted)}


def _named(table: str, organisation_id: uuid.UUID, wanted: set[uuid.UUID]) -> list[tuple[str, str]]:
    query, words = NAMED[table]
    key = query.selected_columns[0]
    if "organisation_id" in key.table.c:
        query = query.where(key.table.c.organisation_id == organisation_id)
    return [(f"{table}:{row[0]}", words(*row[1:])) for row in db.session.execute(query.where(key.in_(wanted)))]


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def subject_of(organisation_id: uuid.UUID, receipt_number: str) -> str | None:
    """Find the application of a receipt number, as the record names it."""
    found = find_by_receipt_number(organisation_id, receipt_number)
    return f"application:{found.id}" if found else None
