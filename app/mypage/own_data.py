"""Everything that is held of one person, for that person: the JSON of /my/data, described in docs/own-data.md.

Of results only released ones are in it; of a city's work nothing that the person's own pages do not show.
"""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from app.accounts.models import Applicant, ApplicantSession
from app.applications import queries as own
from app.applications.answers import Answers
from app.applications.choice_queries import calls_of
from app.applications.choices import Calls
from app.applications.in_force import call_when
from app.applications.late_models import LateAttempt
from app.applications.models import Application, ApplicationVersion, Draft, Withdrawal
from app.applications.queries import Call
from app.applications.summary import sections
from app.audit.queries import instants_of
from app.extensions import db
from app.mypage import queries
from app.mypage.own_letters import accommodations_of, erasures_of, threads_of, time_in_japan, unsent_files_of
from app.mypage.queries import Entry
from app.openings.content import OpeningContent

SCHEMA = "koubo-own-data/1"
Row = dict[str, Any]


def own_data(person: Applicant, *, at: datetime) -> Row:
    """Lay out what is held of a person; instants are ISO 8601 in Japan time. Reads only."""
    found = queries.entries(person.id, at=at)
    return {
        "schema": SCHEMA,
        "made_at": time_in_japan(at),
        "person": {
            "mail": person.mail,
            "mail_confirmed_at": time_in_japan(person.confirmed_at),
            "since": time_in_japan(person.created_at),
        },
        "applications": [_application(entry) for entry in found],
        "drafts": _drafts(person.id, at=at),
        "letters": _letters(person.id),
        "late_attempts": _late(person.id),
        "sessions": _sessions(person.id),
    }


def _application(entry: Entry) -> Row:
    one = entry.application
    names = ("receipt_number", "examinee_number", "family_name", "given_name")
    contact = {name: getattr(one, name) for name in ("mail", "phone", "postal_code", "address")}
    return {
        **_opening(entry.call.organisation.name, entry.call.content.title),
        **{name: getattr(one, name) for name in names},
        "other_receipt_numbers": one.other_numbers or [],
        "received_at": time_in_japan(one.received_at),
        "rank": entry.rank,
        "status": entry.status.word.value,
        "status_sentence": entry.status.sentence,
        "contact": contact | {"mail_confirmed_at": time_in_japan(one.mail_confirmed_at)},
        "timeline": [{"title": line.title, "at": time_in_japan(line.at), "text": line.text} for line in entry.timeline],
        "versions": [_version(one, version) for version in reversed(own.versions_of(one))],
        "withdrawals": _withdrawals(one.organisation_id, one.id),
        "erasure_requests": erasures_of(one.organisation_id, one.id),
    }


def _opening(city: str, title: str) -> Row:
    return {"city": city, "opening": title}


def _version(application: Application, version: ApplicationVersion) -> Row:
    return {
        "number": version.number,
        "received_at": time_in_japan(version.received_at),
        "opening_id": str(application.opening_id),
        "submission_id": str(version.submission_id),
        "sha256": version.sha256,
        "answers": _answers(version.answers),
        "read": _read(own.call_of(application, version).content, version.answers),
    }


def _answers(answers: Row) -> Row:
    """Answers as they were given, files without our own key of their bytes."""
    files = {name: _without_key(file) for name, file in answers.get("documents", {}).items()}
    found = answers | {"documents": files} if files else answers
    removed = answers.get("removed")
    return found | {"removed": removed | {"file": _without_key(removed["file"] or {}) or None}} if removed else found


def _without_key(file: Row) -> Row:
    return {name: value for name, value in file.items() if name != "stored_file_id"}


def _read(content: OpeningContent | None, answers: Row) -> list[Row]:
    """Write the answers for reading: each under the words in which it was asked."""
    if content is None:
        return []
    found = sections(content, Answers.model_validate(answers), lambda _step: None)
    return [{"asked": row.label, "answer": row.value} for section in found for row in section.rows]


