"""Whose a row is, when it came and what it holds are changed by the system alone, whatever else a context may write."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.applications.late_models import LateAttempt
from app.applications.models import Draft
from app.core import clock
from app.core.context import SYSTEM, ContextMissing, applicant, bind, staff_of
from app.core.model import new_id
from app.extensions import db
from tests import factories, planting

PLACE = ("organisation_id", "opening_id", "applicant_id")
KEPT = {
    "late_attempt": (("applicant_id", "answers", "sha256", "closes_at"), ("applicant_id", "answers")),
    "application": (
        (*PLACE, "receipt_number", "received_at", "mail_confirmed_at", "duplicate_of", "other_numbers", "erased_at"),
        (*PLACE, "receipt_number", "received_at", "examinee_number", "accepted_by", "erased_at"),
    ),
    "draft": ((), ("applicant_id", "opening_id", "created_at")),
    "stored_file": (("applicant_id", "key", "sha256"), ("applicant_id", "key", "sha256", "size", "extracted_text")),
    "attached_file": (
        (*PLACE, "staff_user_id", "file_name", "key", "sha256", "size", "media", "pages", "stored_at", "scan_state"),
        (*PLACE, "staff_user_id", "file_name", "key", "sha256", "size", "media", "pages", "stored_at", "scan_state"),
    ),
    "accommodation": ((*PLACE, "sealed", "asked_at"), (*PLACE, "answered_at", "answered_by")),
}
MAY = (("staff", "application", "check_reason"), ("person", "application", "phone"), ("person", "draft", "answers"))


@pytest.fixture
def contexts(app: Flask) -> Any:
    """One person who sent in time and late and asked for accommodation, and the staff of the city."""
    organisation = factories.organisation()
    opening = factories.opening(organisation)
    application = factories.application(organisation, opening)
    words = planting.Words("甲", "こう", "ko")
    planting.accommodation(application, words)
    planting.message_thread(application, words)
    bind(db.session, SYSTEM)
    draft = db.session.scalars(select(Draft).where(Draft.applicant_id == application.applicant_id)).one()
    own = {"organisation_id": opening.organisation_id, "opening_id": opening.id, "draft_id": draft.id}
    late = {"applicant_id": application.applicant_id, "answers": {}, "received_at": clock.now()}
    factories.save(LateAttempt(id=new_id(), **own, **late))
    db.session.remove()
    return {"staff": staff_of(opening.organisation_id), "person": applicant(application.applicant_id)}


def changes(context: Any, table: str, column: str) -> int:
    """How many rows a context changes with a statement of its own."""
    db.session.remove()
    bind(db.session, context)
    assert db.session.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 1
    try:
        return int(db.session.execute(text(f"UPDATE {table} SET {column} = {column} WHERE 1 = 1")).rowcount)
    except (ContextMissing, DBAPIError):
        return 0
    finally:
        db.session.rollback()


def test_neither_staff_nor_the_person_change_what_is_kept_of_a_row(contexts: Any) -> None:
    tried = [
        (kind, table, column)
        for table, kept in KEPT.items()
        for kind, columns in zip(("staff", "person"), kept, strict=True)
        for column in columns
    ]

    assert [one for one in tried if changes(contexts[one[0]], one[1], one[2])] == []
    assert [changes(contexts[kind], table, column) for kind, table, column in MAY] == [1, 1, 1]


def test_the_system_lets_them_follow_a_person_who_turns_out_to_be_another(contexts: Any) -> None:
    assert [changes(SYSTEM, table, "applicant_id") for table in KEPT] == [1] * len(KEPT)
