"""Files to people: always an attachment of our own type, never shown inside our pages (reliability U9, U10)."""

import re
from typing import BinaryIO
from urllib.parse import quote

from flask import Response
from werkzeug.wsgi import FileWrapper

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "no-store",
}


def attachment(stream: BinaryIO, *, file_name: str, media: str, size: int) -> Response:
    """Send bytes under the name that a person gave them, whatever its letters; the caller has asked who may."""
    answer = Response(FileWrapper(stream), mimetype=media, headers=HEADERS, direct_passthrough=True)
    answer.content_length = size
    answer.headers["Content-Disposition"] = disposition(file_name)
    answer.call_on_close(stream.close)
    return answer


def disposition(file_name: str) -> str:
    """Write Content-Disposition (RFC 6266): a plain name that no quote or bracket cuts, and the true one in UTF-8."""
    return f"attachment; filename=\"{_plain(file_name)}\"; filename*=UTF-8''{quote(file_name, safe='')}"


def _plain(file_name: str) -> str:
    """Give what is ASCII in a name: resume-2026.pdf; document-2026-ABCD.pdf of one that has other letters too."""
    stem, _dot, ending = file_name.rpartition(".")
    if not (stem and ending.isascii() and ending.isalnum() and len(ending) <= 5):
        stem, ending = file_name, ""
    said = re.sub(r"[^A-Za-z0-9_-]+", "-", stem).strip("-_")[:80]
    parts = [said] if stem.isascii() and said else ["document", *([said] if said else [])]
    return "-".join(parts) + (f".{ending.lower()}" if ending else "")
