"""HR opens a file of a thread; that somebody did is recorded."""

import uuid

from flask import g
from werkzeug.wrappers import Response

from app.accounts.looks import note_look
from app.applications.policy import can_open
from app.core import clock, storage
from app.core.access import allows
from app.core.downloads import attachment
from app.core.errors import NotFound
from app.correspondence import queries
from app.correspondence.attachment_queries import get_file
from app.correspondence.staff_routes import THREAD, blueprint
from app.files.kept import ScanState
from app.organisations.file_rule import unscanned_files


@blueprint.get(f"{THREAD}/files/<uuid:file_id>")
@allows("message.read")
def attached_file(slug: str, thread_id: uuid.UUID, file_id: uuid.UUID) -> Response:
    found = get_file(queries.conversation_in(g.organisation.id, thread_id), file_id, g.staff_user)
    if not can_open(found, unscanned_files(g.organisation.id, at=clock.now())):
        raise NotFound
    stream = storage.open_file(found.key)
    unscanned = found.scan_state is ScanState.UNSCANNED
    note_look("open.unscanned_attachment" if unscanned else "open.attachment", f"attached_file:{found.id}")
    return attachment(stream, file_name=found.file_name, media=found.media, size=found.size)
