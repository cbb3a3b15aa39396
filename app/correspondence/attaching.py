"""Files that go with a message: taken in while it is written, let go where nothing sends them (design 2, 26).

Each file is kept by itself before the message is sent, so that none is lost by what is wrong with the words or with
another file.
"""

import uuid
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.exc import IntegrityError

from app.accounts.models import Applicant, StaffUser
from app.applications.documents import check_quota, check_size
from app.applications.file_queries import stored_bytes
from app.applications.looking import file_limits, look_and_keep
from app.applications.room import check_room, count_upload
from app.core import storage
from app.core.model import new_id
from app.correspondence.attachment_models import MOST, AttachedFile
from app.correspondence.attachment_queries import Sender, attached_bytes, brought, is_sent, owned
from app.correspondence.conversation import Conversation, Enclosed
from app.correspondence.parcel import Parcel, Taken, Upload
from app.extensions import db
from app.files.kinds import DOCX, JPEG, PDF, PNG
from app.files.names import clean_file_name
from app.files.verdict import RefusedFile

MEDIA = (PDF, DOCX, JPEG, PNG)
WAITS = timedelta(hours=24)
TOO_MANY = f"1通に付けられるファイルは{MOST}つまでです。選び直してください"
GONE = "受け取ってから時間がたったファイルがなくなりました。もう一度選んでください"
_AT_A_TIME = 200


def take_in(about: Conversation, parcel: Parcel, *, by: Sender, at: datetime, address: str) -> Taken:
    """Keep the files of a message that is being written; what is not to go with it goes for good.

    The transaction under way ends before: nobody else waits for a slow file. `address` is the sender's.
    """
    wanted = [one for one in parcel.kept if one not in parcel.dropped]
    let_go(about, parcel.dropped, by=by)
    files = [*brought(about, wanted, by)]
    refused = [GONE] if len(files) < len(wanted) else []
    if len(wanted) + len(parcel.uploads) > MOST:
        return Taken(tuple(files), (TOO_MANY,))
    for upload in parcel.uploads:
        try:
            files.append(_keep(about, upload, by=by, at=at, address=address))
        except RefusedFile as no:
            refused.append(f"「{clean_file_name(upload.name)}」：{no.message}")
    return Taken(tuple(files), tuple(refused))


def _keep(about: Conversation, upload: Upload, *, by: Sender, at: datetime, address: str) -> AttachedFile:
    """Keep one file: bytes on the disk first, then the row. Raises: RefusedFile."""
    row, size = _row(about, by), upload.stream.seek(0, 2)
    limits = replace(file_limits(), application_bytes=MOST * file_limits().file_bytes)
    check_size(size, 0, limits)
    if isinstance(by, Applicant):
        check_quota(size, stored_bytes(by.id) + attached_bytes(by.id), limits)
    db.session.commit()  # nothing was written: it lets go of what it has read
    count_upload(str(by.id), address, at=at)
    check_room(size)
    seen, kept = look_and_keep(upload.name, upload.stream, MEDIA, person=str(by.id), address=address, at=at)
    row.file_name, row.media, row.pages, row.stored_at = seen.file_name, seen.media, seen.pages, at
    row.key, row.sha256, row.size = kept.key, kept.sha256, kept.size
    row.scan_due_at = at if current_app.extensions["koubo.settings"].clamav else None
    try:
        db.session.add(row)
        db.session.commit()
    except Exception:
        storage.drop(kept.key)
        raise
    return row


def _row(about: Conversation, by: Sender) -> AttachedFile:
    return AttachedFile(
        id=new_id(),
        organisation_id=about.opening.organisation_id,
        opening_id=about.opening.id,
        applicant_id=about.applicant_id,
        staff_user_id=by.id if isinstance(by, StaffUser) else None,
    )


def let_go(about: Conversation, ids: Collection[uuid.UUID], *, by: Sender) -> None:
    """Delete what a sender brought, of these, and no message has."""
    if ids:
        _delete(*owned(about, by), AttachedFile.id.in_(ids))


def let_go_copies(about: Conversation, sent: Collection[Enclosed], *, by: Sender) -> None:
    """Delete what a sender brought more than once, where a message has it: of a press that was repeated.

    The other press may be under way: it finds its letter sent already.
    """
    if sent:
        _delete(*owned(about, by), AttachedFile.sha256.in_([one.sha256 for one in sent]))


def forget_unsent(*, at: datetime) -> None:
    """Delete what was brought a day ago and never sent: a job."""
    while _delete(AttachedFile.stored_at < at - WAITS) == _AT_A_TIME:
        pass


def _delete(*conditions: ColumnElement[bool]) -> int:
    """Delete rows that no message has, then their bytes; say how many."""
    query = select(AttachedFile.id, AttachedFile.key).where(*conditions, ~is_sent()).limit(_AT_A_TIME)
    rows = db.session.execute(query).all()
    gone = delete(AttachedFile).where(AttachedFile.id.in_([row.id for row in rows]))
    try:
        db.session.execute(gone.execution_options(synchronize_session=False))
        db.session.commit()
    except IntegrityError:  # one of them was sent at this moment
        db.session.rollback()
        return 0
    for row in rows:
        storage.drop(row.key)  # after the commit: a crash in between leaves bytes without a row, never the reverse
    return len(rows)
