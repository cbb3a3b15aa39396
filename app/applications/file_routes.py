"""A person opens again what they sent into a slot of a draft."""

import uuid

from flask import g
from werkzeug.wrappers import Response

from app.applications import queries
from app.applications.file_queries import get_slot_file
from app.applications.routes import blueprint
from app.core import storage
from app.core.access import allows
from app.core.downloads import attachment


@blueprint.get("/apply/drafts/<uuid:draft_id>/files/<kind_key>")
@allows("draft.edit")
def file(draft_id: uuid.UUID, kind_key: str) -> Response:
    answer, kept = get_slot_file(queries.get_draft(g.applicant.id, draft_id), kind_key)
    return attachment(storage.open_file(kept.key), file_name=answer.file_name, media=kept.media, size=kept.size)