def _withdrawals(organisation_id: uuid.UUID, application_id: uuid.UUID) -> list[Row]:
    query = select(Withdrawal).where(
        Withdrawal.organisation_id == organisation_id, Withdrawal.application_id == application_id
    )
    rows = db.session.scalars(query.order_by(Withdrawal.at, Withdrawal.id)).all()
    undone = instants_of("reinstate.application", f"application:{application_id}") if rows else []
    following = [row.at for row in rows[1:]] + [datetime.max.replace(tzinfo=UTC)]
    return [
        {
            "reason": row.reason,
            "at": time_in_japan(row.at),
            "undone_at": time_in_japan(next((at for at in undone if row.at <= at < until), None)),
        }
        for row, until in zip(rows, following, strict=False)
    ]


def _drafts(applicant_id: uuid.UUID, *, at: datetime) -> list[Row]:
    query = select(Draft).where(Draft.applicant_id == applicant_id).order_by(Draft.created_at, Draft.id)
    drafts = db.session.scalars(query).all()
    calls = calls_of(drafts, at=at)
    unsent = {one.draft.id for one in queries.draft_entries(applicant_id, at=at)}
    return [
        {
            "openings": [_opening(call.organisation.name, call.content.title) for call in _chosen(calls.get(draft.id))],
            "created_at": time_in_japan(draft.created_at),
            "saved_at": time_in_japan(draft.saved_at),
            "sent_at": time_in_japan(draft.submitted_at),
            "answers": _answers(draft.answers),
            "is_unsent": draft.id in unsent,
            "read": _read(calls[draft.id].content if draft.id in calls else None, draft.answers),
        }
        for draft in drafts
    ]


def _chosen(calls: Calls | None) -> Sequence[Call]:
    return calls.chosen if calls else ()


def _letters(applicant_id: uuid.UUID) -> list[Row]:
    """Messages and requests for accommodation, by opening: also where nothing was sent yet."""
    threads, requests, unsent = threads_of(applicant_id), accommodations_of(applicant_id), unsent_files_of(applicant_id)
    ids = sorted({*threads, *requests, *unsent}, key=str)
    openings = _openings(ids)
    return [
        {
            **openings.get(one, {}),
            "messages": threads.get(one, []),
            "unsent_files": unsent.get(one, []),
            "accommodation": requests.get(one),
        }
        for one in ids
    ]


def _openings(opening_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID | None, Row]:
    calls = own.find_calls(opening_ids)
    return {key: _opening(call.organisation.name, call.content.title) for key, call in calls.items()}


def _late(applicant_id: uuid.UUID) -> list[Row]:
    query = select(LateAttempt).where(LateAttempt.applicant_id == applicant_id)
    rows = db.session.scalars(query.order_by(LateAttempt.received_at, LateAttempt.id)).all()
    calls = own.find_calls([row.opening_id for row in rows])
    openings = _openings([row.opening_id for row in rows])
    return [
        {
            **openings.get(row.opening_id, {}),
            "received_at": time_in_japan(row.received_at),
            "answers": _answers(row.answers),
            "read": _read(
                call_when(calls[row.opening_id], row.received_at).content if row.opening_id in calls else None,
                row.answers,
            ),
        }
        for row in rows
    ]


def _sessions(applicant_id: uuid.UUID) -> list[Row]:
    query = select(ApplicantSession).where(ApplicantSession.applicant_id == applicant_id)
    rows = db.session.scalars(query.order_by(ApplicantSession.created_at, ApplicantSession.id))
    names = ("created_at", "seen_at", "ended_at")
    return [{name: time_in_japan(getattr(row, name)) for name in names} for row in rows]


def held(data: Row) -> list[tuple[str, int]]:
    """Count what is held, for the page: what it is called and how many."""
    sent = data["applications"]
    parts = {
        "応募": len(sent),
        "送った内容（版）": sum(len(one["versions"]) for one in sent),
        "書類": sum(len(version["answers"].get("documents", {})) for one in sent for version in one["versions"]),
        "辞退の申し出": sum(len(one["withdrawals"]) for one in sent),
        "メッセージ": sum(len(one["messages"]) for one in data["letters"]),
        "メッセージの添付ファイル": sum(len(row["files"]) for one in data["letters"] for row in one["messages"]),
        "配慮の申し出": sum(1 for one in data["letters"] if one["accommodation"]),
        "削除の請求": sum(len(one["erasure_requests"]) for one in sent),
        "下書き": sum(one["is_unsent"] for one in data["drafts"]),
        "締切後の送信": len(data["late_attempts"]),
        "マイページを開いた記録": len(data["sessions"]),
    }
    return list(parts.items())
