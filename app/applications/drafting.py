"""Use cases of a draft: save a step, keep what was typed, send and take back files (design 2, 15, 21)."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import IO

from flask import current_app
from sqlalchemy import delete

from app.accounts.applicants import note_written
from app.applications import queries
from app.applications.answers import Answers, FileAnswer, Removed, Typed
from app.applications.apart import joined
from app.applications.choice_queries import get_calls
from app.applications.choices import Calls
from app.applications.documents import check_quota, check_size
from app.applications.file_queries import find_stored_file, hold_drafts, is_held_alone, stored_bytes
from app.applications.looking import file_limits, look_and_keep
from app.applications.models import Draft, StoredFile
from app.applications.room import check_room, count_upload
from app.applications.steps import Step, step_digest
from app.core import storage
from app.core.errors import DomainError
from app.core.model import new_id
from app.extensions import db
from app.files.inspection import Inspected
from app.openings.content import DocumentContent


class StaleStep(DomainError):
    """Another page saved the same step first; what was typed here is kept as its rival."""

    def __init__(self) -> None:
        super().__init__(
            "この手順は、ほかの画面で先に保存されました。下の欄には、この画面で入力した内容が入っています。"
            "両方の内容を見比べて、どちらを残すか選んでください。"
        )


def _write(draft: Draft, answers: Answers, *, at: datetime) -> None:
    """Write the answers; what stands there already is no change, and no reason to send it a second time.

    A file that they name no more goes, unless something else names it.
    """
    gone = queries.answers_of(draft).file_ids() - answers.file_ids()
    freed = [key for file_id in sorted(gone) if (key := _release(draft, file_id)) is not None]
    kept = answers.model_dump(mode="json")
    if kept != draft.answers:
        if (mail := answers.person.mail) and mail != queries.answers_of(draft).person.mail:
            note_written(draft.applicant_id, mail, at=at)
        draft.answers, draft.saved_at = kept, at
    db.session.commit()
    for key in freed:
        storage.drop(key)  # after the commit: a crash in between leaves bytes without a row, never the reverse


def _release(draft: Draft, file_id: uuid.UUID) -> str | None:
    """Delete the row of a file that nothing else names, sent or not; give the key of its bytes."""
    row = find_stored_file(draft.applicant_id, file_id)
    if row is None:
        return None
    hold_drafts(draft.applicant_id)
    if not is_held_alone(draft, row.id):
        return None
    db.session.execute(delete(StoredFile).where(StoredFile.applicant_id == draft.applicant_id, StoredFile.id == row.id))
    return row.key


def _require_seen(step: Step, before: Answers, after: Answers, seen: str) -> None:
    """Let a page write that knows what the step holds, or that wrote it by itself. Raises: StaleStep."""
    digest, _dot, page = seen.partition(".")
    now, wanted, kept = step_digest(step, before), step_digest(step, after), before.typed.get(step)
    if digest != now and wanted != now and not (kept and page and kept.page == page):
        raise StaleStep


def _without(kept: dict[str, Typed], step: Step) -> dict[str, Typed]:
    return {name: value for name, value in kept.items() if name != step}


def save_step(draft: Draft, step: Step, written: Answers, *, seen: str, at: datetime) -> None:
    """Save a step whose answers could all be read. Raises: StaleStep when `seen` is not what the step holds."""
    before = queries.answers_of(draft)
    done = [*before.steps_done, *([] if step in before.steps_done else [step.value])]
    after = written.model_copy(
        update={"steps_done": done, "typed": _without(before.typed, step), "rivals": _without(before.rivals, step)}
    )
    _require_seen(step, before, after, seen)
    _write(draft, after, at=at)


def keep_typed(
    draft: Draft,
    step: Step,
    fields: list[tuple[str, str]],
    *,
    checked: bool,
    seen: str,
    at: datetime,
    turned: Callable[[Answers], Answers] = lambda answers: answers,
) -> None:
    """Keep what was typed into a step as it is, read or not; `turned` is what the press changes besides.

    Raises: StaleStep.
    """
    before = queries.answers_of(draft)
    typed = {**before.typed, step.value: Typed(fields=fields, checked=checked)}
    after = before.model_copy(update={"typed": typed, "rivals": _without(before.rivals, step)})
    after = turned(after)
    _require_seen(step, before, after, seen)
    _write(draft, after, at=at)


def put_together(draft: Draft, calls: Calls, slot: str, source: str, *, at: datetime) -> None:
    """Send the text of one box of a parted question to all openings; the other texts stay in the draft."""
    if slot in calls.apart:
        _write(draft, joined(calls, queries.answers_of(draft), slot, source), at=at)


def keep_rival(draft: Draft, step: Step, fields: list[tuple[str, str]], *, at: datetime) -> None:
    """Keep what a page sent after another page had saved the step, beside what is saved, until one of both is saved."""
    before = queries.answers_of(draft)
    _write(draft, before.model_copy(update={"rivals": {**before.rivals, step.value: Typed(fields=fields)}}), at=at)


def note_refused(draft: Draft, refused: dict[str, str], *, at: datetime) -> None:
    """Note by document kind why files were not taken; what was noted before goes."""
    before = queries.answers_of(draft)
    if before.refused != refused:
        _write(draft, before.model_copy(update={"refused": refused}), at=at)


def note_wondered(draft: Draft, boxes: list[str], *, at: datetime) -> None:
    """Note the boxes about whose text the person is asked, so that nobody is asked twice."""
    before = queries.answers_of(draft)
    _write(draft, before.model_copy(update={"wondered": [*before.wondered, *boxes]}), at=at)


def put_aside(draft: Draft, typed: dict[str, Typed], *, at: datetime) -> None:
    """Keep what was typed before the draft began, by step, unread."""
    before = queries.answers_of(draft)
    _write(draft, before.model_copy(update={"typed": {**before.typed, **typed}}), at=at)


def autosave(draft: Draft, step: Step, fields: list[tuple[str, str]], *, turn: int, seen: str, at: datetime) -> None:
    """Keep what stands in an open page, which it sends by itself; an earlier turn that arrives later changes nothing.

    The step is not checked by it, and 次へ of the same page is not stale for it. Raises: StaleStep.
    """
    before, page = queries.answers_of(draft), seen.partition(".")[2]
    kept = before.typed.get(step)
    if kept and page and kept.page == page and kept.turn >= turn:
        return
    typed = {**before.typed, step.value: Typed(fields=fields, page=page, turn=turn)}
    after = before.model_copy(update={"typed": typed})
    _require_seen(step, before, after, seen)
    _write(draft, after, at=at)


def attach(
    draft: Draft, kind: DocumentContent, name: str, stream: IO[bytes], *, at: datetime, address: str = ""
) -> FileAnswer:
    """Keep a file for a document kind: bytes on the disk first, then the row; it takes the place of the one before.

    The transaction under way is let go while the file is looked into: nobody else waits for a slow file. `address` is
    the sender's, for the limit of uploads.

    Raises: RefusedFile.
    """
    limits, applicant_id, draft_id = file_limits(), draft.applicant_id, draft.id
    size = stream.seek(0, 2)
    check_size(size, _others(draft, kind.key, at=at), limits)
    check_quota(size, stored_bytes(applicant_id), limits)
    db.session.rollback()
    count_upload(str(applicant_id), address, at=at)
    check_room(size)
    seen, kept = look_and_keep(name, stream, kind.media, person=str(applicant_id), address=address, at=at)
    try:
        draft = queries.hold_draft(applicant_id, draft_id)
        check_size(kept.size, _others(draft, kind.key, at=at), limits)  # another tab may have sent one meanwhile
        return _note(draft, kind.key, seen, kept, at=at)
    except Exception:
        storage.drop(kept.key)
        raise


def _others(draft: Draft, kind_key: str, *, at: datetime) -> int:
    """Give the bytes of the files in a draft's other slots; what only an opening let go of asked is not sent."""
    asked, documents = get_calls(draft, at=at).content.documents, queries.answers_of(draft).documents
    return sum(documents[kind.key].size for kind in asked if kind.key != kind_key and kind.key in documents)


