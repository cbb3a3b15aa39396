"""The files of a message as they come with a request, and the words beside their field."""

from dataclasses import replace
from datetime import datetime

from app.applications.documents import Asked, asked
from app.applications.looking import file_limits
from app.applications.room import WAITS_SECONDS
from app.core.arrival import network_address, waited_seconds
from app.correspondence import attaching
from app.correspondence.attachment_queries import Sender
from app.correspondence.conversation import Conversation
from app.correspondence.forms import EnclosingForm
from app.files.inspection import BUSY


def enclose(form: EnclosingForm, about: Conversation, *, by: Sender, at: datetime) -> bool:
    """Take in the files that came with a message; say whether all were taken, beside the field which were not."""
    parcel = form.parcel()
    if parcel.uploads and waited_seconds() > WAITS_SECONDS:  # those behind it would wait as long again
        form.files.errors = [*form.files.errors, BUSY]
        parcel = replace(parcel, uploads=())
    return form.note(attaching.take_in(about, parcel, by=by, at=at, address=network_address()))


def slot() -> Asked:
    """Say what the field of a message's files takes."""
    return asked(attaching.MEDIA, file_limits())
