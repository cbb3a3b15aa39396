"""A person opens a file of their messages: what they sent, what waits to be sent, what a city sent."""

import uuid

from flask import g
from werkzeug.wrappers import Response

from app.core import storage
from app.core.access import allows
from app.core.downloads import attachment
from app.correspondence.attachment_queries import get_own_file
from app.correspondence.routes import blueprint


@blueprint.get("/my/messages/files/<uuid:file_id>")
@allows("message.own")
def attached_file(file_id: uuid.UUID) -> Response:
    found = get_own_file(g.applicant, file_id)
    return attachment(storage.open_file(found.key), file_name=found.file_name, media=found.media, size=found.size)