def _note(draft: Draft, kind_key: str, seen: Inspected, kept: storage.Kept, *, at: datetime) -> FileAnswer:
    row = StoredFile(
        id=new_id(), applicant_id=draft.applicant_id, key=kept.key, sha256=kept.sha256, size=kept.size,
        media=seen.media, pages=seen.pages, extracted_text=seen.text, stored_at=at,
        scan_due_at=at if current_app.extensions["koubo.settings"].clamav else None,
    )  # fmt: skip
    file = FileAnswer(
        stored_file_id=str(row.id), file_name=seen.file_name, size=kept.size, sha256=kept.sha256,
        pages=seen.pages, pixels=seen.size,
    )  # fmt: skip
    db.session.add(row)
    _put(draft, kind_key, file, at=at)
    return file


def _put(draft: Draft, kind_key: str, file: FileAnswer, *, at: datetime) -> None:
    """Put a file into its slot; what was taken out of this slot goes for good."""
    before = queries.answers_of(draft)
    is_undone = before.removed is not None and before.removed.file is not None and before.removed.entry == kind_key
    removed = None if is_undone else before.removed
    documents = {**before.documents, kind_key: file}
    _write(draft, before.model_copy(update={"documents": documents, "removed": removed}), at=at)


def detach(draft: Draft, kind: DocumentContent, *, at: datetime) -> None:
    """Take a file out of its slot; it is kept to be put back until something else is taken out."""
    before = queries.answers_of(draft)
    if (file := before.documents.get(kind.key)) is None:
        return
    label = f"{kind.label}（{file.file_name}）"
    removed = Removed(place=f"file_{kind.key}", entry=kind.key, label=label, at=at, file=file)
    documents = {key: other for key, other in before.documents.items() if key != kind.key}
    _write(draft, before.model_copy(update={"documents": documents, "removed": removed}), at=at)


def put_back(draft: Draft, *, at: datetime) -> None:
    """Put the file back that was taken out last. Raises: RefusedFile when there is no room for it any more."""
    removed = queries.answers_of(draft).removed
    if removed is None or removed.file is None:
        return
    check_size(removed.file.size, _others(draft, removed.entry, at=at), file_limits())
    _put(draft, removed.entry, removed.file, at=at)
