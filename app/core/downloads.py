"""Files to people: always an attachment of our own type, never shown inside our pages (reliability U9, U10)."""

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
    """Write Content-Disposition: a plain fallback that no bracket cuts, and the true name in UTF-8."""
    ending = file_name.rpartition(".")[2].lower()
    plain = f"document.{ending}" if ending.isascii() and ending.isalnum() and len(ending) <= 5 else "document"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='')}"
