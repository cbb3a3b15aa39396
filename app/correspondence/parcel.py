"""The files that come with a message, and what became of them. Pure."""

import uuid
from dataclasses import dataclass
from typing import IO

from app.correspondence.attachment_models import AttachedFile


@dataclass(frozen=True)
class Upload:
    """A file as a browser sends it."""

    name: str
    stream: IO[bytes]


@dataclass(frozen=True)
class Parcel:
    """What came with a message: new files, those that waited on its page, and those of them that are not to go."""

    uploads: tuple[Upload, ...] = ()
    kept: tuple[uuid.UUID, ...] = ()
    dropped: tuple[uuid.UUID, ...] = ()


@dataclass(frozen=True)
class Taken:
    """What goes with a message, and a sentence for each file that was not taken."""

    files: tuple[AttachedFile, ...] = ()
    refused: tuple[str, ...] = ()
